import Hooks
import Operations
import Refactoring
import Storage
import Topology

/// The hooks of one recovery: what they are told, and what became of them.
actor RecoveryHooks {
    private let runner: HookRunner
    private let occasion: Succession.Occasion
    private var facts: HookFacts
    private(set) var results: [HookResult]
    /// Whether an attempt that was not begun is made again, without anybody's asking.
    private let isRepeated: Bool

    private let progress: @Sendable (OperationEvent) -> Void

    /// - Parameters:
    ///   - facts: what they are told.
    ///   - earlier: what ran of a recovery that is resumed or tried again, as JSON.
    init(
        _ hooks: Hooks, _ occasion: Succession.Occasion, _ facts: HookFacts, earlier: String?, isRepeated: Bool,
        progress: @escaping @Sendable (OperationEvent) -> Void
    ) {
        results = earlier.flatMap { try? JSON.decode([HookResult].self, from: $0) } ?? []
        self.progress = progress
        self.isRepeated = isRepeated
        runner = HookRunner(hooks)
        self.occasion = occasion
        self.facts = facts
    }

    /// Those before anything is changed, with fencing: what failed where that keeps the recovery from being begun. Where it is
    /// tried again, they run again: whether they come through now is the question.
    func before() async -> HookResult? {
        results.removeAll { result in occasion.hooksBefore.contains { $0.rawValue == result.occasion } }
        for occasion in occasion.hooksBefore {
            let found = await run(occasion)
            results += found
            if let failed = found.first(where: \.isFailure) { return failed }
        }
        return nil
    }

    /// How far a recovery came.
    enum Outcome {
        case everything
        /// Another server takes writes, and these did not come to follow it.
        case promotion(failed: [InstanceAddress])
        case nothing
    }

    /// Those that lead clients to a new primary, the moment it takes writes.
    func promoted(_ succession: Succession) async {
        tell(of: succession, .promotion(failed: []))
        await runOnce(occasion.hooksOnPromotion)
    }

    /// Those after it. One that ran in an earlier attempt, or when the new primary took writes, does not run again.
    func after(_ succession: Succession, _ outcome: Outcome) async {
        tell(of: succession, outcome)
        switch outcome {
        case .everything, .promotion: await runOnce(occasion.hooksOnPromotion + occasion.hooksAfter)
        // Of an attempt that is made again and again somebody is told once.
        case .nothing where isRepeated: await runOnce([.postUnsuccessful])
        case .nothing: results += await run(.postUnsuccessful)
        }
    }

    private func tell(of succession: Succession, _ outcome: Outcome) {
        switch outcome {
        case .everything: (facts.isSuccessful, facts.lost) = (true, succession.left)
        case .promotion(let failed): (facts.isSuccessful, facts.lost) = (true, succession.left + failed)
        case .nothing: (facts.isSuccessful, facts.lost) = (false, [])
        }
        facts.successor = facts.isSuccessful ? succession.successor : nil
    }

    private func runOnce(_ occasions: [HookOccasion]) async {
        for occasion in occasions where !results.contains(where: { $0.occasion == occasion.rawValue }) {
            results += await run(occasion)
        }
    }

    private func run(_ occasion: HookOccasion) async -> [HookResult] {
        await runner.run(occasion, facts) { [progress] command in
            progress(.hook(HookNews(occasion.rawValue, command)))
        } ended: { [progress] result in
            progress(
                .hook(
                    HookNews(
                        result.occasion, result.command, ending: result.endingWords, isFailure: result.isFailure,
                        output: result.output)))
        }
    }

    /// What became of them, for the record; `nil` where there are none.
    var json: String? {
        guard !results.isEmpty, let json = try? JSON(encoding: results) else { return nil }
        return json.text(.compact)
    }
}

extension Succession.Occasion {
    var hooksBefore: [HookOccasion] {
        switch self {
        case .failover, .forcedFailover, .coPrimary: [.preFailover, .fence]
        // As orchestrator does it before it makes a primary writable.
        case .intermediateSource, .writability: [.preFailover]
        case .switchover: [.preSwitchover]
        case .rejoin, .semiSync: []
        }
    }

    /// Once another server takes the writes of one that was lost.
    var hooksOnPromotion: [HookOccasion] {
        switch self {
        case .failover, .forcedFailover, .coPrimary: [.postPrimaryFailover]
        case .switchover, .intermediateSource, .writability, .rejoin, .semiSync: []
        }
    }

    var hooksAfter: [HookOccasion] {
        switch self {
        case .failover, .forcedFailover, .coPrimary: [.postFailover]
        case .intermediateSource: [.postIntermediateFailover, .postFailover]
        case .switchover: [.postSwitchover]
        case .writability: [.postFailover]
        case .rejoin, .semiSync: []
        }
    }
}
