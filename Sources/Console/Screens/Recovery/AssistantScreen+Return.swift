import Engine
import Recovery
import Refactoring
import TerminalKit
import Topology

// MARK: - A primary that was given up is back

extension AssistantScreen {
    /// Whether clients can write on a primary that is back.
    func canFence(_ model: ConsoleModel) -> Bool {
        guard case .rejoin = matter, let server = model.known.fleet[source], server.contact.isReachable else {
            return false
        }
        return server.facts?.writability.isWritable == true
    }

    /// Opens the plan by which nobody writes on it any more.
    func fence(_ model: ConsoleModel) -> ScreenAnswer {
        guard case .rejoin = matter else {
            return .tell(Notice(.refused, "only a primary that was given up and is back is fenced here"))
        }
        guard canFence(model) else {
            return .tell(Notice(.refused, "clients cannot write on \(source): there is nothing to fence"))
        }
        return .plan(.wish(.recovery(.fence(source))))
    }

    /// Whom a server that is back could follow.
    func primaries(_ model: ConsoleModel) -> [InstanceAddress] {
        model.known.clusters.compactMap(\.primary).filter { $0 != source }.sorted()
    }

    /// Whom it would follow; `nil` where that is not clear.
    private func place(_ row: Row?, _ model: ConsoleModel) -> InstanceAddress? {
        switch row {
        case .candidate(let address)?: address
        case .best?, nil: model.returned(source)?.primary ?? planned.sheet?.plan?.succession?.successor
        }
    }

    /// The server whose details are shown below the table.
    var chosenName: InstanceAddress? {
        if case .candidate(let address)? = cursor.id { address } else { nil }
    }

    /// What it has, whether it takes writes, and what would help.
    func returnDetails(_ model: ConsoleModel) -> Details {
        let fleet = model.known.fleet
        var lines = [Details.Line("server", Words(NameWords.full(source, fleet), .strong))]
        if let server = fleet[source] {
            // What follows nobody has nothing to say but who can write on it.
            let state = Self.state(of: server, model)
            let isAlone = server.contact.isReachable && !server.channels.contains { $0.source != nil }
            lines.append(Details.Line("state", words: isAlone ? Array(state.prefix(1)) : state))
        }
        let back = model.returned(source)
        if let back {
            let words = "by recovery \(back.recovery), \(model.when(back.givenUpAt))"
            lines.append(Details.Line("given up", Words(words)))
        }
        if let primary = place(.best, model) {
            lines.append(Details.Line("primary now", Words(NameWords.full(primary, fleet), .strong)))
            lines += divergenceLines(from: primary, model)
        } else {
            let key = model.keymap.sequences(for: .candidates, in: contexts).first?.description ?? ":rejoin"
            lines.append(
                Details.Line("primary now", Words("it is not clear which: \(key) names one", .warning)))
        }
        if canFence(model) {
            let key = model.keymap.sequences(for: .fence, in: contexts).first?.description ?? ":fence \(source)"
            lines.append(
                Details.Line(
                    "danger", Words("clients can write on it, and what they write there is nowhere else.", .bad),
                    Words(" \(key) fences it: nobody writes there any more, and its clients' sessions end")))
        }
        let reasons = sheet?.answer.reasons ?? []
        let follows = fleet[source]?.channels.contains { channel in
            place(.best, model).map { fleet.source(of: channel) == $0 } ?? false
        }
        let verdict =
            follows == true
            ? Words("it follows the primary already: to be read-only is all that it lacks", .warning)
            : sheet.map {
                $0.plan == nil
                    ? Words("it cannot come back as it is", .bad) : Words("it can come back as a replica", .good)
            } ?? Words("it is being compared…", .faint)
        lines.append(Details.Line("verdict", verdict))
        return Details(
            sections: [
                Details.Section(heading: "", lines: lines),
                Details.Section(
                    heading: "what stands in the way",
                    lines: Details.reasons(reasons.filter { $0.gravity == .refuse })),
                Details.Section(
                    heading: "to read first", lines: Details.reasons(reasons.filter { $0.gravity != .refuse })),
            ], hasRunningAge: true)
    }

    /// What it has that a primary lacks: the exact set where there is one.
    private func divergenceLines(from primary: InstanceAddress, _ model: ConsoleModel) -> [Details.Line] {
        guard let divergence = divergence(from: primary, model) else { return [] }
        switch divergence {
        case .none: return [Details.Line("has alone", Words("nothing: \(primary) has all of it", .good))]
        case .unknown: return [Details.Line("has alone", Words("nobody knows what: no GTIDs to compare", .warning))]
        case .transactions, .stretches:
            return [
                Details.Line("has alone", Words(divergence.words, .bad), Words(": \(divergence.detail)"))
            ]
        }
    }

    private func divergence(from primary: InstanceAddress, _ model: ConsoleModel) -> Divergence? {
        guard let own = model.known.fleet[source]?.facts, let theirs = model.known.fleet[primary]?.facts else {
            return nil
        }
        return Divergence(of: own, from: theirs)
    }

    /// All that is to be said of the primary under the cursor.
    func placeDetails(_ model: ConsoleModel) -> Details {
        guard let place = place(cursor.id, model) else {
            return Details(
                sections: [
                    Details.Section(
                        heading: "",
                        lines: [Details.Line("follows", Words("it is not clear whom: choose one of these", .warning))]
                            + Details.reasons(sheet?.answer.reasons ?? []))
                ], hasRunningAge: false)
        }
        var lines = [
            Details.Line("below", Words(NameWords.full(place, model.known.fleet), .strong)),
            Details.Line("cluster", Words((model.known.cluster(of: place)?.name ?? "\(place)").sanitized)),
        ]
        if model.returned(source)?.primary == place {
            lines.append(Details.Line("why", Words("its cluster is the one that gave \(source) up")))
        }
        lines += divergenceLines(from: place, model)
        return Details(
            sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: false)
    }

    /// Whom it could follow, as a table.
    func drawPlaces(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: tabs(canvas, width: rect.width - 4), isFocused: true)
        let rows = rows(model)
        let longest = rows.reduce(24) { longest, row in
            if case .candidate(let address) = row {
                max(longest, CellText.width(NameWords.full(address, model.known.fleet)))
            } else {
                longest
            }
        }
        let width = min(longest, inside.width * 3 / 5)
        let head = CellText.fit("  primary", to: width + 4) + "lacks of what \(source) has"
        canvas.put(
            [
                canvas.palette.text(
                    CellText.clip(head, to: inside.width - 2, ellipsis: canvas.glyphs.ellipsis), .textDim)
            ],
            in: GridRect(x: inside.x + 1, y: inside.y, width: inside.width - 2, height: 1))
        let body = GridRect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1)
        ListDrawing(
            rect: body, window: cursor.window(count: rows.count, height: body.height - 2), count: rows.count,
            selected: cursor.index
        ).draw(on: &canvas) { canvas, index, line in
            let place = place(rows[index], model)
            let isChosen = rows[index] == (choice.candidate.map(Row.candidate) ?? .best)
            let name =
                if case .candidate(let address) = rows[index] {
                    NameWords.full(address, model.known.fleet)
                } else {
                    "the primary now"
                }
            let words = place.flatMap { divergence(from: $0, model) }?.words ?? "not clear which"
            canvas.put(
                [
                    canvas.palette.text(isChosen ? "\(canvas.glyphs.marker) " : "  ", .mark),
                    canvas.palette.text(
                        CellText.fit(
                            CellText.clip(name, to: width, ellipsis: canvas.glyphs.ellipsis), to: width + 2),
                        isChosen ? .textStrong : .text), canvas.palette.text(words, .text),
                ], in: line)
        }
    }
}
