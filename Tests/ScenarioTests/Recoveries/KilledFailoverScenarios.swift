import Lab
import Operations
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("Batons in the middle of a failover")
    struct Interrupted {
        @Test(
            "killed between any two statements, the next one goes on to a legal end: one primary, the other follows",
            arguments: Shape.Flavour.allCases)
        func killed(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c)") { lab, mover in
                try await mover.prepareRows(on: "a")
                var names = ["a", "b", "c"]
                var statements = 0
                var goesOn = true
                while goesOn {
                    let (primary, next, other) = (names[0], names[1], names[2])
                    let plan = try await mover.freezeAndPlan(names, row: statements)
                    if let killed = try await mover.begin(plan, killedAfter: statements) {
                        try await mover.decide(.resume, on: killed, "killed after \(statements)")
                    } else {
                        goesOn = false
                    }
                    try await mover.expectHandedOver(to: next, other, row: statements)
                    try await lab[primary].thaw()
                    try await mover.bringBack(primary, below: next)
                    names = [next, other, primary]
                    statements += 1
                }
                // Two receivers, a promotion of three statements, and a replica led elsewhere.
                #expect(statements > 6)
            }
        }

        @Test(
            "two batons that want the same at once: one does it, the other one changes nothing",
            arguments: Shape.Flavour.allCases)
        func together(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c)") { lab, mover in
                try await mover.prepareRows(on: "a")
                // With stores of their own they meet at the servers' locks, with a common one already there.
                try await expectOne(of: mover, ["a", "b", "c"], row: 0, sharing: nil)
                try await lab["a"].thaw()
                try await mover.bringBack("a", below: "b")
                try await expectOne(of: mover, ["b", "c", "a"], row: 1, sharing: mover)
                try await lab["b"].thaw()
            }
        }

        private func expectOne(
            of mover: Mover, _ names: [String], row: Int, sharing store: Mover?
        ) async throws {
            let plan = try await mover.freezeAndPlan(names, row: row)
            let done = try await Mover.on(mover.lab, sharing: store) { other in
                async let one = mover.attempt(plan)
                async let two = other.attempt(plan)
                return await [one, two].count { $0 }
            }
            #expect(done == 1)
            try await mover.expectHandedOver(to: names[1], names[2], row: row)
        }
    }
}

extension Mover {
    fileprivate func prepareRows(on primary: String) async throws {
        try await lab[primary].execute("CREATE DATABASE killed")
        try await lab[primary].execute("CREATE TABLE killed.t (id INT PRIMARY KEY)")
    }

    /// Writes a row that comes to all, freezes the first of the servers, and plans to promote the second.
    fileprivate func freezeAndPlan(_ names: [String], row: Int) async throws -> Plan {
        try await lab[names[0]].execute("INSERT INTO killed.t VALUES (\(row))")
        for name in names.dropFirst() {
            try await eventually("row \(row) has come to \(name)") { try await self.hasRow(row, on: name) }
        }
        let before = try await scene()
        try await lab[names[0]].freeze()
        let scene = try await scene(after: before, losing: [names[0]])
        let wish = RecoveryWish.failover(of: address(names[0]), to: address(names[1]), FailoverPolicy())
        let answer = RecoveryPlanner().plan(wish, in: scene)
        return try #require(answer.plan, "\(answer.reasons.map(\.sentence))")
    }

    /// Whether it came to its end.
    fileprivate func attempt(_ plan: Plan) async -> Bool {
        (try? await executor.run(plan))?.isDone ?? false
    }

    private func hasRow(_ row: Int, on name: String) async throws -> Bool {
        (try? await lab[name].value("SELECT COUNT(*) FROM killed.t WHERE id = \(row)")) == "1"
    }

    /// One primary that has everything, and the other server replicates from it.
    fileprivate func expectHandedOver(to primary: String, _ other: String, row: Int) async throws {
        #expect(try await facts(primary).writability == .writable)
        #expect(try await facts(primary).channels.isEmpty)
        #expect(try await facts(other).writability != .writable)
        #expect(try await source(of: other) == primary)
        #expect(try await hasRow(row, on: primary))
        try await lab[primary].execute("INSERT INTO killed.t VALUES (\(1_000_000 + row))")
        try await eventually(within: .seconds(30), "\(other) replicates from \(primary)") {
            try await self.hasRow(1_000_000 + row, on: other)
        }
    }

    /// Makes an old primary, which has nothing of its own, a replica of the new one.
    fileprivate func bringBack(_ old: String, below primary: String) async throws {
        let (source, account) = (address(primary), LabAccounts.replication)
        try await lab[old].execute(
            mysql: "SET GLOBAL super_read_only = ON", mariadb: "SET GLOBAL read_only = ON")
        if lab[old].flavour == .mariadb {
            try await lab[old].execute("SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_binlog_pos")
        }
        try await lab[old].execute(
            mysql: """
                CHANGE REPLICATION SOURCE TO SOURCE_HOST = '\(source.host)', SOURCE_PORT = \(source.port), \
                SOURCE_USER = '\(account.user)', SOURCE_PASSWORD = '\(account.password)', SOURCE_AUTO_POSITION = 1, \
                GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 1
                """,
            mariadb: """
                CHANGE MASTER TO MASTER_HOST = '\(source.host)', MASTER_PORT = \(source.port), \
                MASTER_USER = '\(account.user)', MASTER_PASSWORD = '\(account.password)', MASTER_USE_GTID = slave_pos, \
                MASTER_CONNECT_RETRY = 1
                """)
        try await lab[old].execute(mysql: "START REPLICA", mariadb: "START SLAVE")
        try await eventually(within: .seconds(30), "\(old) replicates from \(primary)") {
            try await self.channel(of: old).isReplicating
        }
    }
}
