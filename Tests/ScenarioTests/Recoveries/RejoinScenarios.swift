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
