import Refactoring
import TerminalKit
import Topology

extension TargetVerdict {
    /// What stands before the words; `nil` where there is nothing to weigh.
    var sign: ScreenStatus.Sign? {
        switch answer {
        case .held, .home: nil
        case .fits(_, nil, _): .fits
        case .fits: .asks
        case .refused: .refuses
        }
    }
}

extension TreeScreen {
    /// What the row of a server says while something is carried.
    func verdictPieces(_ address: InstanceAddress, _ canvas: Canvas) -> [StyledText] {
        guard let verdict = verdict(address) else { return [canvas.styled(Words("…", .faint))] }
        if along.contains(address) { return [canvas.palette.text("goes along", .moveAlong)] }
        guard let sign = verdict.sign else { return [canvas.palette.text(verdict.words, .moveHeld)] }
        let (glyph, scope) = sign.look(canvas.glyphs)
        return [canvas.palette.text("\(glyph) \(verdict.words)", scope)]
    }

    /// What there is to say of the place under the cursor, in one sentence.
    func status(_ model: ConsoleModel) -> ScreenStatus? {
        guard let carry, let place = selected, let judgement else { return nil }
        let verdict = judgement.verdict(under: place)
        let words = carry.words
        switch verdict.answer {
        case .held: return ScreenStatus(sign: .running, sentence: "you carry \(words): go to the new source")
        case .home: return ScreenStatus(sign: .running, sentence: "\(place) is the source of \(words) now")
        case .fits(let method, nil, _):
            return ScreenStatus(sign: .fits, sentence: "\(words) may go below \(place), by \(method)")
        case .fits:
            let first = judgement.reasons(under: place).first { !$0.verdict.reasons.isEmpty }
            var reason = first?.verdict.reasons.first?.sentence ?? verdict.words
            if let stays = first?.replica.instance, verdict.staying.contains(stays) {
                reason = "\(stays) stays where it is: \(reason)"
            }
            return ScreenStatus(sign: .asks, sentence: reason)
        case .refused(let rule):
            let reasons = judgement.reasons(under: place).flatMap(\.verdict.reasons)
            let reason = reasons.first { $0.rule == rule } ?? reasons.first
            let sentence = reason?.sentence ?? "no method leads from where \(words) is to \(place)"
            return ScreenStatus(sign: .refuses, sentence: sentence)
        }
    }

    /// What is carried as it would stand below the place under the cursor; `nil` where it has no place there.
    func ghost(_ model: ConsoleModel) -> GhostRow? {
        guard let carry, let place = selected, shown.indices.contains(cursor.index), let verdict = verdict(place)
        else { return nil }
        let entry = outline.entries[shown[cursor.index]]
        guard !entry.isReference else { return nil }
        switch verdict.answer {
        case .held, .home: return nil
        case .fits, .refused: break
        }
        let rails = (entry.row?.continuations ?? []) + (entry.depth == 0 ? [] : [!(entry.row?.isLastSibling ?? true)])
        let next = cursor.index + 1
        let hasChildren = shown.indices.contains(next) && outline.entries[shown[next]].depth > entry.depth
        let goers = carry.replicas(goingBelow: place).filter { !verdict.staying.contains($0.instance) }
        return GhostRow(
            depth: entry.depth + 1, rails: rails, isLast: !hasChildren, verdict: verdict,
            name: goers.count == 1 ? NameWords.full(goers[0].instance, model.known.fleet) : "\(goers.count) replicas",
            along: below(goers).count)
    }
}

/// The line in which something that is carried would stand.
struct GhostRow {
    let depth: Int
    let rails: [Bool]
    let isLast: Bool
    let verdict: TargetVerdict
    let name: String
    /// How many go along because they are below it.
    let along: Int

    func draw(on canvas: inout Canvas, in rect: GridRect, _ indent: TreeIndent) {
        let connectors = indent.connectors(depth: depth, rails: rails, isLast: isLast, glyphs: canvas.glyphs)
        let scope: ThemeScope = verdict.isLegal ? .moveGhost : .moveRefuses
        let sign = verdict.isLegal ? canvas.glyphs.marker : canvas.glyphs.refuses
        var words = verdict.isLegal ? "\(name) would stand here" : "\(name) cannot go here"
        if verdict.isLegal, along > 0 { words += ", with \(along) below it" }
        canvas.put(
            [canvas.palette.text(connectors, .treeBranch), canvas.palette.text("\(sign) \(words)", scope)], in: rect)
    }
}
