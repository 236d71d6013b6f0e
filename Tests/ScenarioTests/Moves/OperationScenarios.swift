import Lab
import Operations
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Operations on one server")
    struct ServerOperations {
        @Test("a replica is stopped, stopped nicely, started and restarted", arguments: Shape.Flavour.allCases)
        func threads(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                for (tree, leaf) in [(MoveLabs.byGTID, "h"), (MoveLabs.byPosition, "t")] {
                    try await mover.underLoad(tree.all) {
                        let stopped = try await mover.carryOut(.stopReplica(mover.replica(leaf)))
                        #expect(try await mover.channel(of: leaf).receiver == .stopped)
                        try await mover.takeBack(stopped)
                        try await mover.carryOut(.stopReplicaNicely(mover.replica(leaf)))
                        let channel = try await mover.channel(of: leaf)
                        #expect(channel.applier == .stopped)
                        // The receiver may have been stopped within a transaction; a row of the load has about 300 bytes.
                        let rest = (channel.received?.offset ?? 0) - (channel.executed?.offset ?? 0)
                        #expect(channel.received?.file == channel.executed?.file && rest < 400, "\(channel)")
                        try await mover.carryOut(.startReplica(mover.replica(leaf)))
                        try await mover.carryOut(.restartReplica(mover.replica(leaf)))
                        #expect(try await mover.channel(of: leaf).isReplicating)
                    }
                }
            }
        }

        @Test("a replica forgets its source and has it back", arguments: Shape.Flavour.allCases)
        func reset(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                for (tree, leaf) in [(MoveLabs.byGTID, "h"), (MoveLabs.byPosition, "t")] {
                    try await mover.underLoad(tree.all) {
                        let source = try await mover.source(of: leaf)
                        let report = try await mover.carryOut(.resetReplica(mover.replica(leaf)))
                        #expect(try await mover.facts(leaf).channels.isEmpty)
                        try await mover.takeBack(report)
                        #expect(try await mover.source(of: leaf) == source)
                        #expect(try await mover.channel(of: leaf).isReplicating)
                    }
                }
            }
        }

        @Test("a replica is delayed and no longer delayed", arguments: Shape.Flavour.allCases)
        func delay(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                for (tree, leaf) in [(MoveLabs.byGTID, "h"), (MoveLabs.byPosition, "t")] {
                    try await mover.underLoad(tree.all) {
                        let report = try await mover.carryOut(.delayReplication(mover.replica(leaf), .seconds(2)))
                        let channel = try await mover.channel(of: leaf)
                        #expect(channel.delay == .seconds(2) && channel.isReplicating)
                        try await mover.takeBack(report)
                        #expect(try await mover.channel(of: leaf).delay == .zero)
                    }
                }
            }
        }

        @Test(
            "the transaction on which an applier stopped is left out, and no other", arguments: Shape.Flavour.allCases)
        func skip(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                for (tree, leaf) in [(MoveLabs.byGTID, "h"), (MoveLabs.byPosition, "t")] {
                    try await mover.underLoad(tree.all) {
                        // On MySQL nobody but replication may write there, as on replicas of users.
                        if flavour == .mysql {
                            try await mover.carryOut(.setReadOnly(mover.address(leaf), semiSync: .leave))
                        }
                        try await mover.conflict(on: leaf, below: tree.primary)
                        let plan = try await mover.plan(.skipTransaction(mover.replica(leaf)))
                        // MariaDB's error tells no GTID; the counter leaves out the one that failed.
                        let counts = flavour == .mariadb || tree.name == "position"
                        #expect(plan.intent.contains("the next transaction") == counts)
                        try await mover.allowed("SUPER", on: leaf) {
                            _ = try await mover.carryOut(plan)
                        }
                        #expect(try await mover.channel(of: leaf).isReplicating)
                        if flavour == .mysql {
                            try await lab[leaf].execute("SET GLOBAL super_read_only = OFF")
                        }
                    }
                }
            }
        }

        @Test(
            "a server is made read-only and writable, semi-sync following its role", arguments: Shape.Flavour.allCases)
        func writability(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let primary = mover.address("u")
                try await mover.underLoad(["u", "v"]) {
                    try await eventually("v acknowledges rows") {
                        try await mover.facts("u").semiSync.source?.isActive == true
                    }
                }
                let report = try await mover.carryOut(.setReadOnly(primary, semiSync: .follow))
                var facts = try await mover.facts("u")
                #expect(facts.writability == (flavour == .mysql ? .superReadOnly : .readOnly))
                #expect(facts.semiSync.source?.isEnabled == false && facts.semiSync.replica?.isEnabled == true)
                try await mover.takeBack(report)
                facts = try await mover.facts("u")
                #expect(facts.writability == .writable && facts.semiSync.source?.isEnabled == true)
                let writable = try await mover.carryOut(.setWritable(mover.address("v"), semiSync: .follow))
                facts = try await mover.facts("v")
                #expect(facts.writability == .writable && facts.semiSync.source?.isEnabled == true)
                try await mover.takeBack(writable)
                #expect(try await mover.facts("v").writability == .readOnly)
            }
        }

        @Test("binary logs are flushed, and purged when no replica needs them", arguments: Shape.Flavour.allCases)
        func binaryLogs(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let primary = mover.address("m")
                try await mover.underLoad(["m", "x"], comparing: ["m"]) {
                    let old = try #require(try await mover.facts("m").binaryLog?.position)
                    try await mover.carryOut(.flushBinaryLogs(primary))
                    let new = try #require(try await mover.facts("m").binaryLog?.position)
                    #expect(new.fileNumber == old.fileNumber.map { $0 + 1 })
                    try await mover.carryOut(.stopReplica(mover.replica("x", channel: "m")))
                    try await mover.carryOut(.flushBinaryLogs(primary))
                    let newest = try #require(try await mover.facts("m").binaryLog?.position)
                    let reasons = try await mover.refusal(of: .purgeBinaryLogs(primary, to: newest.file))
                    #expect(reasons.map(\.rule) == ["log.needed"])
                    try await mover.carryOut(.startReplica(mover.replica("x", channel: "m")))
                    try await eventually("x is in the newest log") {
                        try await mover.facts("x").channels.first { $0.name == "m" }?.executed?.file == newest.file
                    }
                    try await mover.carryOut(.purgeBinaryLogs(primary, to: newest.file))
                    let logs = try await mover.lab["m"].execute("SHOW BINARY LOGS").first
                    #expect(logs?.text(row: 0, column: 0) == newest.file)
                }
            }
        }

        @Test("a query is killed", arguments: Shape.Flavour.allCases)
        func kill(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let session = try await lab["e"].connectAsBaton()
                defer { session.close() }
                let question = "SELECT COUNT(*) FROM information_schema.processlist WHERE info = 'SELECT SLEEP(30)'"
                let sleeping = Task { try await session.execute("SELECT SLEEP(30)", timeout: .seconds(20)) }
                try await eventually("the query runs") {
                    try await lab["e"].value(question) == "1"
                }
                try await mover.carryOut(.killQuery(mover.address("e"), connection: session.id))
                _ = await sleeping.result
                let left = try await lab["e"].value(question)
                #expect(left == "0")
            }
        }

        @Test("errant transactions are given empty ones, or are taken out of the replica")
        func errant() async throws {
            let lab = try Labs.of(.mysql)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byGTID
                try await mover.underLoad(tree.all) {
                    try await lab["h"].execute("CREATE DATABASE errant_one")
                    let report = try await mover.carryOut(.injectErrant(mover.address("h")))
                    await #expect(throws: OperationError.self) { try await mover.executor.undo(report.operation) }
                    try await eventually("the tree has it") {
                        try await mover.planner.plan(.injectErrant(mover.address("h")), in: mover.scene()).reasons
                            .map(\.rule) == ["errant.none"]
                    }
                    try await lab["h"].execute("CREATE DATABASE errant_two")
                    let busy = try await mover.refusal(of: .resetErrant(mover.address("h")))
                    #expect(busy.map(\.rule) == ["errant.not-at-rest"])
                    try await mover.carryOut(.stopReplicaNicely(mover.replica("h")))
                    try await mover.carryOut(.resetErrant(mover.address("h")))
                    try await mover.carryOut(.startReplica(mover.replica("h")))
                }
                try await lab["h"].executeUnlogged(["DROP DATABASE errant_one", "DROP DATABASE errant_two"])
            }
        }

    }
}

extension Mover {
    /// Gives baton's account one more right on a MariaDB server for the time of `body`.
    func allowed(_ right: String, on name: String, _ body: () async throws -> Void) async throws {
        guard lab[name].flavour == .mariadb else { return try await body() }
        try await lab[name].executeUnlogged(["GRANT \(right) ON *.* TO 'baton'@'%'"])
        // Rights are read when a connection is opened.
        await servers.close()
        try await body()
        try await lab[name].executeUnlogged(["REVOKE \(right) ON *.* FROM 'baton'@'%'"])
    }

    /// Stops the applier of a replica at a row that it has already, and puts the source's row in its place, so that
    /// the data are equal once that transaction is left out.
    func conflict(on name: String, below primary: String) async throws {
        let table = "conflicts.rows_\(name)"
        try await lab[primary].execute(
            "CREATE DATABASE IF NOT EXISTS conflicts",
            "CREATE TABLE IF NOT EXISTS \(table) (id INT AUTO_INCREMENT PRIMARY KEY, n INT)")
        try await eventually("\(name) has the table") {
            (try? await lab[name].value("SELECT COUNT(*) FROM \(table)")) == "0"
        }
        let unlock = lab[name].flavour == .mysql ? ["SET GLOBAL super_read_only = OFF"] : []
        let lock = lab[name].flavour == .mysql ? ["SET GLOBAL super_read_only = ON"] : []
        try await lab[name].executeUnlogged(unlock + ["INSERT INTO \(table) VALUES (1, 1)"] + lock)
        try await lab[primary].execute("INSERT INTO \(table) VALUES (1, 1)")
        try await eventually("the applier of \(name) has stopped") {
            let channel = try await channel(of: name)
            // The error is told a moment before the thread has ended.
            return channel.applierError != nil && channel.applier == .stopped
        }
    }
}
