import Operations
import Refactoring
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("How far an operation is")
struct ProgressWordsTests {
    private func step(_ address: InstanceAddress, _ purpose: String) -> Step {
        Step(stage: 0, on: address, purpose, commands: [], proof: [], timeLimit: .seconds(30))
    }

    private func words(_ events: OperationEvent...) -> ProgressWords {
        let plan = Plan(
            intent: "Move", verb: "relocate", method: "gtid",
            steps: [step("db2", "follow db1:3306"), step("db3", "follow db1:3306")])
        var words = ProgressWords(plan)
        for event in events { words.take(event, after: .seconds(1)) }
        return words
    }

    @Test("is the operation's number until a step has begun, and nothing before")
    func begun() {
        #expect(words().lines(after: .seconds(2)).isEmpty)
        #expect(words().line(after: .seconds(2)) == nil)
        #expect(words(.began(7)).lines(after: .seconds(2)).map(\.text) == ["operation 7 has begun"])
    }

    @Test("is a line for each step at work, with what it waits for, and for how long at most")
    func waits() {
        let words = words(
            .began(7), .stepBegan(0), .stepBegan(1), .waiting(1, "its receiver is still connecting"))
        #expect(
            words.lines(after: .seconds(2)).map(\.text) == [
                "step 1 of 2, db2:3306: follow db1:3306",
                "step 2 of 2, db3:3306: follow db1:3306; waits: its receiver is still connecting, for 30 s at most",
            ])
        #expect(words.line(after: .seconds(2)) == "step 1 of 2, db2:3306: follow db1:3306, 1 other at work")
    }

    @Test("is the answer that has not come within a second, and nothing more once that step has ended")
    func answers() {
        let sent = words(.began(7), .stepBegan(0), .sending(0, ["STOP REPLICA"]))
        #expect(sent.lines(after: .seconds(2)).map(\.text) == ["step 1 of 2, db2:3306: follow db1:3306"])
        let late = "step 1 of 2 waits: the answer of db2:3306 to STOP REPLICA, for 30 s at most"
        #expect(sent.line(after: .seconds(3)) == late)
        let connecting = words(.stepBegan(0))
        #expect(
            connecting.line(after: .seconds(3)) == "step 1 of 2 waits: the connection to db2:3306, for 30 s at most")
        let ended = words(.began(7), .stepBegan(0), .waiting(0, "db2:3306 to catch up"), .stepEnded(0, .seconds(1)))
        #expect(ended.line(after: .seconds(3)) == nil)
    }
}
