import Testing

@testable import Refactoring

@Suite("Verdicts")
struct VerdictTests {
    private func reason(_ rule: RuleID, _ gravity: Gravity) -> Reason {
        Reason(rule, gravity, "db2 is db1", remedies: [.advice("choose another target")])
    }

    @Test("the gravest reason decides and comes first, the others stay in their order")
    func gravest() {
        let verdict = Verdict([
            reason("a.a", .warn), reason("b.b", .refuse), reason("c.c", .confirm), reason("d.d", .warn),
        ])
        guard case .refused(let reasons) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(reasons.map(\.rule) == ["b.b", "c.c", "a.a", "d.d"])
        #expect(!verdict.isLegal)
        #expect(Verdict([]) == .allowed)
        #expect(Verdict([reason("a.a", .warn)]).isLegal)
    }
}
