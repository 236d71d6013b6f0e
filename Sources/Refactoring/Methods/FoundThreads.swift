import Topology

/// Which threads of a channel ran when the plan was made, so that it leaves them as it found them: who was stopped stays
/// stopped, who ran runs.
struct FoundThreads {
    let channel: ReplicationChannel

    init(_ channel: ReplicationChannel) {
        self.channel = channel
    }

    /// A receiver that tries to connect was started too.
    var receiver: Bool { channel.receiver != .stopped }
    var applier: Bool { channel.applier == .running }
    var areRunning: Bool { receiver && applier }

    private var running: ReplicationThreads? {
        switch (receiver, applier) {
        case (true, true): .both
        case (true, false): .receiver
        case (false, true): .applier
        case (false, false): nil
        }
    }

    /// Stops what runs; nothing where nothing does.
    var stop: [Command] { running == nil ? [] : [.stopReplication(channel: channel.name)] }

    /// Starts what ran.
    var start: [Command] {
        running.map { [.startReplication(channel: channel.name, threads: $0)] } ?? []
    }

    /// How the threads are seen as they were; a receiver that had not connected need not connect.
    var asFound: [Expectation] {
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
    var underNewSource: [Expectation] {
        areRunning ? [.replicates(channel: channel.name)] : asFound
    }

    /// How both are seen when stopped.
    var stopped: [Expectation] { [.stopped(.both, channel: channel.name)] }
}
