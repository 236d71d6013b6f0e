import Recovery
import Refactoring
import TerminalKit
import Topology

// MARK: - What can be chosen otherwise

extension AssistantScreen {
    /// The keys that choose, for the hints.
    var toggles: [KeyAction] {
        switch matter {
        case .rejoin: []
        case .switchover: [.toggleSessions, .toggleSiblings, .toggleOldPrimary, .toggleLockWait, .toggleDrain]
        case .loss: isFailover ? [.toggleUnapplied, .toggleLost, .toggleLiving] : []
        }
    }

    private var isFailover: Bool { if case .failover? = planned.subject.recovery { true } else { false } }

    mutating func toggle(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        guard toggles.contains(action) else {
            let why =
                switch matter {
                case .switchover: "a switchover loses nothing, and waits for everybody"
                case .rejoin: "there is only one way for a server to come back"
                case .loss: isFailover ? "that is for a switchover" : "nobody is promoted"
                }
            return .tell(Notice(.refused, "there is nothing to choose there: \(why)"))
        }
        switch action {
        case .toggleUnapplied: choice.policy.unapplied = choice.policy.unapplied == .wait ? .lose : .wait
        case .toggleLost: choice.policy.lostReplicas = choice.policy.lostReplicas == .detach ? .leave : .detach
        case .toggleLiving: choice.policy.livingSource = choice.policy.livingSource == .refuse ? .fence : .refuse
        case .toggleSessions: choice.handover.ending = Self.next(choice.handover.ending, Self.endings)
        case .toggleSiblings: choice.handover.siblings = choice.handover.siblings == .move ? .stay : .move
        case .toggleOldPrimary:
            choice.handover.oldPrimary = choice.handover.oldPrimary == .replicates ? .stopped : .replicates
        case .toggleLockWait: choice.handover.lockWait = Self.next(choice.handover.lockWait, Self.lockWaits)
        default: choice.handover.drain = Self.next(choice.handover.drain, Self.drains)
        }
        choice.settled = nil
        refresh(model)
        return .replan
    }

    private static let endings: [SessionKind?] = [nil, .transactions(since: .zero), .privileged, .clients]
    private static let lockWaits: [Duration] = [1, 2, 5, 10].map { .seconds($0) }
    private static let drains: [Duration] = [5, 10, 30, 60].map { .seconds($0) }

    /// The one after it; the first after the last, and after one that came from a command line.
    private static func next<Value: Equatable>(_ value: Value, _ all: [Value]) -> Value {
        guard let place = all.firstIndex(of: value) else { return all[0] }
        return all[(place + 1) % all.count]
    }
}

// MARK: - The plan, and its confirmation

extension AssistantScreen {
    /// What stands above the plan: what was chosen, and the hooks that run around it.
    func planSections(_ model: ConsoleModel) -> [Details.Section] {
        [
            Details.Section(heading: "", lines: choiceLines(model)),
            Details.Section(heading: "hooks", lines: HookWords.planned(sheet?.hooks ?? [])),
        ]
    }

    private func key(_ action: KeyAction, _ model: ConsoleModel) -> Words {
        let key = model.keymap.sequences(for: action, in: contexts).first?.description ?? action.rawValue
        return Words("  \(key) otherwise", .faint)
    }

    /// What was chosen, with the keys that choose otherwise.
    private func choiceLines(_ model: ConsoleModel) -> [Details.Line] {
        switch matter {
        case .switchover: return handoverLines(model)
        case .rejoin:
            let whom = sheet?.plan?.succession?.successor.map { NameWords.full($0, model.known.fleet) } ?? "nobody"
            let how = choice.candidate == nil ? ", the primary now" : ", chosen"
            let account = choice.user.map { [Details.Line("account", Words($0.sanitized, .strong))] } ?? []
            return [Details.Line("follows", Words(whom, .strong), Words(how), key(.candidates, model))] + account
        case .loss:
            guard case .failover(_, _, let policy)? = planned.subject.recovery else {
                let who = choice.candidate.map { "all below \($0)" } ?? "each below what is best for it"
                return isAdoption
                    ? [Details.Line("replicas go", Words(who, .strong), key(.candidates, model))] : []
            }
            return failoverLines(policy, model)
        }
    }

    private func whoLine(_ model: ConsoleModel) -> Details.Line {
        let who = effective.map { NameWords.full($0.instance, model.known.fleet) } ?? "nobody"
        let how = effective == nil ? "" : choice.candidate == nil ? ", the best" : ", chosen"
        return Details.Line("takes over", Words(who, .strong), Words(how), key(.candidates, model))
    }

    private func failoverLines(_ policy: FailoverPolicy, _ model: ConsoleModel) -> [Details.Line] {
        let unapplied = policy.unapplied == .wait ? Words("is waited for") : Words("is lost", .bad)
        let lost = policy.lostReplicas == .detach ? Words("are detached") : Words("are left as they are", .warning)
        let living =
            policy.livingSource == .refuse
            ? Words("nothing is done") : Words("it is made read-only and given up", .bad)
        return [
            whoLine(model), Details.Line("not applied", unapplied, key(.toggleUnapplied, model)),
            Details.Line("cannot follow", lost, key(.toggleLost, model)),
            Details.Line("if it answers", living, key(.toggleLiving, model)),
        ]
            + losses.map { Details.Line("loss \($0.label)", words: $0.value) }
    }

    private func handoverLines(_ model: ConsoleModel) -> [Details.Line] {
        let policy = choice.handover
        let ending =
            switch policy.ending {
            case nil: Words("none are ended")
            case .transactions?: Words("with open transactions are ended", .warning)
            case let kind?: Words("\(kind.description) are ended", .warning)
            }
        let siblings =
            policy.siblings == .move
            ? Words("go below the new primary, first of all") : Words("stay below the old primary", .warning)
        let old =
            policy.oldPrimary == .replicates
            ? Words("becomes a replica") : Words("becomes a replica, and does not start", .warning)
        return [
            whoLine(model), Details.Line("sessions", ending, key(.toggleSessions, model)),
            Details.Line("other replicas", siblings, key(.toggleSiblings, model)),
            Details.Line("old primary", old, key(.toggleOldPrimary, model)),
            Details.Line(
                "stopping", Words("waits \(policy.lockWait.words) at most for what runs, then backs out"),
                key(.toggleLockWait, model)),
            Details.Line(
                "writes stand", Words("\(policy.drain.words) at most, then it backs out"), key(.toggleDrain, model)),
            Details.Line("loss", Words("nothing: it takes over only with all that was committed", .good)),
        ]
    }

    /// What a yes would do, on one page.
    func summary(_ model: ConsoleModel) -> Details {
        guard let sheet, let document = sheet.document else {
            return Details(
                sections: [
                    Details.Section(heading: "", lines: [Details.Line("plan", Words("there is none", .bad))]),
                    Details.Section(heading: "why", lines: Details.reasons(sheet?.answer.reasons ?? [])),
                ], hasRunningAge: false)
        }
        let (kind, name) = matter.nameToType(model)
        var lines = [
            Details.Line(kind, Words(name.sanitized, .strong)),
            Details.Line("plan", Words(document.intent)),
            Details.Line("steps", Words("\(document.steps.count)")),
        ]
        if let effective {
            lines.append(
                Details.Line("takes over", Words(NameWords.full(effective.instance, model.known.fleet), .strong)))
        }
        if let left = sheet.plan?.succession?.left, !left.isEmpty {
            let names = left.map { NameWords.full($0, model.known.fleet) }.joined(separator: ", ")
            lines.append(Details.Line("left behind", Words(names, .bad)))
        }
        if !sheet.hooks.isEmpty { lines.append(Details.Line("hooks", HookWords.count(sheet.hooks))) }
        if !reason.isEmpty { lines.append(Details.Line("reason", Words(reason.sanitized))) }
        let confirm = "press \(TreeScreen.planKey(.run, model)), and type the name of the \(kind): \(name.sanitized)"
        return Details(
            sections: [
                Details.Section(heading: "", lines: lines),
                Details.Section(heading: "what is lost", lines: losses),
                Details.Section(heading: "before you say yes", lines: Details.reasons(sheet.answer.reasons)),
                Details.Section(heading: "to confirm", lines: [Details.Line("", Words(confirm, .warning))]),
            ], hasRunningAge: false)
    }

    private var losses: [Details.Line] {
        switch matter {
        case .loss: effective.map { Self.lossLines($0.loss(by: Verdict(sheet?.answer.reasons ?? []))) } ?? []
        case .switchover, .rejoin: [Details.Line("", Words("nothing", .good))]
        }
    }
}
