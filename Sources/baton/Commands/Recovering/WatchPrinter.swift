import Diagnosis
import Engine
import Servers
import Storage
import Synchronization
import Topology

/// Prints what changes, a line each.
final class WatchPrinter: Sendable {
    /// What was told last.
    private let last = Mutex<(diagnosis: Diagnosis, recording: RecordingState)?>(nil)

    /// What has changed since the update before.
    func print(_ update: EngineUpdate) {
        let now = Timestamp.now()
        let lines = last.withLock { last in
            let before = last?.diagnosis ?? Diagnosis(of: Fleet(), limits: update.diagnosis.limits)
            let recording = last?.recording
            last = (update.diagnosis, update.recording)
            return Self.events(from: before, to: update.diagnosis, at: now)
                + (recording == update.recording ? [] : Self.words(update.recording, at: now))
        }
        Answer.print(lines: lines)
    }

    /// What an automatic recovery tells.
    func print(_ event: AutomaticEvent) {
        Answer.print(line: "\(Timestamp.now())  \(event.line)")
    }

    private static func events(from old: Diagnosis, to new: Diagnosis, at now: Timestamp) -> [String] {
        guard new.fleet.version != old.fleet.version else { return [] }
        let changed = new.fleet.addresses(changedSince: old.fleet)
        return EventText(fleet: new.fleet).lines(FleetEvents.all(from: old, to: new, changed: changed, at: now))
    }

    private static func words(_ state: RecordingState, at now: Timestamp) -> [String] {
        switch state {
        case .off: []
        case .writing: ["\(now)  this baton writes the store"]
        case .following(let holder): ["\(now)  another baton writes the store: \(holder)"]
        case .failing(let reason): ["\(now)  the store cannot be written: \(reason)"]
        }
    }
}
