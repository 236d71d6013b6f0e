import Recovery
import Refactoring
import Storage
import Topology

extension OperationDesk {
    /// What would block or harm a recovery of each cluster today, those with several servers only, in the forest's order; where
    /// the store cannot be read, nothing is said to be switched off.
    @concurrent
    public func readiness(in scene: RuleScene) async -> [Readiness] {
        let switches = (try? await store?.recoverySwitches().map(\.state)) ?? []
        return scene.forest.clusters.filter { $0.members.count > 1 }.map { cluster in
            let off = switches.first { $0.cluster == nil || $0.cluster.map { cluster.members.contains($0.id) } == true }
            let words = off.map { off in
                "by \(off.owner) since \(off.since)" + (off.reason.isEmpty ? "" : ", \(off.reason)")
            }
            return Readiness(
                of: cluster, in: scene, policy: settings.recoveries.policy(for: cluster.members).candidates,
                switchedOff: words)
        }
    }
}
