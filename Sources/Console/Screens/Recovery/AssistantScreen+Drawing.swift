import Recovery
import Refactoring
import TerminalKit
import Topology

extension AssistantScreen {
    /// Where the table of candidates stands, and below it all that is to be said of one.
    func layout(_ rect: GridRect, _ count: Int) -> (list: GridRect, detail: GridRect) {
        let parts = rect.splitTop(max(4, min(count + 3, rect.height / 2)))
        return (parts.top, parts.rest)
    }

    /// The lines of a page's text that are in view.
    func height(_ page: Page, _ model: ConsoleModel) -> Int {
        max(1, (page == .candidates ? layout(model.body, rows(model).count).detail.height : model.body.height) - 2)
    }

    func lineCount(_ page: Page, _ model: ConsoleModel) -> Int {
        lines(page, width: model.body.width - 4, DetailText.countingPalette, model).count
    }

    func lines(_ page: Page, width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        switch page {
        case .failure: return DetailText(evidence(model), width: width, palette: palette).lines
        case .candidates: return DetailText(candidateDetails(model), width: width, palette: palette).lines
        case .plan:
            let head = Details(sections: planSections(model), hasRunningAge: false)
            return DetailText(head, width: width, palette: palette).lines + [[]]
                + planned.lines(width: width, palette, model)
        case .confirmation: return DetailText(summary(model), width: width, palette: palette).lines
        }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        guard choice.page == .candidates else {
            drawText(choice.page, title: tabs(canvas, width: rect.width - 4), on: &canvas, in: rect, model)
            return
        }
        let layout = layout(rect, rows(model).count)
        if case .rejoin = matter {
            drawPlaces(on: &canvas, in: layout.list, model)
        } else {
            drawTable(on: &canvas, in: layout.list, model)
        }
        let title = chosenName.map { NameWords.pieces($0, .panelTitle, canvas, model) } ?? []
        drawText(.candidates, title: title, on: &canvas, in: layout.detail, model)
    }

    private func drawText(
        _ page: Page, title: [StyledText], on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel
    ) {
        let inside = canvas.panel(rect, title: title, isFocused: page != .candidates).inset(horizontal: 1, vertical: 0)
        let lines = lines(page, width: inside.width, canvas.palette, model)
        let window = (scrolls[page] ?? TextScroll()).window(count: lines.count, height: inside.height)
        canvas.put(lines: lines[window], in: inside)
        canvas.scrollBar(on: rect, window: window, count: lines.count)
        canvas.lineCount(window, of: lines.count, on: rect)
        canvas.hasRunningAge = true
    }

    /// The pages, the one that is open in another look; where there is no room, only that one.
    func tabs(_ canvas: Canvas, width: Int) -> [StyledText] {
        var pieces: [StyledText] = []
        for page in Page.allCases {
            if !pieces.isEmpty { pieces.append(canvas.palette.text(" \(canvas.glyphs.separator) ", .panelBorder)) }
            let isOpen = page == choice.page
            let text =
                isOpen ? "[\(page.rawValue) \(matter.title(of: page))]" : "\(page.rawValue) \(matter.title(of: page))"
            pieces.append(canvas.palette.text(text, isOpen ? .panelTitleFocus : .panelTitle))
        }
        guard pieces.reduce(0, { $0 + $1.width }) > width else { return pieces }
        return [canvas.palette.text("\(choice.page.rawValue) \(matter.title(of: choice.page))", .panelTitleFocus)]
    }

    // MARK: - The table

    private struct Column: Sendable {
        let title: String
        let cell: @Sendable (Candidate) -> String
    }

    private static let columns = [
        Column(title: "verdict") { $0.verdictWord },
        Column(title: "misses") { $0.missing.short },
        Column(title: "to apply") { $0.backlog.short },
        Column(title: "follow") { $0.companyWord },
        Column(title: "rule") { $0.promotionRule.rawValue },
        Column(title: "place") { $0.placeWord },
        Column(title: "version") { $0.version?.text ?? "?" },
        Column(title: "received") { $0.received.description },
    ]

    private func drawTable(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: tabs(canvas, width: rect.width - 4), isFocused: true)
        let rows = rows(model)
        guard !rows.isEmpty else {
            let first = ranking == nil ? "Nobody is asked to take over." : "Nobody could take over."
            let reason =
                sheet?.answer.reasons.first?.sentence ?? (sheet == nil ? "The candidates are being ranked…" : "")
            drawEmptyPanel(on: &canvas, in: inside, sheet == nil ? "" : first, reason)
            return
        }
        let nameWidth = rows.reduce(16) { longest, row in
            if case .candidate(let address) = row { max(longest, CellText.width("\(address)")) } else { longest }
        }
        let name = min(nameWidth, inside.width * 2 / 5)
        let columns = columns(room: inside.width - name - 8)
        var head = [canvas.palette.text(CellText.fit("      server", to: name + 7), .textDim)]
        for (column, width) in columns {
            head.append(canvas.palette.text(CellText.fit(column.title, to: width + 2), .textDim))
        }
        canvas.put(head, in: GridRect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: 1))
        let body = GridRect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        let list = ListDrawing(
            rect: body, window: cursor.window(count: rows.count, height: body.height - 2), count: rows.count,
            selected: cursor.index)
        list.draw(on: &canvas) { canvas, place, line in
            drawRow(rows[place], place, name, columns, on: &canvas, in: line)
        }
    }

    /// As many columns as there is room for: what decides comes first. The last one may be cut.
    private func columns(room: Int) -> [(Column, Int)] {
        var left = room
        var chosen: [(Column, Int)] = []
        for column in Self.columns {
            let width = (ranking?.ranked ?? []).reduce(column.title.count) { max($0, CellText.width(column.cell($1))) }
            guard width <= left else {
                if chosen.count == Self.columns.count - 1, left >= 12 { chosen.append((column, left)) }
                break
            }
            chosen.append((column, width))
            left -= width + 2
        }
        return chosen
    }

    private func drawRow(
        _ row: Row, _ place: Int, _ nameWidth: Int, _ columns: [(Column, Int)], on canvas: inout Canvas,
        in line: GridRect
    ) {
        let isChosen: Bool
        let candidate: Candidate?
        switch row {
        case .best: (isChosen, candidate) = (choice.candidate == nil, nil)
        case .candidate(let address):
            (isChosen, candidate) = (address == effective?.instance, ranking?[address])
        }
        let mark = canvas.palette.text(isChosen ? "\(canvas.glyphs.marker) " : "  ", .mark)
        guard let candidate else {
            canvas.put([mark, canvas.palette.text("each replica below what is best for it", .textStrong)], in: line)
            return
        }
        let number = candidate.isEligible ? "\(place + (isAdoption ? 0 : 1))" : "-"
        let (glyph, scope) = Self.sign(candidate).look(canvas.glyphs)
        let name = CellText.clip("\(candidate.instance)", to: nameWidth, ellipsis: canvas.glyphs.ellipsis)
        var pieces = [
            mark, canvas.palette.text("\(glyph) ", scope), canvas.palette.text(CellText.fit(number, to: 2), .textDim),
            canvas.palette.text(CellText.fit(name, to: nameWidth + 1), isChosen ? .textStrong : .text),
        ]
        for (column, width) in columns {
            let cell = CellText.clip(column.cell(candidate), to: width, ellipsis: canvas.glyphs.ellipsis)
            pieces.append(
                canvas.palette.text(CellText.fit(cell, to: width + 2), candidate.isEligible ? .text : .textDim))
        }
        canvas.put(pieces, in: line)
    }

    private static func sign(_ candidate: Candidate) -> ScreenStatus.Sign {
        switch candidate.verdict {
        case .allowed: .fits
        case .warns, .needsConfirmation: .asks
        case .refused: .refuses
        }
    }
}
