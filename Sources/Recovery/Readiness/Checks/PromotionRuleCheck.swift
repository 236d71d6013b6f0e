import Refactoring
import Topology

extension ReadinessCheck {
    static let promotionRule = ReadinessCheck(
        "ready.promotion-rule", "Who is wanted as primary should be able to be it"
    ) {
        view, findings in
        guard let ranking = view.ranking else { return }
        for candidate in ranking.ranked where candidate.promotionRule < .neutral && !candidate.isEligible {
            findings.append(
                ReadinessFinding(
                    "ready.promotion-rule", .harms, of: candidate.instance,
                    "\(candidate.instance) has the promotion rule \(candidate.promotionRule.rawValue), and cannot be "
                        + "promoted: " + (candidate.verdict.reasons.first?.sentence ?? ""),
                    measured: [
                        Measurement("promotion rule", of: candidate.instance, candidate.promotionRule.rawValue)
                    ],
                    remedies: candidate.verdict.reasons.first?.remedies
                        ?? [.command("baton promotion-rule \(candidate.instance) neutral")]))
        }
    }
}
