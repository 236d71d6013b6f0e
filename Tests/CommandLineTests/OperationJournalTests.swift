import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("The journal as the command line tells it")
struct OperationJournalTests {
    private static let plan =
        #"{"intent":"Stop d","method":"-","methodsRefused":[],"steps":[],"undoMoves":[],"verb":"stop-replica","versions":[]}"#
    private static let forged = "fake\n  outcome: done\n\u{1B}[31mRED\u{9B}31m"
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    /// An operation as an older baton wrote it.
    ///
    /// - Parameter isHeld: whether a process is at it: this one.
    private func journal(isHeld: Bool, _ outcome: OperationRecord.Outcome = .running) async throws -> Int64 {
        let store = try await Store.open(at: sandbox.storePath)
        defer { try? store.close() }
        let now = Timestamp.now()
        let holder = LeaseHolder.current()
        let record = OperationRecord(
            startedAt: now, user: "tester", reason: Self.forged, verb: "stop-replica", intent: "Stop \u{1B}[31md",
            plan: Self.plan, holder: holder, expires: now + (isHeld ? .seconds(600) : .seconds(-1)))
        guard case .held(let id) = try await store.begin(record, on: ["d"], now: now) else { return 0 }
        if outcome != .running {
            try await store.end(id, outcome, report: "one\u{1B}[31m\ntwo", holder: holder, at: now)
        }
        return id
    }

    private func run(_ arguments: String..., code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    @Test("a reason forges no line of the audit trail and steers no terminal")
    func forgery() async throws {
        let id = try await journal(isHeld: false, .failed)
        for run in [try await run("operations"), try await run("operations", "show", "\(id)")] {
            #expect(!run.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B }, "\(run)")
        }
        let shown = try await run("operations", "show", "\(id)")
        #expect(shown.lines.contains("  why: fake   outcome: done [31mRED31m"), "\(shown)")
        #expect(shown.lines.filter { $0.hasPrefix("  outcome:") } == ["  outcome: failed"], "\(shown)")
        #expect(shown.output.contains("  report: one[31m\n          two\n"), "\(shown)")
        _ = try await run("operations", "leave", "\(id)", "--reason", "a\n  outcome: done")
        let left = try await run("operations", "show", "\(id)")
        #expect(left.lines.filter { $0.hasPrefix("  outcome:") } == ["  outcome: left"], "\(left)")
    }

    @Test("one whose process died is called interrupted, and undoing it points to what can be done")
    func interrupted() async throws {
        let id = try await journal(isHeld: false)
        #expect(try await run("operations", "list", "--open").output.contains("  interrupted  "))
        for arguments in [["operations"], ["operations", "list", "--open"]] {
            let list = try await sandbox.baton(arguments + ["--format", "json"]).json.elements
            #expect(list.map { $0["outcome"]?.text } == ["interrupted"])
        }
        let shown = try await run("operations", "show", "\(id)", "--format", "json").json
        #expect(shown["outcome"]?.text == "interrupted")
        #expect(try await run("operations", "show", "\(id)").lines.contains("  outcome: interrupted"))
        let undone = try await run("operations", "undo", "\(id)", "--yes", "--user", "nobody", code: 3)
        #expect(undone.errors.contains("it is interrupted"), "\(undone)")
        #expect(undone.errors.contains("baton operations resume \(id), roll-back \(id) or leave \(id)"), "\(undone)")
    }

    @Test(
        "75 where a process is still at it, whatever is to be done with it", arguments: ["resume", "roll-back", "undo"])
    func underWay(_ decision: String) async throws {
        let id = try await journal(isHeld: true)
        #expect(try await run("operations", "--format", "json").json.elements.first?["outcome"]?.text == "running")
        let refused = try await run("operations", decision, "\(id)", "--yes", "--user", "nobody", code: 75)
        #expect(refused.errors.contains("is still at it"), "\(refused)")
        _ = try await run("operations", "leave", "\(id)", code: 75)
    }

    @Test("one that could not lock its servers was not begun, and nobody has to decide about it")
    func notBegun() async throws {
        let id = try await journal(isHeld: false, .notBegun)
        #expect(try await run("operations").output.contains("  not-begun  "))
        #expect(try await run("operations", "list", "--open").errors == "no operation is open\n")
        let refused = try await run("operations", "leave", "\(id)", code: 3)
        #expect(refused.errors.contains("it is not begun"), "\(refused)")
    }
}
