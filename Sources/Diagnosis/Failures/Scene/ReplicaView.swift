import Topology

/// One channel of a replica, seen from its source: each counts as a replica of its own. By reference: views are gathered,
/// sorted and counted, and each holds much.
final class ReplicaView: Sendable {
    private let held: HeldInstance
    let channel: ReplicationChannel
    /// What it hears; only where the replica answers now.
    let hearing: Hearing?
    let isDowntimed: Bool
    /// How it logs what it applies; `nil` where it does not.
    let relayedFormat: BinaryLog.Format?

    init(_ held: HeldInstance, _ channel: ReplicationChannel, _ inputs: CountingInputs) {
        self.held = held
        let replica = held.instance
        self.channel = channel
        hearing =
            replica.contact.isReachable
            ? Hearing(channel, longestHeartbeatPeriod: inputs.limits.longestHeartbeatPeriod) : nil
        isDowntimed = !inputs.downtimes.isEmpty && inputs.downtimes[replica.address] != nil
        relayedFormat = replica.facts?.binaryLog.flatMap { $0.logsReplicaUpdates ? $0.format : nil }
    }

    var replica: Instance { held.instance }

    /// The replica's facts, without a copy of all that is known of it.
    var facts: InstanceFacts? { held.instance.facts }

    /// The replica's address, without one too.
    var address: InstanceAddress { held.instance.address }

    /// Whether the replica answers now.
    var answers: Bool { hearing != nil }

    /// Whether an attempt to ask it has ended in this run.
    var isAsked: Bool { held.instance.contact.isAnswerOfThisRun }

    var isReplicating: Bool { answers && channel.isReplicating }

    /// Replica and channel in a line.
    var name: String { "\(replica.address)" + channel.phrase }
}
