import Foundation
import Recovery
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

extension RecoveryScenarios {
    @Suite("The server that is preferred, after a failover in which it was late")
    struct SwappingIn {
        /// The old primary has to know the password of the account with which it follows the new one.
        private static let setup = WatchProcess.Setup(
            more: """
                swap-in-preferred = "5m"
                [operations]
                replication-password-variable = "\(LabAccounts.replicationPasswordVariable)"
                """,
            variables: ["\(LabAccounts.replicationPasswordVariable)=\(LabAccounts.replicationPassword)"])

        /// `c` must be the primary, and is late on purpose.
        private static func prepare(_ baton: BatonCommand) async throws {
            _ = try await baton.run("discover", "a")
            _ = try await baton.run("promotion-rule", "c", "must")
            _ = try await baton.run("delay-replication", "c", "3600", "--yes")
        }

        private static func expectSwapped(_ store: Store, _ mover: Mover, _ trigger: RecoveryRecord.Trigger)
            async throws
        {
            let records = try await store.recoveries()
            let first = try #require(records.first { $0.kind == .failover && $0.outcome == .done })
            #expect(first.successor == mover.address("b"))
            let second = try #require(records.first { $0.kind == .switchover })
            #expect(second.follows == first.id && second.successor == mover.address("c"), "\(second)")
            #expect(second.outcome == .done && second.trigger == trigger)
            #expect(try await mover.facts("c").writability == .writable)
            #expect(try await mover.facts("b").writability != .writable)
            #expect(try await mover.source(of: "b") == "c")
            #expect(try await mover.source(of: "d") == "c")
        }

        @Test("a command waits until it has caught up, and hands over to it", arguments: Shape.Flavour.allCases)
        func command(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue)[heartbeat]: a(b c d)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await Self.prepare(baton)
                try await lab["a"].kill()
                let shown = try await baton.run("failover", "a", "--to", "b", "--dry-run", "--swap-in-preferred")
                #expect(shown.contains("afterwards") && shown.contains("10 min at most"), "\(shown)")
                async let failover = baton.run("failover", "a", "--to", "b", "--yes", "--swap-in-preferred=2m")
                let store = try await Store.open(at: baton.store)
                try await eventually(within: .seconds(60), "it waits") {
                    try await store.recoveries().contains { record in
                        record.notes.contains { $0.text.contains("takes over when it can") }
                    }
                }
                #expect(try await mover.facts("b").writability == .writable)
                _ = try await baton.run("delay-replication", "c", "0", "--yes")
                let said = try await failover
                #expect(said.contains("done and verified") && said.contains("took over from"), "\(said)")
                try await Self.expectSwapped(store, mover, .manual)
                let account = try await baton.run("recovery", "1", "--markdown")
                #expect(account.contains("afterwards") && !account.contains("which operators prefer"), "\(account)")
                try store.close()
            }
        }

        @Test("where it is not ready in time, the failover stays a success and says what to do")
        func late() async throws {
            try await Mover.onLab("mariadb[heartbeat]: a(b c d)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await Self.prepare(baton)
                try await lab["a"].kill()
                let said = try await baton.run("failover", "a", "--to", "b", "--yes", "--swap-in-preferred=3s")
                #expect(said.contains("not ready in time") && said.contains("behind on purpose"), "\(said)")
                let command = "baton switchover \(mover.address("b")) --to \(mover.address("c"))"
                #expect(said.contains("later: \(command)"), "\(said)")
                #expect(try await mover.facts("b").writability == .writable)
                let account = try await baton.run("recovery", "1", "--markdown")
                #expect(account.contains(command), "\(account)")
            }
        }

        @Test(
            "a baton that recovers by itself hands over to it where that is configured",
            arguments: Shape.Flavour.allCases)
        func automatic(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c d)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await Self.prepare(baton)
                let watch = try await WatchProcess.start(
                    "swapping", on: lab, store: baton.store, seeing: ["a", "b", "c", "d"], Self.setup)
                let store = try await Store.open(at: baton.store)
                _ = try await baton.run("promotion-rule", "b", "prefer")
                try await lab["a"].kill()
                try await eventually(within: .seconds(60), "it waits: \(watch.output)") {
                    watch.output.contains("takes over when it can, within 5 min")
                }
                #expect(try await mover.facts("b").writability == .writable)
                // While recoveries are switched off it is not made, though the server is ready.
                _ = try await baton.run("disable-recoveries", "--reason", "hands off")
                _ = try await baton.run("delay-replication", "c", "0", "--yes")
                try await eventually(within: .seconds(60), "nothing else keeps it: \(watch.output)") {
                    let told = watch.output.split(separator: "\n").last { $0.contains("does not take over yet") }
                    return told.map { $0.contains("hands off") && !$0.contains("on purpose") } ?? false
                }
                #expect(try await mover.facts("b").writability == .writable)
                _ = try await baton.run("enable-recoveries", "--reason", "go on")
                try await eventually(within: .seconds(60), "it is swapped in: \(watch.output)") {
                    watch.output.contains("took over from")
                }
                try await Self.expectSwapped(store, mover, .automatic)
                try await watch.end()
                try store.close()
            }
        }

        @Test("a baton that is ended while it waits leaves the switchover to an operator")
        func ended() async throws {
            try await Mover.onLab("mariadb: a(b c d)") { lab, mover in
                let baton = try BatonCommand(lab)
                try await Self.prepare(baton)
                let watch = try await WatchProcess.start(
                    "ending", on: lab, store: baton.store, seeing: ["a", "b", "c", "d"], Self.setup)
                _ = try await baton.run("promotion-rule", "b", "prefer")
                try await lab["a"].kill()
                try await eventually(within: .seconds(60), "it waits: \(watch.output)") {
                    watch.output.contains("takes over when it can")
                }
                try await watch.end()
                #expect(watch.output.contains("told to stop"), "\(watch.output)")
                _ = try await baton.run("delay-replication", "c", "0", "--yes")
                let next = try await WatchProcess.start(
                    "next", on: lab, store: baton.store, seeing: ["b", "c", "d"], Self.setup)
                try await Task.sleep(for: .seconds(4))
                try await next.end()
                #expect(try await mover.facts("b").writability == .writable)
                let account = try await baton.run("recovery", "1", "--markdown")
                #expect(account.contains("which operators prefer"), "\(account)")
            }
        }
    }
}
