import Topology

/// What keeps automatic recoveries from doing harm: whether a failure may be recovered without anybody's word.
///
/// A pure value: it is made from what the store holds at one moment. What an operator does in spite of an objection changes
/// nothing in it: the recovery that follows is one more record, and blocks in its turn.
public struct RecoveryBrakes: Hashable, Sendable {
    /// How long a recovery keeps other automatic ones of its scope away, from its beginning, unless it is acknowledged
    /// before.
    public var blockPeriod: Duration
    /// Recoveries that are at work, left unfinished, or began within the block period.
    public var recoveries: [PastRecovery]
    /// Where automatic recovery is off.
    public var switches: [RecoverySwitch]
    /// What operators have said about servers.
    public var marks: OperatorMarks

    /// orchestrator's `RecoveryPeriodBlockSeconds`.
    public static let usualBlockPeriod = Duration.seconds(3600)

    /// Makes brakes.
    public init(
        blockPeriod: Duration = usualBlockPeriod, recoveries: [PastRecovery] = [], switches: [RecoverySwitch] = [],
        marks: OperatorMarks = OperatorMarks()
    ) {
        self.blockPeriod = blockPeriod
        self.recoveries = recoveries
        self.switches = switches
        self.marks = marks
    }

    /// A failure that somebody would like to recover.
    public struct Question: Hashable, Sendable {
        /// What would be done.
        public var kind: RecoveryKind
        /// The server that failed.
        public var failed: InstanceAddress
        /// Its cluster as it is called now.
        public var cluster: ClusterName
        /// Every server of the cluster, the failed one with it.
        public var members: Set<InstanceAddress>
        /// The servers that lost their source by the failure.
        public var replicas: [InstanceAddress]

        /// Asks for a failure.
        public init(
            _ kind: RecoveryKind, of failed: InstanceAddress, in cluster: ClusterName, members: Set<InstanceAddress>,
            replicas: [InstanceAddress] = []
        ) {
            self.kind = kind
            self.failed = failed
            self.cluster = cluster
            self.members = members.union([failed, cluster.id])
            self.replicas = replicas
        }

        /// Whether that is the cluster asked for, by a member of it or by its alias.
        func concerns(_ name: ClusterName) -> Bool {
            members.contains(name.id) || name.alias != nil && name.alias == cluster.alias
        }

        /// Whether a recovery was one of this cluster, which may have been called otherwise then.
        func concerns(_ recovery: PastRecovery) -> Bool {
            concerns(recovery.cluster) || members.contains(recovery.failed)
                || recovery.successor.map(members.contains) ?? false
        }
    }

    /// What stands in the way of recovering it automatically at that moment; empty where it may be done.
    ///
    /// Those that no operator may pass come first, then those that last longest.
    public func objections(to question: Question, at now: Timestamp) -> [BrakeObjection] {
        workObjections(question) + switchObjections(question) + markObjections(question, at: now)
            + blocks(question, at: now)
    }

    /// Until when a recovery keeps others of its scope away; `nil` where it does not at that moment.
    public func block(of recovery: PastRecovery, at now: Timestamp) -> Timestamp? {
        guard recovery.kind.scope != nil, recovery.state != .notBegun, !recovery.isAcknowledged else { return nil }
        let until = recovery.startedAt + blockPeriod
        return now < until ? until : nil
    }

    private func workObjections(_ question: Question) -> [BrakeObjection] {
        var (atWork, interrupted): ([BrakeObjection], [BrakeObjection]) = ([], [])
        for recovery in recoveries where question.concerns(recovery) {
            switch recovery.state {
            // Whatever its kind and scope: two at once would be in each other's way.
            case .atWork(let holder): atWork.append(.atWork(recovery: recovery.id, by: holder))
            case .interrupted where !recovery.isAcknowledged: interrupted.append(.interrupted(recovery: recovery.id))
            case .interrupted, .over, .notBegun: break
            }
        }
        return atWork + interrupted
    }

    /// Whether somebody has switched automatic recovery off, of this cluster or of all.
    public func switchObjections(_ question: Question) -> [BrakeObjection] {
        let everywhere = switches.first { $0.cluster == nil }.map { [BrakeObjection.disabledEverywhere($0)] } ?? []
        let here = switches.first { $0.cluster.map(question.concerns) ?? false }
        return everywhere + (here.map { [.disabledForCluster($0)] } ?? [])
    }

    private func markObjections(_ question: Question, at now: Timestamp) -> [BrakeObjection] {
        var objections: [BrakeObjection] = []
        if let mark = marks.downtime(of: question.failed, at: now) {
            objections.append(.downtime(question.failed, mark))
        } else if question.kind.scope == .intermediateSource, !question.replicas.isEmpty,
            question.replicas.allSatisfy({ marks.downtime(of: $0, at: now) != nil })
        {
            objections.append(.downtimeOfReplicas(of: question.failed))
        }
        if let mark = marks.maintenance(of: question.failed, at: now) {
            objections.append(.maintenance(question.failed, mark))
        }
        return objections
    }

    private func blocks(_ question: Question, at now: Timestamp) -> [BrakeObjection] {
        guard let scope = question.kind.scope else { return [] }
        let blocking = recoveries.filter { recovery in
            recovery.kind.scope == scope && question.concerns(recovery) && block(of: recovery, at: now) != nil
        }
        // The youngest is the one that lasts longest.
        guard let last = blocking.max(by: { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }) else { return [] }
        let until = last.startedAt + blockPeriod
        if let promoting = blocking.last(where: { $0.successor == question.failed }) {
            return [
                .promotedFailedAgain(
                    question.failed, recovery: promoting.id, until: promoting.startedAt + blockPeriod)
            ] + (promoting.id == last.id ? [] : [.recoveredLately(recovery: last.id, kind: last.kind, until: until)])
        }
        return [.recoveredLately(recovery: last.id, kind: last.kind, until: until)]
    }
}
