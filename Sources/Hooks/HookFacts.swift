import Topology

/// What a hook is told: by placeholders in its command and by its environment, in orchestrator's names and baton's.
public struct HookFacts: Hashable, Sendable, Codable {
    /// The failure's code as baton calls it; empty where there is none, as for a switchover.
    public var failure = ""
    /// orchestrator's name of it; as ``failure`` where it has none.
    public var orchestratorFailure = ""
    /// What has failed, in words.
    public var description = ""
    /// `master`, `co-master`, `intermediate-master` or `group-member`.
    public var instanceType = ""
    /// orchestrator's name of the command that was given; empty for an automatic recovery.
    public var command = ""
    /// The server that failed, or that hands over.
    public var failed: InstanceAddress
    public var cluster = ""
    public var clusterAlias = ""
    /// Servers whose source it was.
    public var replicas: [InstanceAddress] = []
    public var isDowntimed = false
    /// Whether it goes on without anybody's word.
    public var isAutomatic = false
    /// The host on which this baton runs.
    public var host = ""
    public var recovery = ""
    /// Who takes the place; `nil` where nobody does, or did.
    public var successor: InstanceAddress?
    public var successorAlias = ""
    /// Replicas that were left behind.
    public var lost: [InstanceAddress] = []
    public var isSuccessful = false

    /// Makes facts of which only the server is known.
    public init(failed: InstanceAddress) {
        self.failed = failed
    }

    /// A value with the placeholders that stand for it, and its name in the environment after `ORC_` and `BATON_`.
    struct Value {
        let placeholders: [String]
        let variable: String?
        let text: String

        init(_ placeholders: [String], _ variable: String?, _ text: String) {
            self.placeholders = placeholders
            self.variable = variable
            self.text = text
        }
    }

    /// All values. orchestrator leaves the placeholders of a successor that is not known as they are; here they are empty.
    var values: [Value] {
        let isPrimary = instanceType == "master"
        return [
            Value(["failureType"], "FAILURE_TYPE", orchestratorFailure),
            Value(["instanceType"], "INSTANCE_TYPE", instanceType),
            Value(["isMaster"], "IS_MASTER", "\(isPrimary)"),
            Value(["isCoMaster"], "IS_CO_MASTER", "\(instanceType == "co-master")"),
            Value(["failureDescription"], "FAILURE_DESCRIPTION", description),
            Value(["command"], "COMMAND", command),
            Value(["failedHost"], "FAILED_HOST", failed.host),
            Value(["failedPort"], "FAILED_PORT", "\(failed.port)"),
            Value(["failureCluster"], "FAILURE_CLUSTER", cluster),
            Value(["failureClusterAlias"], "FAILURE_CLUSTER_ALIAS", clusterAlias),
            Value(["failureClusterDomain"], "FAILURE_CLUSTER_DOMAIN", ""),
            Value(["countSlaves", "countReplicas"], "COUNT_REPLICAS", "\(replicas.count)"),
            Value(["isDowntimed"], "IS_DOWNTIMED", "\(isDowntimed)"),
            Value(
                ["autoMasterRecovery"], "AUTO_MASTER_RECOVERY",
                "\(isAutomatic && instanceType.hasSuffix("master") && instanceType != "intermediate-master")"),
            Value(
                ["autoIntermediateMasterRecovery"], "AUTO_INTERMEDIATE_MASTER_RECOVERY",
                "\(isAutomatic && instanceType == "intermediate-master")"),
            Value(["orchestratorHost"], "ORCHESTRATOR_HOST", host),
            Value(["recoveryUID"], "RECOVERY_UID", recovery),
            Value(["isSuccessful"], "IS_SUCCESSFUL", "\(isSuccessful)"),
            Value(["lostSlaves", "lostReplicas"], "LOST_REPLICAS", Self.list(lost)),
            Value(["countLostReplicas"], nil, "\(lost.count)"),
            Value(["slaveHosts", "replicaHosts"], "REPLICA_HOSTS", Self.list(replicas)),
            Value(["successorHost"], "SUCCESSOR_HOST", successor?.host ?? ""),
            Value(["successorPort"], "SUCCESSOR_PORT", successor.map { "\($0.port)" } ?? ""),
            Value(["successorAlias"], "SUCCESSOR_ALIAS", successorAlias),
        ]
    }

    /// The variables of a hook's environment.
    public var environment: [String: String] {
        var variables = ["BATON_FAILURE": failure, "BATON_HOST": host, "BATON_COUNT_LOST_REPLICAS": "\(lost.count)"]
        for value in values {
            guard let name = value.variable else { continue }
            variables["ORC_\(name)"] = value.text
            variables["BATON_\(name)"] = value.text
        }
        return variables
    }

    private static func list(_ servers: [InstanceAddress]) -> String {
        servers.map(\.description).joined(separator: ",")
    }
}
