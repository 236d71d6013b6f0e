import TestSupport
import Testing
import Topology

@Suite("What operators have said about servers")
struct OperatorMarksTests {
    private let server: InstanceAddress = "db1"

    @Test("A mark counts from its beginning on, and no more at its end")
    func bounds() {
        let mark = Mark(
            PromotionRule.prefer, owner: "ann", reason: "", begins: Timestamp(seconds: 10), ends: Timestamp(seconds: 20)
        )
        let marks = OperatorMarks(promotionRules: [server: mark])
        #expect(marks.promotionRule(of: server, at: Timestamp(seconds: 9)) == .neutral)
        #expect(marks.promotionRule(of: server, at: Timestamp(seconds: 10)) == .prefer)
        #expect(marks.promotionRule(of: server, at: Timestamp(seconds: 20)) == .neutral)
        #expect(marks.remaining(at: Timestamp(seconds: 9)) == marks)
        #expect(marks.remaining(at: Timestamp(seconds: 20)) == OperatorMarks())
    }

    @Test("A mark without an end counts until somebody ends it")
    func withoutEnd() {
        let marks = OperatorMarks(
            downtimes: [
                server: Mark(.planned, owner: "ann", reason: "disk", begins: Timestamp(seconds: 10))
            ])
        #expect(marks.downtime(of: server, at: Timestamp(seconds: 1_000_000))?.owner == "ann")
        #expect(marks.maintenance(of: server, at: Timestamp(seconds: 1_000_000)) == nil)
    }

    @Test("Who must be promoted goes before who is preferred, and who must not comes last")
    func order() {
        #expect(PromotionRule.allCases.shuffled().sorted() == [.must, .prefer, .neutral, .preferNot, .mustNot])
    }
}
