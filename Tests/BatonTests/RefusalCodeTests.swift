import ArgumentParser
import Refactoring
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
