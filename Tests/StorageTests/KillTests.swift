import Foundation
import Glibc
import Storage
import TestSupport
import Testing
import Topology

@Suite("A store whose writers are killed")
struct KillTests {
    /// The helper lies beside the test program, where it is built.
    static var writer: URL {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("store-writer")
    }

    @Test("loses nothing that was acknowledged, and stays sound")
    func kill() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("baton.db")
        var random = RandomDocuments(seed: 9)
        var lastEvent = 0
        var lastRecord = 0
        var lives = 0
        for round in 0..<30 {
            // Every second one is killed while it writes, the others while they start and open the store.
            let moment: Moment =
                round.isMultiple(of: 2) ? .afterLines(1 + random.number(40)) : random.pick(Moment.early)
            let lines = try await Self.runAndKill(path, at: moment)
            if !lines.isEmpty { lives += 1 }
            for line in lines {
                let words = line.split(separator: " ")
                guard words.count == 2, let number = Int(words[1]) else { continue }
                if words[0] == "event" { lastEvent = number } else { lastRecord = number }
            }
            let store = try await Store.open(at: path)
            #expect(try await store.check().isEmpty)
            let events = try await store.events()
            let newest = events.last.flatMap { Int($0.text) } ?? 0
            // What was under way when the writer died may be there or not; what it printed has to be.
            #expect(newest == lastEvent || newest == lastEvent + 1)
            lastEvent = newest
            let fleet = try await store.loadFleet().fleet
            let recorded = Int(fleet[InstanceAddress(host: "w")]?.facts?.identity.serverID ?? 0)
            #expect(recorded >= lastRecord && recorded <= lastEvent)
            lastRecord = recorded
            let past = try await store.fleet(at: Timestamp(seconds: 1_800_000_000))
            #expect(past.content == fleet.content)
            try store.close()
        }
        let store = try await Store.open(at: path)
        var filter = EventFilter()
        filter.limit = .max
        #expect(try await store.events(filter).map(\.text) == (0..<lastEvent).map { "\($0 + 1)" })
        #expect(lives >= 15, "the writers got to write before they were killed")
    }

    @Test("is shared by several writers at once, and one of them at a time writes the history")
    func several() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("baton.db")
        let writers = try (0..<3).map { index -> (Process, Pipe) in try Self.start(path, "w\(index)") }
        // Each gets to open the new store at the same moment, and to write.
        let store = try await Store.open(at: path)
        defer {
            for (process, _) in writers {
                Glibc.kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
        }
        try await eventually(within: .seconds(20), "each has written") {
            Set(try await store.events().compactMap { $0.address?.host }) == ["w0", "w1", "w2"]
        }
        #expect(try await store.check().isEmpty)
    }

    static func start(_ path: String, _ name: String) throws -> (Process, Pipe) {
        let process = Process()
        process.executableURL = writer
        process.arguments = [path, name]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        return (process, pipe)
    }

    /// When a writer is killed.
    enum Moment {
        /// As soon as its process is there.
        case atStart
        /// While it has the store's file open, or its write-ahead log too.
        case opened(suffix: String)
        /// After it has acknowledged so many writes: while it does the next one.
        case afterLines(Int)

        static let early: [Moment] = [.atStart, .opened(suffix: "baton.db"), .opened(suffix: "baton.db-wal")]
    }

    /// What one writer acknowledged until it was killed.
    static func runAndKill(_ path: String, at moment: Moment) async throws -> [Substring] {
        let (process, pipe) = try start(path, "w")
        defer { if process.isRunning { process.terminate() } }
        var output = Data()
        switch moment {
        case .atStart: break
        case .opened(let suffix):
            try await eventually("the writer has \(suffix) open") {
                openFiles(of: process.processIdentifier).contains { $0.hasSuffix(suffix) }
            }
        case .afterLines(let lines):
            while output.count(where: { $0 == 0x0A }) < lines {
                let more = pipe.fileHandleForReading.availableData
                if more.isEmpty { break }
                output += more
            }
        }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        output += pipe.fileHandleForReading.readDataToEndOfFile()
        // A last line without its end may be cut off.
        return String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
    }

    private static func openFiles(of process: pid_t) -> [String] {
        let folder = "/proc/\(process)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
    }
}
