import Refactoring
import Topology

extension ReadinessCheck {
    static let candidates = ReadinessCheck("ready.candidate", "There should be two candidates at least") {
        view, findings in
        guard let ranking = view.ranking else { return }
        let free = ranking.ranked.filter { candidate in
            switch candidate.verdict {
            case .allowed, .warns: true
            case .needsConfirmation, .refused: false
            }
        }
        guard free.count < 2 else { return }
        let others = ranking.ranked.filter { candidate in !free.contains { $0.instance == candidate.instance } }
        let measured = others.compactMap { other in
            other.verdict.reasons.first.map { Measurement("not a candidate", of: other.instance, $0.sentence) }
        }
        let remedies = others.flatMap { $0.verdict.reasons.prefix(1).flatMap { $0.remedies.prefix(1) } }
        let weight: ReadinessFinding.Weight = ranking.best == nil ? .blocks : .harms
        let sentence: String =
            if let only = free.first {
                "\(only.instance) alone could take the place of \(ranking.failed)"
            } else if let best = ranking.best {
                "nobody could take the place of \(ranking.failed) without a confirmation; the first would be "
                    + "\(best.instance)"
            } else if ranking.ranked.isEmpty {
                "\(ranking.failed) has no replica that could take its place"
            } else {
                "none of the \(ranking.ranked.count.counted("replica")) of \(ranking.failed) could take its place"
            }
        findings.append(
            ReadinessFinding(
                "ready.candidate", weight, of: free.first?.instance, sentence, measured: measured,
                remedies: remedies.isEmpty
                    ? [.advice("add a replica with a binary log and log_replica_updates")] : remedies))
    }
}
