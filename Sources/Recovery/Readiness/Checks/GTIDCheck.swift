import Refactoring
import Topology

extension ReadinessCheck {
    static let gtid = ReadinessCheck("ready.gtid", "Replicas should follow by GTID") { view, findings in
        for (instance, channel) in view.replicas where !channel.positioning.isGTID {
            let address = instance.address
            findings.append(
                ReadinessFinding(
                    "ready.gtid", .harms, of: address,
                    "\(address) follows by position: without the primary it cannot be brought level, and whoever has "
                        + "received more than the candidate is lost",
                    measured: [Measurement("positioning", of: address, channel.positioning.rawValue)],
                    remedies: [.command("baton enable-gtid \(address)")]))
        }
    }
}
