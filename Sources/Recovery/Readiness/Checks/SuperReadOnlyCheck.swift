import Refactoring
import Topology

extension ReadinessCheck {
    static let superReadOnly = ReadinessCheck(
        "ready.super-read-only", "Privileged accounts should not write on replicas"
    ) {
        view, findings in
        for (instance, _) in view.replicas {
            guard let facts = instance.facts, facts.version.flavor.isMySQLFamily, facts.writability == .readOnly else {
                continue
            }
            let isNew = facts.version.isAtLeast(8, 0)
            findings.append(
                ReadinessFinding(
                    "ready.super-read-only", .advice, of: instance.address,
                    "\(instance.address) has super_read_only off: privileged accounts can write there",
                    measured: [Measurement("super_read_only", of: instance.address, "OFF")],
                    remedies: [
                        .statement(
                            isNew ? "SET PERSIST super_read_only = ON" : "SET GLOBAL super_read_only = ON",
                            on: instance.address)
                    ] + (isNew ? [] : [.optionFile("super_read_only = ON", on: instance.address)])))
        }
    }
}
