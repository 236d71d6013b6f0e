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
            figure("10,000 verdicts, 100 clusters", .realistic(clusters: 100, instancesPerCluster: 100)),
            figure("10,000 verdicts, one cluster", .realistic(clusters: 1, instancesPerCluster: 10_000)),
        ]
    }

    private func figure(_ name: String, _ fleet: Fleet) -> Figure {
        note("judging all targets of a drag")
        // The trees are at hand where a replica is picked up: they are what is on the screen.
        let forest = fleet.forest()
        let replica = InstanceAddress(host: "c0-db57")
        var times: [Double] = []
        var legal = 0
        for _ in 0..<max(runs, 5) {
            let start = ContinuousClock.now
            let scene = RuleScene(fleet, forest: forest, now: .testNow)
            let outlines = DragVerdicts(scene, of: replica).outlines()
            times.append((ContinuousClock.now - start) / .milliseconds(1))
            legal = outlines.count { $0.isLegal }
        }
        return Figure("\(name) (\(legal) legal)", unit: "ms", times, target: "under 16")
    }
}
