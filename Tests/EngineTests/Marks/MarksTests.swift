import Diagnosis
import Discovery
import Foundation
import Operations
import Servers
import Storage
import TestSupport
import Testing
import Topology

@testable import Engine

@Suite("What operators say, as the engine publishes it")
struct MarksTests {
    private static let now = Timestamp(seconds: 1_790_000_000)
    private let db1 = InstanceAddress(host: "db1")

    private func store() async throws -> Store {
        try await Store.open(
            at: FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path)
    }

    private func desk(_ store: Store) -> OperationDesk {
        OperationDesk(OperatingSettings(), store: store, now: { Self.now }) {
            LiveServers { _ in ConnectionSettings(credentials: Credentials(user: "")) }
        }
    }

    /// A replica whose threads run, or not.
    private func replica(isReplicating: Bool, isReachable: Bool = true) -> Instance {
        var channel = ReplicationChannel(source: InstanceAddress(host: "db0"))
        channel.receiver = isReplicating ? .running : .stopped
        channel.applier = isReplicating ? .running : .stopped
        var facts = InstanceFacts(
            version: ServerVersion(parsing: "8.4.3"),
            identity: ServerIdentity(serverID: 1, hostName: "db1", port: 3306))
        facts.channels = [channel]
        let failure = ContactFailure(kind: .readTimeout, code: 2013, message: "no answer")
        return Instance(
            address: db1,
            contact: isReachable
                ? .reachable(since: Self.now) : .unreachable(since: Self.now, lastSeen: Self.now, failure),
            facts: facts)
    }

    @Test("a server that a recovery lost is no longer downtimed when it replicates again, after a minute at least")
    func foundAgain() {
        func found(
            _ downtime: Downtime, age: Duration, isReplicating: Bool = true, isReachable: Bool = true
        ) -> [InstanceAddress] {
            let mark = Mark(downtime, owner: "recovery 1", reason: "", begins: Self.now - age)
            let fleet = Fleet([replica(isReplicating: isReplicating, isReachable: isReachable)])
            return OperatorMarks(downtimes: [db1: mark]).foundAgain(in: fleet, at: Self.now)
        }
        #expect(found(.lostInRecovery, age: .seconds(60)) == [db1])
        #expect(found(.lostInRecovery, age: .seconds(59)) == [])
        #expect(found(.planned, age: .seconds(600)) == [])
        #expect(found(.lostInRecovery, age: .seconds(600), isReplicating: false) == [])
        #expect(found(.lostInRecovery, age: .seconds(600), isReachable: false) == [])
    }

    @Test("a co-primary that was given up stays lost while clients write on it, though it follows the other one again")
    func staysLost() {
        func found(_ writability: Writability) -> [InstanceAddress] {
            var old = replica(isReplicating: true)
            old.facts?.writability = writability
            let mark = Mark(Downtime.lostInRecovery, owner: "recovery 1", reason: "", begins: Self.now - .seconds(600))
            let replaced = ReplacedPrimary(recovery: 1, successor: InstanceAddress(host: "db0"), identity: nil)
            return OperatorMarks(downtimes: [db1: mark], replaced: [db1: replaced])
                .foundAgain(in: Fleet([old]), at: Self.now)
        }
        #expect(found(.writable) == [])
        #expect(found(.superReadOnly) == [db1])
    }

    @Test("maintenance keeps operations away, with who and why, until it ends")
    func maintenance() async throws {
        let store = try await store()
        let desk = desk(store)
        try await desk.mark(db1, .maintenance, for: .seconds(60), reason: "ram", by: Author(user: "ann"))
        let lock = try await desk.locks()[db1]
        #expect(lock?.hasPrefix("the maintenance of ann (ram), until ") == true, "\(lock ?? "-")")
        #expect(try await desk.endMark(.maintenance, of: db1, by: Author(user: "ann")))
        #expect(try await desk.locks().isEmpty)
        #expect(try await !desk.endMark(.maintenance, of: db1, by: Author(user: "ann")))
        let path = store.path
        try store.close()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("what another process says is seen, and a downtimed server has no problems to tell")
    func silence() async throws {
        let store = try await store()
        let desk = desk(store)
        let fleet = Fleet([replica(isReplicating: false)])
        #expect(try await desk.marks(in: fleet) == OperatorMarks())
        let other = try await Store.open(at: store.path)
        try await other.set(
            Mark(.downtime(.planned), owner: "ann", reason: "", begins: Self.now), on: db1, at: Self.now)
        try await eventually("the mark of another process is seen") {
            try await desk.marks(in: fleet).downtime(of: db1, at: Self.now) != nil
        }
        let reading = FleetReading(diagnosis: Diagnosis(of: fleet), origin: .live)
        #expect(reading.problems.contains { $0.subject == db1 })
        let marked = reading.marked(try await desk.marks(in: fleet), at: Self.now)
        #expect(!marked.problems.contains { $0.subject == db1 })
        #expect(marked.diagnosis.silentProblems.count == reading.problems.count { $0.subject == db1 })
        #expect(marked.diagnosis.status(of: db1) == .downtimed)
        // It goes on as the fleet changes, and ends with the downtime.
        let later = Diagnosis(of: fleet, after: marked.diagnosis)
        #expect(later.status(of: db1) == .downtimed)
        #expect(later.silencing([]).problems == reading.problems)
        try other.close()
        let path = store.path
        try store.close()
        try FileManager.default.removeItem(atPath: path)
    }

    @Test("what a query answers about promotion counts where nobody has said anything else")
    func reportedRule() {
        var instance = replica(isReplicating: true)
        instance.facts?.attributes = ReportedAttributes(promotionRule: "PREFER_NOT")
        let fleet = Fleet([instance])
        let marks = OperatorMarks()
        #expect(marks.completed(byAnswersIn: fleet, at: Self.now).promotionRule(of: db1, at: Self.now) == .preferNot)
        let said = OperatorMarks(promotionRules: [
            db1: Mark(.neutral, owner: "ann", reason: "", begins: Self.now, ends: Self.now + .seconds(5))
        ])
        #expect(said.completed(byAnswersIn: fleet, at: Self.now).promotionRule(of: db1, at: Self.now) == .neutral)
        let later = Self.now + .seconds(5)
        #expect(said.completed(byAnswersIn: fleet, at: later).promotionRule(of: db1, at: later) == .preferNot)
    }
}
