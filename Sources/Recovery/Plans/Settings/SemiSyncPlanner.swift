import Diagnosis
import Refactoring
import Topology

/// Makes the plan by which as many replicas acknowledge as a primary waits for. Pure, as every planner is.
///
/// Replicas are switched on before others are switched off, so that no commit waits longer than it does already. Nothing is
/// changed on the primary: how many it waits for is what its owner wants kept.
struct SemiSyncPlanner {
    let moves: MovePlanner
    let count: FailureLimits.SemiSyncCount

    /// The command that asks for it.
    static let verb = OrphanPlanner.verb

    /// The plan, or why there is none.
    func plan(for primary: InstanceAddress, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let server = try draft.answeringPrimary(primary)
            guard let side = server.facts?.semiSync.source, side.isEnabled, side.waitForReplicas > 0 else {
                throw PlanRefusal(
                    SettingCondition.noSemiSync, "no commit on \(server.address) waits for a replica",
                    .command("baton set-semi-sync \(server.address) --side source --on"))
            }
            let choice = choice(for: server, side, draft)
            try refuse(choice, for: server, side, draft)
            draft.append(Stages([choice.added.map { step(.on, $0) }, choice.removed.map { step(.off, $0) }]))
            draft.succession = Succession(.semiSync, of: server.address)
            draft.intent =
                "Let \(choice.count.counted("replica")) acknowledge what is committed on \(server.address)"
            return try draft.answer(verb: Self.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    private func choice(for server: Instance, _ side: SemiSync.SourceSide, _ draft: PlanDraft) -> Acknowledgers {
        let replicas = draft.replicas(of: server.address)
        let present = Set(
            replicas.filter { $0.instance.contact.isReachable && $0.instance.facts?.semiSync.replica?.isActive == true }
                .map(\.address))
        return Acknowledgers(
            // One that does not receive acknowledges nothing, and one that does not apply may lose what it received when
            // its receiver is connected anew.
            among: replicas.filter { present.contains($0.address) || $0.threads.areRunning }, present: present,
            unknown: max(0, side.clients - present.count), needed: side.waitForReplicas, count, in: draft.scene)
    }

    private func refuse(
        _ choice: Acknowledgers, for server: Instance, _ side: SemiSync.SourceSide, _ draft: PlanDraft
    ) throws(PlanRefusal) {
        guard choice.count >= side.waitForReplicas else {
            var remedies: [Remedy] = draft.replicas(of: server.address).filter {
                $0.instance.contact.isReachable && $0.instance.facts?.semiSync.replica == nil
            }.prefix(3).map { .advice("install the replica's side of semi-sync on \($0.address)") }
            if server.isMySQLFamily, choice.count > 0 {
                remedies.append(
                    .statement(
                        "SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = \(choice.count)", on: server.address))
            }
            remedies.append(.command("baton set-semi-sync \(server.address) --side source --off"))
            throw PlanRefusal([
                Reason(
                    SettingCondition.tooFewCould,
                    "\(server.address) waits for \(side.waitForReplicas.counted("acknowledgement")), and only "
                        + "\(choice.count.counted("replica")) could give one",
                    measured: [
                        Measurement("wait for", of: server.address, String(side.waitForReplicas)),
                        Measurement("semi-sync clients", of: server.address, String(side.clients)),
                    ],
                    remedies: remedies)
            ])
        }
        guard choice.added.isEmpty, choice.removed.isEmpty else { return }
        throw PlanRefusal(
            SettingCondition.enoughAcknowledge,
            "\(server.address) waits for \(side.waitForReplicas.counted("acknowledgement")), and "
                + "\(choice.count.counted("replica")) acknowledge" + (choice.count == 1 ? "s" : ""),
            .nothingToDo)
    }

    private func step(_ wanted: SwitchState, _ found: FoundReplica) -> Step {
        var step = moves.switching(.replica, to: wanted, on: found.instance)
        step.purpose = wanted == .on ? "acknowledge what it receives" : "do not acknowledge any more"
        step.proof.append(.acknowledges(wanted))
        // A replica on which commits wait for replicas of its own that are not there falls behind.
        if wanted == .on, let own = found.instance.facts?.semiSync.source, own.isEnabled,
            own.clients < own.waitForReplicas
        {
            step.commands.insert(.setVariable(.semiSyncSource, to: SwitchState.off.rawValue), at: 0)
            step.proof.append(.semiSync(.semiSyncSource, .off))
            step.inverse.append(.setVariable(.semiSyncSource, to: SwitchState.on.rawValue))
        }
        return step
    }
}
