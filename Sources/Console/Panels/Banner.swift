import Diagnosis
import Recovery
import Storage
import TerminalKit
import Topology

/// The lines above the event line, on every page, while somebody should act: what has failed, for how long, what helps;
/// primaries that were given up and are back; recoveries that were interrupted, and those at work. They stand at the bottom, so that no row moves under the cursor when one comes.
struct Banner {
    let model: ConsoleModel

    enum Line: Hashable, Sendable {
        case failure(Failure)
        case recovery(RecoveryRecord)
        /// A primary that was given up is back.
        case returned(ReturnedPrimary)
        /// Who worked at a recovery is gone, and nobody has decided about it.
        case interrupted(RecoveryRecord)
        /// So many failures that there is no room for.
        case more(Int)
    }

    /// What somebody should act on. What was begun and not ended comes before what failed: whoever does not know of it would
    /// begin anew.
    static func alarms(_ model: ConsoleModel) -> [Line] {
        model.recoveries.interrupted.map(Line.interrupted)
            + model.returned.filter { $0.danger == .twoWritable }.map(Line.returned)
            + model.known.alarms.map(Line.failure)
            + model.returned.filter { $0.danger != .twoWritable }.map(Line.returned)
    }

    /// What has to be said, in as many lines as a screen of that height can spare.
    static func lines(_ model: ConsoleModel) -> [Line] {
        let room = model.size.height < 16 ? 1 : 3
        let works = model.recoveries.atWork.map(Line.recovery)
        let alarms = alarms(model)
        guard alarms.count + works.count > room else { return alarms + works }
        // That somebody is at it is worth a line of its own wherever there is more than one.
        let kept = works.prefix(room > 1 ? 1 : alarms.isEmpty ? 1 : 0)
        let shown = room - kept.count
        guard alarms.count > shown else { return alarms + kept }
        guard room > 1 else { return Array(alarms.prefix(1)) }
        return alarms.prefix(shown - 1) + [.more(alarms.count - shown + 1)] + kept
    }

    var lines: [Line] { Self.lines(model) }

    func draw(on canvas: inout Canvas, from top: Int) {
        var isFirst = true
        for (row, line) in lines.enumerated() {
            let rect = GridRect(x: 0, y: top + row, width: model.size.width, height: 1)
            switch line {
            case .failure(let failure):
                draw(
                    Self.sentence(failure, model), .bannerFailure, canvas.glyphs.broken, .recover, isFirst, on: &canvas,
                    in: rect)
                isFirst = false
                if failure.since != nil { canvas.hasRunningAge = true }
            case .returned(let back):
                let isAlarm = back.danger == .twoWritable
                draw(
                    Self.sentence(back), isAlarm ? .bannerFailure : .bannerRecovery,
                    isAlarm ? canvas.glyphs.broken : canvas.glyphs.warning, .recover, isFirst, on: &canvas, in: rect)
                isFirst = false
            case .interrupted(let record):
                draw(
                    Self.sentence(interrupted: record), .bannerFailure, canvas.glyphs.broken, .recoveries, true,
                    on: &canvas, in: rect)
            case .recovery(let record): draw(record, on: &canvas, in: rect)
            case .more(let count):
                canvas.grid.fill(rect, style: canvas.palette[.bannerFailure])
                let words = "and \(count) more"
                let content = rect.inset(horizontal: 1, vertical: 0)
                canvas.put([canvas.palette.text("\(canvas.glyphs.broken) \(words)", .bannerFailure)], in: content)
            }
        }
    }

    /// One line; where the key does something about it, with the key.
    private func draw(
        _ sentence: String, _ scope: ThemeScope, _ glyph: String, _ action: KeyAction, _ hasKey: Bool,
        on canvas: inout Canvas, in rect: GridRect
    ) {
        canvas.grid.fill(rect, style: canvas.palette[scope])
        let hint = ActionCatalog.console.definition(of: action, in: .global)?.hint ?? action.rawValue
        let key = model.keymap.sequences(for: action, in: [.global]).first?.description
        let tail = hasKey ? key.map { " \($0) \(hint) " } ?? "" : ""
        let halves = rect.splitRight(min(rect.width, CellText.width(tail)))
        let text = "\(glyph) \(canvas.glyphs.spelling(sentence))"
        let room = GridRect(x: 1, y: rect.y, width: max(0, halves.rest.width - 1), height: 1)
        canvas.put([canvas.palette.text(text, scope)], in: room)
        canvas.put([canvas.palette.text(tail, .bannerKey)], in: halves.right)
    }

    /// That two servers take writes comes first: it grows worse with each.
    private static func sentence(_ back: ReturnedPrimary) -> String {
        let cause = "recovery \(back.recovery) gave it up"
        switch back.danger {
        case .twoWritable:
            let beside = back.primary.map { " besides \($0)" } ?? ""
            return "two writable servers: \(back.server) is back and takes writes\(beside), given up by recovery "
                + "\(back.recovery)"
        case .writable: return "\(back.server) is back, writable, and no replica of the primary now: \(cause)"
        case .readOnly: return "\(back.server) is back, read-only, and follows nobody: \(cause)"
        }
    }

    private static func sentence(interrupted record: RecoveryRecord) -> String {
        "\(record.cluster): recovery \(record.id) was interrupted: \(record.kind.words) of \(record.failed), by \(record.author.user)"
            .sanitized
    }

    /// Cluster, failure, how long it has lasted, and what it means.
    static func sentence(_ failure: Failure, _ model: ConsoleModel) -> String {
        let subject = failure.subject.description
        let cluster = failure.clusterName == subject ? "" : "\(failure.clusterName.sanitized): "
        let age = failure.since.map { " for \(($0 > model.now ? .zero : model.now - $0).words)" } ?? ""
        return "\(cluster)\(failure.code.word) \(subject)\(age), \(failure.code.meaning)"
    }

    private func draw(_ record: RecoveryRecord, on canvas: inout Canvas, in rect: GridRect) {
        canvas.grid.fill(rect, style: canvas.palette[.bannerRecovery])
        let text =
            "\(record.cluster): recovery \(record.id) of \(record.author.user) is at work, \(record.kind.words): \(record.phase)"
            .sanitized
        canvas.put(
            [canvas.palette.text("\(canvas.glyphs.refresh) \(canvas.glyphs.spelling(text))", .bannerRecovery)],
            in: rect.inset(horizontal: 1, vertical: 0))
    }
}
