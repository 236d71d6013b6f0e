import Refactoring
import Storage
import TerminalKit
import Topology

/// A plan before it is carried out: what is done, by which method and why, with what in mind, the trees before and after,
/// every statement. It is made anew while it is looked at.
struct PlanScreen: TextScreen, ConfirmingScreen {
    static let toggle: KeyAction? = nil

    let subject: PlanSubject
    /// `nil` until the first plan has come.
    private(set) var sheet: PlanSheet?
    /// When another plan took the place of the one that was shown first; `nil` while it is that one.
    private(set) var changedAt: Timestamp?
    private var plannedAt: Timestamp?
    var reason = ""
    var scroll = TextScroll()

    init(_ subject: PlanSubject) {
        self.subject = subject
    }

    /// For the same in other words: what another one shows stands until its plan has come.
    init(_ subject: PlanSubject, showing other: PlanScreen) {
        self.subject = subject
        (sheet, changedAt, plannedAt, scroll) = (other.sheet, other.changedAt, other.plannedAt, other.scroll)
    }

    var contexts: [KeyContext] { [.plan, .list] }
    var subjects: [PlanSubject] { [subject] }
    var depth: PlanRequest.Depth { .page }

    func isDue(_ model: ConsoleModel) -> Bool { isOld(plannedAt, model) }

    mutating func take(_ sheets: [PlanSheet], _ model: ConsoleModel) -> Bool {
        plannedAt = model.wallTime
        guard let new = sheets.first else { return false }
        let isOther = sheet.map { !$0.saysTheSame(as: new) } ?? false
        if isOther { changedAt = model.wallTime }
        sheet = new
        refresh(model)
        return isOther
    }

    /// The plan as it is now was read by whoever looks at it from now on.
    mutating func forgetChange() { changedAt = nil }

    var deed: Deed? {
        guard case .plan(let plan, let verdict)? = sheet?.answer else { return nil }
        if let wish = subject.recovery { return .recover(plan, wish, verdict, waitingAtMost: subject.limit) }
        return Self.deed(subject, by: plan)
    }

    private static func deed(_ subject: PlanSubject, by plan: Plan) -> Deed {
        switch subject {
        case .wish, .limited, .moves: .run(plan)
        case .undo(let id): .undo(id, by: plan)
        case .rollBack(let id): .rollBack(id, by: plan)
        case .resume(let id): .resume(id)
        case .waiting(.resume(let id), let limit): .resume(id, waitingAtMost: limit)
        // Their plans have the limit already.
        case .waiting(let subject, _): deed(subject, by: plan)
        }
    }

    /// Whether a rule asks for more than a key.
    private var needsName: Bool {
        sheet?.plan?.writeBlock != nil || sheet?.answer.reasons.contains { $0.gravity >= .confirm } ?? false
    }

    /// What is typed then: where writes move, whose they are now.
    private static func name(of plan: Plan) -> InstanceAddress? { plan.writeBlock?.oldPrimary ?? plan.subject }

    func crumbs(_ model: ConsoleModel) -> [String] { ["plan"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        guard let plan = sheet?.plan else { return [.back] }
        return model.refusalToAct(on: plan.instances) == nil
            ? [.run, .back, .savePlan, .reason] : [.back, .savePlan]
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if scroll.perform(action, count: lineCount(model), height: Self.height(model)) { return .done }
        switch action {
        case .back: return .close
        case .run: return confirm(model)
        case .savePlan: return save(model)
        case .reason: return .askReason(reason)
        case .open:
            let key = TreeScreen.planKey(.run, model)
            return .tell(Notice(.refused, "\(key) carries the plan out; nothing was done"))
        default: return .unused
        }
    }

    private func confirm(_ model: ConsoleModel) -> ScreenAnswer {
        guard let sheet else { return .tell(Notice(.refused, "the plan is still being made")) }
        guard let plan = sheet.plan, let server = Self.name(of: plan) else {
            return .tell(Notice(.refused, "there is no plan to carry out; what would help stands beside each reason"))
        }
        guard needsName else { return .run }
        // As on the command line: the host alone would be the same for every server on it.
        return .confirm(Prompt.Confirmation(name: "\(server)", plan: plan))
    }

    private func save(_ model: ConsoleModel) -> ScreenAnswer {
        guard let document = sheet?.document else { return .tell(Notice(.refused, "there is no plan to save")) }
        let server = document.steps.first?.server
        // With the time, so that a later plan does not have the same name.
        let time = model.clock.stamp(model.wallTime)
        let name = "baton-\(document.verb)-\(server?.host ?? "plan")-\(server?.port ?? 0)-\(time)".sanitized
        // For people, and for scripts.
        let json = try? JSON(encoding: document).text()
        return .effects([
            .write(
                [TextFile(path: "\(name).txt", text: document.text)]
                    + (json.map { [TextFile(path: "\(name).json", text: $0)] } ?? []))
        ])
    }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        guard let sheet else { return [canvas.palette.text("plan", .panelTitleFocus)] }
        guard let document = sheet.document else {
            return [canvas.palette.text("\(canvas.glyphs.refuses) this cannot be done", .stateBroken)]
        }
        return [canvas.palette.text(document.intent, .panelTitleFocus)]
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("The plan is being made…", "Every rule is asked about the fleet as it is now.")
    }

    func hasRunningAge(_ model: ConsoleModel) -> Bool { false }

    func status(_ model: ConsoleModel) -> ScreenStatus? {
        guard let sheet else { return nil }
        guard let server = sheet.plan.flatMap(Self.name) else {
            return ScreenStatus(
                sign: .refuses, sentence: "nothing can be done; what would help stands beside each reason")
        }
        let key = TreeScreen.planKey(.run, model)
        guard needsName else {
            return ScreenStatus(sign: .fits, sentence: "nothing is done before you press \(key)")
        }
        return ScreenStatus(
            sign: .asks, sentence: "nothing is done before you press \(key) and type \(server)")
    }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        guard let sheet else { return [] }
        guard let document = sheet.document else {
            let details = Details(
                sections: [Details.Section(heading: "", lines: Details.reasons(sheet.answer.reasons))],
                hasRunningAge: false)
            return changeLines(width, palette, model) + DetailText(details, width: width, palette: palette).lines
        }
        var lines = changeLines(width, palette, model)
        let details = Details(
            sections: [
                Details.Section(heading: "", lines: head(document, sheet)),
                Details.Section(heading: "before you say yes", lines: Details.reasons(sheet.answer.reasons)),
            ], hasRunningAge: false)
        lines += DetailText(details, width: width, palette: palette).lines
        if !sheet.before.isEmpty {
            lines.append([])
            lines += ExcerptText(before: sheet.before, after: sheet.after).lines(width: width, palette)
        }
        let count = document.steps.count
        lines += [[], [palette.text("\(count) step\(count == 1 ? "" : "s")", .panelTitle)]]
        let standings = document.steps.indices.map { index in
            sheet.done.contains(index)
                ? StepText.Standing(sign: .done, words: "is done", isOpen: false) : StepText.Standing.planned
        }
        return lines + StepText(width: width, palette: palette, fleet: model.known.fleet).lines(document, standings)
    }

    /// That it is not the plan that was shown first.
    private func changeLines(_ width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        guard let changedAt else { return [] }
        let text = "The fleet has changed: this plan was made anew at \(model.brief(changedAt)). Read it again."
        return CellText.wrap(text, to: width - 2).enumerated().map { index, row in
            [
                palette.text(index == 0 ? "\(palette.glyphs.warning) " : "  ", .stateWarning),
                palette.text(row, .stateWarning),
            ]
        } + [[]]
    }

    private func head(_ document: PlanDocument, _ sheet: PlanSheet) -> [Details.Line] {
        var lines: [Details.Line] = []
        if document.method != "-" { lines.append(Details.Line("method", Words(document.method, .strong))) }
        for refusal in document.methodsRefused {
            lines.append(Details.Line("not \(refusal.method)", Words(refusal.reason, .faint)))
        }
        if let block = document.writesBlocked {
            lines.append(
                Details.Line(
                    "writes", Words("blocked from step \(block.from) to step \(block.to)"),
                    Words(", some dozens of milliseconds as a rule", .faint)))
        }
        for standstill in sheet.standstills { lines.append(Self.line(standstill)) }
        if sheet.standstills.isEmpty { lines.append(Details.Line("standstill", Words(StandstillWords.none, .good))) }
        if !reason.isEmpty { lines.append(Details.Line("reason", Words(reason.sanitized))) }
        return lines
    }

    private static func line(_ standstill: Standstill) -> Details.Line {
        let words = StandstillWords(standstill)
        guard standstill.to != nil else { return Details.Line("standstill", Words(words.place, .warning)) }
        return Details.Line(
            "standstill", Words(words.place), Words(words.usually, words.isWarning ? .warning : .faint),
            Words(words.most, .faint))
    }
}

extension TreeScreen {
    static func planKey(_ action: KeyAction, _ model: ConsoleModel) -> String {
        model.keymap.sequences(for: action, in: [.plan, .list, .global]).first?.description ?? action.rawValue
    }
}
