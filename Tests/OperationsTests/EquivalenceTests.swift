import Operations
import Refactoring
import Storage
import TestSupport
import Testing
import Topology

@Suite("Places that an operation found to be the same")
struct EquivalenceTests {
    private let here = BinlogPosition(file: "binlog.000003", offset: 700)
    private let there = BinlogPosition(file: "log.000001", offset: 42)

    private func operation(
        _ outcome: OperationRecord.Outcome, alsoRuns extra: [Command] = []
    ) -> JournaledOperation {
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
        var record = OperationRecord(
            startedAt: .testNow, user: "anna", reason: "", verb: plan.verb, intent: plan.intent, plan: "",
            holder: .current(), expires: .testNow)
        record.outcome = outcome
        return JournaledOperation(record: record, plan: plan, observed: observed)
    }

    @Test("are where the replica stood and where it was told to go on, once that is done")
    func done() {
        let same = Equivalence(Equivalence.Place("db1", here), Equivalence.Place("db2", there))
        #expect(operation(.done).equivalences == [same])
        #expect(operation(.takenBack).equivalences == [same])
    }

    @Test("are not taken from what failed, or made a log anew")
    func others() {
        #expect(operation(.failed).equivalences.isEmpty)
        #expect(operation(.done, alsoRuns: [.resetBinaryLogs]).equivalences.isEmpty)
    }
}
