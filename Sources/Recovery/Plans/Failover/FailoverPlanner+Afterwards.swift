import Refactoring
import Topology

extension FailoverPlanner {
    /// What is known to be lost, which whoever promotes has to have read.
    func tellLoss(of chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) {
        let source = chosen.candidate.loss.ofSource
        guard source.missing != .unknown, !source.missing.isNothing else { return }
        let age = source.age.map { ", \($0.inWords) ago" } ?? ""
        draft.object([
            Reason(
                FailoverCondition.knownLoss,
                "what \(lost.address) had at the last look\(age), and nobody who answers has, is lost: \(source.missing.words)",
                remedies: [.command("baton candidates \(lost.address)"), .advice("bring \(lost.address) back first")])
        ])
    }

    /// Errors that servers forget when they are led elsewhere.
    func tellBroken(_ lost: LostSource, below chosen: ChosenCandidate, _ draft: inout PlanDraft) {
        for found in lost.replicas where found.address != chosen.address {
            guard found.channel.applier == .stopped, let error = found.channel.applierError else { continue }
            draft.object([
                Reason(
                    FailoverCondition.brokenApplier,
                    "\(found.reference) has stopped applying, and will not go on by itself: error \(error.code): "
                        + error.message,
                    remedies: [.command("baton start-replica \(found.address)")])
            ])
        }
    }

    /// What is to be done when it is over: who should have been first and could not be.
    ///
    /// - Returns: that server; `nil` where nobody is preferred.
    func tellPreferred(
        to chosen: ChosenCandidate, _ ranking: CandidateRanking, _ draft: inout PlanDraft
    ) -> InstanceAddress? {
        let own = chosen.candidate
        let followers = Set(own.followers.map(\.replica))
        let preferred = ranking.ranked.filter { other in
            followers.contains(other.instance) && other.promotionRule != .mustNot && other.isPreferred(to: own)
        }
        guard let first = preferred.first(where: { other in !preferred.contains { $0.isPreferred(to: other) } }) else {
            return nil
        }
        let obstacles = first.verdict.reasons.filter { $0.gravity >= .confirm }.map(\.sentence)
        draft.object([
            Reason(
                FailoverCondition.preferred,
                "\(first.instance) (\(first.preference(to: own))) is preferred to \(chosen.address), and is not promoted now"
                    + (obstacles.isEmpty ? "" : ": " + obstacles.joined(separator: "; ")),
                remedies: [.command(SwapIn(of: first.instance, for: chosen.address).command)])
        ])
        return first.instance
    }

    /// What a restart of the new primary would undo.
    func tellRestart(of chosen: ChosenCandidate, _ draft: inout PlanDraft) {
        guard let facts = chosen.found.instance.facts, !facts.writability.isWritable else { return }
        draft.object([
            Reason(
                FailoverCondition.restart,
                "after a restart \(chosen.address) is as writable as its option file says",
                remedies: [chosen.found.instance.lastingReadOnly(.off)])
        ])
    }
}

extension Candidate {
    /// Whether operators, or the place where it stands, speak rather for it than for another.
    fileprivate func isPreferred(to other: Candidate) -> Bool {
        // The more wanted comes first.
        if promotionRule != other.promotionRule { return promotionRule < other.promotionRule }
        guard case .elsewhere = other.dataCenter else { return false }
        return dataCenter == .same
    }

    fileprivate func preference(to other: Candidate) -> String {
        promotionRule == other.promotionRule ? "in the old primary's data centre" : promotionRule.rawValue
    }
}
