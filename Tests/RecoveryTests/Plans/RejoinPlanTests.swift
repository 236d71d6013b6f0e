import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// A primary that was given up and is back: what it may do, and what is said where it may not.
@Suite("The old primary comes back")
struct RejoinPlanTests {
    private let shared = "00000000-0000-0000-0000-0000000000aa:1-100"

    /// db1 was the primary; db2 took its place, and db3 follows it.
    private func fleet(old: String? = nil, new: String? = nil) -> Fleet {
        let new = new ?? shared + ",00000000-0000-0000-0000-0000000000bb:1-7"
        return Fleet([
            .source("db1", executed: old ?? shared), .source("db2", executed: new),
            .replica("db3", of: "db2", executed: new),
        ])
    }

    /// - Parameters:
    ///   - applied: what db1 has applied as a replica, or been told so with a backup.
    ///   - file: the log that db2 and db3 write.
    private func mariadb(
        old: String, new: String, applied: String = "", file: String = "binlog.000001"
    ) throws -> Fleet {
        let applied = try GTIDPosition(parsing: applied)
        var fleet = Fleet()
        for server in servers(of: .init(flavor: .mariadb, major: 10, minor: 11, patch: 6)) {
            let text = server.address == "db1" ? old : new
            let state = try GTIDBinlogState(parsing: text)
            let position = GTIDPosition(state.gtids)
            let isOld = server.address == "db1"
            fleet.update(
                server.changed { facts in
                    if isOld { facts.identity.serverID = 1 }
                    if !isOld { facts.binaryLog?.position = BinlogPosition(file: file, offset: 4) }
                    facts.gtid = .mariadb(
                        MariaDBGTIDState(
                            binlogPosition: position, replicaPosition: isOld ? applied : GTIDPosition(),
                            currentPosition: position.isEmpty && isOld ? applied : position, binlogState: state,
                            isStrict: true))
                    for index in facts.channels.indices { facts.channels[index].positioning = .replicaPosition }
                })
        }
        return fleet
    }

    private func servers(of version: ServerVersion) -> [Instance] {
        [
            .source("db1", version: version), .source("db2", version: version),
            .replica("db3", of: "db2", version: version, writability: .readOnly),
        ]
    }

    private func answer(_ fleet: Fleet, _ wish: Rejoin = Rejoin("db1")) -> PlanAnswer {
        RecoveryPlanner().plan(.rejoin(wish), in: RuleScene(fleet, now: .testNow))
    }

    /// Marks of a recovery in which db2 took the place of db1.
    private func marks(_ identity: LastingIdentity?) -> OperatorMarks {
        OperatorMarks(
            downtimes: ["db1": Mark(.lostInRecovery, owner: "dba", reason: "lost in recovery 7", begins: .testNow)],
            replaced: ["db1": ReplacedPrimary(recovery: 7, successor: "db2", identity: identity)])
    }

    @Test("on MariaDB the record of the recovery tells whom it is to follow, where it is the server that was lost")
    func heir() throws {
        let fleet = try mariadb(old: "0-1-5", new: "0-1-5,0-2-9")
        let identity = try #require(fleet["db1"]?.facts?.identity.lasting)
        func answer(_ marks: OperatorMarks) -> PlanAnswer {
            RecoveryPlanner().plan(.rejoin(Rejoin("db1")), in: RuleScene(fleet, now: .testNow, marks: marks))
        }
        #expect(answer(marks(identity)).plan?.succession == Succession(.rejoin, of: "db1", by: "db2"))
        #expect(answer(marks(nil)).plan?.succession == Succession(.rejoin, of: "db1", by: "db2"))
        #expect(answer(OperatorMarks()).reasons.map(\.rule) == ["rejoin.no-primary"])
        #expect(answer(marks(.serverID(4_000_000))).reasons.map(\.rule) == ["rejoin.no-primary"])
    }

    @Test("it is fenced by ending its clients' sessions before and after nobody can write, and that can be taken back")
    func fenced() throws {
        let before = fleet()
        let plan = try #require(RecoveryPlanner().plan(.fence("db1"), in: RuleScene(before, now: .testNow)).plan)
        #expect(plan.steps.count == 1)
        let ban = WriteBan(goal: .superReadOnly)
        #expect(plan.steps[0].commands == [.endSessions(.clients), .forbidWrites(ban), .endSessions(.clients)])
        let after = plan.preview(on: before)
        #expect(after["db1"]?.facts?.writability == .superReadOnly)
        let again = try #require(RecoveryPlanner().plan(.fence("db1"), in: RuleScene(after, now: .testNow)).plan)
        #expect(again.steps[0].commands == [.endSessions(.clients), .endSessions(.clients)])
        #expect(RecoveryPlanner().plan(.fence("db9"), in: RuleScene(before, now: .testNow)).plan == nil)
    }

    @Test("with nothing of its own it becomes read-only before it follows, from a known place")
    func clean() throws {
        let before = fleet()
        let plan = try #require(answer(before).plan, "\(answer(before).reasons)")
        #expect(plan.succession == Succession(.rejoin, of: "db1", by: "db2"))
        let after = plan.preview(on: before)
        #expect(after["db1"]?.facts?.writability == .superReadOnly)
        #expect(after["db1"]?.channels.first?.source == "db2")
        let ban = plan.steps.firstIndex { $0.proof.contains(.writability(.superReadOnly)) }
        let change = plan.steps.firstIndex { $0.proof.contains(.follows("db2", channel: "")) }
        #expect(try #require(ban) < #require(change))
        #expect(
            !plan.steps.contains { step in
                step.commands.contains { command in
                    switch command {
                    case .injectEmptyTransaction, .resetBinaryLogs, .skipEventGroup: true
                    default: false
                    }
                }
            })
        // Until it has followed all of it can be taken back.
        #expect(plan.steps.allSatisfy { $0.commands.isEmpty || !$0.inverse.isEmpty })
    }

    @Test("it is told its account once more when it starts, so that a wrong password can be mended")
    func accountAgain() throws {
        let before = fleet()
        let plan = try #require(answer(before).plan)
        let changes = plan.steps.suffix(1).flatMap(\.commands).compactMap { command in
            if case .changeSource(_, let change) = command { change } else { nil }
        }
        #expect(changes.map(\.password) == [.replication] && changes.map(\.user) == ["repl"])
        #expect(changes.allSatisfy { $0.source == nil && $0.positioning == nil }, "its place is not touched")
        #expect(plan.standstills(in: before).isEmpty)
    }

    @Test("what it alone has is told exactly, and it is refused")
    func diverged() throws {
        let answer = answer(fleet(old: shared + ",00000000-0000-0000-0000-0000000000cc:1-3"))
        #expect(answer.plan == nil)
        let reason = try #require(answer.reasons.first { $0.rule == "rejoin.diverged" })
        #expect(reason.measured.first?.value == "00000000-0000-0000-0000-0000000000cc:1-3")
        #expect(reason.sentence.contains("3 transactions"))
        #expect(reason.remedies.contains(.command("baton fence db1:3306")))
    }

    @Test("on MariaDB the states of the logs are compared, also where both are equally long")
    func mariadbDiverged() throws {
        let wish = Rejoin("db1", below: "db2")
        let good = answer(try mariadb(old: "0-1-100", new: "0-1-100,0-2-107"), wish)
        let plan = try #require(good.plan, "\(good.reasons)")
        #expect(
            plan.steps.contains { step in
                step.commands.contains { if case .setReplicaPosition = $0 { true } else { false } }
            })
        let bad = answer(try mariadb(old: "0-1-102", new: "0-1-100,0-2-102"), wish)
        #expect(bad.reasons.first { $0.rule == "rejoin.diverged" }?.measured.first?.value == "0-1-101 to 0-1-102")
        #expect(answer(try mariadb(old: "0-1-100", new: "0-1-100")).reasons.map(\.rule) == ["rejoin.no-primary"])
    }

    @Test("on MariaDB one that never wrote anything begins with the first transaction, which has to be confirmed")
    func neverWrote() throws {
        let wish = Rejoin("db1", below: "db2")
        let answer = answer(try mariadb(old: "", new: "0-2-7"), wish)
        let plan = try #require(answer.plan, "\(answer.reasons)")
        #expect(answer.reasons.contains { $0.rule == "rejoin.nothing-in-common" && $0.gravity == .confirm })
        let positions = plan.steps.flatMap(\.commands).compactMap { command in
            if case .setReplicaPosition(.known(let position)) = command { position } else { nil }
        }
        #expect(positions == [GTIDPosition()])
        // What came before the log that is written now may be gone, and with it the beginning.
        let later = self.answer(try mariadb(old: "", new: "0-2-7", file: "binlog.000002"), wish)
        #expect(later.plan == nil && later.reasons.map(\.rule).contains("gtid.purged"), "\(later.reasons)")
    }

    @Test("on MariaDB one that was made anew comes back from where its backup ends, and only there")
    func madeAnew() throws {
        let wish = Rejoin("db1", below: "db2")
        let good = answer(try mariadb(old: "", new: "0-1-100,0-2-107", applied: "0-2-105"), wish)
        #expect(good.plan != nil && !good.reasons.contains { $0.rule == "rejoin.nothing-in-common" }, "\(good.reasons)")
        let ahead = answer(try mariadb(old: "", new: "0-1-100,0-2-107", applied: "0-2-108"), wish)
        #expect(ahead.reasons.first { $0.rule == "rejoin.diverged" }?.measured.first?.value == "0-2-108")
        // Up to there it has what it wrote; the rest bears its own server id.
        for applied in ["", "0-1-90"] {
            let gap = answer(try mariadb(old: "", new: "0-1-100,0-2-107", applied: applied), wish)
            #expect(gap.reasons.map(\.rule) == ["rejoin.forgotten"], "\(gap.reasons)")
            #expect(gap.plan == nil && gap.reasons.first?.sentence.contains("up to 0-1-100") == true)
        }
        let cut = answer(try mariadb(old: "0-1-99", new: "0-1-100,0-2-107"), wish)
        #expect(cut.reasons.map(\.rule) == ["rejoin.forgotten"], "a crash took the end of its log: \(cut.reasons)")
    }

    @Test(
        "on MariaDB it is judged by the place from which it will ask, and not by that of a replica which it never was")
    func asksFromItsOwnPlace() throws {
        let fleet = try mariadb(old: "0-1-100", new: "0-1-100,0-2-107", file: "binlog.000002")
        let answer = answer(fleet, Rejoin("db1", below: "db2"))
        #expect(answer.plan != nil, "\(answer.reasons)")
    }

    @Test("one of another history, one that follows already, and one without GTIDs are refused")
    func refused() {
        let stranger = answer(fleet(old: "00000000-0000-0000-0000-0000000000dd:1-3"))
        #expect(stranger.reasons.map(\.rule) == ["rejoin.no-primary"])
        let replica = answer(fleet(), Rejoin("db3", below: "db2"))
        #expect(replica.reasons.contains { $0.rule == "rejoin.follows" })
        let feeding = answer(fleet(), Rejoin("db2", below: "db3"))
        #expect(feeding.reasons.contains { $0.rule == "rejoin.feeds" })
        var without = fleet()
        if let server = without["db1"] { without.update(server.changed { $0.gtid = .none }) }
        #expect(answer(without, Rejoin("db1", below: "db2")).reasons.map(\.rule) == ["rejoin.no-gtids"])
    }

    @Test("without a replica that shows it, the account is asked for")
    func account() throws {
        var alone = fleet()
        alone.remove("db3")
        #expect(answer(alone).reasons.map(\.rule) == ["rejoin.account"])
        let plan = try #require(answer(alone, Rejoin("db1", user: "repl")).plan)
        #expect(
            plan.steps.contains {
                $0.commands.contains { command in
                    if case .changeSource(_, let change) = command {
                        change.user == "repl" && change.password == .replication
                    } else {
                        false
                    }
                }
            })
    }
}
