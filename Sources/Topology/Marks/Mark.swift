/// Something that an operator has said about a server, with who, why and for how long.
public struct Mark<Meaning: Hashable & Sendable>: Hashable, Sendable {
    /// What was said.
    public var meaning: Meaning
    /// Who said it: the system account, or a name that was given.
    public var owner: String
    /// Why, in the owner's words.
    public var reason: String
    /// From when on it counts.
    public var begins: Timestamp
    /// When it ends by itself; `nil` where somebody has to end it.
    public var ends: Timestamp?

    /// Makes a mark.
    public init(_ meaning: Meaning, owner: String, reason: String, begins: Timestamp, ends: Timestamp? = nil) {
        self.meaning = meaning
        self.owner = owner
        self.reason = reason
        self.begins = begins
        self.ends = ends
    }

    /// Whether it counts at that moment: from its beginning on, and no more at its end.
    public func isActive(at moment: Timestamp) -> Bool {
        begins <= moment && ends.map { moment < $0 } ?? true
    }
}

/// Why a server's problems are to be silent.
public enum Downtime: String, Hashable, Sendable, CaseIterable, Codable {
    /// Somebody works on it, or knows about it.
    case planned
    /// A recovery left it behind; it ends by itself when the server replicates again.
    case lostInRecovery = "lost-in-recovery"
}

/// That operations are to leave a server alone: somebody works on it. It is left out of failure analysis too.
public struct Maintenance: Hashable, Sendable, Codable {
    /// Makes a maintenance.
    public init() {}
}
