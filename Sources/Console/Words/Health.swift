import Diagnosis
import TerminalKit

/// How an instance is, in the one word that its shape, its colour and its problems come from.
enum Health: Hashable, Sendable, CaseIterable {
    case ok, warning, broken, downtimed, unknown

    /// The shape before the name: told apart without colour.
    func shape(_ glyphs: Glyphs) -> String {
        switch self {
        case .ok: glyphs.ok
        case .warning: glyphs.warning
        case .broken: glyphs.broken
        case .downtimed: glyphs.downtimed
        case .unknown: glyphs.unknown
        }
    }

    var scope: ThemeScope {
        switch self {
        case .ok: .stateOk
        case .warning: .stateWarning
        case .broken: .stateBroken
        case .downtimed: .stateDowntimed
        case .unknown: .stateUnknown
        }
    }

    var word: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .broken: "broken"
        case .downtimed: "downtimed"
        case .unknown: "unknown"
        }
    }
}

extension Health {
    init(_ shape: InstanceStatus.Shape) {
        switch shape {
        case .ok: self = .ok
        case .warning: self = .warning
        case .broken: self = .broken
        case .downtimed: self = .downtimed
        case .unknown: self = .unknown
        }
    }

    /// What a problem of that severity makes of its instance.
    init(_ severity: Severity) {
        switch severity {
        case .notice: self = .ok
        case .warning: self = .warning
        case .broken: self = .broken
        }
    }
}

/// How many instances of a group are not well, for a line that stands for all of them.
struct Troubles: Hashable, Sendable {
    var count = 0
    var broken = 0
    var warnings = 0

    mutating func add(_ health: Health) {
        count += 1
        switch health {
        case .broken: broken += 1
        case .warning: warnings += 1
        case .ok, .downtimed, .unknown: break
        }
    }

    /// `✖ 2 broken  ▲ 1 warning`, nothing where all is well.
    func troubles(_ canvas: Canvas) -> [StyledText] {
        var pieces: [StyledText] = []
        if broken > 0 { pieces.append(canvas.palette.text("  \(canvas.glyphs.broken) \(broken) broken", .stateBroken)) }
        if warnings > 0 {
            let noun = warnings == 1 ? "warning" : "warnings"
            pieces.append(canvas.palette.text("  \(canvas.glyphs.warning) \(warnings) \(noun)", .stateWarning))
        }
        return pieces
    }
}
