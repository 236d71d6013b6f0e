import Diagnosis
import Engine
import Storage
import Synchronization
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

/// A terminal of values: what is shown can be read, and events are put in.
final class FakeTerminal: Terminal {
    let events: AsyncStream<TerminalEvent>
    let input: AsyncStream<TerminalEvent>.Continuation
    let size = GridSize(width: 80, height: 24)
    let capabilities = TerminalCapabilities(depth: .sixteen, unicode: true)
    private let state = Mutex<(text: String, frames: Int, suspensions: Int, hasEnded: Bool)>(("", 0, 0, false))

    init() {
        (events, input) = AsyncStream.makeStream()
    }

    var text: String { state.withLock { $0.text } }
    var frames: Int { state.withLock { $0.frames } }
    var suspensions: Int { state.withLock { $0.suspensions } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func show(_ grid: Grid, cursor: GridPoint?) {
        let text = grid.plainText
        state.withLock {
            $0.text = text
            $0.frames += 1
        }
    }

    func redraw() {}

    func suspend() { state.withLock { $0.suspensions += 1 } }

    func end() async {
        state.withLock { $0.hasEnded = true }
        input.finish()
    }
}

/// A backend whose updates come from the test.
struct FakeBackend: ConsoleBackend {
    let stream: AsyncStream<EngineUpdate>
    let source: AsyncStream<EngineUpdate>.Continuation
    let wishes = Wishes()

    actor Wishes {
        private(set) var all: [ConsoleEffect] = []

        func add(_ wish: ConsoleEffect) { all.append(wish) }
    }

    init() {
        (stream, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func show(_ fleet: Fleet) { source.yield(EngineUpdate(diagnosis: Diagnosis(of: fleet), origin: .live)) }

    func updates() async -> AsyncStream<EngineUpdate> { stream }

    func perform(_ wish: ConsoleEffect) async -> Notice? {
        await wishes.add(wish)
        return Notice(.done, "it was done")
    }

    func pastEvents() async -> [Event] { [] }
}

@Suite("A console session")
struct ConsoleSessionTests {
    private let terminal = FakeTerminal()
    private let backend = FakeBackend()

    /// Runs a session beside a test, and gives back how it ended.
    private func ending(_ body: () async throws -> Void) async throws -> ConsoleSession.Ending {
        let session = ConsoleSession(
            backend: backend, terminal: terminal, palette: ThemeLibrary.builtIn.palette(depth: .sixteen, unicode: true),
            state: ConsoleState(size: terminal.size, keymap: KeymapLibrary.builtIn),
            time: { (.testNow, ClockWords()) })
        let running = Task { await session.run() }
        do {
            try await body()
        } catch {
            running.cancel()
            _ = await running.value
            throw error
        }
        return await running.value
    }

    @Test("paints before anything is known, then what comes, and q puts the terminal back")
    func paints() async throws {
        let ending = try await ending {
            try await eventually("the first picture") { terminal.text.contains("Nothing is known yet") }
            backend.show(.troubled)
            try await eventually("the tree") { terminal.text.contains("db5.fra:3306") }
            terminal.input.yield(.key(.character("q")))
        }
        #expect(ending == .quit)
        #expect(terminal.hasEnded)
    }

    @Test("ends when the terminal is gone, however that is told")
    func hangsUp() async throws {
        #expect(try await ending { terminal.input.yield(.hungUp) } == .hungUp)
        #expect(terminal.hasEnded)
    }

    @Test("ends when the process is asked to")
    func terminates() async throws {
        #expect(try await ending { terminal.input.yield(.terminate(.terminate)) } == .terminated(.terminate))
        #expect(terminal.hasEnded)
    }

    @Test("a stream of events that ends without a word is a terminal that is gone")
    func endsSilently() async throws {
        #expect(try await ending { terminal.input.finish() } == .hungUp)
    }

    @Test("brings wishes to the backend and its answer to the screen")
    func wishes() async throws {
        _ = try await ending {
            backend.show(.healthy)
            try await eventually("the tree") { terminal.text.contains("db3:3306") }
            for character in ":discover db9" { terminal.input.yield(.key(.character(character))) }
            terminal.input.yield(.key(.named(.enter)))
            try await eventually("the answer") { terminal.text.contains("it was done") }
            terminal.input.yield(.key(.ctrl("z")))
            try await eventually("the suspension") { terminal.suspensions == 1 }
            terminal.input.yield(.key(.character("q")))
        }
        #expect(await backend.wishes.all == [.discover("db9")])
    }

    @Test("a flood of updates costs no more than twenty frames a second")
    func coalesces() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await ending {
            for lag in 0..<2000 {
                backend.show(Fleet([.source("db1"), .replica("db2", of: "db1", lag: .seconds(lag))]))
                if lag.isMultiple(of: 50) { await Task.yield() }
            }
            try await eventually("the last update") { terminal.text.contains("33 min") }
            terminal.input.yield(.key(.character("q")))
        }
        let seconds = (clock.now - start).inSeconds
        #expect(Double(terminal.frames) <= 20 * seconds + 5, "\(terminal.frames) frames in \(seconds) s")
    }
}

@Suite("The pace of frames")
struct FramePacerTests {
    @Test("a key is answered at once, news waits for its turn, and nothing new is not drawn")
    func pace() {
        let start = ContinuousClock.now
        var pacer = FramePacer()
        #expect(pacer.isDue(at: start, isUrgent: false))
        pacer.didDraw(at: start)
        #expect(!pacer.isDue(at: start + .seconds(9), isUrgent: true))
        pacer.invalidate()
        #expect(!pacer.isDue(at: start + .milliseconds(10), isUrgent: false))
        #expect(pacer.isDue(at: start + .milliseconds(10), isUrgent: true))
        #expect(pacer.nextLook(hasRunningAge: false) == start + FramePacer.interval)
        #expect(pacer.isDue(at: start + FramePacer.interval, isUrgent: false))
    }

    @Test("while nothing changes the console wakes up for ages only")
    func idle() {
        let start = ContinuousClock.now
        var pacer = FramePacer()
        pacer.didDraw(at: start)
        #expect(pacer.nextLook(hasRunningAge: false) == nil)
        #expect(pacer.nextLook(hasRunningAge: true) == start + .seconds(1))
    }
}
