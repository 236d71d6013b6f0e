import Topology

/// How much weight an objection has.
public enum Gravity: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// Good to know.
    case warn
    /// Only after someone has confirmed it by typing the server's name, or with the flag for it in a script.
    case confirm
    /// Not at all.
    case refuse

    public static func < (left: Gravity, right: Gravity) -> Bool { left.rawValue < right.rawValue }

    /// The word for it in tables and JSON: `warn`, `confirm`, `refuse`.
    public var word: String {
        switch self {
        case .warn: "warn"
        case .confirm: "confirm"
        case .refuse: "refuse"
        }
    }
}

/// One rule's objection to one placement.
public struct Reason: Hashable, Sendable {
    /// The rule that speaks.
    public var rule: RuleID
    /// How much weight it has here; a rule may weigh less in another context.
    public var gravity: Gravity
    /// One sentence with the servers and the measured values in it.
    public var sentence: String
    /// The values that were measured, for JSON and for tables: `server_id of db2:3306` and `1`.
    public var measured: [Measurement]
    /// What would make it legal, the easiest first; never empty.
    public var remedies: [Remedy]

    /// Makes an objection.
    public init(
        _ rule: RuleID, _ gravity: Gravity, _ sentence: String, measured: [Measurement] = [], remedies: [Remedy]
    ) {
        precondition(!remedies.isEmpty, "an objection must say what would help")
        self.rule = rule
        self.gravity = gravity
        self.sentence = sentence
        self.measured = measured
        self.remedies = remedies
    }
}

/// A value that a rule looked at.
public struct Measurement: Hashable, Sendable {
    /// The server that it was read from, `nil` where it is about several.
    public var instance: InstanceAddress?
    /// What was measured, in the server's own word where it has one: `binlog_format`, `Seconds_Behind_Source`.
    public var name: String
    /// As the server gave it, or in words with a unit.
    public var value: String

    /// Makes a measurement.
    public init(_ name: String, of instance: InstanceAddress?, _ value: String) {
        self.instance = instance
        self.name = name
        self.value = value
    }
}

/// What would make a refused placement legal, or take a warning away.
public enum Remedy: Hashable, Sendable {
    /// A statement to run on a server, in its dialect, without a semicolon at the end.
    case statement(String, on: InstanceAddress)
    /// A line for the server's option file, and a restart.
    case optionFile(String, on: InstanceAddress)
    /// Another place where it would be legal.
    case target(InstanceAddress, String)
    /// A baton command that does it.
    case command(String)
    /// What a person has to do or wait for, in one sentence.
    case advice(String)
}
