import Refactoring
import Topology

extension ReadinessCheck {
    static let place = ReadinessCheck("ready.place", "A candidate should stand near the primary") { view, findings in
        guard let ranking = view.ranking, let here = view.primary?.location.dataCenter, ranking.best != nil,
            !ranking.eligible.contains(where: { $0.dataCenter == .same })
        else { return }
        findings.append(
            ReadinessFinding(
                "ready.place", .harms, of: nil, "no candidate stands in \(here), where the primary is",
                measured: [Measurement("data centre", of: ranking.failed, here)],
                remedies: [.advice("add a replica in \(here)")]))
    }
}
