import TerminalKit

/// Details laid out as lines of a given width: a column of labels, values wrapped beside it.
struct DetailText {
    private static let leastLabelWidth = 12

    /// The column of labels with the blank behind them: as wide as the longest, up to a third of the line.
    private let labelWidth: Int
    private(set) var lines: [[StyledText]] = []
    private let width: Int
    private let palette: Palette

    init(_ details: Details, width: Int, palette: Palette) {
        self.width = width
        self.palette = palette
        let longest = details.sections.flatMap(\.lines).reduce(0) { max($0, CellText.width($1.label)) }
        labelWidth = max(Self.leastLabelWidth, min(longest + 1, width / 3))
        for section in details.sections where !section.lines.isEmpty {
            if !section.heading.isEmpty { heading(section.heading) }
            for line in section.lines { add(line) }
        }
    }

    /// How many lines details take at that width; looks do not matter for that.
    static func lineCount(_ details: Details, width: Int) -> Int {
        DetailText(details, width: width, palette: countingPalette).lines.count
    }

    /// For texts whose lines are only counted.
    static let countingPalette = ThemeLibrary.builtIn.palette(depth: .none, unicode: true)

    private mutating func heading(_ text: String) {
        if !lines.isEmpty { lines.append([]) }
        let rule = String(repeating: palette.glyphs.box.horizontal, count: max(0, width - CellText.width(text) - 1))
        lines.append([palette.text(text + " ", .panelTitle), palette.text(rule, .panelBorder)])
    }

    private mutating func add(_ line: Details.Line) {
        let label = CellText.fit(line.label, to: labelWidth - 1, ellipsis: palette.glyphs.ellipsis) + " "
        let room = max(8, width - labelWidth)
        var rows = Self.wrap(line.value, to: room)
        if rows.isEmpty { rows = [[]] }
        for (index, row) in rows.enumerated() {
            let start =
                index == 0
                ? palette.text(label, .detailLabel)
                : StyledText(String(repeating: " ", count: labelWidth), palette[.detailLabel])
            lines.append(
                [start] + row.map { StyledText(palette.glyphs.spelling($0.text), palette[Self.scope(of: $0.tone)]) })
        }
        if let history = line.sparkline { addSparkline(history, room: room) }
    }

    private mutating func addSparkline(_ history: LagHistory, room: Int) {
        let blank = StyledText(String(repeating: " ", count: labelWidth), palette[.detailLabel])
        let levels = palette.glyphs.levels
        let graph = history.heights(width: min(room, 60)).map { height in
            height.map { levels[min($0, levels.count - 1)] } ?? " "
        }
        lines.append([blank, palette.text(graph.joined(), .lagWarning)])
    }

    private static func scope(of tone: Tone) -> ThemeScope { tone == .plain ? .detailValue : tone.scope }

    /// Breaks words of several tones into rows, at line ends, and at blanks where there are any.
    static func wrap(_ words: [Words], to width: Int) -> [[Words]] {
        let isShort = words.reduce(0) { $0 + CellText.width($1.text) } <= width
        if isShort, !words.contains(where: { $0.text.contains("\n") }) { return [words] }
        // The text is wrapped as a whole; then each character takes its tone with it.
        let text = words.map(\.text).joined()
        var tones = words.flatMap { word in CellText.glyphs(word.text).map { _ in word.tone } }[...]
        var glyphs = CellText.glyphs(text)[...]
        return CellText.wrap(text, to: width).map { row in
            var pieces: [Words] = []
            // Blanks at the break are in no row.
            var expected = CellText.glyphs(row)[...]
            while let next = expected.first {
                guard let glyph = glyphs.popFirst(), let tone = tones.popFirst() else { break }
                guard glyph == next else { continue }
                expected.removeFirst()
                if pieces.last?.tone == tone, let last = pieces.indices.last {
                    pieces[last].text += glyph.text
                } else {
                    pieces.append(Words(glyph.text, tone))
                }
            }
            return pieces
        }
    }
}
