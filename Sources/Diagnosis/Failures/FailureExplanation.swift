import Topology

/// Why a server is, or is not, considered to have failed.
public struct FailureExplanation: Hashable, Sendable {
    /// One condition of a code, and what was found.
    public struct ConditionAnswer: Hashable, Sendable {
        /// What has to be so; a part of a sentence.
        public var words: String
        /// Whether it is so.
        public var holds: Bool
        /// What was measured.
        public var measured: String
    }

    /// A code with its conditions.
    public struct CodeAnswer: Hashable, Sendable {
        public var code: FailureCode
        /// In the order in which they are asked.
        public var conditions: [ConditionAnswer]
        /// Whether all of them hold. The first code of a state that does is the server's failure.
        public var holds: Bool { conditions.allSatisfy(\.holds) }
        /// How many of its conditions do not hold.
        public var missing: Int { conditions.count { !$0.holds } }
    }

    /// The server that was asked about.
    public var subject: InstanceAddress
    /// What it is for others.
    public var role: FailureRole
    /// Its replicas in numbers.
    public var counts: FailureCounts
    /// What baton and each replica see, as it would be told of a failure.
    public var evidence: [FailureEvidence]
    /// What was found; empty where nothing is the matter.
    public var failures: [Failure]
    /// The codes that a server of this role could have, in the order in which they are asked.
    public var answers: [CodeAnswer]

    init(_ scene: FailureScene, failures: [Failure]) {
        subject = scene.address
        role = scene.role
        counts = scene.counts
        evidence = [scene.ownEvidence] + scene.testimony
        self.failures = failures
        let detectors =
            (FailureDetector.statesByRole[scene.role] ?? []) + (FailureDetector.structuresByRole[scene.role] ?? [])
        // Whether one is back that nobody has replaced is no question.
        answers = detectors.filter { $0.code != .primaryReturned || scene.replaced != nil }.map { detector in
            CodeAnswer(
                code: detector.code,
                conditions: detector.conditions.map {
                    ConditionAnswer(words: $0.words, holds: $0.holds(scene), measured: $0.measured(scene))
                })
        }
    }
}
