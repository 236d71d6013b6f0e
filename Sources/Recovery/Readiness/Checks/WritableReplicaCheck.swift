import Refactoring
import Topology

extension ReadinessCheck {
    static let writableReplica = ReadinessCheck("ready.read-only", "Replicas should be read-only") { view, findings in
        for (instance, _) in view.replicas where instance.facts?.writability.isWritable == true {
            findings.append(
                ReadinessFinding(
                    "ready.read-only", .harms, of: instance.address,
                    "\(instance.address) is a replica and writable: what is written there is errant when it is promoted",
                    measured: [Measurement("read_only", of: instance.address, "OFF")],
                    remedies: [.command("baton set-read-only \(instance.address)")]))
        }
    }
}
