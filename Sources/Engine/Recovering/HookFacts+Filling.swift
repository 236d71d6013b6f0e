import Diagnosis
import Foundation
import Hooks
import Refactoring
import Storage
import Topology

extension HookFacts {
    /// What is known of a server that failed or hands over, whatever is done about it.
    private init(
        of failed: InstanceAddress, as type: String, in forest: Forest, _ fleet: Fleet, _ marks: OperatorMarks,
        at now: Timestamp
    ) {
        self.init(failed: failed)
        let found = forest.cluster(of: failed)
        instanceType = type
        cluster = found?.id.description ?? failed.description
        clusterAlias = found?.alias ?? ""
        replicas = fleet.replicas(of: failed).sorted()
        isDowntimed = marks.downtime(of: failed, at: now) != nil
        host = ProcessInfo.processInfo.hostName
    }

    private mutating func tell(of failure: String, _ orchestratorFailure: String?, _ description: String) {
        self.failure = failure
        self.orchestratorFailure = orchestratorFailure ?? failure
        self.description = description
    }

    /// What is known when a failure is found.
    init(_ found: Failure, in diagnosis: Diagnosis) {
        let inputs = diagnosis.inputs
        self.init(
            of: found.subject, as: found.recovery.kind.instanceType, in: diagnosis.forest, diagnosis.fleet,
            inputs.marks, at: inputs.now)
        tell(of: found.code.rawValue, found.code.orchestratorName, found.summary)
    }

    /// What is known when a recovery begins.
    init(_ succession: Succession, _ order: RecoveryOrder, in scene: RuleScene) {
        self.init(
            of: succession.failed, as: succession.occasion.instanceType, in: scene.forest, scene.fleet, scene.marks,
            at: scene.now)
        tell(of: order.failure ?? "", order.orchestratorFailure, order.description)
        command = order.trigger == .manual ? succession.occasion.command : ""
        isAutomatic = order.trigger == .automatic
        successor = succession.successor
        successorAlias = succession.successor.flatMap { scene.fleet[$0]?.alias } ?? ""
    }
}

extension RecoveryCall? {
    /// As orchestrator's hooks know what has failed.
    fileprivate var instanceType: String {
        switch self {
        case .coPrimary: "co-master"
        case .intermediateSource: "intermediate-master"
        case .groupMember: "group-member"
        default: "master"
        }
    }
}

extension Succession.Occasion {
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
