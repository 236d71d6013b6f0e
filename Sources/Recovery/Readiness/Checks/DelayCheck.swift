import Refactoring
import Topology

extension ReadinessCheck {
    static let delay = ReadinessCheck("ready.delay", "Some replica should not be late on purpose") { view, findings in
        let replicas = view.replicas
        guard !replicas.isEmpty, replicas.allSatisfy({ $0.channel.delay > .zero }) else { return }
        findings.append(
            ReadinessFinding(
                "ready.delay", .harms, of: nil, "every replica is late on purpose",
                measured: replicas.map { Measurement("SQL_Delay", of: $0.instance.address, $0.channel.delay.inWords) },
                remedies: replicas.prefix(1).map { .command("baton delay-replication \($0.instance.address) 0") }))
    }
}
