import Engine
import Operations
import Recovery
import Refactoring
import Storage
import TerminalKit
import Topology

/// One operation: its steps as they tick off, what failed and in what state everything is, or what the journal holds of
/// one of the past.
struct OperationScreen: TextScreen {
    static let toggle: KeyAction? = nil

    enum Subject: Hashable, Sendable {
        /// One of this console, by the console's number.
        case live(Int)
        /// One of the journal.
        case journal(Int64)
    }

    let subject: Subject
    var scroll = TextScroll()

    init(_ subject: Subject) {
        self.subject = subject
    }

    var contexts: [KeyContext] { [.operation, .list] }

    func live(_ model: ConsoleModel) -> LiveOperation? {
        switch subject {
        case .live(let number): model.operations.live[number]
        case .journal: nil
        }
    }

    /// Its number in the journal; `nil` where it has none yet.
    func number(_ model: ConsoleModel) -> Int64? {
        switch subject {
        case .live(let number): model.operations.live[number]?.number
        case .journal(let id): id
        }
    }

    func record(_ model: ConsoleModel) -> OperationRecord? {
        number(model).flatMap { model.operations.record($0) ?? model.operations.read[$0]?.record }
    }

    private func isRunning(_ model: ConsoleModel) -> Bool { live(model)?.isRunning ?? false }

    func crumbs(_ model: ConsoleModel) -> [String] {
        [number(model).map { "operation \($0)" } ?? "operation"]
    }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        if let live = live(model), live.isRunning { return (live.isStopping ? [] : [.stop]) + [.back] }
        return choices(model) + [.back, .savePlan, .operations]
    }

    /// What can be done about it now.
    func choices(_ model: ConsoleModel) -> [KeyAction] {
        guard !isRunning(model), refusal(model) == nil, let record = record(model) else { return [] }
        if model.operations.isOpen(record) || isUndecided(model) {
            return [.resume] + (usesPassword(model) ? [.password] : [])
                + (objectionToRollingBack(model) == nil ? [.rollBack] : []) + [.leave]
        }
        return record.outcome == .done ? [.undo] + (swap(model) == nil ? [] : [.swapIn]) : []
    }

    private func plan(_ model: ConsoleModel) -> Plan? {
        live(model)?.sheet.plan ?? number(model).flatMap { model.operations.read[$0]?.plan }
    }

    /// The switchover that a failover has left to be made; `nil` where there is none, or where somebody else is the primary by
    /// now.
    private func swap(_ model: ConsoleModel) -> SwapIn? {
        guard let swap = SwapIn(after: plan(model)?.succession),
            model.known.cluster(of: swap.primary)?.primary == swap.primary
        else { return nil }
        return swap
    }

    /// Whether a server is told a password by it, which may be the wrong one.
    private func usesPassword(_ model: ConsoleModel) -> Bool {
        let commands = plan(model)?.steps.flatMap(\.commands) ?? []
        return commands.contains {
            if case .changeSource(_, let change) = $0 { change.password != nil } else { false }
        }
    }

    /// Why nothing may be decided about it here; `nil` where it may.
    private func refusal(_ model: ConsoleModel) -> String? {
        model.refusalToAct(on: plan(model)?.instances ?? [])
    }

    /// Why what it did cannot be taken back step by step; `nil` where it can, or where its plan was not read yet.
    private func objectionToRollingBack(_ model: ConsoleModel) -> String? {
        guard let id = number(model), var operation = model.operations.read[id] else { return nil }
        operation.record = model.operations.record(id) ?? operation.record
        let begun = operation.begunSteps
        return begun.isEmpty
            ? "it changed nothing that could be taken back" : operation.plan.objectionToRollingBack(begun)
    }

    /// Whether it has just ended here without coming to its end, which the journal's list may not say yet.
    private func isUndecided(_ model: ConsoleModel) -> Bool {
        guard case .report(let report)? = live(model)?.outcome else { return false }
        return !report.choices.isEmpty && record(model)?.outcome == .running
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if scroll.perform(action, count: lineCount(model), height: Self.height(model)) { return .done }
        switch action {
        case .back, .open: return leavePage(model)
        case .stop: return stop(model)
        case .savePlan: return save(model)
        case .password: return .askPassword
        case .swapIn: return swapIn(model)
        case .resume, .rollBack, .leave, .undo: return choose(action, model)
        default: return .unused
        }
    }

    private func swapIn(_ model: ConsoleModel) -> ScreenAnswer {
        guard choices(model).contains(.swapIn), let swap = swap(model) else {
            return .tell(Notice(.refused, "no failover has come to its end here that left a preferred server behind"))
        }
        return .assist(.wish(.switchover(swap.wish)))
    }

    private func leavePage(_ model: ConsoleModel) -> ScreenAnswer {
        guard isRunning(model) else { return .close }
        return .ask(
            Prompt.Question(
                title: "Leave the page of a running operation?",
                consequence: "The operation goes on to its end, or to its first failure. "
                    + "\(TreeScreen.key(.operations, model)) shows it again.",
                verb: "let it run", .leavePage))
    }

    /// The page as a text, for whoever tells others what was done.
    private func save(_ model: ConsoleModel) -> ScreenAnswer {
        guard !isRunning(model) else { return .tell(Notice(.refused, "it is still running: there is no report yet")) }
        let lines = lines(width: 110, DetailText.countingPalette, model).map { line in
            line.map(\.text).joined()
        }
        guard !lines.isEmpty else { return .tell(Notice(.refused, "there is nothing to save yet")) }
        let number = number(model).map { "-\($0)" } ?? ""
        let path = "baton-operation\(number)-\(model.clock.stamp(model.wallTime)).txt"
        let title = live(model)?.sheet.document?.intent ?? record(model)?.intent ?? "operation"
        let text = ([title.sanitized, ""] + lines).joined(separator: "\n") + "\n"
        return .effects([.write([TextFile(path: path, text: text)])])
    }

    private func stop(_ model: ConsoleModel) -> ScreenAnswer {
        guard let live = live(model), live.isRunning else {
            guard let record = record(model), record.outcome == .running, !model.operations.isOpen(record) else {
                return .tell(Notice(.refused, "it does not run any more: there is nothing to stop"))
            }
            return .tell(Notice(.refused, "\(record.holder) carries it out: it can be stopped only there"))
        }
        guard !live.isStopping else {
            return .tell(Notice(.done, "it stops before its next step already: the step at work is brought to its end"))
        }
        return .ask(
            Prompt.Question(
                title: "Stop before the next step?",
                consequence:
                    "The step at work is brought to its end first. Afterwards you decide: go on, take back what "
                    + "was done, or leave it.", verb: "stop it", .effects([.stop(live.id)])))
    }

    private func choose(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        guard let id = number(model) else { return .tell(Notice(.refused, "it was not begun: there is nothing to do")) }
        if !isRunning(model), let refusal = refusal(model) { return .tell(Notice(.refused, refusal)) }
        guard choices(model).contains(action) else { return .tell(Notice(.refused, objection(to: action, model))) }
        switch action {
        case .resume: return .plan(.resume(id))
        case .rollBack: return .plan(.rollBack(id))
        case .undo: return .plan(.undo(id))
        default: return .ask(.leaving(id))
        }
    }

    private func objection(to action: KeyAction, _ model: ConsoleModel) -> String {
        if isRunning(model) { return "it is still running" }
        guard let record = record(model) else { return "the journal does not say yet how it ended" }
        if model.operations.isOpen(record), action == .rollBack, let objection = objectionToRollingBack(model) {
            return objection
        }
        switch (record.outcome, action) {
        case (.running, _): return "\(record.holder) is still at it"
        case (.done, _): return "it came to its end; \(TreeScreen.operationKey(.undo, model)) takes it back"
        case (.takenBack, _): return "it was taken back already"
        case (.left, _): return "somebody decided to leave it as it is"
        case (.notBegun, _): return "it was not begun, and changed nothing"
        case (.interrupted, _), (.failed, _), (.stopped, _):
            return "only what came to its end can be undone; take it back instead"
        }
    }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        let intent = live(model)?.sheet.document?.intent ?? record(model)?.intent ?? "operation"
        return [canvas.palette.text(intent.sanitized, .panelTitleFocus)]
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("The operation is being read…", "") }

    func hasRunningAge(_ model: ConsoleModel) -> Bool { true }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        OperationText(width: width, palette: palette, model: model).lines(live(model), record(model), choices(model))
    }
}

extension TreeScreen {
    static func operationKey(_ action: KeyAction, _ model: ConsoleModel) -> String {
        model.keymap.sequences(for: action, in: [.operation, .list, .global]).first?.description ?? action.rawValue
    }
}
