import Topology

/// Which threads of a channel ran when the plan was made, so that it leaves them as it found them: who was stopped stays
/// stopped, who ran runs.
package struct FoundThreads {
    package let channel: ReplicationChannel

    package init(_ channel: ReplicationChannel) {
        self.channel = channel
    }

    /// A receiver that tries to connect was started too.
    package var receiver: Bool { channel.receiver != .stopped }
    package var applier: Bool { channel.applier == .running }
    package var areRunning: Bool { receiver && applier }

    private var running: ReplicationThreads? {
        switch (receiver, applier) {
        case (true, true): .both
        case (true, false): .receiver
        case (false, true): .applier
        case (false, false): nil
        }
    }

    /// Stops what runs; nothing where nothing does.
    package var stop: [Command] { running == nil ? [] : [.stopReplication(channel: channel.name)] }

    /// Starts what ran.
    package var start: [Command] {
        running.map { [.startReplication(channel: channel.name, threads: $0)] } ?? []
    }

    /// Stops the receiver alone, where it runs.
    package var stopReceiver: [Command] {
        receiver ? [.stopReplication(channel: channel.name, threads: .receiver)] : []
    }

    /// Starts the receiver alone, where it ran.
    package var startReceiver: [Command] {
        receiver ? [.startReplication(channel: channel.name, threads: .receiver)] : []
    }

    /// How the threads are seen as they were; a receiver that had not connected need not connect.
    package var asFound: [Expectation] {
        let name = channel.name
        switch (channel.receiver, applier) {
        case (.running, true): return [.replicates(channel: name)]
        case (.connecting, true): return [.started(.both, channel: name)]
        case (.stopped, true): return [.stopped(.receiver, channel: name), .started(.applier, channel: name)]
        case (.running, false), (.connecting, false):
            return [.stopped(.applier, channel: name), .started(.receiver, channel: name)]
        case (.stopped, false): return [.stopped(.both, channel: name)]
        }
    }

    /// How they are seen under a source that answers: a receiver that tried to reach another one connects to this one.
    package var underNewSource: [Expectation] {
        areRunning ? [.replicates(channel: channel.name)] : asFound
    }

    /// How both are seen when stopped.
    package var stopped: [Expectation] { [.stopped(.both, channel: channel.name)] }
}
