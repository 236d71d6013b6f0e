/// What stands in a channel's source host column (`Source_Host`, `Master_Host`), marks of other tools included.
public enum ConfiguredSource: Hashable, Sendable {
    /// No source: the host is empty, or `_`, which orchestrator writes when it resets a replica.
    case none
    /// A source to replicate from.
    case source(InstanceAddress)
    /// `//host`: orchestrator detached the replica from this source, so that it cannot connect until reattached.
    case detached(from: InstanceAddress)

    /// Reads the two columns of a replica's status.
    ///
    /// - Throws: ``InstanceAddress/ParsingError`` where the host is no host.
    public init(host: String, port: UInt16) throws(InstanceAddress.ParsingError) {
        if host.isEmpty || host == "_" {
            self = .none
            return
        }
        let isDetached = host.hasPrefix("//")
        let name = isDetached ? String(host.dropFirst(2)) : host
        // The port has a column of its own; only IPv6 hosts hold colons.
        let text = name.utf8.contains(UInt8(ascii: ":")) && !name.hasPrefix("[") ? "[\(name)]" : name
        let address = try InstanceAddress(parsing: text, defaultPort: port)
        self = isDetached ? .detached(from: address) : .source(address)
    }
}
