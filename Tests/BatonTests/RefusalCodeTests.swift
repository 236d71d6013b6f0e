import ArgumentParser
import Diagnosis
import Engine
import Refactoring
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("The code of a refusal")
struct RefusalCodeTests {
    private func reason(_ rule: RuleID, _ gravity: Gravity = .refuse) -> Reason {
        Reason(rule, gravity, "because", remedies: [.advice("wait")])
    }

    @Test("says that it may be tried again only where nothing but somebody else at work is in the way")
    func code() {
        #expect(CommandFailure.Code(refusing: [reason("lock.other"), reason("lock.other")]) == .held)
        #expect(CommandFailure.Code(refusing: [reason("repl.lag", .warn), reason("lock.other")]) == .held)
        #expect(CommandFailure.Code(refusing: [reason("lock.other"), reason("move.cycle")]) == .refused)
        #expect(CommandFailure.Code(refusing: [reason("move.cycle")]) == .refused)
        #expect(CommandFailure.Code(refusing: []) == .refused)
    }

    @Test("is the same where the rules are only asked: an operation at work is no reason for good")
    func why() {
        let fleet = Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")])
        let reading = FleetReading(
            diagnosis: Diagnosis(of: fleet), origin: .snapshot(path: "fleet.json", taken: .testNow))
        let answer = FleetAnswer(reading, servers: [], now: .testNow, theme: "")
        func why(_ target: InstanceAddress, _ locks: [InstanceAddress: String]) -> WhyAnswer {
            WhyAnswer(answer, replica: "db2", target: target, channel: nil, locks: locks)
        }
        let locks: [InstanceAddress: String] = ["db3": "operation 4 of anna"]
        #expect(why("db3", [:]).verdict.isLegal)
        #expect(!why("db3", locks).verdict.isLegal)
        #expect(why("db3", locks).refusalCode == .held)
        #expect(why("db2", ["db2": "operation 4 of anna"]).refusalCode == .refused)
    }

    @Test("a rule that is confirmed must be one")
    func confirmed() throws {
        let command = try Baton.parseAsRoot(["stop-replica", "d", "--yes", "--confirm", "repl.lag"])
        #expect((command as? any OperationCommand)?.options.confirming.rules == ["repl.lag"])
        let error = #expect(throws: (any Error).self) {
            try Baton.parseAsRoot(["stop-replica", "d", "--yes", "--confirm", "repl.lagg"])
        }
        let failure = try #require(error)
        #expect(Baton.exitCode(for: failure).rawValue == 64)
        #expect(Baton.message(for: failure).contains("did you mean \"repl.lag\"?"))
    }
}
