import Refactoring
import Topology

extension ReadinessCheck {
    static let switchedOff = ReadinessCheck("ready.recoveries", "Recoveries must not be switched off") {
        view, findings in
        guard let why = view.switchedOff else { return }
        findings.append(
            ReadinessFinding(
                "ready.recoveries", .harms, of: nil, "recoveries are switched off: \(why)",
                remedies: [.command("baton enable-recoveries")]))
    }
}
