import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Conditions of recoveries")
struct RecoveryConditionTests {
    @Test(
        "each condition says what stands in the way, with the weight of its page and with what helps",
        arguments: RecoveryConditionCases.all)
    func cases(_ example: RecoveryConditionCase) throws {
        let answer = example.answer()
        let reason = try #require(
            answer.reasons.first { $0.rule == example.condition }, "\(answer.reasons.map(\.sentence))")
        let page = try #require(Explanation.conditions.first { $0.id == example.condition })
        let gravity = example.gravity ?? page.gravity
        #expect(reason.gravity == gravity)
        #expect((answer.plan == nil) == (gravity == .refuse), "\(answer.reasons.map(\.sentence))")
        #expect(!reason.sentence.isEmpty && !reason.sentence.contains("\n"))
        for remedy in reason.remedies { #expect(!remedy.words.isEmpty && !remedy.words.hasSuffix(".")) }
    }

    @Test("every condition of a recovery has a case in which it speaks")
    func tested() {
        let conditions =
            FailoverCondition.allCases.map(\.id) + SwitchoverCondition.allCases.map(\.id)
            + RejoinCondition.allCases.map(\.id)
        #expect(Set(conditions).subtracting(RecoveryConditionCases.all.map(\.condition)).sorted() == [])
    }
}
