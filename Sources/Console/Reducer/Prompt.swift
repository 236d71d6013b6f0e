import Refactoring
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
    /// A name that has to be typed before something is done.
    case confirmation(Confirmation)
    /// Why a plan is carried out, in the operator's words.
    case reason(LineEditor)
    /// Why a recovery is acknowledged.
    case acknowledgement(Int64, LineEditor)

    /// The password of the account that servers replicate with; nobody sees it.
    case password(LineEditor)

    /// What is done on a yes.
    enum Consequence: Hashable, Sendable {
        case effects([ConsoleEffect])
        /// The page is closed; what it shows goes on.
        case leavePage
    }

    /// A name that has to be typed, so that nobody confirms in passing. A paste does not count.
    struct Confirmation: Hashable, Sendable {
        /// The name to type, the whole address; no other counts.
        var name: String
        /// What is confirmed; no other plan is carried out by it.
        var plan: Plan
        var editor = LineEditor()
    }

    /// Something that is only done after a yes. A paste never answers it, and neither does Enter.
    struct Question: Hashable, Sendable {
        var title: String
        /// What happens on a yes, in a sentence or two.
        var consequence: String
        /// The word on the yes button: what will be done.
        var verb: String
        var consequences: Consequence

        init(title: String, consequence: String, verb: String, _ consequences: Consequence) {
            self.title = title
            self.consequence = consequence
            self.verb = verb
            self.consequences = consequences
        }
    }

    var contexts: [KeyContext] {
        switch self {
        case .filter, .command, .confirmation, .reason, .acknowledgement, .password: [.input]
        case .question: [.dialog]
        }
    }
}

extension Prompt.Question {
    /// Whether an operation is to be left as it is.
    static func leaving(_ id: Int64) -> Prompt.Question {
        Prompt.Question(
            title: "Leave operation \(id) as it is?",
            consequence: "Nothing is changed on any server, and baton asks no more about it. It stays in the list.",
            verb: "leave it as it is", .effects([.act(-Int(id), .leave(id), reason: "")]))
    }
}
