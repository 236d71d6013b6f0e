import Engine
import Foundation
import Recovery
import Refactoring
import Storage
import TestSupport
import Testing
import Topology

@testable import baton

/// A failover from its detection to its end, as it is handed on.
@Suite("A post-mortem")
struct PostMortemTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    private static let began = Timestamp(seconds: 1_790_000_000)
    private static let (db1, db2, db3) = (
        InstanceAddress(host: "db1"), InstanceAddress(host: "db2"), InstanceAddress(host: "db3")
    )
    private static let shop = ClusterName(db1, alias: "shop")

    private static var detection: DetectionRecord {
        let evidence = """
            [{"witness": "baton", "server": "db1:3306", "channel": null, "since": "2026-09-21T14:13:20Z", "text": "does not answer: connection refused"},
             {"witness": "replica", "server": "db2:3306", "channel": "", "since": null, "text": "cannot connect to its source: error 2003"}]
            """
        return DetectionRecord(
            id: 4,
            failure: SeenFailure("primary.dead", of: db1, in: shop, role: "primary", began: began, evidence: evidence),
            seenAt: began, endedAt: nil)
    }

    private static let confirmed = """
        {"intent": "Promote db2:3306", "candidates": {"candidates": [
          {"server": "db2:3306", "verdict": "allowed", "missing": {"words": "nothing"}, "toApply": {"words": "3 transactions"},
           "promotionRule": "prefer", "dataCenter": "same", "beforeNextBy": "promotion-rule", "reasons": []},
          {"server": "db3:3306", "verdict": "refuse", "missing": {"words": "2 transactions"}, "toApply": {"words": "nothing"},
           "promotionRule": "neutral", "dataCenter": "ams|2", "beforeNextBy": null,
           "reasons": [{"sentence": "db3:3306 has no binary log"}]}]}}
        """

    private static let loss = """
        {"againstReachable": {"detail": null}, "ofSource": {"missing": {"detail": "00000000-0000-0000-0000-000000000001:98-100"}},
         "sentences": ["against the servers that answer: nothing is lost",
                       "what the old source had at the last look, 2 s ago, and nobody who answers has: 3 transactions",
                       "what it committed after that look: unknown, and lost"]}
        """

    private static let hooks = """
        [{"occasion": "fence", "command": "fence db1", "ending": {"succeeded": {}}, "output": "powered off\\n", "seconds": 0.4},
         {"occasion": "post-failover", "command": "proxy", "ending": {"failed": {"code": 3}}, "output": "", "seconds": 0.1}]
        """

    private static func record(_ outcome: RecoveryRecord.Outcome) -> RecoveryRecord {
        let holder = LeaseHolder.current()
        var record = RecoveryRecord(
            .failover, of: db1, in: shop, trigger: .automatic, failure: "primary.dead", detection: 4,
            author: Author(user: "baton"), reason: "automatic recovery: db1 is *dead*",
            startedAt: began + .milliseconds(2_500), holder: holder, expires: began + .seconds(60))
        record.id = 7
        record.uid = "20260921-1"
        record.outcome = outcome
        record.endedAt = began + .milliseconds(3_300)
        record.successor = outcome == .done ? db2 : nil
        record.lost = [db3]
        (record.confirmed, record.loss, record.hooks) = (confirmed, loss, hooks)
        return record
    }

    private static func part(_ outcome: OperationRecord.Outcome) throws -> RecoveryAccount.Part {
        var plan = Plan(
            intent: "Promote db2:3306 in place of db1:3306", verb: "failover", method: "-",
            steps: [
                Step(
                    stage: 1, on: db2, "stop receiving",
                    commands: [.stopReplication(channel: "", threads: .receiver)],
                    proof: [.stopped(.receiver, channel: "")]),
                Step(
                    stage: 2, on: db2, "let every account write, and forget the lost source",
                    commands: [.setVariable(.readOnly, to: "OFF"), .resetReplica(channel: "", .everything)],
                    proof: [.followsNobody(channel: ""), .writability(.writable)]),
            ])
        plan.versions = [db2: "9.7.0"]
        var record = OperationRecord(
            startedAt: began + .milliseconds(2_600), user: "baton", reason: "", verb: "failover", intent: plan.intent,
            plan: "", holder: .current(), expires: began)
        record.id = 12
        record.outcome = outcome
        record.endedAt = began + .milliseconds(3_200)
        record.steps[0] = OperationStepRecord(.done, at: began + .milliseconds(2_700))
        record.steps[1] =
            outcome == .done
            ? OperationStepRecord(.done, at: began + .milliseconds(2_900))
            : OperationStepRecord(.failed, at: began + .milliseconds(2_900), note: "error 1290 `read_only`")
        return RecoveryAccount.Part(name: "plan", record: record, plan: try PlanDocument(plan, on: Fleet()))
    }

    private func steady(_ text: String) -> String {
        let holder = LeaseHolder.current()
        return text.replacing("on \(holder.host) (process \(holder.pid))", with: "on HOST (process PID)")
    }

    @Test("tells what happened and why, what was done and lost, and what is left to do")
    func done() throws {
        let account = RecoveryAccount(
            Self.record(.done), detection: Self.detection, parts: [try Self.part(.done)], now: Self.began + .seconds(90)
        )
        try Golden.check(steady(account.markdown), file: Self.folder.appending(path: "post-mortem-done.md"))
    }

    @Test("lists the switchover to a preferred server, unless baton made it, which it names then")
    func preferred() {
        var record = Self.record(.done)
        record.confirmed = #"{"intent": "Promote db2:3306", "preferred": "db3:3306"}"#
        let task = "which operators prefer to db2:3306, unless it is by now: baton switchover db2:3306 --to db3:3306"
        #expect(RecoveryAccount(record, now: Self.began + .seconds(90)).markdown.contains(task))
        var second = RecoveryRecord(
            .switchover, of: Self.db2, in: Self.shop, author: Author(user: "baton"), reason: "",
            startedAt: Self.began + .seconds(60), holder: .current(), expires: Self.began + .seconds(90))
        (second.id, second.follows, second.successor, second.outcome) = (8, 7, Self.db3, .done)
        let text = RecoveryAccount(record, following: [second], now: Self.began + .seconds(90)).markdown
        #expect(!text.contains("which operators prefer"))
        #expect(text.contains("recovery 8, switchover to db3:3306: done"))
    }

    @Test("of one that failed says what somebody has to decide")
    func failed() throws {
        let account = RecoveryAccount(
            Self.record(.failed), detection: Self.detection, parts: [try Self.part(.failed)],
            now: Self.began + .seconds(90))
        let text = account.markdown
        #expect(text.contains("it failed, and waits for a decision"))
        #expect(text.contains("Decide about operation 12: baton operations show 12"))
        #expect(text.contains("error 1290 \\`read\\_only\\`"))
        #expect(!text.contains("Clients could write again"))
    }

    @Test("of what an older baton wrote down shows it as it is")
    func unreadable() {
        var record = Self.record(.done)
        (record.confirmed, record.loss, record.hooks) = (nil, #"["all of it"]"#, "no JSON")
        let text = RecoveryAccount(record, now: Self.began + .seconds(90)).markdown
        #expect(text.contains("all of it") && text.contains("no JSON"))
        #expect(text.contains("No failure was found"))
    }
}
