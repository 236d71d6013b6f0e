import Refactoring
import Topology

extension ReadinessCheck {
    static let semiSync = ReadinessCheck("ready.semi-sync", "Semi-synchronous replication should hold, also afterwards")
    {
        view, findings in
        guard let primary = view.primary, let side = primary.facts?.semiSync.source, side.isEnabled else { return }
        if !side.isActive || side.clients < side.waitForReplicas {
            findings.append(
                ReadinessFinding(
                    "ready.semi-sync", .harms, of: primary.address,
                    "\(primary.address) has semi-sync on and waits for nobody: \(side.clients.counted("replica")) of "
                        + "\(side.waitForReplicas) attached" + (side.isActive ? "" : ", and it has given up waiting"),
                    measured: [
                        Measurement("semi-sync clients", of: primary.address, String(side.clients)),
                        Measurement("wait for", of: primary.address, String(side.waitForReplicas)),
                    ],
                    remedies: [.command("baton set-semi-sync SERVER --side replica --on")]))
        } else if side.clients == side.waitForReplicas {
            findings.append(
                ReadinessFinding(
                    "ready.semi-sync", .advice, of: primary.address,
                    "\(primary.address) waits for every replica that acknowledges: without one of them commits wait for "
                        + "\(side.timeout.inWords), and then nothing is promised",
                    measured: [Measurement("semi-sync clients", of: primary.address, String(side.clients))],
                    remedies: [.command("baton set-semi-sync SERVER --side replica --on")]))
        }
        for candidate in view.ranking?.eligible.prefix(1) ?? [] {
            guard let reason = candidate.verdict.reasons.first(where: { $0.rule == "rec.semi-sync" }) else { continue }
            findings.append(
                ReadinessFinding(
                    "ready.semi-sync", .harms, of: candidate.instance, reason.sentence, measured: reason.measured,
                    remedies: reason.remedies))
        }
    }
}
