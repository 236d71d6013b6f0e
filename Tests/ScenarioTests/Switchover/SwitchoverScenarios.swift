import Lab
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@testable import Lab

/// Switchovers on real servers of both families while rows are written.
@Suite("Switchovers on real servers", .serialized, .timeLimit(.minutes(4)), .realLabs(SwitchoverLabs.shape))
enum SwitchoverScenarios {
    @Suite("While all is well")
    struct Well {
        @Test(
            "there and back again, by GTID and by position: not one acknowledged row is lost",
            arguments: Shape.Flavour.allCases)
        func thereAndBack(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                for names in SwitchoverLabs.clusters {
                    try await mover.writing(onEither: names) {
                        let report = try await mover.carryOut(mover.planSwitchover(names[0], to: names[1]))
                        try expectHandedOver(report, names, flavour)
                        #expect(try await mover.source(of: names[0]) == names[1])
                        #expect(try await mover.facts(names[0]).writability.isWritable == false)
                        #expect(try await mover.facts(names[1]).writability == .writable)
                        #expect(try await mover.facts(names[1]).channels.isEmpty)
                        let back = try await mover.carryOut(mover.planSwitchover(names[1], to: names[0]))
                        try expectHandedOver(back, names, flavour)
                    }
                    for name in names.dropFirst() {
                        #expect(try await mover.source(of: name) == names[0])
                        #expect(try await mover.channel(of: name).isReplicating)
                    }
                }
            }
        }

        private func expectHandedOver(
            _ report: OperationReport, _ names: [String], _ flavour: Shape.Flavour
        ) throws {
            let blocked = try #require(report.writesBlocked)
            #expect(blocked.end == .handedOver)
            print("\(flavour.rawValue) \(names[0]): \(blocked.sentence)")
            // On an idle machine it is a few dozen milliseconds; here others may be at work.
            #expect(blocked.duration < .seconds(1))
        }

        @Test("with semi-sync the sides change places", arguments: Shape.Flavour.allCases)
        func semiSync(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                try await mover.carryOut(mover.planSwitchover("u", to: "v"))
                #expect(try await mover.facts("v").semiSync.source?.isEnabled == true)
                #expect(try await mover.facts("v").semiSync.replica?.isEnabled == false)
                #expect(try await mover.facts("u").semiSync.source?.isEnabled == false)
                #expect(try await mover.facts("u").semiSync.replica?.isEnabled == true)
                try await mover.carryOut(mover.planSwitchover("v", to: "u"))
                #expect(try await mover.facts("u").semiSync.source?.isEnabled == true)
            }
        }

        /// MariaDB lets nobody but SUPER switch the scheduler, which is left as it is there.
        @Test("events run on the new primary and no longer on the old one (MySQL)")
        func events() async throws {
            let lab = try Labs.of(.mysql)
            try await Mover.on(lab) { mover in
                _ = try await lab["a"].execute("SET GLOBAL event_scheduler = ON")
                _ = try await lab["a"].execute("CREATE DATABASE ev")
                // Nobody but an account with SYSTEM_USER may alter what such an account owns.
                let owner = "'\(LabAccounts.application.user)'@'%'"
                _ = try await lab["a"].execute("GRANT EVENT ON ev.* TO \(owner)")
                _ = try await lab["a"].execute(
                    "CREATE DEFINER = \(owner) EVENT ev.e ON SCHEDULE EVERY 1 DAY DO SELECT 1")
                let state = "SELECT STATUS FROM information_schema.EVENTS WHERE EVENT_NAME = 'e'"
                try await eventually("the event has come") {
                    try await lab["b"].value(state)?.hasSuffix("SIDE_DISABLED") == true
                }
                try await mover.carryOut(mover.planSwitchover("a", to: "b"))
                #expect(try await lab["b"].value(state) == "ENABLED")
                #expect(try await lab["b"].value("SELECT @@GLOBAL.event_scheduler") == "ON")
                #expect(try await lab["a"].value("SELECT @@GLOBAL.event_scheduler") == "OFF")
                try await eventually("the old primary no longer runs it") {
                    try await lab["a"].value(state)?.hasSuffix("SIDE_DISABLED") == true
                }
                try await mover.carryOut(mover.planSwitchover("b", to: "a"))
                #expect(try await lab["a"].value(state) == "ENABLED")
                _ = try await lab["a"].execute("DROP DATABASE ev")
            }
        }
    }

    @Suite("While something is in the way")
    struct Hindered {
        @Test(
            "table locks that keep read-only off: it backs out within its limit, and writes go on",
            arguments: Shape.Flavour.allCases)
        func locked(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                _ = try await lab["a"].execute("CREATE DATABASE IF NOT EXISTS held")
                _ = try await lab["a"].execute("CREATE TABLE IF NOT EXISTS held.t (id INT PRIMARY KEY)")
                let holder = try await lab["a"].connect()
                _ = try await holder.query(["LOCK TABLES held.t WRITE"], timeout: .seconds(5))
                let report = try await mover.executor.run(try await mover.planSwitchover("a", to: "b"))
                #expect(!report.isDone)
                #expect(report.writesBlocked?.end == .backedOut, "\(report)")
                #expect(try #require(report.writesBlocked).duration < .seconds(4))
                #expect(try await mover.facts("a").writability == .writable)
                holder.close()
                _ = try await lab["a"].execute("DROP DATABASE held")
                // What came before is there still, and it can be gone on with.
                if !report.choices.isEmpty {
                    #expect(try await mover.executor.resume(report.operation).isDone)
                } else {
                    try await mover.carryOut(mover.planSwitchover("a", to: "b"))
                }
                try await mover.carryOut(mover.planSwitchover("b", to: "a"))
            }
        }

        @Test(
            "a replica that cannot come level in time: writes go on where they were", arguments: Shape.Flavour.allCases)
        func lagging(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                var wish = Switchover(of: mover.address("a"), to: .named(mover.address("b")))
                wish.policy.drain = .seconds(2)
                wish.policy.siblings = .stay
                let plan = try await mover.plan(wish)
                // Just before writes stop, once, a transaction comes that the replica does not get.
                let isHindered = Mutex(false)
                let servers = InterruptedServers(mover.servers) { (_: Int, statements: [Statement]) in
                    guard statements.contains(where: { $0.text.contains("read_only") }),
                        isHindered.withLock({ was in
                            defer { was = true }
                            return !was
                        })
                    else { return }
                    try await lab["b"].execute(mysql: "STOP REPLICA IO_THREAD", mariadb: "STOP SLAVE IO_THREAD")
                    _ = try await lab["a"].execute("CREATE DATABASE late")
                }
                let report = try await Executor(servers: servers, journal: mover.journal).run(plan)
                #expect(!report.isDone)
                #expect(report.writesBlocked?.end == .backedOut, "\(report)")
                #expect(try await mover.facts("a").writability == .writable)
                try await eventually("b replicates again") { try await mover.channel(of: "b").isReplicating }
                _ = try await lab["a"].execute("DROP DATABASE late")
            }
        }

        @Test("a sibling that is down is left with a word", arguments: Shape.Flavour.allCases)
        func downSibling(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                var fleet = try await mover.scene().fleet
                if var sibling = fleet[mover.address("d")] {
                    sibling.contact = .unreachable(
                        since: .now(), lastSeen: .now(), ContactFailure(kind: .connectionRefused, message: "refused"))
                    fleet.update(sibling)
                }
                let answer = SwitchoverPlanner(mover.planner).plan(
                    Switchover(of: mover.address("a"), to: .named(mover.address("b"))),
                    in: RuleScene(fleet, now: .now()))
                let plan = try #require(answer.plan, "\(answer.reasons)")
                #expect(answer.reasons.contains { $0.rule == "switch.sibling-stays" })
                try await mover.carryOut(plan)
                #expect(try await mover.source(of: "d") == "a")
                #expect(try await mover.source(of: "c") == "b")
                try await mover.carryOut(.relocate(mover.replica("d"), below: mover.address("b")))
                try await mover.carryOut(mover.planSwitchover("b", to: "a"))
            }
        }
    }

    @Suite("A baton killed between two statements")
    struct Killed {
        @Test(
            "resumed or rolled back, each works, and never do two servers take writes",
            arguments: Shape.Flavour.allCases)
        func everywhere(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                try await mover.writing(onEither: ["p", "q", "r"]) {
                    var statements = 0
                    while true {
                        let isBack = try await mover.source(of: "p") == "q"
                        let (old, new) = isBack ? ("q", "p") : ("p", "q")
                        let plan = try await mover.planSwitchover(old, to: new)
                        guard let killed = try await mover.beginSwitchover(plan, killedAfter: statements) else { break }
                        let choice: OperationReport.Choice = statements.isMultiple(of: 2) ? .resume : .rollBack
                        try await mover.decideSwitchover(choice, on: killed, "killed after \(statements)")
                        let writable = try await ["p", "q", "r"].asyncFilter { name in
                            try await mover.facts(name).writability.isWritable
                        }
                        #expect(writable.count == 1, "killed after \(statements), \(choice): \(writable)")
                        statements += 1
                    }
                    #expect(statements > 10)
                    if try await mover.source(of: "p") == "q" {
                        try await mover.carryOut(mover.planSwitchover("q", to: "p"))
                    }
                }
            }
        }
    }
}

/// The servers on which switchovers are tried.
enum SwitchoverLabs {
    static func shape(_ flavour: Shape.Flavour) -> String {
        let name = flavour.rawValue
        return "\(name): a(b c d); \(name)[positions]: p(q r); \(name)[semi-sync=2]: u(v w)"
    }

    /// A cluster by the names of its servers, the primary first, the candidate second.
    static let clusters = [["a", "b", "c", "d"], ["p", "q", "r"], ["u", "v", "w"]]
}
