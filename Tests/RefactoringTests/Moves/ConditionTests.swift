import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Conditions of plans")
struct ConditionTests {
    @Test(
        "each condition says what stands in the way, with the weight of its page and with what helps",
        arguments: ConditionCases.all)
    func cases(_ example: ConditionCase) throws {
        let answer = example.answer()
        let reason = try #require(answer.reasons.first { $0.rule == example.condition }, "\(answer.reasons)")
        let page = try #require(Explanation.conditions.first { $0.id == example.condition })
        #expect(reason.gravity == page.gravity)
        #expect((answer.plan == nil) == (page.gravity == .refuse))
        #expect(!reason.sentence.isEmpty && !reason.sentence.contains("\n"))
        for remedy in reason.remedies { #expect(!remedy.words.isEmpty && !remedy.words.hasSuffix(".")) }
    }

    @Test(
        "every condition of a refactoring has a wish to which it speaks; those of recoveries are RecoveryTests' matter")
    func tested() {
        let spoken = Set(ConditionCases.all.map(\.condition))
        let ofRecoveries =
            FailoverCondition.allCases.map(\.explanation.id) + SwitchoverCondition.allCases.map(\.explanation.id)
            + RejoinCondition.allCases.map(\.explanation.id) + SettingCondition.allCases.map(\.explanation.id)
        #expect(Set(Explanation.conditions.map(\.id)).subtracting(spoken).subtracting(ofRecoveries).sorted() == [])
    }
}
