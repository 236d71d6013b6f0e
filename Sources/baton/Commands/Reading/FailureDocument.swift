import Diagnosis
import Storage
import Topology

/// The stable JSON of failures and their explanations.
enum FailureDocument {
    static func json(_ failure: Failure) -> JSON {
        [
            "code": .string(failure.code.rawValue),
            "orchestratorName": failure.code.orchestratorName.map { .string($0) } ?? .null,
            "structureWarning": .bool(failure.code.isStructureWarning),
            "address": .string(failure.subject.description),
            "cluster": .string(failure.clusterName),
            "role": .string(failure.role.rawValue),
            "summary": .string(failure.summary),
            "since": time(failure.since),
            "lastSeen": time(failure.lastSeen),
            "counts": json(failure.counts),
            "evidence": .array(failure.evidence.map(json)),
            "silent": .array(
                failure.suppressions.map { ["reason": .string($0.id), "text": .string($0.words)] }),
            "recovery": failure.recovery.kind.map { .string($0.rawValue) } ?? .null,
            "whyNoRecovery": failure.recovery.kind == nil ? .string(failure.recovery.words) : .null,
        ]
    }

    static func json(_ explanation: FailureExplanation) -> JSON {
        [
            "address": .string(explanation.subject.description),
            "role": .string(explanation.role.rawValue),
            "counts": json(explanation.counts),
            "evidence": .array(explanation.evidence.map(json)),
            "failures": .array(explanation.failures.map(json)),
            "codes": .array(
                explanation.answers.map { answer in
                    [
                        "code": .string(answer.code.rawValue),
                        "orchestratorName": answer.code.orchestratorName.map { .string($0) } ?? .null,
                        "holds": .bool(answer.holds),
                        "conditions": .array(
                            answer.conditions.map {
                                [
                                    "text": .string($0.words), "holds": .bool($0.holds),
                                    "measured": .string($0.measured),
                                ]
                            }),
                    ]
                }),
        ]
    }

    private static func json(_ counts: FailureCounts) -> JSON {
        [
            "replicas": .number(counts.replicas),
            "answering": .number(counts.answering),
            "unasked": .number(counts.unasked),
            "replicating": .number(counts.replicating),
            "receiving": .number(counts.receiving),
            "silent": .number(counts.silent),
            "failingToConnect": .number(counts.failingToConnect),
            "turnedAway": .number(counts.turnedAway),
            "lagging": .number(counts.lagging),
            "delayed": .number(counts.delayed),
            "downtimed": .number(counts.downtimed),
            "logging": .number(counts.logging),
            "semiSync": .number(counts.semiSync),
        ]
    }

    private static func json(_ evidence: FailureEvidence) -> JSON {
        [
            "witness": .string(evidence.witness.rawValue),
            "address": .string(evidence.server.description),
            "channel": evidence.channel.map { .string($0) } ?? .null,
            "since": time(evidence.since),
            "text": .string(evidence.text),
        ]
    }

    private static func time(_ moment: Timestamp?) -> JSON { moment.map { .string($0.description) } ?? .null }
}
