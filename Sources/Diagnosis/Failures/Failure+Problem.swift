import Topology

extension Failure {
    /// The failure as a problem to be shown; `nil` where other problems tell it already.
    var problem: Problem? {
        guard let kind = ProblemKind(rawValue: code.rawValue), let severity = code.severity else { return nil }
        return Problem(
            kind, isSuppressed ? .notice : severity, of: subject, word: code.word, summary: "\(subject) \(predicate)",
            evidence: evidence.map(\.told) + suppressions.map { "silent: \($0.words)" },
            remedy: remedy, since: since, lastSeen: lastSeen)
    }

    /// Kinds of problems of the same server that say the same with less.
    var superseded: Set<ProblemKind> {
        switch code {
        case .primaryLockedSemiSync: [.semiSyncNotEnough]
        case .primaryNotWritable: [.readOnlyPrimary]
        case .primaryReturned: []
        default: [.unreachable]
        }
    }

    /// What is the matter, as a sentence that begins with the server's name.
    public var summary: String { "\(subject) \(predicate)" }

    private var remedy: String? {
        switch recovery {
        case .by(let kind): "A recovery would \(kind.words)."
        case .none(let reason): "No recovery is made: \(reason)." + (advice.map { " \($0)" } ?? "")
        }
    }

    /// The cluster, where it has another name than the server.
    private var place: String {
        clusterName == subject.description ? "its cluster" : "\(clusterName)"
    }

    private var predicate: String {
        let who = "is \(role == .primary ? "the" : role.article) \(role.words) of \(place)"
        let replicas = counts.replicas.counted("replica")
        switch code {
        case .primaryDead, .coPrimaryDead, .intermediateSourceDead, .intermediateSourceDeadWithFailingReplica:
            let nobody =
                counts.replicas == 1
                ? "its only replica no longer hears from it" : "none of its \(replicas) hears from it any more"
            return "\(who) and dead: it does not answer, and \(nobody)"
        case .primaryDeadWithSomeReplicas, .coPrimaryDeadWithSomeReplicas, .intermediateSourceDeadWithSomeReplicas,
            .groupMemberDeadWithReplicas:
            return
                "\(who) and dead: it does not answer, none of the \(counts.answering.counted("replica")) that answer "
                + "hears from it, and \(counts.replicas - counts.answering) of \(counts.replicas) do not answer"
        case .primaryDeadWithReplicas, .coPrimaryDeadWithReplicas, .intermediateSourceDeadWithReplicas:
            return
                "\(who) and does not answer, nor \(counts.replicas == 1 ? "does its only replica" : "do its \(replicas)")"
        case .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .coPrimaryUnreachable,
            .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable:
            let lag = counts.lagging == counts.replicas && counts.lagging > 0 ? ", all of them behind" : ""
            return
                "\(who) and cannot be reached from here, but \(counts.hearing) of \(replicas) still hear from it\(lag)"
        case .primaryUnconfirmed, .coPrimaryUnconfirmed, .intermediateSourceUnconfirmed,
            .intermediateSourceDeadWithSingleReplica:
            let stands = counts.replicas == 1 ? "its only replica stands" : "its \(replicas) stand"
            return "\(who) and does not answer; \(stands) still, without having lost it"
        default: return "\(who): \(code.meaning)"
        }
    }
}

extension FailureEvidence {
    /// The line with since when.
    public var told: String { line + (since.map { ", since \($0)" } ?? "") }
}

extension FailureCode {
    /// How grave it is among problems; `nil` where problems tell it already (that replicas stand still, that a lonely server does
    /// not answer), or where it is a warning of structure.
    var severity: Severity? {
        switch self {
        case .primaryDead, .primaryDeadWithReplicas, .primaryDeadWithSomeReplicas,
            .primaryUnreachableWithLaggingReplicas, .primaryUnreachable, .primaryUnconfirmed, .primaryCannotWrite,
            .primaryReturned, .primaryLockedSemiSync, .primaryNotWritable, .coPrimaryDead,
            .coPrimaryDeadWithSomeReplicas,
            .coPrimaryDeadWithReplicas, .coPrimaryUnreachable, .coPrimaryUnconfirmed,
            .intermediateSourceDeadWithFailingReplica, .intermediateSourceDeadWithSingleReplica,
            .intermediateSourceDead, .intermediateSourceDeadWithSomeReplicas, .intermediateSourceDeadWithReplicas,
            .intermediateSourceUnreachableWithLaggingReplicas, .intermediateSourceUnreachable,
            .intermediateSourceUnconfirmed, .intermediateSourceReplicasFailingToConnect, .groupMemberDeadWithReplicas:
            .broken
        case .primaryTooManySemiSync: .warning
        default: nil
        }
    }
}
