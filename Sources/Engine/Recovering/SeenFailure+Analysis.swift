import Diagnosis
import Recovery
import Storage
import Topology

extension SeenFailure {
    /// A failure as the analysis found it, with the evidence line by line.
    ///
    /// - Parameter now: when it was found, for one that began at an unknown time.
    public init(_ failure: Failure, in forest: Forest, now: Timestamp) {
        let cluster = forest.cluster(of: failure.subject)
        let evidence = JSON.array(
            failure.evidence.map { line in
                [
                    "witness": .string(line.witness.rawValue), "server": .string(line.server.description),
                    "channel": line.channel.map { .string($0) } ?? .null,
                    "since": line.since.map { .string($0.description) } ?? .null, "text": .string(line.text),
                ]
            })
        self.init(
            failure.code.rawValue, of: failure.subject,
            in: cluster.map(ClusterName.init) ?? ClusterName(failure.cluster), role: failure.role.rawValue,
            began: failure.since ?? now, evidence: evidence.text(.compact))
    }

    /// What is the matter with the servers of a fleet; warnings of structure are no failures.
    static func all(in diagnosis: Diagnosis, now: Timestamp) -> [SeenFailure] {
        diagnosis.failures.failures.filter { !$0.code.isStructureWarning }
            .map { SeenFailure($0, in: diagnosis.forest, now: now) }
    }
}
