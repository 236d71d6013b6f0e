import Topology

/// Something that can look at one server again and again; the real one holds a connection, a fake one a script.
public protocol Prober: Sendable {
    /// Looks once, within the deadlines it was made with; it never throws, because a failure is a finding too.
    func probe() async -> ProbeOutcome

    /// Yields when the server closes the connection between two probes, so that the next probe can come at once.
    var disconnections: AsyncStream<Void> { get }

    /// Closes the connection; a probe under way ends with a failure.
    func close() async
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
