import Engine
import Storage
import Synchronization
import Topology

/// A recorder that keeps everything in memory, and can be slow or broken.
final class FakeRecorder: FleetRecorder {
    struct Trouble: Error {}

    struct State {
        var remembered: RememberedFleet?
        var isBroken = false
        var pause: Duration = .zero
        var batches = 0
        var changed: [InstanceAddress] = []
        var events: [Event] = []
        var forgotten: [InstanceAddress] = []
        var isFinished = false
    }

    let state: Mutex<State>

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    func lastFleet() async throws -> RememberedFleet? { state.withLock(\.remembered) }

    func record(
        _ fleet: Fleet, changed: [InstanceAddress], events: [Event], at now: Timestamp
    ) async throws -> RecordingState {
        try await Task.sleep(for: state.withLock(\.pause))
        return try state.withLock { state in
            if state.isBroken { throw Trouble() }
            state.batches += 1
            state.changed += changed
            state.events += events
            return .writing
        }
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
