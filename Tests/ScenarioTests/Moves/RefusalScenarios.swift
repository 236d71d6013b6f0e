import Lab
import Operations
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Refusals, each with what helps, and what helps tried")
    struct Refusals {
        @Test("below itself, below its own replica, a primary: a ring, or no move", arguments: Shape.Flavour.allCases)
        func rings(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let cases: [(String, String, RuleID)] = [
                    ("b", "d", "move.cycle"), ("b", "b", "move.self"), ("a", "c", "move.not-replica"),
                ]
                for (replica, target, rule) in cases {
                    try await mover.expectRefusal(
                        of: .relocate(mover.replica(replica), below: mover.address(target)), rule)
                }
                try await mover.expectRefusal(of: .moveUp(mover.replica("b")), "move.no-source-above")
                try await mover.expectRefusal(of: .takeSource(mover.replica("b")), "move.source-is-primary")
                try await mover.expectRefusal(
                    of: .moveBelow(mover.replica("d"), sibling: mover.address("c")), "move.not-siblings")
                try await mover.expectRefusal(of: .reattach(mover.replica("d")), "move.not-detached")
            }
        }

        @Test("a read-only console and a read-only cluster refuse", arguments: Shape.Flavour.allCases)
        func readOnly(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let move = Move.relocate(mover.replica("d"), below: mover.address("c"))
                var holds = Holds(everything: "baton was started with --read-only")
                try await mover.expectRefusal(of: move, "ro.mode", holds: holds)
                let cluster = try #require(try await mover.scene().forest.cluster(of: mover.address("a"))?.id)
                holds = Holds(clusters: [cluster: "production"])
                try await mover.expectRefusal(of: move, "ro.mode", holds: holds)
                holds = Holds(locks: [mover.address("d"): "MaxScale"])
                try await mover.expectRefusal(of: move, "lock.other", holds: holds)
            }
        }

        @Test("by position between servers that have no common neighbour", arguments: Shape.Flavour.allCases)
        func noWay(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let reasons = try await mover.refusal(of: .relocate(mover.replica("s"), below: mover.address("v")))
                #expect(reasons.contains { $0.gravity == .refuse && !$0.remedies.isEmpty }, "\(reasons)")
            }
        }

        @Test("by position with a stopped replica, and legal once it is started", arguments: Shape.Flavour.allCases)
        func stopped(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let move = Move.moveBelow(mover.replica("s"), sibling: mover.address("t"))
                for name in ["s", "t"] {
                    try await mover.carryOut(.stopReplica(mover.replica(name)))
                    let reasons = try await mover.refusal(of: move)
                    let helps = reasons.contains {
                        $0.remedies.contains { "\($0)".contains("START") || "\($0)".contains("start-replica") }
                    }
                    #expect(helps, "\(reasons)")
                    try await mover.carryOut(.startReplica(mover.replica(name)))
                    _ = try await mover.plan(move)
                }
            }
        }

        @Test("an errant transaction of the replica, and legal once it has an empty one on the primary (MySQL)")
        func errant() async throws {
            let lab = try Labs.of(.mysql)
            try await Mover.on(lab) { mover in
                try await lab["d"].execute("CREATE DATABASE errant_three")
                let move = Move.relocate(mover.replica("d"), below: mover.address("c"))
                let answer = mover.planner.plan(move, in: try await mover.scene())
                #expect(answer.reasons.contains { $0.rule.rawValue.contains("errant") }, "\(answer.reasons)")
                try await mover.carryOut(.injectErrant(mover.address("d")))
                try await eventually("it is legal") {
                    mover.planner.plan(move, in: try await mover.scene()).reasons.isEmpty
                }
                try await lab["d"].executeUnlogged(["DROP DATABASE errant_three"])
            }
        }

        @Test("a target that has purged what the replica needs, and legal once the replica has it (MySQL)")
        func purged() async throws {
            let lab = try Labs.of(.mysql)
            try await Mover.on(lab) { mover in
                let move = Move.relocate(mover.replica("d"), below: mover.address("c"))
                try await mover.carryOut(.stopReplica(mover.replica("d")))
                try await mover.underLoad(MoveLabs.byGTID.all.filter { $0 != "d" }) {}
                try await mover.carryOut(.flushBinaryLogs(mover.address("c")))
                let file = try #require(try await mover.facts("c").binaryLog?.position?.file)
                try await mover.carryOut(.purgeBinaryLogs(mover.address("c"), to: file))
                try await mover.expectRefusal(of: move, "gtid.purged")
                try await mover.carryOut(.startReplica(mover.replica("d")))
                try await eventually("d has caught up") {
                    mover.planner.plan(move, in: try await mover.scene()).plan != nil
                }
            }
        }

        @Test("leaving GTIDs while domains are filtered, which would leave the connection broken (MariaDB)")
        func domainFilters() async throws {
            let lab = try Labs.of(.mariadb)
            try await Mover.on(lab) { mover in
                try await lab["d"].set(mysql: "", mariadb: "IGNORE_DOMAIN_IDS = (77), MASTER_HEARTBEAT_PERIOD = 2")
                try await eventually { try await mover.channel(of: "d").isReplicating }
                try await mover.expectRefusal(of: .disableGTID(mover.replica("d")), "gtid.domain-filters")
                #expect(try await mover.channel(of: "d").isReplicating)
                try await lab["d"].set(mysql: "", mariadb: "IGNORE_DOMAIN_IDS = (), MASTER_HEARTBEAT_PERIOD = 2")
                try await mover.underLoad(MoveLabs.byGTID.all) {
                    let report = try await mover.carryOut(.disableGTID(mover.replica("d")))
                    try await mover.takeBack(report)
                }
            }
        }

        @Test("a target without a binary log, one that logs no updates, one with the same server_id")
        func servers() async throws {
            try await LabServers.with("mariadb: a(b l[no-binlog] u[no-log-updates])") { lab in
                try await Mover.on(lab) { mover in
                    try await mover.expectRefusal(
                        of: .relocate(mover.replica("b"), below: mover.address("l")), "log.off-t")
                    try await mover.expectRefusal(
                        of: .relocate(mover.replica("b"), below: mover.address("u")), "log.updates-t")
                    try await mover.carryOut(.relocate(mover.replica("u"), below: mover.address("b")))
                    let (own, theirs) = (try await mover.facts("u"), try await mover.facts("a"))
                    try await lab["u"].execute("STOP SLAVE", "SET GLOBAL server_id = \(theirs.identity.serverID)")
                    try await mover.expectRefusal(of: .moveUp(mover.replica("u")), "id.server-id")
                    try await lab["u"].execute("SET GLOBAL server_id = \(own.identity.serverID)", "START SLAVE")
                }
                // A baton that saw one address answer as two servers takes it for a proxy.
                try await Mover.on(lab) { mover in
                    try await eventually { try await mover.channel(of: "u").isReplicating }
                    try await mover.carryOut(.moveUp(mover.replica("u")))
                    // What is errant on MariaDB is explained, and not mended.
                    try await lab["b"].execute("CREATE DATABASE errant_four")
                    try await lab["a"].execute("CREATE DATABASE new_one", "CREATE DATABASE new_two")
                    let reasons = try await mover.refusal(of: .injectErrant(mover.address("b")))
                    #expect(reasons.map(\.rule) == ["errant.mariadb"], "\(reasons)")
                }
            }
        }

        @Test("a server of the other family")
        func flavours() async throws {
            let (mysql, mariadb) = (try Labs.of(.mysql), try Labs.of(.mariadb))
            try await Mover.on(mysql) { mover in
                var fleet = try await mover.scene().fleet
                let other = mariadb["a"].address
                let facts = try await Mover.on(mariadb) { try await $0.facts("a") }
                let now = Timestamp.now()
                fleet.update(Instance(address: other, contact: .reachable(since: now), facts: facts))
                let answer = mover.planner.plan(
                    .relocate(mover.replica("d"), below: other), in: RuleScene(fleet, now: now))
                #expect(
                    answer.plan == nil && answer.reasons.contains { $0.rule == "gtid.flavour" },
                    "\(answer.reasons.map(\.rule))")
            }
        }
    }
}

extension Mover {
    /// That a move is refused by that rule, and that the rule says what helps.
    func expectRefusal(of move: Move, _ rule: RuleID?, holds: Holds = Holds()) async throws {
        let reasons = try await refusal(of: move, holds: holds)
        let found = reasons.filter { $0.gravity == .refuse && (rule == nil || $0.rule == rule) }
        #expect(!found.isEmpty, "\(move.verb): \(reasons.map(\.rule))")
        #expect(found.allSatisfy { !$0.remedies.isEmpty }, "\(found)")
    }
}
