import Refactoring
import Topology

/// What somebody has agreed to with a recovery. A plan that is made anew on the way is carried out without asking again only
/// where it keeps that.
public struct RecoveryConsent: Hashable, Sendable {
    /// Whose place is taken by whom, and who is left behind.
    public var succession: Succession
    /// What was said of the plan.
    public var verdict: Verdict
    /// What is lost with whoever takes over; `nil` where nobody does.
    public var loss: Loss?
    /// What whoever takes over has received and not applied.
    public var backlog: Shortfall

    /// The consent to a plan of which that was said.
    ///
    /// - Parameters:
    ///   - candidate: whoever takes over, as the ranking of the same scene has it.
    public init(_ succession: Succession, _ verdict: Verdict, _ candidate: Candidate?) {
        self.succession = succession
        self.verdict = verdict
        loss = candidate?.loss
        backlog = candidate?.backlog.amount ?? .nothing
    }

    /// Why another plan does not keep it, each a sentence; empty where it does.
    ///
    /// What the lost source did after the last look is no part of it: nobody knows it, before or after.
    public func breaches(by other: RecoveryConsent) -> [String] {
        guard other.succession.occasion == succession.occasion, other.succession.failed == succession.failed else {
            return ["it would be another recovery: \(other.succession.occasion.rawValue) of \(other.succession.failed)"]
        }
        var breaches: [String] = []
        if other.succession.successor != succession.successor {
            let (new, old) = (other.succession.successor, succession.successor)
            breaches.append("\(new?.description ?? "nobody") would take over, and not \(old?.description ?? "nobody")")
        }
        let left = Set(other.succession.left).subtracting(succession.left).sorted()
        if !left.isEmpty {
            breaches.append("\(left.map(\.description).joined(separator: ", ")) would be left behind")
        }
        return breaches + lossBreaches(other) + unreadReasons(other).map(\.sentence)
    }

    private func lossBreaches(_ other: RecoveryConsent) -> [String] {
        guard let loss, let new = other.loss else { return [] }
        var breaches: [String] = []
        if !new.againstReachable.isAtMost(loss.againstReachable) {
            breaches.append("\(new.againstReachable.words) of servers that answer would be lost")
        }
        if !new.ofSource.missing.isAtMost(loss.ofSource.missing) {
            breaches.append("\(new.ofSource.missing.words) of what the old source had would be lost")
        }
        return breaches
    }

    /// What has to be confirmed and was not: a risk of another rule, or of the same one on another server. The words are no
    /// part of it, because figures in them go on; those that matter are compared as such.
    private func unreadReasons(_ other: RecoveryConsent) -> [Reason] {
        var read: [RuleID: Set<InstanceAddress>] = [:]
        for reason in verdict.reasons where reason.gravity >= .confirm {
            read[reason.rule, default: []].formUnion(reason.servers)
        }
        return other.verdict.reasons.filter { reason in
            // Who is left behind is compared by name.
            guard reason.gravity >= .confirm, reason.rule != FailoverCondition.lostReplica.id else { return false }
            // The first plan has stopped the receivers, so that nobody can say any more that it has lost the source.
            if reason.rule == FailoverCondition.unconfirmed.id { return false }
            // By its figure.
            if reason.rule == FailoverCondition.knownLoss.id { return loss == nil }
            guard let servers = read[reason.rule], servers.isSuperset(of: reason.servers) else { return true }
            return reason.rule == FailoverCondition.unapplied.id && !other.backlog.isAtMost(backlog)
        }
    }
}

extension Reason {
    /// The servers of which something was measured.
    fileprivate var servers: Set<InstanceAddress> { Set(measured.compactMap(\.instance)) }
}

extension Shortfall {
    /// Whether it is no more than another; what cannot be compared is more.
    func isAtMost(_ other: Shortfall) -> Bool {
        if self == other || isNothing { return true }
        if let own = transactionCount, let theirs = other.transactionCount { return own <= theirs }
        if let own = byteCount, let theirs = other.byteCount { return own <= theirs }
        return false
    }
}
