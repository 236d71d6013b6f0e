import Refactoring
import Topology

/// Makes the plan by which clients can write on a primary again, where that is safe. Pure, as every planner is.
struct WritabilityPlanner {
    let moves: MovePlanner

    /// The command that asks for it.
    static let verb = OrphanPlanner.verb

    /// The plan, or everything that stands in the way.
    func plan(for primary: InstanceAddress, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            let server = try draft.answeringPrimary(primary)
            let reasons = objections(to: server, draft)
            guard reasons.isEmpty else { throw PlanRefusal(reasons) }
            try moves.setWritable(server.address, .leave, &draft)
            draft.succession = Succession(.writability, of: server.address)
            return try draft.answer(verb: Self.verb)
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }

    private func objections(to server: Instance, _ draft: PlanDraft) -> [Reason] {
        var reasons: [Reason] = []
        if server.isGroupMember {
            reasons.append(
                Reason(
                    SettingCondition.groupDecides,
                    "\(server.address) is a member of a group, which decides by itself who takes writes",
                    remedies: [.advice("look at the group's members and their states")]))
        }
        if let source = server.channels.compactMap({ draft.fleet.source(of: $0) }).first {
            reasons.append(
                Reason(
                    SettingCondition.follows, "\(server.address) follows \(source)",
                    remedies: [
                        .advice("write on \(source)"), .command("baton switchover \(source) --to \(server.address)"),
                    ]
                ))
        }
        if let mark = draft.scene.marks.downtime(of: server.address, at: draft.scene.now),
            mark.meaning == .lostInRecovery
        {
            reasons.append(
                Reason(
                    SettingCondition.lost, "\(server.address) was given up: \(mark.reason)",
                    remedies: [
                        .command("baton rejoin \(server.address)"), .command("baton end-downtime \(server.address)"),
                    ]))
        }
        if let mark = draft.scene.marks.maintenance(of: server.address, at: draft.scene.now) {
            reasons.append(CandidateRule.maintenance(of: server.address, mark))
        }
        let members = draft.scene.forest.cluster(of: server.address)?.members ?? []
        for member in members where member != server.address {
            guard let other = draft.fleet[member], other.facts?.writability.isWritable == true else { continue }
            reasons.append(other.contact.isReachable ? second(other, server) : unseen(other, server))
        }
        return reasons
    }

    private func second(_ other: Instance, _ server: Instance) -> Reason {
        Reason(
            SettingCondition.anotherWritable,
            "\(other.address) of the same cluster is writable, and \(server.address) would be a second one",
            measured: [Measurement("read_only", of: other.address, "OFF")],
            remedies: [.command("baton set-read-only \(other.address)")])
    }

    private func unseen(_ other: Instance, _ server: Instance) -> Reason {
        Reason(
            SettingCondition.unseenWritable,
            "\(other.address) of the same cluster does not answer, and was writable when it was last read",
            measured: [Measurement("read_only at the last look", of: other.address, "OFF")],
            remedies: [.advice("bring \(other.address) back first"), .command("baton forget \(other.address)")])
    }
}
