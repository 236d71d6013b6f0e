import Recovery
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Recoveries, as the command line tells of them")
struct RecoveryAnswerTests {
    private let sandbox: Sandbox
    private let db1 = InstanceAddress(host: "db1")
    private let db2 = InstanceAddress(host: "db2")

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ line: String, code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(line.split(separator: " ").map(String.init))
        #expect(run.code == code, "\(line): \(run)")
        return run
    }

    /// A failover that was done by an operation, after a detection, and one that is at work.
    private func fill() async throws -> (done: Int64, atWork: Int64) {
        let store = try await Store.open(at: sandbox.storePath)
        defer { try? store.close() }
        let (now, holder) = (Timestamp.now(), LeaseHolder.current())
        let shop = ClusterName(db1, alias: "shop")
        let failure = SeenFailure(
            "primary.dead", of: db1, in: shop, role: "primary", began: now - .seconds(3), evidence: #"["db2 sees it"]"#)
        let detection = try await store.note([failure], watching: [db1], at: now).first
        let expires = now + .seconds(600)
        var record = RecoveryRecord(
            .failover, of: db1, in: shop, failure: "primary.dead", detection: detection?.id,
            author: Author(user: "an\u{1B}na", client: "10.0.0.1 5 22"), reason: "disk | full", startedAt: now,
            holder: holder, expires: expires)
        guard case .held(let done) = try await store.claim(record, members: [db2], now: now) else { return (0, 0) }
        var progress = RecoveryProgress(phase: "promoting", note: "db2 has received most")
        progress.successor = db2
        progress.loss = #"{"againstOldPrimary": 4}"#
        try await store.note(progress, ofRecovery: done, holder: holder, expires: expires, at: now)
        try await store.endRecovery(done, .done, holder: holder, at: now + .seconds(1))
        record = RecoveryRecord(
            .switchover, of: InstanceAddress(host: "x1"), in: ClusterName(InstanceAddress(host: "x1")),
            author: Author(user: "bert"), reason: "", startedAt: now, holder: holder, expires: expires)
        guard case .held(let atWork) = try await store.claim(record, members: [], now: now) else { return (0, 0) }
        let brake = BrakeObjection.recoveredLately(recovery: done, kind: .failover, until: now + .seconds(3600))
        try await store.note([BlockedRecovery("primary.dead", of: db2, in: shop, by: brake, at: now)])
        return (done, atWork)
    }

    @Test("are listed with why nothing was done, and told wholly")
    func telling() async throws {
        let (done, atWork) = try await fill()
        let list = try await run("recoveries --format json").json.elements
        #expect(list.map { $0["outcome"]?.text } == ["running", "done"])
        #expect(try await run("recoveries").output.contains("primary.dead"))
        let blocked = try await run("recoveries --blocked")
        #expect(blocked.output.contains("by recovery \(done) of this cluster"), "\(blocked)")
        #expect(blocked.output.contains("baton ack \(done)"), "\(blocked)")
        let shown = try await run("recovery \(done)")
        #expect(shown.output.contains("successor: db2:3306") && shown.output.contains("db2 has received most"))
        #expect(!shown.output.contains("\u{1B}"))
        let json = try await run("recovery \(done) --format json").json
        #expect(json["loss"]?["againstOldPrimary"]?.number == "4")
        #expect(json["seen"]?["failure"]?.text == "primary.dead")
        let markdown = try await run("recovery \(done) --markdown")
        #expect(markdown.lines.first == "# Post-mortem: primary.dead, failover of db1:3306 in shop", "\(markdown)")
        #expect(markdown.output.contains("| why | disk \\| full |") && markdown.output.contains("## Time line"))
        #expect(try await run("recovery 99", code: 1).errors.contains("no recovery 99"))
        let detections = try await run("detections")
        #expect(detections.output.contains("primary.dead") && detections.output.contains("lasts"), "\(detections)")
        let audit = try await run("audit")
        #expect(audit.output.contains("failover of db1:3306 in shop, primary.dead done, db2:3306 took its place"))
        let status = try await run("recoveries-status --format json").json["recoveries"]?.elements ?? []
        // The other's process has ended with the test's store, and is this one, which lives.
        #expect(status.map { $0["state"]?.text } == ["over", "at-work"] && atWork > done)
    }

    @Test("are acknowledged once, with a reason, and not while somebody is at them")
    func acknowledging() async throws {
        let (done, atWork) = try await fill()
        _ = try await run("ack \(done)", code: 64)
        #expect(try await run("ack \(done) --reason seen --dry-run").errors.contains("nothing was written"))
        #expect(try await run("ack \(done) --reason seen").lines == ["1 recovery acknowledged"])
        #expect(try await run("ack \(done) --reason again", code: 1).errors.contains("was acknowledged by"))
        #expect(try await run("ack \(atWork) --reason seen", code: 75).errors.contains("is not over"))
        #expect(try await run("ack 99 --reason seen", code: 1).errors.contains("no recovery 99"))
        #expect(try await run("recoveries --unacknowledged --format json").json.elements.count == 1)
        _ = try await run("ack --all 3 --reason x", code: 64)
    }

    @Test("are switched off and on, which the status tells with who and why")
    func switching() async throws {
        #expect(try await run("recoveries-status --check").lines == ["recoveries are not disabled globally"])
        _ = try await run("disable-recoveries --reason upgrade --owner ann")
        let again = try await run("disable-recoveries --reason other")
        #expect(again.errors.contains("already") && again.output.contains("by ann: upgrade"), "\(again)")
        #expect(try await run("recoveries-status --check", code: 1).lines.count == 2)
        _ = try await run("enable-recoveries --reason done")
        #expect(try await run("recoveries-status --check").lines.count == 1)
        #expect(try await run("audit").lines.count == 2)
        #expect(try await run("disable-recoveries --cluster nowhere", code: 1).errors.contains("nowhere"))
    }
}
