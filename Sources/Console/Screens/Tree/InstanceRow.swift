import TerminalKit
import Topology

/// One instance's line in the tree: connectors, shape, name, and the columns that fit.
struct InstanceRow {
    let index: Int
    let address: InstanceAddress
    let columns: TreeColumns
    let indent: TreeIndent

    func draw(on canvas: inout Canvas, in rect: GridRect, _ screen: TreeScreen, _ model: ConsoleModel) {
        let entry = screen.outline.entries[index]
        let instance = model.known.fleet[address] ?? Instance(address: address)
        let health = model.known.health(of: address)
        drawMark(on: &canvas, at: rect, entry, screen)
        // The other place of an instance has no columns: its words get the whole row.
        let nameWidth = entry.isReference ? rect.width : columns.nameWidth
        let nameRect = GridRect(x: rect.x, y: rect.y, width: nameWidth, height: 1)
        drawName(on: &canvas, in: nameRect, entry, instance, health, screen, model)
        if entry.isReference { return }
        let isStale = Self.isStale(instance.contact)
        for (column, x) in columns.places {
            let cell = GridRect(x: rect.x + x, y: rect.y, width: columns.width(of: column), height: 1)
            if column == .state, screen.carry != nil {
                canvas.put(screen.verdictPieces(address, canvas), in: cell)
                continue
            }
            var words = words(for: column, instance, model)
            if isStale, column != .state { words.tone = .faint }
            var pieces = [Self.styled(words, column, canvas)]
            if column == .state { pieces += hidden(entry, canvas, screen, model) }
            canvas.put(pieces, in: cell)
        }
        if !instance.contact.isReachable { canvas.hasRunningAge = true }
    }

    /// Facts that no server has confirmed in this run, or that it cannot confirm now, are drawn dim.
    private static func isStale(_ contact: Contact) -> Bool {
        switch contact {
        case .reachable, .neverTried: false
        case .remembered, .noAccess, .unreachable: true
        }
    }

    private static func styled(_ words: Words, _ column: TreeColumns.Column, _ canvas: Canvas) -> StyledText {
        if column == .state || words.tone != .plain { return canvas.styled(words) }
        return StyledText(words.text, canvas.palette[.treeColumn])
    }

    private func words(
        for column: TreeColumns.Column, _ instance: Instance, _ model: ConsoleModel
    ) -> Words {
        switch column {
        case .version: Words(InstanceWords.version(instance))
        case .writability:
            InstanceWords.writability(instance, problems: model.known.problems(of: address))
        case .log: InstanceWords.binaryLog(instance)
        case .positioning: InstanceWords.positioning(instance)
        case .state: StateWords.state(of: instance, model)
        }
    }

    private func drawName(
        on canvas: inout Canvas, in rect: GridRect, _ entry: Outline.Entry, _ instance: Instance, _ health: Health,
        _ screen: TreeScreen, _ model: ConsoleModel
    ) {
        let connectors = indent.connectors(
            depth: entry.depth, rails: entry.row?.continuations ?? [], isLast: entry.row?.isLastSibling ?? true,
            glyphs: canvas.glyphs)
        var x = canvas.put([canvas.palette.text(connectors, .treeBranch)], in: rect)
        if entry.isReference {
            drawReference(on: &canvas, in: rect.splitLeft(x - rect.x).rest, entry)
            return
        }
        let shape = canvas.palette.text(health.shape(canvas.glyphs) + " ", health.scope)
        x = canvas.put([shape], in: rect.splitLeft(x - rect.x).rest)
        let rest = rect.splitLeft(x - rect.x).rest
        let tail = tail(entry, instance, canvas, screen, model)
        let tailWidth = min(tail.reduce(0) { $0 + $1.width }, max(0, rest.width - 12))
        let name = NameClip.clip(address, to: rest.width - tailWidth, ellipsis: canvas.glyphs.ellipsis)
        let style = lifted(screen).map { canvas.palette[$0] } ?? nameStyle(entry, instance, canvas, model)
        let end = canvas.put([StyledText(name, style)], in: rest)
        if let match = SearchNeedle(screen.filterText).place(in: name) {
            let cells = GridRect(x: rest.x + match.lowerBound, y: rest.y, width: match.count, height: 1)
            canvas.grid.restyle(cells, canvas.palette[.filterMatch])
        }
        if tailWidth > 0 { canvas.put(tail, in: rest.splitLeft(end - rest.x).rest) }
    }

    /// The look of a row that is carried, or goes along with one.
    private func lifted(_ screen: TreeScreen) -> ThemeScope? {
        guard let carry = screen.carry else { return nil }
        if carry.holds(address) { return .moveHeld }
        return screen.along.contains(address) ? .moveAlong : nil
    }

    /// The sign in the margin of a row that is marked or carried.
    private func drawMark(
        on canvas: inout Canvas, at rect: GridRect, _ entry: Outline.Entry, _ screen: TreeScreen
    ) {
        let isCarried = screen.carry?.holds(address) ?? false
        guard isCarried || screen.marks.contains(entry.id), rect.x > 0 else { return }
        let point = GridPoint(x: rect.x - 1, y: rect.y)
        canvas.grid.put(canvas.glyphs.marker, at: point, style: canvas.palette[isCarried ? .moveHeld : .mark])
    }

    private func nameStyle(
        _ entry: Outline.Entry, _ instance: Instance, _ canvas: Canvas, _ model: ConsoleModel
    ) -> Style {
        if Self.isStale(instance.contact) || instance.facts == nil { return canvas.palette[.textStale] }
        return canvas.palette[model.known.isPrimary(address) ? .treeNodePrimary : .treeNode]
    }

    /// What follows the name: that it is folded and what that hides, a partner, a channel, an alias.
    private func tail(
        _ entry: Outline.Entry, _ instance: Instance, _ canvas: Canvas, _ screen: TreeScreen, _ model: ConsoleModel
    ) -> [StyledText] {
        var tail: [StyledText] = []
        let place = entry.row.map { Self.place($0.relation) } ?? ""
        switch entry.row?.relation {
        case .coPrimary: tail.append(canvas.palette.text(" \(canvas.glyphs.arrowBoth) \(place)", .treeBranch))
        case .ringMember: tail.append(canvas.palette.text(" \(canvas.glyphs.ring) \(place)", .treeBranch))
        case .replica where !place.isEmpty: tail.append(canvas.styled(Words(" \(place)", .faint)))
        case .root, .replica, .reference, .groupSecondary, .galeraMember, nil: break
        }
        if screen.isFolded(entry) {
            tail.append(canvas.palette.text(" \(canvas.glyphs.folded)\(entry.descendants)", .treeCluster))
        } else if let alias = instance.alias {
            tail.append(canvas.styled(Words(" \(alias)", .faint)))
        }
        return tail
    }

    /// What the row says of its place in the tree beside the connectors.
    static func place(_ relation: TreeNode.Relation) -> String {
        switch relation {
        case .coPrimary: "co-primary"
        case .ringMember: "ring"
        case .replica(let channel): channel.isEmpty ? "" : "(\(channel))"
        case .root, .reference, .groupSecondary, .galeraMember: ""
        }
    }

    /// What is wrong below a folded branch.
    private func hidden(
        _ entry: Outline.Entry, _ canvas: Canvas, _ screen: TreeScreen, _ model: ConsoleModel
    ) -> [StyledText] {
        guard screen.isFolded(entry) else { return [] }
        let pieces = model.known.troubles(of: screen.outline.addresses(below: index)).troubles(canvas)
        return pieces.isEmpty ? [] : pieces + [canvas.styled(Words(" below", .faint))]
    }

    private func drawReference(on canvas: inout Canvas, in rect: GridRect, _ entry: Outline.Entry) {
        guard case .reference(let channel)? = entry.row?.relation else { return }
        let by = channel.isEmpty ? "" : " (\(channel))"
        let tail = canvas.styled(Words("\(by) drawn elsewhere", .faint))
        // As with other rows, a name keeps a dozen cells of what there is.
        let tailWidth = min(tail.width, max(0, rect.width - 2 - 12))
        let name = NameClip.clip(
            address, to: max(1, rect.width - 2 - tailWidth), ellipsis: canvas.glyphs.ellipsis)
        canvas.put(
            [
                canvas.palette.text("\(canvas.glyphs.arrowUp) ", .treeBranch),
                canvas.styled(Words(name, .faint)), tail,
            ], in: rect)
    }
}

/// How names are cut: in the middle of the host, so that the port and the last digits of the host stay.
enum NameClip {
    static func clip(_ address: InstanceAddress, to width: Int, ellipsis: String) -> String {
        let text = address.description
        guard let colon = text.lastIndex(of: ":") else { return text }
        let port = text[colon...]
        let digits = text[..<colon].reversed().prefix { $0.isNumber }.count
        return CellText.clipMiddle(text, to: width, keeping: port.count + max(2, min(digits, 6)), ellipsis: ellipsis)
    }
}
