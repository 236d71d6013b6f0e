import Engine
import Logging
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("What the engine remembers at its start", .timeLimit(.minutes(1))) struct MemoryTests {
    private let servers = FakeServers()
    private let log = CapturedLog()

    private func engine(_ recorder: FakeRecorder) -> Engine {
        let logger = Logger(label: "test") { [log] _ in CapturedLog.Handler(log: log) }
        let configuration = EngineConfiguration(seeds: ["db1"], recordingInterval: .milliseconds(20))
        return Engine(configuration, recorder: recorder, logger: logger) { [servers] in servers.prober(for: $0) }
    }

    @Test("a run that ends while its store is read tells of no trouble with the store")
    func cancelledReading() async throws {
        let recorder = FakeRecorder(.init(hangs: true))
        let engine = engine(recorder)
        let run = Task { await engine.run() }
        try await eventually("the store is read") { recorder.state.withLock(\.readings) == 1 }
        run.cancel()
        await run.value
        #expect(log.lines.withLock { $0 } == [])
        #expect(servers.openProbers == 0)
    }

    @Test("a store that cannot be read is told, and watching goes on without it")
    func brokenReading() async throws {
        if let facts = Instance.source("db1").facts { servers.add(facts, at: "db1") }
        let recorder = FakeRecorder(.init(isBroken: true))
        let engine = engine(recorder)
        let updates = await engine.updates()
        let run = Task { await engine.run() }
        _ = try await first(of: updates, "db1 answers") { $0.fleet["db1"]?.contact.isReachable == true }
        run.cancel()
        await run.value
        #expect(log.lines.withLock { $0 }.contains { $0.hasPrefix("the last known fleet cannot be read") })
    }
}

/// What was logged, from warnings on.
private final class CapturedLog: Sendable {
    let lines = Mutex<[String]>([])

    struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append("\(event.message)") }
        }
    }
}
