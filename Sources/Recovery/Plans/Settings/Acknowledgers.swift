import Diagnosis
import Refactoring
import Topology

/// Which replicas acknowledge what a source commits, and which are to.
struct Acknowledgers {
    /// Those that are switched on, the first choice first.
    let added: [FoundReplica]
    /// Those that are switched off.
    let removed: [FoundReplica]
    /// How many acknowledge then.
    let count: Int

    /// Chooses among the replicas of a source, as orchestrator does: by priority, then by how much each is wanted as a
    /// primary, then by address.
    ///
    /// - Parameters:
    ///   - present: those that acknowledge now, or will without being told to.
    ///   - unknown: how many more acknowledge that baton knows nothing of.
    ///   - needed: for how many commits wait.
    init(
        among replicas: [FoundReplica], present: Set<InstanceAddress>, unknown: Int = 0, needed: Int,
        _ wanted: FailureLimits.SemiSyncCount, in scene: RuleScene
    ) {
        let able = replicas.filter { Self.isAble($0, in: scene) }.sorted {
            Self.precedes($0, $1, in: scene)
        }
        switch wanted {
        case .atLeast:
            let missing = max(0, needed - present.count - unknown)
            added = Array(able.filter { !present.contains($0.address) }.prefix(missing))
            removed = []
            count = present.count + unknown + added.count
        case .exact:
            let chosen = able.prefix(max(0, needed - unknown))
            let names = Set(chosen.map(\.address))
            added = chosen.filter { !present.contains($0.address) }
            // One that may not be touched stays as it is.
            removed = replicas.filter {
                present.contains($0.address) && !names.contains($0.address)
                    && scene.marks.maintenance(of: $0.address, at: scene.now) == nil
            }
            count = present.count + unknown + added.count - removed.count
        }
    }

    /// The replica's side is there, and nobody has said that it is not to acknowledge.
    private static func isAble(_ found: FoundReplica, in scene: RuleScene) -> Bool {
        guard found.instance.contact.isReachable, let facts = found.instance.facts, facts.semiSync.replica != nil,
            priority(found) > 0, scene.marks.maintenance(of: found.address, at: scene.now) == nil
        else { return false }
        return scene.marks.promotionRule(of: found.address, at: scene.now) != .mustNot
    }

    private static func priority(_ found: FoundReplica) -> Int {
        found.instance.facts?.attributes.semiSyncPriority ?? 1
    }

    private static func precedes(_ one: FoundReplica, _ other: FoundReplica, in scene: RuleScene) -> Bool {
        let priorities = (priority(one), priority(other))
        if priorities.0 != priorities.1 { return priorities.0 > priorities.1 }
        let rules = (
            scene.marks.promotionRule(of: one.address, at: scene.now),
            scene.marks.promotionRule(of: other.address, at: scene.now)
        )
        return rules.0 != rules.1 ? rules.0 < rules.1 : one.address < other.address
    }
}
