import Servers
import Testing
import Topology

@testable import Discovery

@Suite("What an outcome means for a contact") struct ContactJudgementTests {
    private let begin = Timestamp(seconds: 1_790_000_000)
    private var now: Timestamp { begin + .seconds(60) }
    private let refused = ContactFailure(kind: .connectionRefused, code: 2003, message: "refused")
    private let denied = ContactFailure(kind: .accessDenied, code: 1045, message: "denied")

    private func judged(_ outcome: ProbeOutcome, after contact: Contact) -> Contact {
        ContactJudgement(outcome, after: contact, lostInARow: 9, at: now).contact
    }

    @Test("a run of successes keeps its beginning")
    func reachable() {
        #expect(judged(.unchanged, after: .reachable(since: begin)) == .reachable(since: begin))
        for before: Contact in [
            .neverTried, .remembered(lastSeen: begin), .unreachable(since: begin, lastSeen: nil, refused),
            .noAccess(since: begin, lastSeen: nil, denied),
        ] {
            #expect(judged(.unchanged, after: before) == .reachable(since: now), "\(before)")
        }
    }

    @Test("a run of failures keeps its beginning and the last good look, also from an earlier run of baton")
    func unreachable() {
        let seen = begin - .seconds(5)
        let other = ContactFailure(kind: .readTimeout, code: 2013, message: "no answer")
        #expect(
            judged(.unreachable(other), after: .unreachable(since: begin, lastSeen: seen, refused))
                == .unreachable(since: begin, lastSeen: seen, other))
        #expect(
            judged(.unreachable(refused), after: .remembered(lastSeen: seen, trouble: .unreachable(since: begin)))
                == .unreachable(since: begin, lastSeen: seen, refused))
        #expect(
            judged(.unreachable(refused), after: .reachable(since: begin))
                == .unreachable(since: now, lastSeen: now, refused))
        #expect(
            judged(.unreachable(refused), after: .remembered(lastSeen: seen))
                == .unreachable(since: now, lastSeen: seen, refused))
    }

    @Test("a run of refusals keeps its beginning, and is another run than one of failures")
    func noAccess() {
        let seen = begin - .seconds(5)
        #expect(
            judged(.noAccess(denied), after: .noAccess(since: begin, lastSeen: seen, denied))
                == .noAccess(since: begin, lastSeen: seen, denied))
        #expect(
            judged(.noAccess(denied), after: .remembered(lastSeen: seen, trouble: .noAccess(since: begin)))
                == .noAccess(since: begin, lastSeen: seen, denied))
        #expect(
            judged(.noAccess(denied), after: .unreachable(since: begin, lastSeen: seen, refused))
                == .noAccess(since: now, lastSeen: seen, denied))
        #expect(
            judged(.unreachable(refused), after: .noAccess(since: begin, lastSeen: seen, denied))
                == .unreachable(since: now, lastSeen: seen, refused))
        #expect(
            judged(.unreachable(refused), after: .remembered(lastSeen: seen, trouble: .noAccess(since: begin)))
                == .unreachable(since: now, lastSeen: seen, refused))
    }

    @Test("lost connections are looked at again, as often as there are pauses, before they count")
    func lost() {
        let lost = ContactFailure(kind: .connectionLost, code: 2013, message: "lost")
        let known = Contact.reachable(since: begin)
        for (index, pause) in ContactJudgement.pausesAfterLostConnection.enumerated() {
            let judgement = ContactJudgement(.unreachable(lost), after: known, lostInARow: index, at: now)
            #expect(judgement.contact == known)
            #expect(judgement.lookAgainAfter == pause)
        }
        let last = ContactJudgement(
            .unreachable(lost), after: known, lostInARow: ContactJudgement.pausesAfterLostConnection.count, at: now)
        #expect(last.contact == .unreachable(since: now, lastSeen: now, lost))
        #expect(last.lookAgainAfter == nil)
    }
}
