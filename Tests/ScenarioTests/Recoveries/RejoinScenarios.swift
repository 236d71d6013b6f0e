import Operations
import Recovery
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("A primary that was lost and comes back")
    struct Rejoins {
        @Test(
            "it comes back as a replica where nothing is lost, and is refused with exactly what only it has where something is",
            arguments: Shape.Flavour.allCases)
        func rejoins(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c)") { lab, mover in
                let load = try await mover.startWriting(arrivingAt: ["a", "b", "c"])
                try await load.stop()
                let run = load.workload.run
                try await mover.replace("a", by: "b")
                try await lab["b"].execute("INSERT INTO baton_lab.workload VALUES (\(run), 1000000, 0)")
                try await lab["a"].start()
                _ = try await lab["a"].execute("SET GLOBAL read_only = OFF")

                let wish = Rejoin(mover.address("a"), below: mover.address("b"))
                try await mover.carryOut(.rejoin(wish), in: try await mover.scene())
                #expect(try await mover.source(of: "a") == "b")
                #expect(try await mover.facts("a").writability.isWritable == false)
                try await mover.expectCluster("b", ["a", "c"], run: run)

                // Now b is lost, and comes back with transactions that nobody else has.
                try await mover.replace("b", by: "a")
                try await lab["b"].start()
                _ = try await lab["b"].execute("SET GLOBAL read_only = OFF")
                let before = try await mover.facts("b")
                for number in 2...4 {
                    try await lab["b"].execute("INSERT INTO baton_lab.workload VALUES (\(run), \(number)000000, 0)")
                }
                let answer = RecoveryPlanner().plan(
                    .rejoin(Rejoin(mover.address("b"), below: mover.address("a"))), in: try await mover.scene())
                #expect(answer.plan == nil)
                let reason = try #require(answer.reasons.first { $0.rule == "rejoin.diverged" }, "\(answer.reasons)")
                let lost = try await mover.facts("b").written(since: before)
                #expect(reason.measured.map(\.value) == [lost], "\(reason)")
                #expect(reason.sentence.contains("3 transactions"), "\(reason.sentence)")
                #expect(try await mover.source(of: "b") == nil)
            }
        }
    }
}

extension RecoveryScenarios.Rejoins {
    @Test("one that never wrote anything comes back too, and follows from the first transaction (MariaDB)")
    func neverWrote() async throws {
        try await Mover.onLab("mariadb: a(b c)") { lab, mover in
            guard case .mariadb(let state) = try await mover.facts("a").gtid else { return }
            try #require(state.binlogState.gtids.isEmpty, "a lab writes nothing by itself")
            try await mover.replace("a", by: "b")
            try await lab["b"].execute("CREATE DATABASE later")
            try await lab["a"].start()
            _ = try await lab["a"].execute("SET GLOBAL read_only = OFF")
            try await mover.rejoin("a", below: "b", confirming: ["rejoin.nothing-in-common"])
            try await lab["a"].waits(forSchema: "later")
            #expect(try await mover.channel(of: "a").isReplicating)
        }
    }

    @Test("one that was made anew is let back where it has all that it once wrote, or another server id (MariaDB)")
    func madeAnew() async throws {
        try await Mover.onLab("mariadb: a(b c)") { lab, mover in
            try await lab["a"].execute("CREATE DATABASE early")
            try await mover.replace("a", by: "b")
            try await lab["b"].execute("CREATE DATABASE later")
            try await lab["a"].start()
            try await lab["a"].execute("SET GLOBAL read_only = OFF", "RESET MASTER")
            let wish = RecoveryWish.rejoin(Rejoin(mover.address("a"), below: mover.address("b")))
            let refused = RecoveryPlanner().plan(wish, in: try await mover.scene())
            #expect(refused.reasons.map(\.rule) == ["rejoin.forgotten"], "\(refused.reasons)")

            // A backup says where it ends.
            guard case .mariadb(let theirs) = try await mover.facts("c").gtid else { return }
            let early = try #require(theirs.binlogState.gtids.first)
            try await lab["a"].execute("SET GLOBAL gtid_slave_pos = '\(early)'")
            try await mover.rejoin("a", below: "b")
            try await lab["a"].waits(forSchema: "later")

            // Of what it lost it gets nothing under its own id, though it asks from the beginning, and no error tells.
            let empty = ["SET sql_log_bin = 0", "DROP DATABASE early", "DROP DATABASE later", "RESET MASTER"]
            try await lab["a"].execute(["STOP SLAVE"] + empty + ["SET GLOBAL gtid_slave_pos = ''", "START SLAVE"])
            try await lab["a"].waits(forSchema: "later")
            #expect(try await lab["a"].execute("SHOW DATABASES LIKE 'early'").first?.rowCount == 0)

            // Under another it gets all of it.
            try await lab["a"].execute(
                ["STOP SLAVE", "RESET SLAVE ALL", "SET sql_log_bin = 0", "DROP DATABASE later", "RESET MASTER"]
                    + ["SET GLOBAL gtid_slave_pos = ''", "SET GLOBAL server_id = 4000000"])
            try await mover.rejoin("a", below: "b", confirming: ["rejoin.nothing-in-common"])
            for schema in ["early", "later"] { try await lab["a"].waits(forSchema: schema) }
        }
    }

    @Test(
        "it is fenced though a client holds a transaction open and writes on", arguments: Shape.Flavour.allCases)
    func fenced(flavour: Shape.Flavour) async throws {
        try await Mover.onLab("\(flavour.rawValue): a(b)") { lab, mover in
            let load = try await mover.startWriting(arrivingAt: ["a", "b"])
            let client = try await lab["a"].connectAsApplication()
            // Whose session baton may not end where root has SYSTEM_USER (MySQL); it stays, and cannot write either.
            let root = try await lab["a"].connect()
            _ = try await root.query(["SELECT 1"], timeout: .seconds(5))
            let insert = "INSERT INTO baton_lab.workload VALUES (\(load.workload.run), 2000000, 0)"
            let answer = try await client.query(StatementBatch(["BEGIN", insert]), timeout: .seconds(5))
            #expect(answer.failure == nil)
            try await mover.carryOut(.fence(mover.address("a")), in: try await mover.scene())
            let commit = try? await client.query(["COMMIT"], timeout: .seconds(5))
            #expect(commit.map { $0.failure != nil } ?? true)
            client.close()
            root.close()
            #expect(try await mover.facts("a").writability.isWritable == false)
            try? await load.stop()
            #expect(try await mover.channel(of: "b").isReplicating)
            let rows = "SELECT COUNT(*) FROM baton_lab.workload WHERE sequence = 2000000"
            #expect(try await lab["a"].value(rows) == "0")
        }
    }
}

extension Mover {
    /// Lets a server come back, which asks for no other confirmations than these.
    fileprivate func rejoin(_ server: String, below primary: String, confirming rules: [RuleID] = []) async throws {
        let wish = RecoveryWish.rejoin(Rejoin(address(server), below: address(primary)))
        let scene = try await scene()
        let asked = RecoveryPlanner().plan(wish, in: scene).reasons.filter { $0.gravity == .confirm }
        #expect(asked.map(\.rule) == rules, "\(asked)")
        try await carryOut(wish, in: scene)
        #expect(try await source(of: server) == primary)
        #expect(try await facts(server).writability.isWritable == false)
    }

    /// Kills a primary and promotes that replica when all has come to it.
    fileprivate func replace(_ primary: String, by candidate: String) async throws {
        let others = ["a", "b", "c"].filter { $0 != primary }
        try await eventually("\(others) have all that \(primary) has") {
            let facts = try await facts(primary)
            return try await others.asyncMap { try await self.facts($0) }
                .allSatisfy { Divergence(of: facts, from: $0) == .none }
        }
        let before = try await scene()
        try await lab[primary].kill()
        try await untilLost(by: others)
        try await carryOut(
            .failover(of: address(primary), to: address(candidate), FailoverPolicy()),
            in: try await scene(after: before, losing: [primary]))
    }
}

extension InstanceFacts {
    /// The transactions that came since, as they are told.
    fileprivate func written(since before: InstanceFacts) throws -> String {
        switch (gtid, before.gtid) {
        case (.mysql(let now), .mysql(let then)): return now.executed.subtracting(then.executed).description
        case (.mariadb(let now), .mariadb(let then)):
            let own = try #require(now.binlogPosition.gtids.first)
            let first = (then.binlogState.sequence(domain: own.domain, server: own.server) ?? 0) + 1
            return "\(own.domain)-\(own.server)-\(first) to \(own)"
        default: return ""
        }
    }
}
