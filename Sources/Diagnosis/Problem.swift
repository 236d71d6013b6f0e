import Topology

/// Something about a server that someone should know or act on, with what was measured.
public struct Problem: Hashable, Sendable, Identifiable {
    /// What is wrong, as one of the kinds that baton looks for.
    public var kind: ProblemKind
    /// How much it matters; the worst one gives the server its status.
    public var severity: Severity
    /// The server that has the problem; for ``ProblemKind/sourceNeverSeen`` one that the fleet does not hold.
    public var subject: InstanceAddress
    /// The replication channel that it is about, empty for the default channel; `nil` where it is about the server.
    public var channel: String?
    /// A word or two for a column or a tree: `lag 42 s`.
    public var word: String
    /// One sentence with what was measured.
    public var summary: String
    /// What speaks for it, one fact a line.
    public var evidence: [String]
    /// What would mend it, where that is known.
    public var remedy: String?
    /// Since when it has been so, where that is known.
    public var since: Timestamp?
    /// When the server answered last, where the problem is that it does not.
    public var lastSeen: Timestamp?
    /// Other servers that have as much a part in it: it is told once, of its subject, and shown on all of them.
    public var partners: [InstanceAddress]

    /// The same while the problem lasts: kind, server and channel.
    public var id: String {
        let place = "\(kind.rawValue) \(subject)"
        return channel.map { "\(place) \($0)" } ?? place
    }

    /// The summary for a place that names the subject already: without the name at its start.
    public var summaryBesideName: String {
        let name = "\(subject) "
        guard summary.hasPrefix(name) else { return summary }
        return String(summary.dropFirst(name.count))
    }

    /// Makes a problem.
    ///
    /// - Parameter word: the kind's own word where none is given.
    public init(
        _ kind: ProblemKind,
        _ severity: Severity,
        of subject: InstanceAddress,
        channel: String? = nil,
        word: String? = nil,
        summary: String,
        evidence: [String] = [],
        remedy: String? = nil,
        since: Timestamp? = nil,
        lastSeen: Timestamp? = nil,
        partners: [InstanceAddress] = []
    ) {
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.channel = channel
        self.word = word ?? kind.word
        self.summary = summary
        self.evidence = evidence
        self.remedy = remedy
        self.since = since
        self.lastSeen = lastSeen
        self.partners = partners
    }
}

/// How bad a problem is.
public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Good to know; nothing is at risk now.
    case notice
    /// It will hurt when something else happens, or gets worse by itself.
    case warning
    /// Something does not do its work.
    case broken
}

extension Severity: Comparable {
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .notice: 0
        case .warning: 1
        case .broken: 2
        }
    }
}

/// What kind of problem it is. The raw values are stable: they stand in JSON, in the store and in filters.
public enum ProblemKind: String, Hashable, Sendable, CaseIterable {
    case unreachable = "instance.unreachable"
    case noAccess = "instance.no-access"
    case proxy = "instance.proxy"
    case missingPrivilege = "instance.missing-privilege"
    case writableReplica = "instance.writable-replica"
    case readOnlyPrimary = "instance.read-only-primary"
    case duplicateServerID = "instance.duplicate-server-id"
    case ring = "cluster.ring"
    case writableCoPrimaries = "cluster.writable-co-primaries"
    case receiverError = "replication.receiver-error"
    case applierError = "replication.applier-error"
    case replicationStopped = "replication.stopped"
    case connecting = "replication.connecting"
    case ownSource = "replication.own-source"
    case detached = "replication.detached"
    case lag = "replication.lag"
    case lagUnknown = "replication.lag-unknown"
    case sourceNeverSeen = "source.never-seen"
    case errantTransactions = "gtid.errant"
    case groupMemberNotOnline = "group.member-not-online"
    case galeraMemberNotSynced = "galera.member-not-synced"
    case semiSyncNotEnough = "semi-sync.not-enough"
    // Failures, by the ids of their codes (``FailureCode``).
    case primaryReturned = "primary.returned"
    case primaryDead = "primary.dead"
    case primaryDeadWithReplicas = "primary.dead-with-replicas"
    case primaryDeadWithSomeReplicas = "primary.dead-with-some-replicas"
    case primaryUnreachableWithLaggingReplicas = "primary.unreachable-with-lagging-replicas"
    case primaryUnreachable = "primary.unreachable"
    case primaryUnconfirmed = "primary.unconfirmed"
    case primaryCannotWrite = "primary.cannot-write"
    case primaryLockedSemiSync = "primary.locked-semi-sync"
    case primaryTooManySemiSync = "primary.too-many-semi-sync"
    case primaryNotWritable = "primary.not-writable"
    case coPrimaryDead = "co-primary.dead"
    case coPrimaryDeadWithSomeReplicas = "co-primary.dead-with-some-replicas"
    case coPrimaryDeadWithReplicas = "co-primary.dead-with-replicas"
    case coPrimaryUnreachable = "co-primary.unreachable"
    case coPrimaryUnconfirmed = "co-primary.unconfirmed"
    case intermediateSourceDeadWithFailingReplica = "intermediate-source.dead-with-failing-replica"
    case intermediateSourceDeadWithSingleReplica = "intermediate-source.dead-with-single-replica"
    case intermediateSourceDead = "intermediate-source.dead"
    case intermediateSourceDeadWithSomeReplicas = "intermediate-source.dead-with-some-replicas"
    case intermediateSourceDeadWithReplicas = "intermediate-source.dead-with-replicas"
    case intermediateSourceUnreachableWithLaggingReplicas = "intermediate-source.unreachable-with-lagging-replicas"
    case intermediateSourceUnreachable = "intermediate-source.unreachable"
    case intermediateSourceUnconfirmed = "intermediate-source.unconfirmed"
    case intermediateSourceReplicasFailingToConnect = "intermediate-source.replicas-failing-to-connect"
    case groupMemberDeadWithReplicas = "group-member.dead-with-replicas"

    /// A word or two for a column or a tree.
    public var word: String {
        switch self {
        case .unreachable: "unreachable"
        case .noAccess: "no access"
        case .proxy: "proxy"
        case .missingPrivilege: "missing privilege"
        case .writableReplica: "writable replica"
        case .readOnlyPrimary: "read-only primary"
        case .duplicateServerID: "duplicate server id"
        case .ring: "ring"
        case .writableCoPrimaries: "two writable"
        case .receiverError: "receiver error"
        case .applierError: "applier error"
        case .replicationStopped: "stopped"
        case .connecting: "connecting"
        case .ownSource: "own source"
        case .detached: "detached"
        case .lag: "lag"
        case .lagUnknown: "lag unknown"
        case .sourceNeverSeen: "never seen"
        case .errantTransactions: "errant"
        case .groupMemberNotOnline: "not online"
        case .galeraMemberNotSynced: "not synced"
        case .semiSyncNotEnough: "semi-sync"
        case .primaryReturned, .primaryDead, .primaryDeadWithReplicas, .primaryDeadWithSomeReplicas,
            .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .primaryUnconfirmed, .primaryCannotWrite,
            .primaryLockedSemiSync, .primaryTooManySemiSync, .primaryNotWritable, .coPrimaryDead,
            .coPrimaryDeadWithSomeReplicas, .coPrimaryDeadWithReplicas, .coPrimaryUnreachable,
            .coPrimaryUnconfirmed, .intermediateSourceDeadWithFailingReplica,
            .intermediateSourceDeadWithSingleReplica, .intermediateSourceDead,
            .intermediateSourceDeadWithSomeReplicas, .intermediateSourceDeadWithReplicas,
            .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable,
            .intermediateSourceUnconfirmed, .intermediateSourceReplicasFailingToConnect,
            .groupMemberDeadWithReplicas:
            FailureCode(rawValue: rawValue)?.word ?? rawValue
        }
    }
}
