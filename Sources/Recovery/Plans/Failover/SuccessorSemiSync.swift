import Diagnosis
import Refactoring
import Topology

/// What becomes of semi-synchronous replication when a server takes another's place: its source's side is on where that of
/// the lost one was, the replicas that follow it acknowledge, and commits wait for no more of them than there are.
struct SuccessorSemiSync {
    /// `nil` where the lost server waited for nobody, or the new one cannot.
    let side: SwitchState?
    /// For how many commits are to wait; `nil` where that is so already, or always one.
    let count: Int?
    /// Followers whose side is switched.
    let switched: [InstanceAddress: SwitchState]
    /// What there is to know of it.
    let reasons: [Reason]

    init(
        of found: FoundReplica, insteadOf lost: SemiSync.SourceSide?, followers: [FoundReplica],
        _ wanted: FailureLimits.SemiSyncCount, in scene: RuleScene
    ) {
        guard let lost, lost.isEnabled, let own = found.instance.facts?.semiSync.source else {
            (side, count, switched, reasons) = (nil, nil, [:], [])
            return
        }
        let needed = max(1, lost.waitForReplicas)
        // Receivers are started anew, so that the switch alone counts.
        let present = followers.filter { $0.instance.facts?.semiSync.replica?.isEnabled == true }.map(\.address)
        let choice = Acknowledgers(
            among: followers, present: Set(present), needed: needed, wanted, in: scene)
        let reached = min(needed, choice.count)
        side = reached > 0 ? .on : .off
        count = found.instance.isMySQLFamily && reached > 0 && own.waitForReplicas != reached ? reached : nil
        var switched: [InstanceAddress: SwitchState] = [:]
        for replica in choice.added { switched[replica.address] = .on }
        for replica in choice.removed { switched[replica.address] = .off }
        self.switched = switched
        reasons = reached < needed ? [Self.fewer(found, reached, needed)] : []
    }

    private static func fewer(_ found: FoundReplica, _ reached: Int, _ needed: Int) -> Reason {
        let words = reached > 0 ? "wait for \(reached.counted("replica"))" : "wait for nobody"
        return Reason(
            SettingCondition.fewerAcknowledge,
            "commits on \(found.address) will \(words), where they waited for \(needed): no more of those that follow it "
                + "could acknowledge",
            measured: [Measurement("semi-sync replicas", of: found.address, String(reached))],
            remedies: [.command("baton recover \(found.address)")]
                + (found.instance.isMySQLFamily && reached > 0
                    ? [
                        .statement(
                            "SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = \(needed)", on: found.address)
                    ] : []))
    }

    /// What the new primary is told, and what is then so.
    func switches(_ found: FoundReplica, by moves: MovePlanner) -> (commands: [Command], proof: [Expectation]) {
        guard let side, let facts = found.instance.facts else { return ([], []) }
        let sides = moves.semiSyncSwitches(facts, .follow, source: side, replica: .off)
        // Before the first commit waits.
        let counting: [Command] = count.map { [.setVariable(.semiSyncWaitCount, to: String($0))] } ?? []
        return (counting + sides.commands, sides.proof + (count.map { [.semiSyncWaits(for: $0)] } ?? []))
    }

    /// What a follower is told, and what is then so.
    func switches(of follower: InstanceAddress) -> (commands: [Command], proof: [Expectation]) {
        guard let state = switched[follower] else { return ([], []) }
        return ([.setVariable(.semiSyncReplica, to: state.rawValue)], [.semiSync(.semiSyncReplica, state)])
    }
}
