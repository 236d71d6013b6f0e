import Diagnosis
import TestSupport
import Topology

/// Figures of the failure analysis: how long it takes until it is known who has failed, of 10,000 servers.
struct FailureFigures {
    let runs: Int
    let note: (String) -> Void

    /// In clusters of a hundred, and all in one cluster below one primary; healthy, with a dead primary in each cluster, and
    /// after a poll that brought something new of one replica.
    func all() -> [Figure] {
        [
            figures("100 clusters", .realistic(clusters: 100, instancesPerCluster: 100)),
            figures("one cluster", .realistic(clusters: 1, instancesPerCluster: 10_000)),
        ].flatMap { $0 }
    }

    private func figures(_ shape: String, _ healthy: Fleet) -> [Figure] {
        note("analysing failures of 10,000 servers")
        let stricken = stricken(healthy)
        var times = (whole: [Double](), dead: [Double](), again: [Double]())
        var found = 0
        for run in 1...max(runs, 9) {
            times.whole.append(milliseconds { found = FailureAnalysis(of: healthy).failures.count })
            times.dead.append(
                milliseconds {
                    found = FailureAnalysis(of: stricken).failures.count { $0.recovery.kind == .primary }
                })
            var diagnosis = Diagnosis(of: healthy)
            var fresh = healthy
            if var other = healthy[InstanceAddress(host: "c0-db58")], var channel = other.facts?.channels.first {
                channel.lag = Lag(measured: .seconds(run))
                other.facts?.channels[0] = channel
                fresh.update(other)
            }
            times.again.append(milliseconds { diagnosis = Diagnosis(of: fresh, after: diagnosis) })
        }
        return [
            Figure("failure analysis, 10,000 healthy, \(shape)", unit: "ms", times.whole, target: "under 50"),
            Figure(
                "failure analysis, 10,000, \(shape) (\(found) dead primaries)", unit: "ms", times.dead,
                target: "under 50"),
            Figure("problems and failures after a poll, \(shape)", unit: "ms", times.again, target: "under 50"),
        ]
    }

    /// The fleet with the primary of every cluster dead.
    private func stricken(_ fleet: Fleet) -> Fleet {
        var fleet = fleet
        let primaries = Set(fleet.clusters().compactMap(\.primary))
        for primary in primaries {
            guard let instance = fleet[primary] else { continue }
            fleet.update(instance.unreachable())
            for address in fleet.replicas(of: primary) {
                guard let replica = fleet[address] else { continue }
                fleet.update(
                    replica.withChannel {
                        $0.receiver = .connecting
                        $0.receiverError = ReplicationError(code: 2003, message: "error reconnecting to source")
                    })
            }
        }
        return fleet
    }

    private func milliseconds(_ work: () -> Void) -> Double {
        let start = ContinuousClock.now
        work()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}
