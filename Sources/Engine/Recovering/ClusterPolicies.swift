import Discovery
import Topology

/// Which policy holds for which cluster.
public struct ClusterPolicies<Policy: Hashable & Sendable>: Hashable, Sendable {
    /// A policy and the clusters that it is for.
    public struct Entry: Hashable, Sendable {
        /// Is looked for in `host:port` of each member.
        public var pattern: AddressPattern
        /// What holds there.
        public var policy: Policy

        /// Makes an entry.
        public init(pattern: AddressPattern, policy: Policy) {
            self.pattern = pattern
            self.policy = policy
        }
    }

    /// The first that fits a cluster counts.
    public var entries: [Entry]
    /// What holds where none does.
    public var usual: Policy

    /// Makes policies.
    public init(_ entries: [Entry] = [], usual: Policy) {
        self.entries = entries
        self.usual = usual
    }

    /// What holds for the cluster of these servers.
    public func policy(for members: some Sequence<InstanceAddress>) -> Policy {
        guard !entries.isEmpty else { return usual }
        let members = Array(members)
        return entries.first { entry in members.contains { entry.pattern.isFound(in: $0) } }?.policy ?? usual
    }

    /// What holds for the cluster in which a server stands.
    public func policy(around server: InstanceAddress, in forest: Forest) -> Policy {
        policy(for: forest.cluster(of: server)?.members ?? [server])
    }
}
