import Diagnosis
import Refactoring
import Topology

/// Why a failure is not recovered by baton itself now, and what ends that.
public enum AutomaticObjection: Hashable, Sendable {
    /// Not every known server was asked since this baton started: so many are missing.
    case warmingUp(missing: Int)
    /// The configuration does not switch it on for this cluster.
    case switchedOff(AutomaticPolicy.Subject, cluster: String)
    /// There is no recovery for this failure, for that reason.
    case noRecovery(String)
    /// Somebody wants the failure to be silent.
    case silent(String)
    /// It may still come back by itself.
    case grace(InstanceAddress, until: Timestamp)
    /// Replicas that answer, and do not say that they have lost the source.
    case notLostByAll(InstanceAddress, [InstanceAddress])
    /// Servers that did not answer when they were asked for the purpose.
    case unanswered([InstanceAddress])
    /// The old primary may live and take writes, and semi-synchronous replication does not keep it from that.
    case splitBrain(InstanceAddress, [String])
    /// Locks can be had on so many servers only.
    case minority(lockable: Int, members: Int)
    /// A brake.
    case brake(BrakeObjection)
    /// There is no plan.
    case noPlan([Reason])
    /// The plan has consequences to which somebody must say yes.
    case unconfirmed([Reason])
    /// It was planned and not begun.
    case notBegun(String)

    /// A word that never changes its meaning, for programs and the store.
    public var code: String {
        switch self {
        case .warmingUp: "warming-up"
        case .switchedOff: "switched-off"
        case .noRecovery: "no-recovery"
        case .silent: "silent"
        case .grace: "grace"
        case .notLostByAll: "not-lost-by-all"
        case .unanswered: "unanswered"
        case .splitBrain: "split-brain"
        case .minority: "minority"
        case .brake(let brake): brake.code
        case .noPlan: "no-plan"
        case .unconfirmed: "unconfirmed"
        case .notBegun: "not-begun"
        }
    }

    /// What stands in the way, as a sentence without its full stop.
    public var reason: String {
        switch self {
        case .warmingUp(let missing):
            "baton has just started, and \(missing) known " + (missing == 1 ? "server was" : "servers were")
                + " not asked yet"
        case .switchedOff(let subject, let cluster):
            "automatic recovery (\(subject.rawValue)) is not switched on for \(cluster)"
        case .noRecovery(let reason): reason
        case .silent(let reason): reason
        case .grace(let server, let until): "\(server) may still come back by itself, until \(until)"
        case .notLostByAll(let source, let replicas):
            "not every replica that answers says that it has lost \(source): " + Self.names(replicas)
        case .unanswered(let servers): "did not answer when it was asked for the purpose: " + Self.names(servers)
        case .splitBrain(let server, let obstacles):
            "\(server) may live where baton cannot see it, and nothing keeps it from taking writes"
                + (obstacles.isEmpty ? "" : "; semi-sync does not: " + obstacles.joined(separator: ", "))
        case .minority(let lockable, let members):
            "locks can be had on \(lockable) of \(members) servers, which is not more than half"
        case .brake(let brake): brake.reason
        case .noPlan(let reasons), .unconfirmed(let reasons):
            reasons.map(\.sentence).joined(separator: "; ")
        case .notBegun(let reason): reason
        }
    }

    /// What ends it, as a sentence without its full stop; empty where nothing is known to.
    public var remedy: String {
        switch self {
        case .warmingUp: "wait until all were asked"
        case .switchedOff(let subject, _):
            "recover = [\"\(subject.rawValue)\"] for this cluster in the configuration, or by hand: baton recover"
        case .noRecovery, .silent: ""
        case .grace: "wait, or by hand: baton recover"
        case .notLostByAll, .unanswered: "look at those servers, or by hand: baton recover"
        case .splitBrain:
            "a hook that fences (hooks.fence), semi-sync that waits a day or longer, or accept-split-brain = true for this "
                + "cluster"
        case .minority: "by hand: baton recover; or without-majority = true for this cluster"
        case .brake(let brake): brake.remedy
        case .noPlan: "baton candidates says who could take over, and why not"
        case .unconfirmed: "by hand: baton recover"
        case .notBegun: "it is tried again"
        }
    }

    /// The recovery that is in the way, where one is.
    public var recovery: Int64? { if case .brake(let brake) = self { brake.recovery } else { nil } }

    private static func names(_ servers: [InstanceAddress]) -> String {
        servers.map(\.description).joined(separator: ", ")
    }
}
