import Topology

/// Why a failure is not recovered automatically now, and what ends that.
public enum BrakeObjection: Hashable, Sendable {
    /// A recovery of this cluster is at work: its number and who works at it.
    case atWork(recovery: Int64, by: String)
    /// A recovery of this cluster was left unfinished by a process that is gone.
    case interrupted(recovery: Int64)
    /// Automatic recovery is off for all clusters.
    case disabledEverywhere(RecoverySwitch)
    /// Automatic recovery is off for this cluster.
    case disabledForCluster(RecoverySwitch)
    /// Somebody wants the failed server's problems to be silent.
    case downtime(InstanceAddress, Mark<Downtime>)
    /// Somebody wants the problems of all the failed server's replicas to be silent.
    case downtimeOfReplicas(of: InstanceAddress)
    /// Somebody works on the failed server.
    case maintenance(InstanceAddress, Mark<Maintenance>)
    /// The server that failed was promoted by a recovery a short while ago.
    case promotedFailedAgain(InstanceAddress, recovery: Int64, until: Timestamp)
    /// The cluster was recovered a short while ago.
    case recoveredLately(recovery: Int64, kind: RecoveryKind, until: Timestamp)

    /// A word that never changes its meaning, for programs and the store.
    public var code: String {
        switch self {
        case .atWork: "at-work"
        case .interrupted: "interrupted"
        case .disabledEverywhere: "disabled-everywhere"
        case .disabledForCluster: "disabled-for-cluster"
        case .downtime: "downtime"
        case .downtimeOfReplicas: "downtime-of-replicas"
        case .maintenance: "maintenance"
        case .promotedFailedAgain: "promoted-failed-again"
        case .recoveredLately: "recovered-lately"
        }
    }

    /// The recovery that is in the way, where one is.
    public var recovery: Int64? {
        switch self {
        case .atWork(let id, _), .interrupted(let id), .promotedFailedAgain(_, let id, _),
            .recoveredLately(let id, _, _):
            id
        case .disabledEverywhere, .disabledForCluster, .downtime, .downtimeOfReplicas, .maintenance: nil
        }
    }

    /// When it ends by itself; `nil` where it does not.
    public var until: Timestamp? {
        switch self {
        case .promotedFailedAgain(_, _, let until), .recoveredLately(_, _, let until): until
        case .downtime(_, let mark): mark.ends
        case .maintenance(_, let mark): mark.ends
        case .atWork, .interrupted, .disabledEverywhere, .disabledForCluster, .downtimeOfReplicas: nil
        }
    }

    /// Whether an operator may go on in spite of it. It stays in force for what is automatic: nobody disarms a brake by
    /// passing it once.
    public var isOverridable: Bool {
        if case .atWork = self { false } else { true }
    }
}

extension BrakeObjection {
    /// What stands in the way, as a sentence without its full stop.
    public var reason: String {
        switch self {
        case .atWork(let id, let holder): "recovery \(id) of this cluster is at work: \(holder)"
        case .interrupted(let id): "recovery \(id) of this cluster was left unfinished by a process that is gone"
        case .disabledEverywhere(let off):
            "recoveries are disabled everywhere since \(off.since.atSecond) by \(off.owner)" + Self.why(off.reason)
        case .disabledForCluster(let off):
            "recoveries of this cluster are disabled since \(off.since.atSecond) by \(off.owner)" + Self.why(off.reason)
        case .downtime(let server, let mark): "\(server) is downtimed by \(mark.owner)" + Self.why(mark.reason)
        case .downtimeOfReplicas(let server): "all replicas of \(server) are downtimed"
        case .maintenance(let server, let mark):
            "\(server) is in maintenance by \(mark.owner)" + Self.why(mark.reason)
        case .promotedFailedAgain(let server, let id, let until):
            "\(server) was promoted by recovery \(id) a short while ago: blocked until \(until.atSecond)"
        case .recoveredLately(let id, let kind, let until):
            "blocked until \(until.atSecond) by recovery \(id) of this cluster (\(kind.words))"
        }
    }

    /// What ends it, as a sentence without its full stop.
    public var remedy: String {
        switch self {
        case .atWork(let id, _): "wait for its end: baton recovery \(id)"
        case .interrupted(let id): "resume it, or acknowledge it: baton ack \(id) --reason …"
        case .disabledEverywhere: "baton enable-recoveries --reason …"
        case .disabledForCluster(let off):
            "baton enable-recoveries --cluster \(off.cluster.map(\.description) ?? "") --reason …"
        case .downtime(let server, _): "baton end-downtime \(server)"
        case .downtimeOfReplicas(let server): "baton end-downtime of one of them (baton replicas \(server))"
        case .maintenance(let server, _): "baton end-maintenance \(server)"
        case .promotedFailedAgain(_, let id, _), .recoveredLately(let id, _, _):
            "it ends then, or when recovery \(id) is acknowledged: baton ack \(id) --reason …"
        }
    }

    private static func why(_ reason: String) -> String { reason.isEmpty ? "" : ": \(reason)" }
}
