import Topology

extension Fleet {
    /// The direct replicas of a server that are meant by those who ask for some of them; `nil` for all.
    ///
    /// - Parameters:
    ///   - pattern: is found in their addresses.
    ///   - named: the servers themselves, where there is no pattern; empty for all.
    /// - Throws: ``NoSuchReplica``.
    public func chosenReplicas(
        of source: InstanceAddress, matching pattern: AddressPattern?, named: [InstanceAddress]
    ) throws(NoSuchReplica) -> Set<InstanceAddress>? {
        let replicas = replicas(of: source)
        if let pattern {
            let found = replicas.filter(pattern.isFound)
            if found.isEmpty { throw NoSuchReplica(source: source, wanted: .pattern(pattern.text)) }
            return Set(found)
        }
        let meant = named.map(canonical)
        if let other = meant.first(where: { !replicas.contains($0) }) {
            throw NoSuchReplica(source: source, wanted: .server(other))
        }
        return meant.isEmpty ? nil : Set(meant)
    }
}

/// A server has no replica of that kind.
public struct NoSuchReplica: Error, Hashable, CustomStringConvertible {
    /// What was asked for.
    public enum Wanted: Hashable, Sendable {
        case pattern(String)
        case server(InstanceAddress)
    }

    /// The server whose replicas were meant.
    public let source: InstanceAddress
    public let wanted: Wanted

    public var description: String {
        switch wanted {
        case .pattern(let text): "no replica of \(source) has \"\(text.sanitized)\" in its address"
        case .server(let address): "\(address) is no replica of \(source)"
        }
    }
}
