import Refactoring
import Topology

extension ReadinessCheck {
    static let logReplicaUpdates = ReadinessCheck("ready.log-updates", "Replicas should log what they apply") {
        view, findings in
        for (instance, _) in view.replicas {
            guard let facts = instance.facts, facts.binaryLog?.logsReplicaUpdates != true else { continue }
            let variable = facts.version.nameOfReplicaUpdates
            let hasLog = facts.binaryLog != nil
            findings.append(
                ReadinessFinding(
                    "ready.log-updates", .harms, of: instance.address,
                    hasLog
                        ? "\(instance.address) does not log what it applies, so that nobody could follow it"
                        : "\(instance.address) has no binary log, so that nobody could follow it",
                    measured: [Measurement(hasLog ? variable : "log_bin", of: instance.address, "OFF")],
                    remedies: [.optionFile(hasLog ? "\(variable) = ON" : "log_bin = binlog", on: instance.address)]))
        }
    }
}
