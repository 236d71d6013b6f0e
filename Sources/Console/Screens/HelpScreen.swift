import TerminalKit

/// The keys that work in the state from which help was asked for, read from the keymap that is loaded, and the
/// commands.
struct HelpScreen: TextScreen {
    static let toggle: KeyAction? = .help

    /// The state that help is about.
    private let subject: [KeyContext]
    var scroll = TextScroll()

    init(about subject: [KeyContext]) {
        self.subject = subject
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["help"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] { [.back] }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        [canvas.palette.text("help", .panelTitleFocus)]
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("No key is bound.", "") }

    private struct Section {
        var title: String
        var entries: [(keys: String, summary: String)]
    }

    private func sections(_ model: ConsoleModel) -> [Section] {
        let keys = model.keymap.help(in: subject + [.global]).map { section in
            Section(
                title: "keys: \(section.title)",
                entries: section.entries.map { (keys: $0.keys.joined(separator: "  "), summary: $0.summary) })
        }
        let commands = ConsoleCommand.all.map { (keys: $0.usage, summary: $0.summary) }
        return keys + [Section(title: "commands", entries: commands)]
    }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        var lines: [[StyledText]] = []
        for section in sections(model) {
            if !lines.isEmpty { lines.append([]) }
            lines.append([palette.text(section.title, .panelTitle)])
            let longest = section.entries.map { CellText.width($0.keys) }.max() ?? 0
            let keyWidth = min(width * 2 / 5, 2 + longest)
            for entry in section.entries { lines += Self.lines(entry, keyWidth, width: width, palette) }
        }
        return lines
    }

    /// The summary beside its keys, or below them where they are longer than their column.
    private static func lines(
        _ entry: (keys: String, summary: String), _ keyWidth: Int, width: Int, _ palette: Palette
    ) -> [[StyledText]] {
        var rows = CellText.wrap(entry.summary, to: max(8, width - keyWidth))[...]
        var lines: [[StyledText]] = []
        if CellText.width(entry.keys) + 2 > keyWidth {
            lines += CellText.wrap(entry.keys, to: width).map { [palette.text($0, .hintKey)] }
        } else {
            let first = rows.popFirst() ?? ""
            lines.append([palette.text(CellText.fit(entry.keys, to: keyWidth), .hintKey), palette.text(first, .text)])
        }
        let indent = String(repeating: " ", count: keyWidth)
        return lines + rows.map { [palette.text(indent + $0, .text)] }
    }
}
