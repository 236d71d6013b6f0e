import Topology

/// Something that can look at one server again and again; the real one holds a connection, a fake one a script.
public protocol Prober: Sendable {
    /// Looks once, within the deadlines it was made with; it never throws, because a failure is a finding too.
    func probe() async -> ProbeOutcome

    /// Yields when the server closes the connection between two probes, so that the next probe can come at once.
    var disconnections: AsyncStream<Void> { get }

    /// What it knows beside the outcome of its last probe.
    func notes() async -> ProbeNotes

    /// Closes the connection; a probe under way ends with a failure.
    func close() async
}

extension Prober {
    /// Nothing.
    public func notes() async -> ProbeNotes { ProbeNotes() }
}

/// What a prober knows beside the outcome of a probe.
public struct ProbeNotes: Sendable, Hashable {
    /// When a look would tell something that time alone brings: that a replica's source has fallen silent. `nil` where
    /// nothing of the kind is to be expected.
    public var nextDue: ContinuousClock.Instant?
    /// What test writes found; `nil` where none are made.
    public var writeCheck: WriteCheck?

    /// Makes notes; empty unless told otherwise.
    public init(nextDue: ContinuousClock.Instant? = nil, writeCheck: WriteCheck? = nil) {
        self.nextDue = nextDue
        self.writeCheck = writeCheck
    }
}

/// What one look at a server gave.
public enum ProbeOutcome: Sendable, Hashable {
    /// New or changed facts.
    case facts(InstanceFacts)
    /// The server answered, and with nothing new since the last probe.
    case unchanged
    /// The server answers but does not let us in.
    case noAccess(ContactFailure)
    /// The server does not answer.
    case unreachable(ContactFailure)
}
