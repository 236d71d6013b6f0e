import Diagnosis
import Discovery
import Engine
import TerminalKit
import Topology

/// The line at the top: where one is, how much there is, how well it is kept, and what is unusual.
struct TitleLine {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: GridRect) {
        canvas.grid.fill(rect, style: canvas.palette[.title])
        let facts = facts(canvas)
        let pathWidth = width(path(canvas, room: .max))
        // Facts are given up from the end of the list of what matters, until the path has its room.
        var kept = facts
        while !kept.isEmpty, width(joined(kept, canvas)) + min(pathWidth, rect.width / 2) + 3 > rect.width {
            guard let least = kept.indices.max(by: { kept[$0].rank < kept[$1].rank }) else { break }
            kept.remove(at: least)
        }
        let right = joined(kept, canvas)
        let halves = rect.splitRight(min(rect.width, width(right) + 1))
        let room = max(0, halves.rest.width - 1)
        canvas.put(path(canvas, room: room), in: GridRect(x: rect.x, y: rect.y, width: room, height: 1))
        canvas.put(right, in: halves.right)
    }

    /// A statement on the right; the one with the highest rank is given up first.
    private struct Fact {
        var piece: StyledText
        var rank: Int
    }

    /// The way to the page that is seen; where room is short its beginning is left out, because the end says where one
    /// is.
    private func path(_ canvas: Canvas, room: Int) -> [StyledText] {
        let model = state.model
        var crumbs = state.tree.crumbs(model)
        for page in state.pages { crumbs += page.crumbs(model) }
        let taken = { (crumbs: [String]) in crumbs.reduce(7) { $0 + CellText.width($1) + 3 } }
        while crumbs.count > 1, taken(crumbs) > room {
            let isCut = crumbs[0] == canvas.glyphs.ellipsis
            if isCut, crumbs.count == 2 { break }
            crumbs.replaceSubrange(0..<(isCut ? 2 : 1), with: [canvas.glyphs.ellipsis])
        }
        var pieces = [canvas.palette.text(" baton ", .titleProduct)]
        for (index, crumb) in crumbs.enumerated() {
            pieces.append(canvas.palette.text(" \(canvas.glyphs.crumb) ", .titleCrumb))
            let isLast = index == crumbs.count - 1
            pieces.append(canvas.palette.text(crumb.sanitized, isLast ? .titleCrumbActive : .titleCrumb))
        }
        return pieces
    }

    private func facts(_ canvas: Canvas) -> [Fact] {
        let known = state.model.known
        var facts: [Fact] = []
        if let mode = mode { facts.append(Fact(piece: canvas.palette.text(" \(mode) ", .titleMode), rank: 0)) }
        if let word = readOnlyWord { facts.append(Fact(piece: canvas.palette.text(" \(word) ", .titleMode), rank: 0)) }
        let troubles = known.problems.lazy.filter { $0.severity > .notice }.count
        facts.append(Fact(piece: count(known.fleet.count, "instance", canvas), rank: 3))
        facts.append(Fact(piece: troubleWords(troubles, canvas), rank: 1))
        if known.clusters.count > 1 {
            facts.append(Fact(piece: count(known.clusters.count, "cluster", canvas), rank: 4))
        }
        if let interval = interval {
            facts.append(Fact(piece: canvas.palette.text("\(canvas.glyphs.refresh) \(interval)", .titleCount), rank: 2))
        }
        return facts
    }

    /// What the banner calls for is no problem of a server always, and all is not well then either.
    private func troubleWords(_ troubles: Int, _ canvas: Canvas) -> StyledText {
        guard troubles == 0 else { return count(troubles, "problem", canvas) }
        let alarms = Banner.alarms(state.model).count
        return alarms == 0
            ? canvas.palette.text("no problems", .titleCount) : count(alarms, "alarm", canvas)
    }

    private func count(_ number: Int, _ noun: String, _ canvas: Canvas) -> StyledText {
        canvas.palette.text("\(number.grouped) \(noun)\(number == 1 ? "" : "s")", .titleCount)
    }

    /// The poll interval as it is really kept, or as it was asked for until that is known.
    private var interval: String? {
        guard state.model.known.isLive, let statistics = state.model.known.statistics else { return nil }
        return (statistics.keptInterval?.mean ?? statistics.pollInterval).tenths
    }

    /// What an operator must not overlook: that this is not the present.
    private var mode: String? {
        let model = state.model
        if let since = model.pausedSince { return "PAUSED at \(model.clock.time(since))" }
        switch model.known.origin {
        case .snapshot(_, let taken)?: return "SNAPSHOT \(model.clock.moment(taken, now: model.wallTime))"
        case .remembered(let at)?: return "REMEMBERED from \(model.clock.moment(at, now: model.wallTime))"
        case .live?: return model.known.recordingTrouble == nil ? nil : "HISTORY NOT WRITTEN"
        case nil: return "CONNECTING"
        }
    }

    /// That nothing may be changed, here or in the cluster under the cursor.
    private var readOnlyWord: String? {
        let model = state.model
        if model.authority.objection != nil { return "READ-ONLY" }
        guard let cluster = state.tree.selectedCluster(model), model.readOnlyClusters[cluster.id] != nil else {
            return nil
        }
        return "READ-ONLY CLUSTER"
    }

    private func joined(_ facts: [Fact], _ canvas: Canvas) -> [StyledText] {
        var pieces: [StyledText] = []
        for fact in facts {
            if !pieces.isEmpty {
                let sign = pieces.count == 1 && fact.rank != 0 && facts[0].rank == 0 ? " " : canvas.glyphs.separator
                pieces.append(canvas.palette.text(" \(sign) ", .titleCount))
            }
            pieces.append(fact.piece)
        }
        return pieces
    }

    private func width(_ pieces: [StyledText]) -> Int { pieces.reduce(0) { $0 + $1.width } }
}
