/// Where a server of a lab runs: on loopback, or in a network namespace of its own (namespaces(7)), from which links can be
/// cut.
public struct LabSite: Hashable, Sendable {
    /// The address on which it listens, without a port.
    public let host: String
    /// The program and its arguments by which others are run there; empty for where the lab itself runs.
    public let command: [String]

    static let loopback = "127.0.0.1"
    /// Where root may come from besides loopback, as accounts name it: the lab's own networks.
    static let networks = "10.203.%"

    /// Loopback.
    public init() {
        (host, command) = (Self.loopback, [])
    }

    /// A network namespace.
    ///
    /// - Parameters:
    ///   - host: an address of it below 10.203.
    ///   - command: such as `nsenter --net=FILE`; it has to become the program that it runs, so that its process stays the
    ///     server's.
    public init(host: String, command: [String]) {
        (self.host, self.command) = (host, command)
    }
}
