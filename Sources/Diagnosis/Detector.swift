import Topology

/// A rule that finds one kind of problem, or two that are sides of one thing, on one server.
struct Detector: Sendable {
    /// Appends what it finds on the server.
    let find: @Sendable (Examined, inout [Problem]) -> Void

    /// Every rule. All run on every server; ``Problem/isShownBefore(_:_:)`` orders what they find.
    static let all: [Detector] = [
        .contact, .proxy, .missingPrivileges,
        .replicationThreads, .ownSource, .detached, .lag, .errantTransactions,
        .writability, .ring, .writableCoPrimaries, .duplicateServerID,
        .groupMember, .galeraMember, .semiSync,
    ]
}

extension DiagnosisContext {
    /// The problem of a source that replicas name and that the fleet does not hold; the fleet has no server to run
    /// detectors on.
    func neverSeen(_ source: InstanceAddress) -> Problem {
        let replicas = fleet.replicas(of: source)
        return Problem(
            .sourceNeverSeen, .notice, of: source,
            summary: "\(source) is the source of \(listed(replicas)), but baton has never seen it",
            evidence: replicas.map { "\($0) names it as its source" },
            remedy:
                "Check that this name can be resolved and reached from here, and that no ignore filter leaves it out.")
    }
}
