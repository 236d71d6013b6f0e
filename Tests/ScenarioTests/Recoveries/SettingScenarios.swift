import Lab
import Operations
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

extension RecoveryScenarios {
    @Suite("The settings of a primary")
    struct Settings {
        @Test(
            "commits that wait for nobody go on, a failover keeps how many are waited for, and clients can write again")
        func mysql() async throws {
            try await Mover.onLab("mysql[semi-sync=3600]: a(b c d)") { lab, mover in
                for name in ["b", "c", "d"] {
                    for statement in [
                        "SET GLOBAL rpl_semi_sync_replica_enabled = OFF", "STOP REPLICA IO_THREAD",
                        "START REPLICA IO_THREAD",
                    ] { try await lab[name].execute(statement) }
                }
                try await lab["a"].execute("SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = 2")
                try await eventually("nobody acknowledges") { try await mover.clients(of: "a") == 0 }
                async let waiting = lab["a"].execute("CREATE DATABASE settings")
                let locked = try await mover.scene()
                try await mover.carryOut(.semiSync(of: mover.address("a")), in: locked)
                // What was sent before a replica acknowledged is acknowledged with what comes next.
                try await lab["a"].execute("CREATE DATABASE next_write")
                _ = try await waiting
                #expect(try await mover.clients(of: "a") == 2)
                #expect(try await mover.acknowledges("d") == false)

                let before = try await mover.scene()
                try await lab["a"].kill()
                try await mover.untilLost(by: ["b", "c", "d"])
                let scene = try await mover.scene(after: before, losing: ["a"])
                try await mover.carryOut(
                    .failover(of: mover.address("a"), to: mover.address("b"), FailoverPolicy()), in: scene)
                let side = try #require(try await mover.facts("b").semiSync.source)
                #expect(side.isEnabled && side.waitForReplicas == 2)
                try await eventually("both that follow acknowledge") { try await mover.clients(of: "b") == 2 }
                #expect(try await mover.facts("b").semiSync.replica?.isEnabled == false)
                try await lab["b"].execute("CREATE TABLE settings.rows_kept (id INT PRIMARY KEY)")

                try await lab["b"].execute("SET GLOBAL super_read_only = ON")
                let closed = try await mover.scene(after: scene, losing: ["a"])
                // The old primary was writable when it was last read, and may be now.
                let answer = RecoveryPlanner().plan(.writability(of: mover.address("b")), in: closed)
                let isApart =
                    closed.forest.cluster(of: mover.address("a"))?.id
                    != closed.forest.cluster(of: mover.address("b"))?.id
                #expect(isApart || answer.reasons.contains { $0.rule == "setting.unseen-writable" })
                try await mover.carryOut(.writability(of: mover.address("b")), in: closed.without(mover.address("a")))
                try await lab["b"].execute("INSERT INTO settings.rows_kept VALUES (2)")
            }
        }

        @Test("on MariaDB too commits that wait for nobody go on")
        func mariadb() async throws {
            try await Mover.onLab("mariadb[semi-sync=3600]: a(b c)") { lab, mover in
                for name in ["b", "c"] {
                    for statement in [
                        "SET GLOBAL rpl_semi_sync_slave_enabled = OFF", "STOP SLAVE IO_THREAD", "START SLAVE IO_THREAD",
                    ] { try await lab[name].execute(statement) }
                }
                try await eventually("nobody acknowledges") { try await mover.clients(of: "a") == 0 }
                async let waiting = lab["a"].execute("CREATE DATABASE settings")
                try await mover.carryOut(.semiSync(of: mover.address("a")), in: try await mover.scene())
                // What was sent before a replica acknowledged is acknowledged with what comes next.
                try await lab["a"].execute("CREATE DATABASE next_write")
                _ = try await waiting
                #expect(try await mover.clients(of: "a") == 1)
            }
        }
    }
}

extension RuleScene {
    /// The scene without a server that somebody has forgotten.
    fileprivate func without(_ address: InstanceAddress) -> RuleScene {
        var fleet = fleet
        fleet.remove(address)
        return RuleScene(fleet, now: now)
    }
}

extension Mover {
    fileprivate func clients(of name: String) async throws -> Int? {
        try await facts(name).semiSync.source?.clients
    }

    fileprivate func acknowledges(_ name: String) async throws -> Bool? {
        try await facts(name).semiSync.replica?.isActive
    }
}
