import ArgumentParser
import Topology

/// A server on the command line.
struct ServerArgument {
    let address: InstanceAddress

    /// Reads `host`, `host:port` or `[ipv6]:port`.
    ///
    /// - Throws: `ValidationError` with the reason why it is no address.
    init(parsing text: String) throws {
        do {
            address = try InstanceAddress(parsing: text)
        } catch {
            throw ValidationError(error.reason.sentence)
        }
    }
}
