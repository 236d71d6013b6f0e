import Lab
import Refactoring
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Refusals for the state that servers are in")
    struct StateRefusals {
        /// A state of the sibling `c` or of the leaf `d` in which `d` may not go below `c`.
        struct State: Sendable, CustomTestStringConvertible {
            let rule: RuleID
            let flavours: [Shape.Flavour]
            let server: String
            /// By hand, on MySQL and on MariaDB.
            let spoil: (mysql: [String], mariadb: [String])
            let mend: (mysql: [String], mariadb: [String])

            var testDescription: String { "\(rule)" }
        }

        static let states = [
            State(
                rule: "fmt.binlog", flavours: Shape.Flavour.allCases, server: "d",
                spoil: (setFormat("STATEMENT", .mysql), setFormat("STATEMENT", .mariadb)),
                mend: (setFormat("ROW", .mysql), setFormat("ROW", .mariadb))),
            State(
                rule: "filt.t", flavours: Shape.Flavour.allCases, server: "c",
                spoil: (
                    [
                        "STOP REPLICA SQL_THREAD",
                        "CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = (nowhere.nothing)",
                        "START REPLICA SQL_THREAD",
                    ], ["STOP SLAVE", "SET GLOBAL replicate_ignore_table = 'nowhere.nothing'", "START SLAVE"]
                ),
                mend: (
                    [
                        "STOP REPLICA SQL_THREAD", "CHANGE REPLICATION FILTER REPLICATE_IGNORE_TABLE = ()",
                        "START REPLICA SQL_THREAD",
                    ], ["STOP SLAVE", "SET GLOBAL replicate_ignore_table = ''", "START SLAVE"]
                )),
            State(
                rule: "delay.t", flavours: Shape.Flavour.allCases, server: "c",
                spoil: (
                    [
                        "STOP REPLICA SQL_THREAD", "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 600",
                        "START REPLICA SQL_THREAD",
                    ], ["STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 600", "START SLAVE"]
                ),
                mend: (
                    [
                        "STOP REPLICA SQL_THREAD", "CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0",
                        "START REPLICA SQL_THREAD",
                    ],
                    ["STOP SLAVE", "CHANGE MASTER TO MASTER_DELAY = 0, MASTER_HEARTBEAT_PERIOD = 2", "START SLAVE"]
                )),
            State(
                rule: "gtid.mode-mix", flavours: [.mysql], server: "c",
                spoil: (["SET GLOBAL gtid_mode = ON_PERMISSIVE"], []), mend: (["SET GLOBAL gtid_mode = ON"], [])),
        ]

        /// MySQL wants its applier stopped for it.
        private static func setFormat(_ format: String, _ flavour: Shape.Flavour) -> [String] {
            let set = "SET GLOBAL binlog_format = '\(format)'"
            return flavour == .mysql ? ["STOP REPLICA SQL_THREAD", set, "START REPLICA SQL_THREAD"] : [set]
        }

        @Test("a place is refused, and legal once that is mended", arguments: states)
        func places(state: State) async throws {
            for flavour in state.flavours {
                let lab = try Labs.of(flavour)
                try await Mover.on(lab) { mover in
                    let move = Move.relocate(mover.replica("d"), below: mover.address("c"))
                    try await lab[state.server].execute(flavour == .mysql ? state.spoil.mysql : state.spoil.mariadb)
                    try await mover.expectRefusal(of: move, state.rule)
                    try await lab[state.server].execute(flavour == .mysql ? state.mend.mysql : state.mend.mariadb)
                    try await eventually("\(state.rule) is mended") {
                        mover.planner.plan(move, in: try await mover.scene()).plan != nil
                    }
                }
            }
        }

        @Test("a move that there is nothing to do for", arguments: Shape.Flavour.allCases)
        func moves(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let cases: [(Move, RuleID)] = [
                    (.relocate(mover.replica("d"), below: mover.address("b")), "move.noop"),
                    (.enableGTID(mover.replica("d")), "gtid.used"),
                    (.disableGTID(mover.replica("s")), "gtid.unused"),
                    (
                        .relocateReplicas(of: mover.address("d"), only: nil, below: mover.address("c")),
                        "move.no-replicas"
                    ),
                    (.takeSiblings(mover.replica("v")), "move.no-siblings"),
                    (.regroup(of: mover.address("u")), "move.nothing-to-regroup"),
                ]
                for (move, rule) in cases { try await mover.expectRefusal(of: move, rule) }
                let detached = try await mover.carryOut(.detach(mover.replica("d")))
                try await mover.expectRefusal(of: .detach(mover.replica("d")), "move.detached")
                try await mover.takeBack(detached)
            }
        }

        @Test(
            "an operation that there is nothing to do for, or that its server cannot do",
            arguments: Shape.Flavour.allCases)
        func operations(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let leaf = mover.replica("d")
                let cases: [(ServerOperation, RuleID)] = [
                    (.startReplica(leaf), "replica.running"), (.delayReplication(leaf, .zero), "replica.same-delay"),
                    (.delayReplication(leaf, .milliseconds(1_500)), "replica.bad-delay"),
                    (.skipTransaction(leaf), "replica.no-error"),
                    (.setWritable(mover.address("a"), semiSync: .leave), "server.writable"),
                    (.purgeBinaryLogs(mover.address("a"), to: "nonsense.000001"), "log.no-file"),
                ]
                for (operation, rule) in cases { try await mover.expectRefusal(of: operation, rule) }
                let stopped = try await mover.carryOut(.stopReplica(leaf))
                try await mover.expectRefusal(of: .stopReplica(leaf), "replica.stopped")
                try await mover.takeBack(stopped)
            }
        }
    }
}

extension Mover {
    fileprivate func expectRefusal(of operation: ServerOperation, _ rule: RuleID) async throws {
        let reasons = try await refusal(of: operation)
        let found = reasons.filter { $0.gravity == .refuse && $0.rule == rule }
        #expect(!found.isEmpty, "\(operation.verb): \(reasons.map(\.rule))")
        #expect(found.allSatisfy { !$0.remedies.isEmpty }, "\(found)")
    }
}
