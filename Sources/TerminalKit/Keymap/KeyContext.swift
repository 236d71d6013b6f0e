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
    /// An overlay that asks something.
    public static let dialog = KeyContext(rawValue: "dialog")
    /// A line of text being typed. Characters type themselves there, so only other keys can be bound.
    public static let input = KeyContext(rawValue: "input")

    /// Every context with what it is, for help pages and complaints.
    public static let all: [(context: KeyContext, summary: String)] = [
        (.global, "everywhere"), (.list, "moving"), (.tree, "the tree"), (.dialog, "questions"), (.input, "typing"),
    ]
}
