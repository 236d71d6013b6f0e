import Lab
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    /// What commits wait for is the same before a switchover and after it, on servers of both families.
    @Suite("Switchovers with semi-sync")
    struct SemiSyncSwitchovers {
        @Test(
            "commits wait for as many replicas as before, among them the old primary, there and back",
            arguments: Shape.Flavour.allCases)
        func guarantee(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue)[semi-sync=3600]: a(b c d)") { lab, mover in
                // MariaDB waits for one, and has no setting for it.
                let count = flavour == .mysql ? 2 : 1
                if flavour == .mysql {
                    try await lab["a"].execute("SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = 2")
                }
                try await lab["a"].execute("CREATE DATABASE promised")
                try await lab["a"].execute("CREATE TABLE promised.rows_kept (id INT PRIMARY KEY)")
                try await mover.expectGuarantee(on: "a", replicas: ["b", "c", "d"], count: count, row: 1)
                try await mover.carryOut(mover.planSwitchover("a", to: "b"))
                #expect(try await mover.facts("b").semiSync.replica?.isEnabled == false)
                try await mover.expectGuarantee(on: "b", replicas: ["a", "c", "d"], count: count, row: 3)
                try await mover.carryOut(mover.planSwitchover("b", to: "a"))
                try await mover.expectGuarantee(on: "a", replicas: ["b", "c", "d"], count: count, row: 5)
            }
        }

        @Test("with two servers the old primary is the one that is waited for", arguments: Shape.Flavour.allCases)
        func pair(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue)[semi-sync=3600]: a(b)") { lab, mover in
                try await lab["a"].execute("CREATE DATABASE promised")
                try await lab["a"].execute("CREATE TABLE promised.rows_kept (id INT PRIMARY KEY)")
                try await mover.carryOut(mover.planSwitchover("a", to: "b"))
                try await mover.expectGuarantee(on: "b", replicas: ["a"], count: 1, row: 1)
            }
        }
    }
}

extension Mover {
    /// Expects that a commit on the primary waits for that many of its replicas: with all it comes back, and with one too few
    /// it does not until that one receives again.
    ///
    /// - Parameter row: the first of two rows that are written.
    fileprivate func expectGuarantee(on primary: String, replicas: [String], count: Int, row: Int) async throws {
        let side = try #require(try await facts(primary).semiSync.source)
        #expect(side.isEnabled && side.waitForReplicas == count, "\(primary) \(side)")
        for name in replicas {
            let semiSync = try await facts(name).semiSync
            #expect(semiSync.replica?.isEnabled == true && semiSync.source?.isEnabled == false, "\(name) \(semiSync)")
        }
        try await eventually("all acknowledge on \(primary)") {
            let side = try await facts(primary).semiSync.source
            return side?.clients == replicas.count && side?.isActive == true
        }
        let insert = "INSERT INTO promised.rows_kept VALUES"
        try await lab[primary].execute("\(insert) (\(row))")

        let silent = replicas.dropFirst(count - 1)
        for name in silent { try await setReceiver(of: name, runs: false) }
        try await eventually("one too few acknowledges on \(primary)") {
            try await facts(primary).semiSync.source?.clients == count - 1
        }
        let server = lab[primary]
        let commit = Task { try await server.execute("\(insert) (\(row + 1))") }
        try await eventually("the commit waits for an acknowledgement on \(primary)") {
            try await lab[primary].value(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for semi-sync ACK%'")
                == "1"
        }
        for name in silent { try await setReceiver(of: name, runs: true) }
        _ = try await commit.value
        #expect(try await facts(primary).semiSync.source?.isActive == true, "it has not gone on alone")
        try await eventually("all have both rows") {
            for name in replicas {
                let rows = "SELECT COUNT(*) FROM promised.rows_kept WHERE id IN (\(row), \(row + 1))"
                if try await lab[name].value(rows) != "2" { return false }
            }
            return true
        }
    }

    private func setReceiver(of name: String, runs: Bool) async throws {
        let word = lab[name].flavour == .mysql ? "REPLICA" : "SLAVE"
        try await lab[name].execute("\(runs ? "START" : "STOP") \(word) IO_THREAD")
    }
}
