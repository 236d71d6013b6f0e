import Recovery
import Storage
import TerminalKit
import Topology

/// Recoveries of the store in words.
enum RecoveryWords {
    /// How one stands.
    static func outcome(_ record: RecoveryRecord, _ model: ConsoleModel) -> Words {
        let outcome = model.recoveries.outcome(record)
        switch outcome {
        case .running: return Words("at work", .warning)
        case .interrupted, .failed: return Words(outcome.words, .bad)
        case .stopped: return Words(outcome.words, .warning)
        case .done: return Words(outcome.words, .good)
        case .takenBack, .left, .notBegun: return Words(outcome.words, .faint)
        }
    }

    /// What stands before its line.
    static func sign(_ record: RecoveryRecord, _ model: ConsoleModel, _ glyphs: Glyphs) -> (String, ThemeScope) {
        switch model.recoveries.outcome(record) {
        case .running: (glyphs.refresh, .stepRunning)
        case .interrupted, .failed: (glyphs.broken, .stepFailed)
        case .stopped: (glyphs.warning, .stateWarning)
        case .done: (glyphs.fits, .stepDone)
        case .takenBack, .left, .notBegun: (glyphs.downtimed, .stepWaiting)
        }
    }

    /// What was done to whom.
    static func intent(_ record: RecoveryRecord) -> String {
        let successor = record.successor.map { ", \($0) took over" } ?? ""
        let lost = record.lost.isEmpty ? "" : ", \(record.lost.count.counted("replica")) lost"
        return "\(record.kind.words) of \(record.failed) in \(record.cluster)\(successor)\(lost)".sanitized
    }

    /// Of what was written down of a loss, what is shown.
    private struct Figures: Decodable {
        var sentences: [String]
    }

    /// What it cost, as it was known when it began, and who was left behind.
    static func loss(_ record: RecoveryRecord) -> [Details.Line] {
        let sentences = record.loss.map { (try? JSON.decode(Figures.self, from: $0))?.sentences ?? [$0] } ?? []
        var lines = sentences.enumerated().map { Details.Line("\($0.offset + 1)", Words($0.element.sanitized)) }
        if !record.lost.isEmpty {
            let names = record.lost.map(\.description).joined(separator: ", ")
            lines.append(Details.Line("left behind", Words(names, .bad)))
        }
        return lines
    }

    /// All that is known of one without its log.
    static func lines(_ record: RecoveryRecord, _ model: ConsoleModel) -> [Details.Line] {
        let end = record.endedAt.map { [Words(" \(model.when($0))", .faint)] } ?? []
        let phase = model.recoveries.outcome(record) == .running ? [Words(", \(record.phase)", .faint)] : []
        let trigger = record.trigger == .automatic ? ", by itself" : ""
        var lines = [
            Details.Line("what", Words(intent(record), .strong)),
            Details.Line("state", words: [outcome(record, model)] + end + phase),
            Details.Line(
                "by", Words(record.author.user.sanitized),
                Words("\(trigger), begun \(model.when(record.startedAt))", .faint)),
        ]
        if !record.reason.isEmpty { lines.append(Details.Line("reason", Words(record.reason.sanitized))) }
        if let failure = record.failure { lines.append(Details.Line("failure", Words(failure))) }
        if let first = record.follows { lines.append(Details.Line("follows", Words("recovery \(first)"))) }
        if !record.lost.isEmpty {
            let names = record.lost.map(\.description).joined(separator: ", ")
            lines.append(Details.Line("left behind", Words(names, .warning)))
        }
        if let note = record.acknowledgement {
            let words = "by \(note.user), \(model.when(note.at)): \(note.reason)".sanitized
            lines.append(Details.Line("acknowledged", Words(words)))
        } else if model.recoveries.outcome(record) != .running {
            lines.append(Details.Line("acknowledged", Words("by nobody yet", .faint)))
        }
        return lines
    }
}
