import Refactoring
import Topology

extension ReadinessCheck {
    static let eventScheduler = ReadinessCheck(
        "ready.event-scheduler", "Events should be able to run on the first candidate"
    ) { view, findings in
        guard let primary = view.primary, primary.facts?.provisions.eventScheduler == .on,
            let best = view.ranking?.best,
            view.scene.fleet[best.instance]?.facts?.provisions.eventScheduler == .disabled
        else { return }
        findings.append(
            ReadinessFinding(
                "ready.event-scheduler", .harms, of: best.instance,
                "events run on \(primary.address), and on \(best.instance) only a restart can switch them on",
                measured: [Measurement("event_scheduler", of: best.instance, "DISABLED")],
                remedies: [.optionFile("event_scheduler = OFF", on: best.instance)]))
    }
}
