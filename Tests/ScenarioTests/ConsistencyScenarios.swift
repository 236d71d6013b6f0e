import Diagnosis
import Engine
import Lab
import Servers
import TestSupport
import Testing
import Topology

extension Scenarios {
    /// Servers that are well and still not as they should be.
    @Suite("Consistency")
    struct ConsistencyScenarios {
        @Test("a transaction written on a replica is named by its GTID", arguments: Shape.Flavour.allCases)
        func errant(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (a, c) = (lab["a"], lab["c"])
            try await Watch.on(lab, from: [a.address]) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await c.execute("CREATE DATABASE errant")
                let gtid = try await Self.lastOwnTransaction(of: c)
                let problem = try await watch.problem(.errantTransactions, of: c)
                #expect(problem.evidence == [gtid])
                // Those above and beside it are well.
                let update = try await watch.until("only that is told") { $0.problems.map(\.id) == [problem.id] }
                #expect(update.fleet.count == 4)

                switch flavour {
                case .mysql:
                    // What the problem advises: an empty transaction in its place on the primary.
                    try await a.execute("SET gtid_next = '\(gtid)'", "BEGIN", "COMMIT", "SET gtid_next = AUTOMATIC")
                case .mariadb:
                    try await c.stopReplica()
                    try await c.execute("RESET MASTER")
                    try await c.startReplica()
                }
                try await c.executeUnlogged(["DROP DATABASE errant"])
                try await watch.untilWell(lab.servers(Labs.tree))
            }
        }

        /// What the server itself calls the last transaction that it wrote on its own.
        private static func lastOwnTransaction(of server: LabServer) async throws -> String {
            switch server.flavour {
            case .mysql:
                let own = try #require(try await server.value("SELECT @@server_uuid"))
                let executed = try #require(try await server.value("SELECT @@gtid_executed"))
                let set = try GTIDSet(parsing: executed).restricted(to: [try #require(ServerUUID(own))])
                #expect(set.transactionCount == 1)
                return set.description
            case .mariadb:
                return try #require(try await server.value("SELECT @@gtid_binlog_pos"))
            }
        }

        @Test("a writable replica is told, and what is advised mends it", arguments: Shape.Flavour.allCases)
        func writableReplica(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let d = lab["d"]
            try await Watch.on(lab, from: [lab["a"].address]) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await d.execute("SET GLOBAL read_only = OFF")
                let problem = try await watch.problem(.writableReplica, of: d)
                try await watch.event(.writabilityChanged, of: d)
                try await d.execute(try #require(problem.remedy))
                try await watch.untilWell(lab.servers(Labs.tree))
                if flavour == .mysql { try await d.execute("SET GLOBAL super_read_only = OFF") }
            }
        }

        @Test("a read-only primary is told", arguments: Shape.Flavour.allCases)
        func readOnlyPrimary(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let a = lab["a"]
            try await Watch.on(lab, from: [lab["c"].address]) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await a.execute("SET GLOBAL read_only = ON")
                let problem = try await watch.problem(.readOnlyPrimary, of: a)
                #expect(problem.severity == .warning)
                try await a.execute("SET GLOBAL read_only = OFF")
                try await watch.untilWell(lab.servers(Labs.tree))
            }
        }

        @Test("another server on a known port is another server, and no proxy", arguments: Shape.Flavour.allCases)
        func replaced(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let e = lab["e"]
            try await Watch.on(lab, from: [e.address]) { watch in
                let before = try await watch.untilWell([e])
                let known = try #require(before.fleet[e.address]?.facts)
                try await e.execute("CREATE DATABASE before_the_change", "SET GLOBAL read_only = ON")
                try await watch.until("e is read-only") {
                    $0.fleet[e.address]?.facts?.writability == .readOnly
                }
                try await e.stop()
                try await watch.problem(.unreachable, of: e)

                let other = try await e.startAnother(serverID: 4_000_000_001)
                let update = try await watch.until("the other server is seen") {
                    $0.fleet[e.address]?.facts?.identity.serverID == 4_000_000_001
                        && $0.fleet[e.address]?.contact.isReachable == true
                }
                let facts = try #require(update.fleet[e.address]?.facts)
                #expect(facts.proxy == nil)
                #expect(facts.identity.serverUUID != known.identity.serverUUID || flavour == .mariadb)
                #expect(facts.writability == .writable, "it is not the one that was read-only")
                #expect(update.fleet.count == 1)
                #expect(try await watch.event(.replaced, of: e).count == 1)

                try await other.end()
                try await watch.problem(.unreachable, of: e)
                try await e.start()
                try await e.execute("DROP DATABASE before_the_change")
                try await watch.until("the first server is back") {
                    $0.fleet[e.address]?.facts?.identity.serverID == known.identity.serverID
                        && $0.fleet[e.address]?.contact.isReachable == true
                }
            }
        }
    }
}
