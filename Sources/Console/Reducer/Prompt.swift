import TerminalKit
import Topology

/// What takes the keys before any screen does.
enum Prompt: Sendable {
    /// The text that rows must contain; it works while it is typed. `before` comes back when it is thrown away.
    case filter(LineEditor, before: String)
    /// A command being typed.
    case command(LineEditor)
    /// A question that a single key answers.
    case question(Question)

    /// Something that is only done after a yes. A paste never answers it, and neither does Enter.
    struct Question: Hashable, Sendable {
        var title: String
        /// What happens on a yes, in a sentence or two.
        var consequence: String
        /// The word on the yes button: what will be done.
        var verb: String
        var effect: ConsoleEffect
    }

    var contexts: [KeyContext] {
        switch self {
        case .filter, .command: [.input]
        case .question: [.dialog]
        }
    }
}
