import Storage
import TerminalKit
import Topology

/// Operations of the journal in words.
enum OperationWords {
    /// How one stands.
    static func outcome(_ record: OperationRecord, isOpen: Bool) -> Words {
        switch record.outcome {
        case .running where isOpen, .interrupted: Words("interrupted", .bad)
        case .running: Words("running", .warning)
        case .done: Words("done", .good)
        case .failed: Words("failed", .bad)
        case .stopped: Words("stopped", .warning)
        case .takenBack: Words("taken back", .faint)
        case .left: Words("left", .faint)
        case .notBegun: Words("not begun", .faint)
        }
    }

    /// What stands before its line.
    static func sign(_ record: OperationRecord, isOpen: Bool, _ glyphs: Glyphs) -> (String, ThemeScope) {
        switch record.outcome {
        case .running where isOpen, .interrupted: (glyphs.broken, .stepFailed)
        case .running: (glyphs.refresh, .stepRunning)
        case .done: (glyphs.fits, .stepDone)
        case .failed: (glyphs.broken, .stepFailed)
        case .stopped: (glyphs.warning, .stateWarning)
        case .takenBack, .left, .notBegun: (glyphs.downtimed, .stepWaiting)
        }
    }

    /// Where who did it had logged in from: the first word of `SSH_CLIENT`, whose others are ports.
    static func origin(_ record: OperationRecord) -> String {
        record.client?.sanitized.split(separator: " ").first.map { " from \($0)" } ?? ""
    }

    /// What a choice does.
    static func choice(_ action: KeyAction) -> String {
        switch action {
        case .resume: "go on: steps that are done are left out; shows the plan first"
        case .password: "type another password of the replication account, and go on with it then"
        case .rollBack: "take back what it did, the last step first; shows the plan first"
        case .leave: "leave everything as it is, and ask no more"
        case .undo: "take it back, as long as that is safe; shows the plan first"
        case .swapIn: "hand over to the server that is preferred; shows the checks of the switchover first"
        default: ""
        }
    }
}
