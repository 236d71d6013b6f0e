import Lab
import Operations
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Finding the place by GTID or by position")
    struct Positioning {
        @Test(
            "a replica leaves GTIDs, moves by position, and takes them up again, also while its applier is held up",
            arguments: Shape.Flavour.allCases)
        func toggling(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byGTID
                try await mover.underLoad(tree.all) {
                    try await mover.carryOut(.disableGTID(mover.replica("d")), behindLockOn: "d")
                    #expect(try await mover.channel(of: "d").positioning == .binlogPosition)
                    let plan = try await mover.plan(.relocate(mover.replica("d"), below: mover.address("e")))
                    #expect(plan.method == "position")
                    let report = try await mover.carryOut(plan)
                    try await mover.takeBack(report)
                    try await mover.carryOut(.enableGTID(mover.replica("d")), behindLockOn: "d")
                    let channel = try await mover.channel(of: "d")
                    #expect(channel.positioning.isGTID && channel.isReplicating)
                }
            }
        }

        @Test("a replica that follows by its current position goes on doing so (MariaDB)")
        func currentPosition() async throws {
            let lab = try Labs.of(.mariadb)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byGTID
                try await lab["d"].execute(
                    "STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID = current_pos", "START SLAVE")
                try await eventually { try await mover.channel(of: "d").isReplicating }
                try await mover.underLoad(tree.all) {
                    let report = try await mover.carryOut(.relocate(mover.replica("d"), below: mover.address("c")))
                    #expect(try await mover.channel(of: "d").positioning == .currentPosition)
                    try await mover.takeBack(report)
                    let up = try await mover.carryOut(.moveUp(mover.replica("d")))
                    try await mover.takeBack(up)
                }
                try await lab["d"].execute("STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID = slave_pos", "START SLAVE")
                try await eventually { try await mover.channel(of: "d").isReplicating }
            }
        }

        @Test("two places that are recorded as the same take a replica over", arguments: Shape.Flavour.allCases)
        func equivalent(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                var mover = mover
                // Nothing is written, so that the ends of logs are known and the same moment.
                try await mover.underLoad(MoveLabs.byPosition.all) {}
                try await eventually("s has executed all") {
                    try await mover.channel(of: "s").executed == mover.facts("q").binaryLog?.position
                }
                let here = Equivalence.Place(
                    mover.address("q"), try #require(try await mover.channel(of: "s").executed),
                    in: try await mover.series(of: "q"))
                let there = Equivalence.Place(
                    mover.address("t"), try #require(try await mover.facts("t").binaryLog?.position),
                    in: try await mover.series(of: "t"))
                try await mover.carryOut(.stopReplica(mover.replica("t")))
                mover.planner = MovePlanner(equivalences: [Equivalence(here, there)])
                let plan = try await mover.plan(.relocate(mover.replica("s"), below: mover.address("t")))
                #expect(plan.method == "equivalent")
                try await mover.carryOut(plan)
                #expect(try await mover.source(of: "s") == "t")
                try await mover.carryOut(.startReplica(mover.replica("t")))
                try await mover.underLoad(MoveLabs.byPosition.all) {
                    try await mover.carryOut(.moveUp(mover.replica("s")))
                }
            }
        }

        @Test("one channel of several is moved, and the others go on", arguments: Shape.Flavour.allCases)
        func channels(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let unnamed = try await mover.refusal(of: .detach(mover.replica("x")))
                #expect(unnamed.map(\.rule) == ["move.channel-unnamed"])
                try await mover.underLoad(["m", "x"], comparing: ["m"]) {
                    try await mover.underLoad(["n", "x"], comparing: ["n"]) {
                        let report = try await mover.carryOut(.detach(mover.replica("x", channel: "m")))
                        let channels = try await mover.facts("x").channels
                        #expect(channels.first { $0.name == "n" }?.isReplicating == true)
                        #expect(channels.first { $0.name == "m" }?.detachedFrom == mover.address("m"))
                        try await mover.takeBack(report)
                        try await mover.carryOut(.repoint(mover.replica("x", channel: "n"), to: nil))
                        try await mover.carryOut(.stopReplicaNicely(mover.replica("x", channel: "m")))
                        #expect(
                            try await mover.facts("x").channels.map(\.applier) == [.stopped, .running])
                        try await mover.carryOut(.startReplica(mover.replica("x", channel: "m")))
                    }
                }
            }
        }
    }
}

extension Mover {
    /// By what a server's log is recognized, which it tells when it has run for a while.
    fileprivate func series(of name: String) async throws -> BinaryLogSeries {
        try await eventually(within: .seconds(20), "\(name) has counted for long enough") {
            try await servers.binaryLogSeries(of: address(name))
        }
    }

    /// Carries a move out while the applier of a server is held up, so that it has received what it has not applied, and
    /// lets the applier go on when the move waits for it.
    func carryOut(_ move: Move, behindLockOn name: String) async throws {
        let holder = try await lab[name].connect()
        defer { holder.close() }
        _ = try await holder.execute("LOCK TABLES baton_lab.workload READ", timeout: .seconds(5))
        try await eventually("\(name) has received more than it has applied") {
            let channel = try await channel(of: name)
            return channel.received != channel.executed
        }
        let plan = try await plan(move)
        async let release: Void = unlock(holder, whenStopWaitsOn: name)
        try await carryOut(plan)
        try await release
    }

    /// To stop an applier that waits for a lock is to wait for it.
    private func unlock(_ holder: Connection, whenStopWaitsOn name: String) async throws {
        let question = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'STOP %'"
        try await eventually("a statement waits for the applier of \(name)") {
            try await lab[name].value(question) == "1"
        }
        _ = try await holder.execute("UNLOCK TABLES", timeout: .seconds(5))
    }
}
