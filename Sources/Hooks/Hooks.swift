/// What is run on which occasion.
public struct Hooks: Hashable, Sendable {
    /// Shell commands in their order. One that ends with `&` is not waited for, and its failure changes nothing.
    public var commands: [HookOccasion: [String]]
    /// How long each may take before it is ended, and counts as failed.
    public var limit: Duration

    /// Environment variables of baton's that hooks don't get: those that hold its passwords.
    public var withheldVariables: Set<String> = []

    /// As long as a person would wait for one step.
    public static let usualLimit = Duration.seconds(30)

    /// Makes hooks; by default none.
    public init(_ commands: [HookOccasion: [String]] = [:], limit: Duration = usualLimit) {
        self.commands = commands
        self.limit = limit
    }

    /// The commands of an occasion.
    public subscript(_ occasion: HookOccasion) -> [String] {
        get { commands[occasion] ?? [] }
        set { commands[occasion] = newValue.isEmpty ? nil : newValue }
    }
}
