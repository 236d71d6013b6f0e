/// A command of orchestrator, and what does the same here: people's fingers, and their scripts, know it.
public struct FamiliarCommand: Hashable, Sendable {
    /// orchestrator's name.
    public let name: String
    /// The words of the command line that take its place; empty where there is no such thing here.
    public let words: [String]
    /// What is different, or what to do instead.
    public let note: String

    init(_ name: String, _ words: String, _ note: String = "") {
        self.name = name
        self.words = words.split(separator: " ").map(String.init)
        self.note = note
    }

    /// Whether orchestrator's name is accepted.
    public var isAccepted: Bool { !words.isEmpty }

    /// The command of that name; `nil` where orchestrator has none.
    public static func named(_ name: String) -> FamiliarCommand? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
