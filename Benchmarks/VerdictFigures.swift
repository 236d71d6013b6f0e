import Refactoring
import TestSupport
import Topology

/// Figures of the rules: how long it takes from picking a replica up until every target has its verdict.
struct VerdictFigures {
    let runs: Int
    let note: (String) -> Void

    /// Verdicts of one replica under all of 10,000 servers: in clusters of a hundred, where most targets are refused, and
    /// in one cluster, where most are legal and every rule has to be asked.
    func all() -> [Figure] {
        [
            figures("100 clusters", .realistic(clusters: 100, instancesPerCluster: 100)),
            figures("one cluster", .realistic(clusters: 1, instancesPerCluster: 10_000)),
        ].flatMap { $0 }
    }

    /// Once when a replica is picked up, and again for each poll that brings something new while it is held.
    private func figures(_ shape: String, _ fleet: Fleet) -> [Figure] {
        note("judging all targets of a drag")
        // The trees are at hand where a replica is picked up: they are what is on the screen.
        let forest = fleet.forest()
        let replica = InstanceAddress(host: "c0-db57")
        var first: [Double] = []
        var again: [Double] = []
        var legal = 0
        for run in 1...max(runs, 9) {
            var scene = RuleScene(fleet, forest: forest, now: .testNow)
            first.append(
                milliseconds {
                    scene = RuleScene(fleet, forest: forest, now: .testNow)
                    legal = DragVerdicts(scene, of: replica).outlines().count { $0.isLegal }
                })
            var fresh = fleet
            if var other = fleet[InstanceAddress(host: "c0-db58")], var channel = other.facts?.channels.first {
                channel.lag = Lag(measured: .seconds(run))
                other.facts?.channels[0] = channel
                fresh.update(other)
            }
            again.append(
                milliseconds {
                    let renewed = RuleScene(fresh, forest: forest, now: .testNow, after: scene)
                    legal = DragVerdicts(renewed, of: replica).outlines().count { $0.isLegal }
                })
        }
        return [
            Figure("10,000 verdicts, \(shape), picked up (\(legal) legal)", unit: "ms", first, target: "under 16"),
            Figure("10,000 verdicts, \(shape), after a poll", unit: "ms", again, target: "under 16"),
        ]
    }

    private func milliseconds(_ work: () -> Void) -> Double {
        let start = ContinuousClock.now
        work()
        return (ContinuousClock.now - start) / .milliseconds(1)
    }
}
