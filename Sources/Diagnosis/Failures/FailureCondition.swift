import Topology

/// One thing that has to be so for a failure code, with what was measured of it.
struct FailureCondition: Sendable {
    /// What has to be so; a part of a sentence.
    let words: String
    /// The same in the letters of orchestrator's table (`m`, `v`, `R`, `VR`, `VRR`, `F`…), for whoever compares; empty for what
    /// orchestrator does not ask.
    let notation: String
    let holds: @Sendable (FailureScene) -> Bool
    /// What is so instead, or also.
    let measured: @Sendable (FailureScene) -> String

    init(
        _ words: String, _ notation: String = "", holds: @escaping @Sendable (FailureScene) -> Bool,
        measured: @escaping @Sendable (FailureScene) -> String
    ) {
        self.words = words
        self.notation = notation
        self.holds = holds
        self.measured = measured
    }
}

// MARK: - Of the server

extension FailureCondition {
    static let isLost = FailureCondition("baton cannot reach it", "!v") {
        $0.isLost
    } measured: {
        $0.contactWords
    }
    static let answers = FailureCondition("it answers", "v") {
        $0.answers
    } measured: {
        $0.contactWords
    }
    static let keepsBatonOut = FailureCondition("it answers, and does not let baton in", "!v, ps") {
        if case .noAccess = $0.instance.contact { true } else { false }
    } measured: {
        $0.contactWords
    }
    static let wasRead = FailureCondition("baton has read it before") {
        $0.facts != nil
    } measured: {
        $0.facts == nil ? "it was never read" : "its facts are known"
    }
    static let isAtTop = FailureCondition("it follows nobody", "m") {
        $0.isAtTop
    } measured: {
        $0.isAtTop ? "it has no source" : "it is \($0.role.article) \($0.role.words)"
    }
    static let isFirstTier = FailureCondition("it follows the primary", "depth=1") {
        $0.context.forest.depth(of: $0.address) == 1
    } measured: {
        "it is \(($0.context.forest.depth(of: $0.address) ?? 0).counted("step")) below its root"
    }
    static let sourceIsNotLost = FailureCondition("its source is not lost too") {
        !$0.hasLostSource
    } measured: {
        $0.hasLostSource ? "its source does not answer either" : "its source answers or is not known"
    }
    static let failsToConnect = FailureCondition("its own receiver cannot connect", "M fails to connect") {
        $0.failingChannel != nil
    } measured: { scene in
        scene.failingChannel.map {
            "receiver \($0.receiver.rawValue)" + ($0.receiverError.map { ", \($0.line)" } ?? "")
        }
            ?? "no receiver of its own has an error of connecting"
    }
    static let isReadOnly = FailureCondition("clients cannot write on it", "read_only") {
        $0.presentFacts.map { !$0.writability.isWritable } ?? false
    } measured: {
        $0.presentFacts.map { "it is \($0.writability.rawValue)" } ?? "it does not answer"
    }
    static let isWritable = FailureCondition("clients can write on it") {
        $0.presentFacts?.writability.isWritable == true
    } measured: {
        $0.presentFacts.map { "it is \($0.writability.rawValue)" } ?? "it does not answer"
    }
    static let writeCheckFails = FailureCondition("a row cannot be written on it, though it is writable") {
        $0.writeTrouble != nil
    } measured: {
        $0.writeTrouble?.words ?? "no test write has failed"
    }
}

// MARK: - Of its replicas

extension FailureCondition {
    static let noReplicas = count("it has no replicas", "R=0") { $0.replicas == 0 }
    static let hasReplicas = count("it has replicas", "R>0") { $0.replicas > 0 }
    static let oneReplica = count("it has one replica", "R=1") { $0.replicas == 1 }
    static let severalReplicas = count("it has several replicas", "R>1") { $0.replicas > 1 }
    static let allAsked = FailureCondition("every replica has been asked") {
        $0.counts.unasked == 0
    } measured: {
        "\($0.counts.unasked) of \($0.counts.replicas) not asked yet"
    }
    static let allAnswer = answering("all replicas answer", "VR=R") { $0.answering == $0.replicas }
    static let noneAnswers = answering("no replica answers", "VR=0") { $0.answering == 0 }
    static let someAnswer = answering("a replica answers", "VR>0") { $0.answering > 0 }
    static let notAllAnswer = answering("some replicas answer, and not all", "0<VR<R") {
        $0.answering > 0 && $0.answering < $0.replicas
    }
    static let nobodyHears = FailureCondition("no replica hears from it", "VRR=0") {
        $0.counts.hearing == 0
    } measured: {
        $0.hearingWords
    }
    static let somebodyHears = FailureCondition("a replica hears from it", "VRR>0") {
        $0.counts.hearing > 0
    } measured: {
        $0.hearingWords
    }
    static let lossIsWitnessed = FailureCondition("a replica says that it has lost it") {
        $0.counts.losing > 0
    } measured: {
        $0.losingWords
    }
    static let lossIsNotWitnessed = FailureCondition("no replica says that it has lost it") {
        $0.counts.losing == 0
    } measured: {
        $0.losingWords
    }
    static let noneReplicates = replicating("no replica replicates", "VRR=0") { $0.replicating == 0 }
    static let someReplicate = replicating("a replica replicates", "VRR>0") { $0.replicating > 0 }
    static let someFail = failing("a replica cannot connect to it", "F>0") { $0.failingToConnect + $0.turnedAway > 0 }
    static let allThatAnswerFail = failing("every replica that answers cannot connect to it", "F=VR") {
        $0.failingToConnect + $0.turnedAway == $0.answering
    }
    static let allLag = FailureCondition("all replicas lag", "L=R") {
        $0.counts.replicas > 0 && $0.counts.lagging == $0.counts.replicas
    } measured: {
        "\($0.counts.lagging) of \($0.counts.replicas) lag"
    }
    static let notAllDelayed = FailureCondition("not all replicas are delayed", "D<R") {
        $0.counts.delayed < $0.counts.replicas
    } measured: {
        "\($0.counts.delayed) of \($0.counts.replicas) are delayed"
    }

    private static func count(
        _ words: String, _ notation: String, holds: @escaping @Sendable (FailureCounts) -> Bool
    ) -> FailureCondition {
        FailureCondition(words, notation) {
            holds($0.counts)
        } measured: {
            $0.counts.replicas.counted("replica")
        }
    }

    private static func answering(
        _ words: String, _ notation: String, holds: @escaping @Sendable (FailureCounts) -> Bool
    ) -> FailureCondition {
        FailureCondition(words, notation) {
            holds($0.counts)
        } measured: {
            "\($0.counts.answering) of \($0.counts.replicas) answer"
        }
    }

    private static func replicating(
        _ words: String, _ notation: String, holds: @escaping @Sendable (FailureCounts) -> Bool
    ) -> FailureCondition {
        FailureCondition(words, notation) {
            holds($0.counts)
        } measured: {
            "\($0.counts.replicating) of \($0.counts.replicas) replicate"
        }
    }

    private static func failing(
        _ words: String, _ notation: String, holds: @escaping @Sendable (FailureCounts) -> Bool
    ) -> FailureCondition {
        FailureCondition(words, notation) {
            holds($0.counts)
        } measured: {
            "\($0.counts.failingToConnect + $0.counts.turnedAway) of the \($0.counts.answering) that answer fail to connect"
        }
    }
}
