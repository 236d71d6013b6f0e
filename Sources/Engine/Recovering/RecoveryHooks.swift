import Foundation
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

    private let progress: @Sendable (OperationEvent) -> Void

    init(
        _ hooks: Hooks, _ succession: Succession, _ order: RecoveryOrder, in scene: RuleScene, recovery: String,
        earlier: String?, progress: @escaping @Sendable (OperationEvent) -> Void
    ) {
        // Of a recovery that is resumed.
        results = earlier.flatMap { try? JSON.decode([HookResult].self, from: $0) } ?? []
        self.progress = progress
        runner = HookRunner(hooks)
        occasion = succession.occasion
        facts = HookFacts(succession, order, in: scene)
        facts.recovery = recovery
    }

    /// Those before anything is changed, with fencing: what failed where that keeps the recovery from being begun.
    func before() async -> HookResult? {
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

    /// As orchestrator's hooks know what has failed.
    fileprivate var instanceType: String {
        switch self {
        case .failover, .forcedFailover, .switchover, .rejoin, .semiSync, .writability: "master"
        case .coPrimary: "co-master"
        case .intermediateSource: "intermediate-master"
        }
    }

    /// orchestrator's name of the command that was given.
    fileprivate var command: String {
        switch self {
        case .forcedFailover: "force-master-failover"
        case .switchover: "graceful-master-takeover"
        case .failover, .coPrimary, .intermediateSource, .rejoin, .semiSync, .writability: ""
        }
    }
}

extension HookFacts {
    /// What is known when a recovery begins.
    fileprivate init(_ succession: Succession, _ order: RecoveryOrder, in scene: RuleScene) {
        self.init(failed: succession.failed)
        let cluster = scene.forest.cluster(of: succession.failed)
        failure = order.failure ?? ""
        orchestratorFailure = order.orchestratorFailure ?? failure
        description = order.description
        instanceType = succession.occasion.instanceType
        command = order.trigger == .manual ? succession.occasion.command : ""
        self.cluster = cluster?.id.description ?? succession.failed.description
        clusterAlias = cluster?.alias ?? ""
        replicas = scene.fleet.replicas(of: succession.failed).sorted()
        isDowntimed = scene.marks.downtime(of: succession.failed, at: scene.now) != nil
        isAutomatic = order.trigger == .automatic
        host = ProcessInfo.processInfo.hostName
        successor = succession.successor
        successorAlias = succession.successor.flatMap { scene.fleet[$0]?.alias } ?? ""
    }
}
