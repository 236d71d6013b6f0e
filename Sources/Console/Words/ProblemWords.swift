import Diagnosis
import TerminalKit
import Topology

/// How a problem is said.
enum ProblemWords {
    static func severity(_ problem: Problem) -> String {
        switch problem.severity {
        case .notice: "notice"
        case .warning: "warning"
        case .broken: "broken"
        }
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

    /// Everything by which a problem can be found.
    static func searchText(_ problem: Problem, _ model: ConsoleModel) -> String {
        let aliases = ([problem.subject] + problem.partners).compactMap { model.known.fleet[$0]?.alias }
        return [
            "\(problem.subject)", problem.severity.rawValue, problem.kind.rawValue, problem.word, problem.summary,
            aliases.joined(separator: " "),
        ].joined(separator: " ")
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
