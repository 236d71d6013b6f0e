/// A set of MySQL global transaction identifiers, with exact set algebra.
public struct GTIDSet: Hashable, Sendable {
    /// Makes the empty set.
    public init() {}
}
