import Refactoring
import Topology

extension ReadinessCheck {
    static let followers = ReadinessCheck(
        "ready.followers", "All replicas should be able to follow the first candidate"
    ) {
        view, findings in
        guard let best = view.ranking?.best else { return }
        for lost in best.lost {
            guard let reason = lost.reasons.first else { continue }
            findings.append(
                ReadinessFinding(
                    "ready.followers", .harms, of: lost.replica,
                    "\(lost.replica) could not follow \(best.instance): \(reason.sentence)",
                    measured: reason.measured, remedies: reason.remedies))
        }
    }
}
