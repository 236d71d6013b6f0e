import Engine
import Storage
import Synchronization
import TestSupport
import Topology

/// A recorder that keeps everything in memory, and can hang or be broken.
final class FakeRecorder: FleetRecorder {
    struct Trouble: Error {}

    struct State {
        var remembered: RememberedFleet?
        var isBroken = false
        /// Whether a call waits until this is cleared or its task is cancelled.
        var hangs = false
        /// How many have asked for the last fleet.
        var readings = 0
        var batches = 0
        var changed: [InstanceAddress] = []
        var events: [Event] = []
        var failures: [SeenFailure] = []
        var forgotten: [InstanceAddress] = []
        var isFinished = false
    }

    let state: Mutex<State>

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    func lastFleet() async throws -> RememberedFleet? {
        state.withLock { $0.readings += 1 }
        try await untilLetGo()
        return try state.withLock { state in
            if state.isBroken { throw Trouble() }
            return state.remembered
        }
    }

    private func untilLetGo() async throws {
        try await eventually(within: .seconds(60), "the recorder is let go") { state.withLock { !$0.hangs } }
    }

    func record(
        _ fleet: Fleet, changed: [InstanceAddress], events: [Event], at now: Timestamp
    ) async throws -> RecordingState {
        try await untilLetGo()
        return try state.withLock { state in
            if state.isBroken { throw Trouble() }
            state.batches += 1
            state.changed += changed
            state.events += events
            return .writing
        }
    }

    func note(_ failures: [SeenFailure], watching watched: Set<InstanceAddress>, at now: Timestamp) async throws {
        state.withLock { $0.failures = failures }
    }

    func forgot(_ address: InstanceAddress, at now: Timestamp) async throws {}

    func forgottenMeanwhile() async throws -> [InstanceAddress] {
        state.withLock { state in
            defer { state.forgotten = [] }
            return state.forgotten
        }
    }

    func finish(_ fleet: Fleet, at now: Timestamp) async throws { state.withLock { $0.isFinished = true } }
}
