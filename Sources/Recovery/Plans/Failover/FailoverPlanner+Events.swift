import Refactoring
import Topology

extension FailoverPlanner {
    /// Events of the lost primary run on the new one from now on, where its scheduler ran. After the promotion, because nobody
    /// waits for events.
    ///
    /// MariaDB lets only `SUPER` switch the scheduler (10.11 manual, "Events"), which baton's account has not.
    func handOverEvents(_ chosen: ChosenCandidate, _ lost: LostSource, _ draft: inout PlanDraft) {
        guard let old = draft.fleet[lost.address]?.facts, old.provisions.eventScheduler == .on,
            let new = chosen.found.instance.facts
        else { return }
        var commands: [Command] = [.enableEvents(of: old.identity.serverID)]
        if chosen.found.instance.isMySQLFamily {
            commands.append(.setEventScheduler(.known(.on)))
        } else if new.provisions.eventScheduler != .on {
            draft.object([
                Reason(
                    FailoverCondition.eventScheduler,
                    "events ran on \(lost.address), and the event scheduler of \(chosen.address) does not run",
                    remedies: [.statement("SET GLOBAL event_scheduler = ON", on: chosen.address)])
            ])
        }
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: chosen.address, "let events run here, as they did on \(lost.address)",
                        preconditions: chosen.found.instance.identityExpectation + [.writability(.writable)],
                        commands: commands, proof: [], timeLimit: limits.statement,
                        irreversible: "events of \(lost.address) run on \(chosen.address)")
                ]
            ]))
    }
}
