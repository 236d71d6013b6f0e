import Engine
import Foundation
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Operations that wait for a decision")
struct UndecidedOperationTests {
    private let executed = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"
    private var fleet: Fleet {
        Fleet([
            .source("a", executed: executed), .replica("b", of: "a", executed: executed),
            .replica("c", of: "a", executed: executed), .replica("d", of: "a", executed: executed),
        ])
    }

    @Test("a plan for a server that one of them was at says so, until somebody has decided")
    func warning() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString).db").path
        let store = try await Store.open(at: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let connection = ConnectionSettings(credentials: Credentials(user: "root"))
        let desk = OperationDesk(OperatingSettings(), store: store) { LiveServers(settings: { _ in connection }) }
        let journal = StoreJournal(store)
        let scene = desk.scene(of: fleet)
        func warnings(moving replica: InstanceAddress) async throws -> [Reason] {
            _ = try await desk.locks()
            let answer = desk.plan(.move(.relocate(ReplicaChannel(replica), below: "b")), in: scene)
            #expect(answer.plan != nil, "it is no refusal: \(answer.reasons)")
            return answer.reasons.filter { $0.rule == "plan.undecided" }
        }
        #expect(try await warnings(moving: "c").isEmpty)

        let plan = try #require(desk.plan(.move(.relocate(ReplicaChannel("c"), below: "b")), in: scene).plan)
        let operation = try await journal.begin(plan, on: ["c"], reason: "", undoes: nil)
        try await journal.note(.begun, step: 0, of: operation.id, note: nil, observed: Observed())
        try await journal.end(operation.id, .failed, report: "the server went away")

        let found = try #require(try await warnings(moving: "c").first)
        #expect(found.gravity == .warn)
        #expect(found.sentence.contains("operation \(operation.id) did not come to its end"))
        #expect(found.remedies == [.command("baton operations show \(operation.id)")])
        #expect(try await warnings(moving: "d").isEmpty, "it was not at that one")

        try await journal.settle(operation.id, .left, report: nil)
        #expect(try await warnings(moving: "c").isEmpty)
        try store.close()
    }
}
