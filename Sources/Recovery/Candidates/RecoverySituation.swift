/// For what a server is looked for.
public enum RecoverySituation: String, Hashable, Sendable, CaseIterable {
    /// A primary is lost: one of its replicas takes its place.
    case failover
    /// A primary lives and is to hand over to one of its replicas.
    case switchover
    /// An intermediate source is lost: its replicas need another source.
    case intermediate
    /// One of two co-primaries is lost: the other goes on alone, or a replica takes its place.
    case coPrimary = "co-primary"

    /// Whether the server to be replaced answers, so that nothing can be lost.
    public var sourceLives: Bool { self == .switchover }
}
