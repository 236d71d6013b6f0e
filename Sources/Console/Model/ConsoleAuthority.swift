import Engine
import Topology

/// What the console may change.
public struct ConsoleAuthority: Sendable {
    /// Why nothing at all may be changed; `nil` where it may.
    public var objection: String?
    /// Which clusters may only be looked at.
    public var policy: ReadOnlyPolicy

    /// Makes an authority; by default everything may be changed.
    public init(objection: String? = nil, policy: ReadOnlyPolicy = ReadOnlyPolicy()) {
        self.objection = objection
        self.policy = policy
    }
}

extension ConsoleModel {
    /// Why nothing may be done to these servers; `nil` where it may. A plan asks the rules for the same once more.
    func refusalToAct(on addresses: [InstanceAddress]) -> String? {
        guard known.isLive else { return "nothing can be changed here: this is \(known.originWords)" }
        if pausedSince != nil { return "the picture is held still; let it go on before you change anything" }
        if let objection = authority.objection { return "nothing may be changed: \(objection)" }
        for address in addresses {
            guard let cluster = known.cluster(of: address), let why = readOnlyClusters[cluster.id] else { continue }
            return "the cluster \(cluster.name.sanitized) is read-only: \(why)"
        }
        return nil
    }
}
