/// Where a key means something: a section of a keymap file. The console looks keys up in a stack of contexts, nearest
/// first.
public struct KeyContext: RawRepresentable, Sendable, Hashable {
    /// The section's name.
    public let rawValue: String

    /// Names a context.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Everywhere, except while a line of text is typed.
    public static let global = KeyContext(rawValue: "global")
    /// Anything with a cursor that moves over rows or with text that scrolls.
    public static let list = KeyContext(rawValue: "list")
    /// The tree of a cluster.
    public static let tree = KeyContext(rawValue: "tree")
    /// Whatever changes servers, from the tree.
    public static let act = KeyContext(rawValue: "act")
    /// The tree while replicas are carried to another place.
    public static let move = KeyContext(rawValue: "move")
    /// A plan that waits to be confirmed.
    public static let plan = KeyContext(rawValue: "plan")
    /// An operation: one that runs, or one of the past.
    public static let operation = KeyContext(rawValue: "operation")
    /// The recovery assistant.
    public static let assistant = KeyContext(rawValue: "assistant")
    /// Recoveries of the past.
    public static let recovery = KeyContext(rawValue: "recovery")
    /// An overlay that asks something.
    public static let dialog = KeyContext(rawValue: "dialog")
    /// A line of text being typed. Characters type themselves there, so only other keys can be bound.
    public static let input = KeyContext(rawValue: "input")

    /// Every context with what it is, for help pages and complaints.
    public static let all: [(context: KeyContext, summary: String)] = [
        (.global, "everywhere"), (.list, "moving"), (.tree, "the tree"), (.act, "changing servers"),
        (.move, "while replicas are carried"), (.plan, "a plan"), (.operation, "an operation"),
        (.assistant, "the recovery assistant"), (.recovery, "recoveries"), (.dialog, "questions"),
        (.input, "typing"),
    ]
}
