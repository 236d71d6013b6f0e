import Refactoring
import TerminalKit
import Topology

extension TreeScreen {
    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let layout = layout(rect)
        drawTree(on: &canvas, in: layout.tree, model)
        guard let detail = layout.detail else { return }
        if let judgement, let place = selected {
            PlacePanel(judgement: judgement, place: place).draw(on: &canvas, in: detail, model)
        } else if let address = selected, model.known.fleet[address] != nil {
            DetailPanel(address: address, scroll: detailScroll, isFocused: hasFocusedDetail(model))
                .draw(on: &canvas, in: detail, model)
        } else if let cluster = selectedCluster(model) {
            ClusterPanel(cluster: cluster).draw(on: &canvas, in: detail, model)
        } else {
            _ = canvas.panel(detail, title: [], isFocused: false)
        }
    }

    private func drawTree(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let hasFocus = !hasFocusedDetail(model)
        let inside = canvas.panel(rect, title: title(model, canvas.palette), isFocused: hasFocus)
        guard !shown.isEmpty else {
            drawEmpty(on: &canvas, in: inside, model)
            return
        }
        let columns = TreeColumns(
            width: inside.width - 2, longestName: longestName, longestVersion: longestVersion,
            leastState: carry == nil ? 14 : min(40, inside.width / 2))
        let indent = TreeIndent(deepest: deepest, nameWidth: columns.nameWidth)
        let ghost = ghost(model)
        let height = inside.height - (carry == nil ? 0 : 1)
        let list = ListDrawing(
            rect: rect, window: cursor.window(count: shown.count, height: height), count: shown.count,
            selected: cursor.index, isFocused: hasFocus, gap: ghost == nil ? nil : cursor.index)
        list.draw(on: &canvas) { canvas, place, line in
            drawLine(shown[place], on: &canvas, in: line, columns, indent, model)
        }
        if let ghost {
            let y = inside.y + cursor.index - list.window.lowerBound + 1
            let line = GridRect(x: inside.x, y: y, width: inside.width, height: 1).inset(horizontal: 1, vertical: 0)
            if y < inside.maxY { ghost.draw(on: &canvas, in: line, indent) }
        }
    }

    /// Draws every line without frame and cursor, from the top of the canvas: for text that nobody scrolls.
    func drawPlain(on canvas: inout Canvas, _ model: ConsoleModel) {
        let width = canvas.grid.size.width
        let columns = TreeColumns(width: width, longestName: longestName, longestVersion: longestVersion)
        let indent = TreeIndent(deepest: 0, nameWidth: width)
        for (y, index) in shown.enumerated() {
            let line = GridRect(x: 0, y: y, width: width, height: 1)
            drawLine(index, on: &canvas, in: line, columns, indent, model)
        }
    }

    private func drawLine(
        _ index: Int, on canvas: inout Canvas, in line: GridRect, _ columns: TreeColumns, _ indent: TreeIndent,
        _ model: ConsoleModel
    ) {
        if let address = outline.entries[index].id.address {
            InstanceRow(index: index, address: address, columns: columns, indent: indent)
                .draw(on: &canvas, in: line, self, model)
        } else {
            drawTitleRow(index, on: &canvas, in: line, model)
        }
    }

    private func title(_ model: ConsoleModel, _ palette: Palette) -> [StyledText] {
        let name: String
        switch extent {
        case .cluster(let member): name = model.known.cluster(of: member)?.name ?? "\(member)"
        case .all: name = model.known.clusters.count == 1 ? model.known.clusters[0].name : "all clusters"
        }
        var title = [palette.text(name, .panelTitleFocus)]
        let sign = " \(palette.glyphs.separator) "
        if let carry {
            let words =
                carry.replicas.count == 1
                ? NameWords.full(carry.replicas[0].instance, model.known.fleet) : carry.words
            title.append(palette.text("\(sign)moving \(words)", .moveHeld))
            if !along.isEmpty { title.append(palette.text(" with \(along.count) below", .moveHeld)) }
        } else if !marks.isEmpty {
            title.append(palette.text("\(sign)\(marks.count) marked", .mark))
        }
        if showsOnlyProblems { title.append(palette.text(" \(palette.glyphs.separator) only problems", .filterText)) }
        if !filterText.isEmpty {
            title.append(palette.text(" \(palette.glyphs.separator) contains \"\(filterText.sanitized)\"", .filterText))
        }
        return title
    }

    private func drawEmpty(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let (first, second): (String, String)
        if model.known.fleet.isEmpty {
            (first, second) =
                model.known.isWaiting
                ? ("Nothing is known yet.", "The first servers are being asked…")
                : ("No server is known.", "Name one with :discover HOST[:PORT]")
        } else if showsOnlyProblems, filterText.isEmpty {
            (first, second) = ("Nothing here has a problem.", "Back with \(key(.back, model))")
        } else {
            (first, second) = ("No instance contains \"\(filterText.sanitized)\".", "Back with \(key(.back, model))")
        }
        drawEmptyPanel(on: &canvas, in: rect, first, second)
    }

    private func key(_ action: KeyAction, _ model: ConsoleModel) -> String {
        model.keymap.sequences(for: action, in: contexts + [.global]).first?.description ?? "esc"
    }

    /// A cluster's line above its trees: name, size, and what is wrong in it.
    private func drawTitleRow(_ index: Int, on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let entry = outline.entries[index]
        guard case .cluster(let id) = entry.id, let cluster = model.known.clusters.first(where: { $0.id == id })
        else { return }
        let summary = model.known.summary(of: cluster)
        let isFolded = folded.contains(entry.id) && !isChoosing
        let glyph = isFolded ? canvas.glyphs.folded : canvas.glyphs.unfolded
        let facts =
            [canvas.styled(Words("  \(summary.count.grouped) instance\(summary.count == 1 ? "" : "s")", .faint))]
            + summary.troubles(canvas)
        let room = max(rect.width / 3, rect.width - 2 - facts.reduce(0) { $0 + $1.width })
        let name = CellText.clipMiddle(cluster.name.sanitized, to: room, keeping: 8, ellipsis: canvas.glyphs.ellipsis)
        canvas.put(
            [canvas.palette.text("\(glyph) ", .treeBranch), canvas.palette.text(name, .treeCluster)] + facts, in: rect)
    }
}
