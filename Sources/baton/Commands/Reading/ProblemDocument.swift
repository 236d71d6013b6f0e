import Diagnosis
import Storage
import Topology

/// The stable JSON of a problem.
enum ProblemDocument {
    static func json(_ problem: Problem) -> JSON {
        [
            "kind": .string(problem.kind.rawValue),
            "severity": .string(problem.severity.rawValue),
            "address": .string(problem.subject.description),
            "channel": problem.channel.map { .string($0) } ?? .null,
            "since": problem.since.map { .string($0.description) } ?? .null,
            "lastSeen": problem.lastSeen.map { .string($0.description) } ?? .null,
            "partners": .array(problem.partners.map { .string($0.description) }),
            "summary": .string(problem.summary),
            "evidence": .array(problem.evidence.map { .string($0) }),
            "remedy": problem.remedy.map { .string($0) } ?? .null,
        ]
    }
}
