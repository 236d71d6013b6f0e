import ArgumentParser
import Topology

/// A server as somebody names it on the command line: by an address, or by the alias of a server that is known.
///
/// Which of the two it is can be told only where servers are known: ``ServerNames``.
struct ServerArgument: ExpressibleByArgument, Hashable {
    let text: String
    /// The text read as `host`, `host:port` or `[ipv6]:port`, or why it can't be.
    let reading: Result<InstanceAddress, InstanceAddress.ParsingError>

    init(argument: String) {
        text = argument
        do throws(InstanceAddress.ParsingError) {
            reading = .success(try InstanceAddress(parsing: argument))
        } catch {
            reading = .failure(error)
        }
    }

    /// A server that was not named on the command line but configured.
    init(_ address: InstanceAddress) {
        text = address.description
        reading = .success(address)
    }

    /// Whether it may be an alias: what names a port is an address.
    var mayBeAlias: Bool {
        if case .success = reading { !text.contains(":") } else { true }
    }

    static var defaultCompletionKind: CompletionKind { .knownServers }
}
