import Refactoring
import TestSupport
import Topology

/// Plans that tests make by hand.
enum Plans {
    static let fleet: [Instance] = [
        .source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1"), .replica("db4", of: "db1"),
    ]

    /// Replicas go below a sibling by GTID, in three stages, all at once.
    static func move(_ replicas: [InstanceAddress], from old: InstanceAddress, to new: InstanceAddress) -> Plan {
        var steps: [Step] = []
        for replica in replicas {
            steps.append(
                Step(
                    stage: 0, on: replica, "stop replication",
                    preconditions: [
                        .identity(serverID: replica.testServerID, replica.testUUID), .follows(old, channel: ""),
                        .replicates(channel: ""),
                    ],
                    commands: [.stopReplication(channel: "")], observes: [Observation(.executedGTIDs, of: replica)],
                    proof: [.stopped(.both, channel: "")], timeLimit: .seconds(2),
                    inverse: [.startReplication(channel: "")]))
        }
        for replica in replicas {
            steps.append(
                Step(
                    stage: 1, on: replica, "follow the new source",
                    preconditions: [.follows(old, channel: ""), .stopped(.both, channel: "")],
                    commands: [.changeSource(channel: "", SourceChange(source: new, positioning: .autoPosition))],
                    proof: [.follows(new, channel: "")], timeLimit: .seconds(2),
                    inverse: [.changeSource(channel: "", SourceChange(source: old, positioning: .autoPosition))]))
        }
        for replica in replicas {
            steps.append(
                Step(
                    stage: 2, on: replica, "start replication",
                    preconditions: [.follows(new, channel: ""), .stopped(.both, channel: "")],
                    commands: [.startReplication(channel: "")], proof: [.replicates(channel: "")],
                    timeLimit: .seconds(2), inverse: [.stopReplication(channel: "")]))
        }
        return Plan(
            intent: "Move \(replicas.count) replicas below \(new)", verb: "relocate", method: "gtid", steps: steps)
    }
}
