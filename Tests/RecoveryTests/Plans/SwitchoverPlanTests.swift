import Foundation
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// Plans of switchovers as they are printed, and all that stands in their way.
@Suite("Switchover plans")
struct SwitchoverPlanTests {
    /// How the channels of a fleet find their place.
    enum Way: String, CaseIterable {
        case mysqlGTID = "mysql-gtid"
        case mariadbGTID = "mariadb-gtid"
        case mysqlPosition = "mysql-position"

        var version: ServerVersion {
            self == .mariadbGTID
                ? ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
                : ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3)
        }

        var positioning: Positioning {
            switch self {
            case .mysqlGTID: .autoPosition
            case .mariadbGTID: .replicaPosition
            case .mysqlPosition: .binlogPosition
            }
        }
    }

    private func fleet(_ way: Way = .mysqlGTID, _ change: (inout Fleet) -> Void = { _ in }) -> Fleet {
        let servers: [Instance] = [.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")]
        var fleet = Fleet(
            servers.map { server in
                server.changed { facts in
                    facts.version = way.version
                    if way == .mariadbGTID {
                        facts.identity.serverUUID = nil
                        let position = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 100)])
                        facts.gtid = .mariadb(
                            MariaDBGTIDState(
                                binlogPosition: position, replicaPosition: position,
                                binlogState: GTIDBinlogState(position.gtids), isStrict: true))
                        if facts.writability == .superReadOnly { facts.writability = .readOnly }
                    }
                    for index in facts.channels.indices {
                        facts.channels[index].positioning = way.positioning
                        facts.channels[index].executed = BinlogPosition(file: "binlog.000007", offset: 4711)
                        facts.channels[index].heartbeatPeriod = .seconds(2)
                        if way == .mariadbGTID { facts.channels[index].sourceUUID = nil }
                    }
                }
            })
        change(&fleet)
        return fleet
    }

    private func answer(
        _ fleet: Fleet, _ wish: Switchover = Switchover(of: "db1", to: .named("db2")),
        marks: OperatorMarks = OperatorMarks()
    ) -> PlanAnswer {
        SwitchoverPlanner().plan(wish, in: RuleScene(fleet, now: .testNow, marks: marks))
    }

    @Test("each way is as it was looked at", arguments: Way.allCases)
    func golden(way: Way) throws {
        let fleet = fleet(way)
        let answer = answer(fleet)
        let plan = try #require(answer.plan, "\(answer.reasons)")
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden")
        try Golden.check(
            try PlanDocument(plan, on: fleet).text, file: folder.appending(path: "switchover-\(way.rawValue).txt"))
    }

    @Test("the old primary is proved read-only and level before anybody else takes writes", arguments: Way.allCases)
    func order(way: Way) throws {
        let plan = try #require(answer(fleet(way)).plan)
        let block = try #require(plan.writeBlock)
        #expect(block.oldPrimary == "db1" && block.newPrimary == "db2")
        let opening = plan.steps.indices.filter { index in
            plan.steps[index].commands.contains(.setVariable(.readOnly, to: "OFF"))
        }
        #expect(opening == [block.last])
        for step in plan.steps[block.first..<block.last] where !step.commands.isEmpty {
            let isWait = step.commands.allSatisfy { if case .wait = $0 { true } else { false } }
            #expect(!step.inverse.isEmpty || isWait, "\(step.purpose)")
        }
        let looks = plan.steps[block.first..<block.last].filter { $0.instance == "db1" && $0.commands.isEmpty }
        #expect(looks.contains { $0.proof.contains { if case .writability = $0 { true } else { false } } })
        let after = plan.preview(on: fleet(way))
        #expect(after["db2"]?.facts?.writability == .writable && after["db2"]?.isReplica == false)
        #expect(after["db1"]?.facts?.writability.isWritable == false)
        #expect(after["db1"]?.channels.first?.source == "db2" && after["db3"]?.channels.first?.source == "db2")
    }

    @Test("all that stands in the way is said at once")
    func everything() throws {
        let fleet = fleet { fleet in
            guard let candidate = fleet["db2"] else { return }
            fleet.update(
                candidate.changed { facts in
                    facts.writability = .writable
                    facts.binaryLog?.logsReplicaUpdates = false
                    facts.channels[0].applier = .stopped
                    facts.channels[0].delay = .seconds(60)
                })
        }
        let marks = OperatorMarks(
            maintenances: [
                "db1": Mark(Maintenance(), owner: "ann", reason: "disk", begins: .testNow - .seconds(1))
            ],
            promotionRules: [
                "db2": Mark(PromotionRule.mustNot, owner: "ann", reason: "small", begins: .testNow - .seconds(1))
            ])
        let rules = Set(answer(fleet, marks: marks).reasons.map(\.rule.rawValue))
        for rule in [
            "switch.candidate-writable", "switch.no-binary-log", "switch.not-replicating", "switch.delayed",
            "switch.must-not", "switch.maintenance",
        ] {
            #expect(rules.contains(rule), "\(rule) is not among \(rules)")
        }
    }

    @Test("where nobody is named the best is taken, or nobody where only one may be there")
    func chosen() throws {
        #expect(answer(fleet(), Switchover(of: "db1", to: .only)).reasons.first?.rule == "switch.candidate-unnamed")
        #expect(answer(fleet(), Switchover(of: "db1")).plan?.writeBlock?.newPrimary != nil)
        // By any member of the cluster.
        #expect(answer(fleet(), Switchover(of: "db3", to: .named("db2"))).plan?.writeBlock?.oldPrimary == "db1")
        #expect(answer(fleet(), Switchover(of: "db1", to: .named("db1"))).reasons.first?.rule == "switch.already")
    }

    @Test("it is taken back by a switchover back")
    func undo() throws {
        let before = fleet()
        let plan = try #require(answer(before).plan)
        guard case .refused = plan.takingBack() else {
            Issue.record("a switchover is not taken back step by step")
            return
        }
        var after = plan.preview(on: before)
        for address in after.addresses {
            guard let server = after[address] else { continue }
            // As the next look finds it.
            after.update(
                server.changed { facts in
                    for index in facts.channels.indices { facts.channels[index].lag = facts.channels[index].lag }
                })
        }
        let back = try #require(SwitchoverPlanner().undo(plan, in: RuleScene(after, now: .testNow)))
        #expect(back.plan?.writeBlock?.newPrimary == "db1", "\(back.reasons)")
        var other = plan
        other.verb = "relocate"
        #expect(SwitchoverPlanner().undo(other, in: RuleScene(after, now: .testNow)) == nil)
    }
}
