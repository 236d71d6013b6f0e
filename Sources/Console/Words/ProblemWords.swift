import Diagnosis
import TerminalKit

/// How a problem is said.
enum ProblemWords {
    static func severity(_ problem: Problem) -> String {
        switch problem.severity {
        case .notice: "notice"
        case .warning: "warning"
        case .broken: "broken"
        }
    }

    /// The sentence; without the name at its start where the name stands beside it.
    static func summary(_ problem: Problem, withName: Bool) -> String {
        let name = "\(problem.subject) "
        guard !withName, problem.summary.hasPrefix(name) else { return problem.summary }
        return String(problem.summary.dropFirst(name.count))
    }

    static func scope(_ problem: Problem) -> ThemeScope {
        switch problem.severity {
        case .notice: .problemInfo
        case .warning: .problemWarning
        case .broken: .problemCritical
        }
    }

    static func shape(_ problem: Problem, _ glyphs: Glyphs) -> String {
        switch problem.severity {
        case .notice: glyphs.separator
        case .warning: glyphs.warning
        case .broken: glyphs.broken
        }
    }

    /// Everything by which a problem can be found, in lower case.
    static func searchText(_ problem: Problem) -> String {
        "\(problem.subject) \(problem.severity.rawValue) \(problem.kind.rawValue) \(problem.word) \(problem.summary)"
            .lowercased()
    }
}

extension Health {
    var tone: Tone {
        switch self {
        case .ok: .good
        case .warning: .warning
        case .broken: .bad
        case .downtimed: .downtimed
        case .unknown: .unknown
        }
    }
}
