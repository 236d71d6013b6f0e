import TerminalKit

/// A page that is one text, which can be scrolled.
protocol TextScreen: Screen {
    var scroll: TextScroll { get set }

    /// The action that opens the page, which closes it again too; `nil` where it is opened by what is under the cursor.
    static var toggle: KeyAction? { get }

    /// What the frame says above the text.
    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText]

    /// The lines of the text in a panel with that much room.
    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]]

    /// What stands in an empty panel: what is missing, and what to do.
    func emptiness(_ model: ConsoleModel) -> (String, String)

    /// Whether something in the text grows older by the second.
    func hasRunningAge(_ model: ConsoleModel) -> Bool
}

extension TextScreen {
    var contexts: [KeyContext] { [.list] }

    func hasRunningAge(_ model: ConsoleModel) -> Bool { false }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if scroll.perform(action, count: lineCount(model), height: Self.height(model)) { return .done }
        if action == Self.toggle { return .close }
        switch action {
        case .open, .back, .nextPanel, .previousPanel: return .close
        default: return .unused
        }
    }

    mutating func refresh(_ model: ConsoleModel) {
        scroll.follow(count: lineCount(model), height: Self.height(model))
    }

    static func height(_ model: ConsoleModel) -> Int { max(1, model.body.height - 2) }

    /// How many lines there are; looks do not matter for that.
    func lineCount(_ model: ConsoleModel) -> Int {
        lines(width: model.body.width - 4, DetailText.countingPalette, model).count
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: title(model, canvas), isFocused: true)
            .inset(horizontal: 1, vertical: 0)
        let lines = lines(width: inside.width, canvas.palette, model)
        if lines.isEmpty {
            let (first, second) = emptiness(model)
            drawEmptyPanel(on: &canvas, in: inside, first, second)
        }
        let window = scroll.window(count: lines.count, height: inside.height)
        canvas.put(lines: lines[window], in: inside)
        canvas.scrollBar(on: rect, window: window, count: lines.count)
        canvas.lineCount(window, of: lines.count, on: rect)
        if hasRunningAge(model) { canvas.hasRunningAge = true }
    }
}
