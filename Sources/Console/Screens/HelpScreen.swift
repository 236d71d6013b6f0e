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
        let sections = sections(model)
        let longest = sections.flatMap(\.entries).map { CellText.width($0.keys) }.max() ?? 0
        let keyWidth = min(width / 2, 2 + longest)
        var lines: [[StyledText]] = []
        for section in sections {
            if !lines.isEmpty { lines.append([]) }
            lines.append([palette.text(section.title, .panelTitle)])
            for entry in section.entries {
                let keys = CellText.clip(entry.keys, to: keyWidth - 2, ellipsis: palette.glyphs.ellipsis)
                lines.append([
                    palette.text(CellText.fit(keys, to: keyWidth), .hintKey), palette.text(entry.summary, .text),
                ])
            }
        }
        return lines
    }
}
