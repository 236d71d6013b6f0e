import Diagnosis
import TerminalKit
import Topology

/// Every problem, worst first, the selected one in full below; Enter goes to the instance.
struct ProblemsScreen: ListScreen {
    static let name = "problems"
    static let noun = "problem"
    static let toggle = KeyAction.problems
    static let furtherHints: [KeyAction] = [.events, .command, .refresh]
    static let hasDetails = true
    /// From this width on the age stands beside the time.
    private static let widthForAge = 100

    var list = FilteredList<Problem>()

    init(_ model: ConsoleModel) {
        refresh(model)
    }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Problem] {
        needle.isEmpty
            ? model.known.problems
            : model.known.problems.filter { needle.isFound(in: ProblemWords.searchText($0, model)) }
    }

    func open(_ item: Problem) -> ScreenAnswer { .showInstance(item.subject) }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("Nothing is wrong.", "\(model.known.fleet.count.grouped) instances are well.")
    }

    func columns(width: Int, _ model: ConsoleModel) -> (time: Int, name: Int) {
        let time = shown.reduce(0) { max($0, since($1, width: width, model).utf8.count) }
        return (time, NameWords.columnWidth(of: shown.lazy.map(\.subject), in: width, model))
    }

    private func since(_ problem: Problem, width: Int, _ model: ConsoleModel) -> String {
        guard let since = model.known.since(problem) else { return "" }
        return width < Self.widthForAge ? model.brief(since) : model.when(since)
    }

    func draw(
        _ item: Problem, _ columns: (time: Int, name: Int), on canvas: inout Canvas, in line: GridRect,
        _ model: ConsoleModel
    ) {
        let since = CellText.fit(since(item, width: line.width, model), to: columns.time + 2)
        canvas.put(
            [
                canvas.palette.text("\(ProblemWords.shape(item, canvas.glyphs)) ", ProblemWords.scope(item)),
                canvas.palette.text(CellText.fit(ProblemWords.severity(item), to: 9), ProblemWords.scope(item)),
                canvas.palette.text(since, .eventTime),
            ] + NameWords.pieces(item.subject, .textStrong, canvas, model, width: columns.name)
                + [canvas.palette.text("  \(item.summaryBesideName)", .text)], in: line)
        if line.width >= Self.widthForAge { canvas.hasRunningAge = true }
    }

    func details(of item: Problem, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        let lines = Details.problems([item], of: item.subject, model, depth: .full)
        return (item.subject, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: true))
    }
}
