import Refactoring
import Storage
import TestSupport
import Testing
import Topology

@testable import Operations

@Suite("Places that an operation found to be the same")
struct EquivalenceTests {
    private let here = BinlogPosition(file: "binlog.000003", offset: 700)
    private let there = BinlogPosition(file: "log.000001", offset: 42)

    private func series(_ id: UInt32, resets: UInt64 = 0) throws -> BinaryLogSeries {
        try #require(BinaryLogSeries(serverID: id, serverUUID: nil, now: 1_000, counted: 600, resets: resets))
    }

    private func operation(
        _ outcome: OperationRecord.Outcome, alsoRuns extra: [Command] = [], proving: [InstanceAddress] = ["db1", "db2"]
    ) throws -> JournaledOperation {
        let end = Observation(.binaryLogEnd, of: "db2")
        let step = Step(
            stage: 0, on: "db3", "follow db2 at the end of its log",
            preconditions: [.follows("db1", channel: ""), .executed(.known(here), channel: "")],
            commands: extra + [
                .changeSource(channel: "", SourceChange(source: "db2", positioning: .binlog(.observed(end))))
            ], proof: [.follows("db2", channel: "")])
        let plan = Plan(intent: "Move db3 below db2", verb: "relocate", method: "position", steps: [step])
        var observed = Observed()
        observed.note(there.description, for: end)
        for (id, address) in proving.enumerated() { observed.note(try series(UInt32(id + 1)), of: address) }
        var record = OperationRecord(
            startedAt: .testNow, user: "anna", reason: "", verb: plan.verb, intent: plan.intent, plan: "",
            holder: .current(), expires: .testNow)
        record.outcome = outcome
        return JournaledOperation(record: record, plan: plan, observed: observed)
    }

    @Test("are where the replica stood and where it was told to go on, once that is done")
    func done() throws {
        let same = Equivalence(
            Equivalence.Place("db1", here, in: try series(1)), Equivalence.Place("db2", there, in: try series(2)))
        #expect(try operation(.done).equivalences == [same])
        #expect(try operation(.takenBack).equivalences == [same])
    }

    @Test("are not taken from what failed, or made a log anew")
    func others() throws {
        #expect(try operation(.failed).equivalences.isEmpty)
        #expect(try operation(.done, alsoRuns: [.resetBinaryLogs]).equivalences.isEmpty)
    }

    @Test("are not taken where a server did not prove that its log went on")
    func unproved() throws {
        #expect(try operation(.done, proving: ["db1"]).equivalences.isEmpty)
        #expect(try operation(.done, proving: []).equivalences.isEmpty)
    }

    @Test("hold in the same process with as many resets, and in no other")
    func relations() throws {
        let known = try series(1)
        func later(_ id: UInt32 = 1, _ uuid: String? = nil, since: Int64 = 400, resets: UInt64 = 0) throws
            -> BinaryLogSeries.Relation
        {
            let series = BinaryLogSeries(
                serverID: id, serverUUID: uuid, now: 9_000, counted: 9_000 - since, resets: resets)
            return known.relation(to: try #require(series))
        }
        #expect(try later() == .same)
        #expect(try later(since: 401) == .same)
        #expect(try later(resets: 1) == .reset)
        #expect(try later(since: 410) == .unknown)
        #expect(try later(2) == .unknown)
        #expect(try later(1, "another") == .unknown)
        #expect(BinaryLogSeries(serverID: 1, serverUUID: nil, now: 1_000, counted: 9, resets: 0) == nil)
    }
}
