import Refactoring
import Topology

extension ReadinessCheck {
    static let filters = ReadinessCheck("ready.filters", "Replicas should have a whole copy") { view, findings in
        for (instance, channel) in view.replicas where !channel.filters.isEmpty {
            let text = channel.filters.map { "\($0.kind)=\($0.value)" }.joined(separator: " ")
            findings.append(
                ReadinessFinding(
                    "ready.filters", .advice, of: instance.address,
                    "\(instance.address) leaves out part of what its source has, and cannot take its place",
                    measured: [Measurement("filters", of: instance.address, text)],
                    remedies: [.advice("rebuild \(instance.address) without replication filters")]))
        }
    }
}
