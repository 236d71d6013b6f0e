import Refactoring
import Topology

extension ReadinessCheck {
    static let errant = ReadinessCheck("ready.errant", "No replica should have transactions of its own") {
        view, findings in
        for candidate in view.ranking?.ranked ?? [] where !candidate.errant.isEmpty {
            findings.append(
                ReadinessFinding(
                    "ready.errant", .harms, of: candidate.instance,
                    "\(candidate.instance) has errant transactions: promoted, it would give them to all; not promoted, it "
                        + "may not be able to follow",
                    measured: [Measurement("errant", of: candidate.instance, candidate.errant.description)],
                    remedies: [.command("baton gtid-errant-inject-empty \(candidate.instance)")]))
        }
    }
}
