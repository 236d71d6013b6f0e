import Diagnosis
import Engine
import Operations
import Refactoring
import Storage
import TerminalKit
import Topology

// MARK: - Following the fleet

extension ConsoleState {

    /// Asks for what pages that judge or plan want after the fleet has changed.
    mutating func followFleet() -> [ConsoleEffect] {
        var effects: [ConsoleEffect] = []
        if !isLooking, let carry = tree.carry {
            isLooking = true
            effects.append(.look(carry))
        }
        if planning == nil, let planner = screen as? any PlanningScreen, planner.isDue(model) {
            lastNumber += 1
            planning = (lastNumber, model.wallTime)
            effects.append(
                .plan(PlanRequest(number: lastNumber, subjects: planner.subjects, depth: planner.depth)))
        }
        if !isChecking, screen is ReadinessScreen {
            isChecking = true
            effects.append(.checkReadiness)
        }
        return effects
    }

    mutating func markReadOnlyClusters() {
        guard !model.authority.policy.clusters.isEmpty else { return }
        model.readOnlyClusters = model.authority.policy.holds(on: model.known.diagnosis.forest).clusters
    }

    /// Takes what an effect of acting brings back.
    mutating func takeActing(_ event: ConsoleEvent) -> [ConsoleEffect] {
        switch event {
        case .judged(let judgement):
            if let asked = askedWhy, judgement == nil || judgement?.carry == asked.carry {
                askedWhy = nil
                guard let judgement else {
                    notice = Notice(.refused, "nothing can be judged here: there are no rules to ask")
                    return []
                }
                open(ReasonsScreen(judgement: judgement, place: asked.target))
                return []
            }
            isLooking = false
            guard let judgement else { return [] }
            model.judgement = judgement
            refreshScreens()
            // Meanwhile something else may have been picked up.
            if let carry = tree.carry, carry != judgement.carry { return followFleet() }
        case .planned(let number, let sheets): return take(sheets, of: number)
        case .operations(let reading): take(reading)
        case .operationRead(let operation):
            model.operations.read[operation.id] = operation
            refreshScreens()
        case .recoveries(let reading):
            model.recoveries.take(reading)
            refreshScreens()
        case .operation(let number, let event):
            model.operations.live[number]?.take(event, at: model.wallTime)
            refreshScreens()
            if case .began = event { return [.readOperations] }
        case .acted(let number, let outcome): return end(number, outcome)
        default: break
        }
        return []
    }

    private mutating func take(_ sheets: [PlanSheet], of number: Int) -> [ConsoleEffect] {
        guard planning?.number == number else { return [] }
        planning = nil
        guard !pages.isEmpty, var page = pages[pages.count - 1] as? any PlanningScreen else { return [] }
        // Whoever was about to say yes has to see first that it is another plan.
        let isOther = page.take(sheets, model)
        pages[pages.count - 1] = page
        guard isOther else { return [] }
        if case .confirmation? = prompt { refuseConfirmation() }
        return [.discardTypeAhead]
    }

    private mutating func take(_ reading: OperationsReading) {
        model.operations.take(reading)
        refreshScreens()
        // A process that was killed keeps its operation for a while. What was begun on this screen has its own words.
        guard !hasToldOpenOperations, model.operations.live.isEmpty, notice == nil,
            case .read(let records, let open) = reading, let record = records.first(where: { open.contains($0.id) })
        else { return }
        hasToldOpenOperations = true
        let key = model.keymap.sequences(for: .operations, in: contexts).first?.description ?? ":operations"
        let others = open.count > 1 ? " and \(open.count - 1) more" : ""
        notice = Notice(
            .refused,
            "operation \(record.id)\(others) did not come to its end: \(record.intent); "
                + "\(key) shows it, to go on, take it back, or leave it")
    }
}

// MARK: - Plans

extension ConsoleState {
    /// Opens the plan for something.
    ///
    /// - Parameters:
    ///   - reason: why, as far as that was said already.
    ///   - page: of the assistant, which leads through switchovers and returns of primaries.
    mutating func openPlan(
        _ subject: PlanSubject, reason: String = "", on page: AssistantScreen.Page = .plan
    ) -> [ConsoleEffect] {
        if let refusal = model.refusalToAct(on: []) {
            notice = Notice(.refused, refusal)
            return []
        }
        if let running = model.operations.running {
            notice = Notice(
                .refused, "operation \(running.number.map(String.init) ?? "") is still running; wait for it")
            return []
        }
        if let (matter, change) = AssistantMatter.reading(subject, in: model) {
            return openAssistant(about: matter) { choice in
                change(&choice)
                choice.page = page
                if !reason.isEmpty { choice.reason = reason }
            }
        }
        pages.removeAll { $0 is PlanScreen || $0 is AssistantScreen }
        var page = PlanScreen(subject)
        page.reason = reason
        pages.append(page)
        planning = nil
        reader.reset()
        // Keys that were typed before the plan was seen do not confirm it.
        return followFleet() + [.discardTypeAhead]
    }

    mutating func openPlan(_ subject: PlanSubject, _ deciding: Deciding) -> [ConsoleEffect] {
        openPlan(subject.waiting(atMost: deciding.limit), reason: deciding.reason)
    }

    mutating func planUndo(_ deciding: Deciding = Deciding()) -> [ConsoleEffect] {
        guard let record = model.operations.undoable else {
            notice = Notice(.refused, "nothing is left to take back; :operations undo NUMBER takes back an undoing too")
            return []
        }
        return openPlan(.undo(record.id), deciding)
    }

    mutating func setReason(_ text: String) {
        withScreen { screen, _ in
            guard var plan = screen as? any ConfirmingScreen else { return }
            plan.reason = text
            screen = plan
        }
    }

    mutating func askPassword() -> [ConsoleEffect] {
        if let refusal = model.refusalToAct(on: []) {
            notice = Notice(.refused, refusal)
            return []
        }
        prompt = .password(LineEditor())
        reader.reset()
        return [.discardTypeAhead]
    }

    mutating func ask(_ question: Prompt.Question) -> [ConsoleEffect] {
        prompt = .question(question)
        reader.reset()
        return [.discardTypeAhead]
    }

    mutating func confirm(_ confirmation: Prompt.Confirmation) -> [ConsoleEffect] {
        prompt = .confirmation(confirmation)
        reader.reset()
        return [.discardTypeAhead]
    }

    /// A name that is half typed was meant for the plan that was there before.
    private mutating func refuseConfirmation() {
        prompt = nil
        reader.reset()
        notice = Notice(.refused, "nothing was done: the plan has changed meanwhile; read it again")
    }

    /// Carries out the plan of the page that is seen, once its name was typed.
    ///
    /// - Parameter plan: the one for which the name was asked.
    mutating func runPlan(confirmed plan: Plan) -> [ConsoleEffect] {
        guard let page = screen as? any ConfirmingScreen, page.sheet?.plan?.withoutLimits == plan.withoutLimits else {
            refuseConfirmation()
            return []
        }
        return runPlan()
    }

    /// Carries out the plan of the page that is seen; its place is taken by the operation.
    mutating func runPlan() -> [ConsoleEffect] {
        guard let page = screen as? any ConfirmingScreen, let sheet = page.sheet, let deed = page.deed else {
            return []
        }
        if let refusal = model.refusalToAct(on: sheet.plan?.instances ?? []) {
            notice = Notice(.refused, refusal)
            return []
        }
        lastNumber += 1
        let reason = page.reason.trimmedOfBlanks
        model.operations.live[lastNumber] = LiveOperation(
            lastNumber, deed, sheet, reason: reason, at: model.wallTime)
        if let assistant = page as? AssistantScreen { assistantChoices[assistant.matter] = nil }
        pages.removeAll {
            $0 is PlanScreen || $0 is ActionsScreen || $0 is OperationScreen || $0 is AssistantScreen
        }
        pages.append(OperationScreen(.live(lastNumber)))
        planning = nil
        // The tree shows what comes of it with the cursor on the server that was moved.
        tree.putBack(model)
        tree.marks = []
        if let moved = sheet.plan?.subject { tree.show(moved, model) }
        return [.act(lastNumber, deed, reason: reason)]
    }
}

// MARK: - Operations

extension ConsoleState {
    mutating func openOperations() -> [ConsoleEffect] {
        open(OperationsScreen(model))
        return [.readOperations]
    }

    private mutating func end(_ number: Int, _ outcome: ActOutcome) -> [ConsoleEffect] {
        guard var live = model.operations.live[number] else {
            if case .notBegun(let reason) = outcome { notice = Notice(.refused, reason) }
            if case .left = outcome { notice = Notice(.done, "it is left as it is") }
            return [.readOperations, .refreshAll]
        }
        // What was asked about a running operation has no answer any more.
        if case .question(let question)? = prompt, question.consequences == .leavePage {
            prompt = nil
            reader.reset()
        }
        live.outcome = outcome
        live.endedAt = model.wallTime
        model.operations.live[number] = live
        let intent = live.sheet.document?.intent ?? "the operation"
        switch outcome {
        case .report(let report) where report.isDone:
            let time = live.duration.map { " in \($0.fineWords)" } ?? ""
            notice =
                live.hooks.last(where: \.isFailure).map { hook in
                    Notice(
                        .refused,
                        "\(intent): done and verified\(time), but hook \(hook.occasion) \(hook.ending ?? "") "
                            + "(\(hook.command))".sanitized)
                } ?? Notice(.done, "\(intent): done and verified\(time)")
            if let moved = live.sheet.plan?.subject { tree.follow(moved, model) }
        case .report(let report):
            if case .stopped = report.ending {
                notice = Notice(.refused, "\(intent): stopped between two steps")
            } else {
                notice = Notice(.refused, "\(intent): failed; nothing more is done until you decide")
            }
        case .notBegun(let reason): notice = Notice(.refused, "not begun: \(reason)")
        case .left: notice = Notice(.done, "it is left as it is")
        }
        refreshScreens()
        return [.readOperations] + (live.number.map { [.readOperation($0)] } ?? [])
    }

    /// Quits; asks first where something is being carried out.
    mutating func quit() -> [ConsoleEffect] {
        guard let running = model.operations.running else { return [.quit] }
        return ask(
            Prompt.Question(
                title: "Quit while an operation runs?",
                consequence:
                    "It is stopped before its next step, never within one, and baton ends then. The next start "
                    + "offers to go on with it, or to take it back.",
                verb: "stop it and quit", .effects([.stop(running.id), .quit])))
    }

    mutating func toggleMouse() -> [ConsoleEffect] {
        model.isMouseOn.toggle()
        notice = Notice(
            .done,
            model.isMouseOn
                ? "the mouse moves rows now; hold Shift to select text" : "the mouse selects text again")
        return [.setMouse(model.isMouseOn)]
    }

    mutating func point(_ event: MouseEvent) -> [ConsoleEffect] {
        guard !isTooSmall, prompt == nil, model.isMouseOn else { return [] }
        notice = nil
        return follow(withScreen { screen, model in screen.point(event, model) }, to: .open)
    }
}

extension String {
    var trimmedOfBlanks: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension Duration {
    /// For what takes less than a second or not much longer: `84 ms`, `1.2 s`.
    var fineWords: String {
        let milliseconds = max(0, wholeMicroseconds / 1000)
        return milliseconds < 1000 ? "\(milliseconds) ms" : milliseconds < 60_000 ? tenths : words
    }
}
