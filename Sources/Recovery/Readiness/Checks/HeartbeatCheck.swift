import Refactoring
import Topology

extension ReadinessCheck {
    static let heartbeat = ReadinessCheck("ready.heartbeat", "Heartbeats should come often") { view, findings in
        for (instance, channel) in view.replicas {
            guard let period = channel.heartbeatPeriod, period == .zero || period > view.limits.heartbeat else {
                continue
            }
            let isOff = period == .zero
            findings.append(
                ReadinessFinding(
                    "ready.heartbeat", isOff ? .harms : .advice, of: instance.address,
                    isOff
                        ? "\(instance.address) gets no heartbeats, so that a frozen primary is not noticed there"
                        : "\(instance.address) gets a heartbeat every \(period.inWords): a frozen primary is noticed after "
                            + (period * 2).inWords,
                    measured: [Measurement("heartbeat period", of: instance.address, period.inWords)],
                    remedies: remedies(for: instance, channel)))
        }
    }

    /// Changing the period stops the receiver for a moment, and on MariaDB both threads.
    private static func remedies(for instance: Instance, _ channel: ReplicationChannel) -> [Remedy] {
        guard let version = instance.facts?.version else { return [.command("baton doctor \(instance.address)")] }
        guard version.flavor.isMySQLFamily else {
            let name = channel.name.isEmpty ? "" : " '\(channel.name)'"
            return [
                "STOP SLAVE\(name)", "CHANGE MASTER\(name) TO MASTER_HEARTBEAT_PERIOD = 1", "START SLAVE\(name)",
            ].map { .statement($0, on: instance.address) }
        }
        let isNew = version.isAtLeast(8, 0, 23)
        let place = channel.name.isEmpty ? "" : " FOR CHANNEL '\(channel.name)'"
        let replica = version.isAtLeast(8, 0, 22) ? "REPLICA" : "SLAVE"
        return [
            "STOP \(replica) IO_THREAD\(place)",
            isNew
                ? "CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD = 1\(place)"
                : "CHANGE MASTER TO MASTER_HEARTBEAT_PERIOD = 1\(place)",
            "START \(replica) IO_THREAD\(place)",
        ].map { .statement($0, on: instance.address) }
    }
}
