import Refactoring
import TerminalKit
import Topology

/// The steps of a plan as lines: what is done where, word for word, and how far it has come.
struct StepText {
    /// How a step stands, for its sign and the words at the end of its line.
    struct Standing: Hashable, Sendable {
        var sign: Sign
        var words: String
        /// Whether its statements are shown.
        var isOpen: Bool
        /// What went wrong, or what it waits for.
        var note: String?

        enum Sign: Hashable, Sendable {
            case planned, waiting, running, done, skipped, failed
        }

        static let planned = Standing(sign: .planned, words: "", isOpen: true)
    }

    let width: Int
    let palette: Palette
    /// For aliases.
    let fleet: Fleet

    /// All steps.
    ///
    /// - Parameter standings: one for each step.
    func lines(_ document: PlanDocument, _ standings: [Standing]) -> [[StyledText]] {
        let longest = document.steps.reduce(0) { max($0, CellText.width(NameWords.full($1.server, fleet))) }
        let nameWidth = min(longest, max(16, width / 3))
        let numberWidth = "\(document.steps.count)".utf8.count
        return zip(document.steps, standings).flatMap { step, standing in
            lines(of: step, standing, nameWidth: nameWidth, numberWidth: numberWidth, document)
        }
    }

    private func lines(
        of step: PlanDocument.StepDocument, _ standing: Standing, nameWidth: Int, numberWidth: Int,
        _ document: PlanDocument
    ) -> [[StyledText]] {
        let (glyph, scope) = look(standing.sign)
        let number = CellText.fit("\(step.number)", to: numberWidth, alignment: .right)
        let full = NameWords.full(step.server, fleet)
        let fits = CellText.width(full) <= nameWidth
        let name = fits ? full : NameClip.clip(step.server, to: nameWidth, ellipsis: palette.glyphs.ellipsis)
        let head = [
            palette.text(glyph.isEmpty ? "" : "\(glyph) ", scope), palette.text("\(number)  ", .textDim),
            palette.text(CellText.fit(name, to: nameWidth + 2), .textStrong),
        ]
        let headWidth = head.reduce(0) { $0 + $1.width }
        let others = document.steps.filter { $0.stage == step.stage && $0.number != step.number }.count
        let tail = standing.words.isEmpty ? (others > 0 ? "in parallel" : "") : standing.words
        let tailWidth = tail.isEmpty ? 0 : CellText.width(tail) + 2
        let room = max(8, width - headWidth - tailWidth)
        let purpose = CellText.fit(
            CellText.clip(step.purpose, to: room, ellipsis: palette.glyphs.ellipsis), to: tail.isEmpty ? 0 : room)
        let words = tail.isEmpty ? CellText.clip(step.purpose, to: room, ellipsis: palette.glyphs.ellipsis) : purpose
        var lines = [
            head + [palette.text(words, .text), palette.text(tail.isEmpty ? "" : "  \(tail)", scope)]
        ]
        let indent = String(repeating: " ", count: (glyph.isEmpty ? 0 : 2) + numberWidth + 2)
        if let note = standing.note {
            let scope: ThemeScope = standing.sign == .failed ? .textError : .textDim
            lines += wrapped(note, indent, scope)
        }
        guard standing.isOpen else { return lines }
        lines += step.statements.flatMap { wrapped("\($0);", indent, .planStatement) }
        lines += step.observes.flatMap { wrapped("notes \($0)", indent, .textDim) }
        let until = step.proof.isEmpty ? "" : "until it \(step.proof.joined(separator: ", ")); "
        let waits = step.waitsFor.map { ", waits for \($0)" } ?? ""
        lines += wrapped("\(until)within \(seconds(step.timeLimitSeconds))\(waits)", indent, .textDim)
        return lines
    }

    private func seconds(_ seconds: Double) -> String { Duration.milliseconds(Int64(seconds * 1000)).words }

    private func wrapped(_ text: String, _ indent: String, _ scope: ThemeScope) -> [[StyledText]] {
        let hanging = indent + "  "
        return CellText.wrap(text.sanitized, to: max(8, width - hanging.count)).enumerated().map { index, row in
            [palette.text((index == 0 ? indent : hanging) + row, scope)]
        }
    }

    private func look(_ sign: Standing.Sign) -> (String, ThemeScope) {
        switch sign {
        case .planned: ("", .textDim)
        case .waiting: (palette.glyphs.separator, .stepWaiting)
        case .running: (palette.glyphs.refresh, .stepRunning)
        case .done, .skipped: (palette.glyphs.fits, .stepDone)
        case .failed: (palette.glyphs.broken, .stepFailed)
        }
    }
}
