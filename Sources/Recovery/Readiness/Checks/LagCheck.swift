import Refactoring
import Topology

extension ReadinessCheck {
    static let lag = ReadinessCheck("ready.lag", "Some replica should be up to date") { view, findings in
        let replicas = view.replicas.filter { $0.channel.delay == .zero }
        let limit = view.limits.lag
        guard !replicas.isEmpty, replicas.allSatisfy({ ($0.channel.lag?.beyondDelay ?? .seconds(Int64.max)) > limit })
        else { return }
        findings.append(
            ReadinessFinding(
                "ready.lag", .harms, of: nil,
                "no replica is known to be less than \(limit.inWords) behind: promoting one takes as long as it applies",
                measured: replicas.map {
                    Measurement("lag", of: $0.instance.address, $0.channel.lag?.beyondDelay.inWords ?? "unknown")
                },
                remedies: [.advice("let one of them catch up")]))
    }
}
