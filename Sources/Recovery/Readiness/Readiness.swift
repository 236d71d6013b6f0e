import Refactoring
import Topology

/// What would block or harm a recovery of a cluster if its primary were lost now.
public struct Readiness: Hashable, Sendable {
    /// The cluster, by its identity.
    public let cluster: InstanceAddress
    /// Its primary; `nil` where that is not clear.
    public let primary: InstanceAddress?
    /// Everything found, what weighs most first.
    public let findings: [ReadinessFinding]
    /// Who would take the primary's place; `nil` where there is no primary, or where a group elects it.
    public let ranking: CandidateRanking?

    /// Whether nothing blocks a recovery.
    public var isPossible: Bool { !findings.contains { $0.weight == .blocks } }

    /// Asks every check.
    ///
    /// - Parameters:
    ///   - cluster: one of the scene's forest.
    ///   - switchedOff: why recoveries are switched off, where they are, with who did it.
    public init(
        of cluster: Cluster, in scene: RuleScene,
        policy: CandidatePolicy = CandidatePolicy(), limits: ReadinessLimits = ReadinessLimits(),
        switchedOff: String? = nil
    ) {
        let replaceable = cluster.primary.flatMap { scene.fleet[$0]?.isGroupMember == true ? nil : $0 }
        let ranking = replaceable.map {
            CandidateRanking(of: $0, in: scene, policy: policy, situation: .failover)
        }
        let view = ReadinessView(
            cluster: cluster, scene: scene, limits: limits, switchedOff: switchedOff, ranking: ranking)
        var findings: [ReadinessFinding] = []
        for check in ReadinessCheck.all { check.look(view, &findings) }
        self.cluster = cluster.id
        primary = cluster.primary
        self.ranking = ranking
        self.findings = findings.enumerated().sorted { one, other in
            (one.element.weight, one.offset) < (other.element.weight, other.offset)
        }.map(\.element)
    }
}

/// From when on a measured value harms a recovery.
public struct ReadinessLimits: Hashable, Sendable {
    /// The longest heartbeat period with which a frozen primary is noticed soon: after two periods without a sign.
    public var heartbeat: Duration
    /// Lag beyond the configured delay from which a replica takes long to be promoted.
    public var lag: Duration

    /// Makes limits; 5 s of heartbeat give 10 s until a frozen primary is noticed, 20 s of lag is what rules call much.
    public init(heartbeat: Duration = .seconds(5), lag: Duration = .seconds(20)) {
        self.heartbeat = heartbeat
        self.lag = lag
    }
}

/// What checks look at.
struct ReadinessView: Sendable {
    let cluster: Cluster
    let scene: RuleScene
    let limits: ReadinessLimits
    let switchedOff: String?
    let ranking: CandidateRanking?

    /// The primary as it was last read.
    var primary: Instance? { cluster.primary.flatMap { scene.fleet[$0] } }

    /// The direct replicas of the primary that answer, by address, each with its channel from there.
    var replicas: [(instance: Instance, channel: ReplicationChannel)] {
        guard let primary = cluster.primary else { return [] }
        return scene.fleet.replicas(of: primary).compactMap { address in
            guard let instance = scene.fleet[address], instance.isAnswering,
                let channel = instance.channel(from: primary, in: scene.fleet)
            else { return nil }
            return (instance, channel)
        }
    }

    /// Every server of the cluster that answers, by address.
    var members: [Instance] {
        scene.forest.addresses.filter { scene.forest.cluster(of: $0)?.id == cluster.id }
            .compactMap { scene.fleet[$0] }.filter(\.isAnswering)
    }
}
