import Lab
import Servers
import TestSupport
import Testing
import Topology

/// What holds for both families, on real servers of each.
@Suite("Probing real servers", .serialized)
struct InstanceProberTests {
    @Test("MariaDB: facts of a source and its replica, in one round trip a poll")
    func mariadb() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            try await Self.checkPair(lab, positioning: .replicaPosition)
            let facts = try #require(await lab["b"].prober().probe().facts)
            guard case .mariadb(let gtid) = facts.gtid else {
                Issue.record("no GTID facts")
                return
            }
            #expect(gtid.binlogPosition == gtid.replicaPosition)
            #expect(facts.identity.serverUUID == nil)
        }
    }

    @Test(
        "MySQL: facts of a source and its replica, in one round trip a poll", .enabled { await LabServers.hasMySQL() })
    func mysql() async throws {
        try await LabServers.with("mysql: a(b)") { lab in
            try await Self.checkPair(lab, positioning: .autoPosition)
            let source = try #require(await lab["a"].prober().probe().facts)
            let replica = try #require(await lab["b"].prober().probe().facts)
            #expect(source.identity.serverUUID != nil)
            #expect(replica.channels.first?.sourceUUID == source.identity.serverUUID)
            #expect(replica.channels.first?.retrieved != nil)
            try await Self.checkPrivileges(
                on: lab["b"], host: "%",
                grants: ["GRANT REPLICATION CLIENT", "GRANT SELECT ON performance_schema.replication_connection"])
        }
    }

    private static func checkPair(_ lab: Lab, positioning: Positioning) async throws {
        _ = try await lab["a"].execute("CREATE DATABASE probe", "CREATE TABLE probe.t (a INT PRIMARY KEY)")
        let sourceProber = lab["a"].prober()
        let source = try #require(await sourceProber.probe().facts)
        #expect(source.channels.isEmpty)
        #expect(source.reportedReplicas == [lab["b"].address])
        #expect(source.writability == .writable)
        #expect(source.unavailable.isEmpty)
        #expect(source.binaryLog?.position != nil)
        #expect(source.identity.port == lab["a"].address.port)

        let prober = lab["b"].prober()
        try await eventually("the replica applied the table") {
            _ = await prober.probe()
            let position = try await lab["b"].execute("SHOW TABLES FROM probe")
            return position[0].rowCount == 1
        }
        let replica = try #require(await lab["b"].prober().probe().facts)
        let channel = try #require(replica.channels.first)
        #expect(channel.source == lab["a"].address)
        #expect(channel.sourceServerID == source.identity.serverID)
        #expect(channel.isReplicating)
        #expect(channel.positioning == positioning)
        #expect(channel.lag?.origin == .secondsBehindSource)
        #expect(channel.heartbeatPeriod.map { $0 > .zero } == true)
        #expect(!replica.writability.isWritable)
        let age = try #require(replica.identity.startedAt.map { Timestamp.now() - $0 })
        #expect(age > .zero && age < .seconds(300))

        // The steady state: one round trip, whatever changes.
        let before = await prober.statistics
        for number in 1...5 {
            _ = try await lab["a"].execute("INSERT INTO probe.t VALUES (\(number))")
            _ = await prober.probe()
        }
        let after = await prober.statistics
        #expect(after.roundTrips - before.roundTrips == 5)
        #expect(after.connects == 1)
        #expect(after.failed == 0)
        await prober.close()
        await sourceProber.close()
    }

    /// An account that may do nothing sees a live server with facts missing, and each named GRANT brings its fact.
    private static func checkPrivileges(on server: LabServer, host: String, grants: [String]) async throws {
        _ = try await server.execute("SET sql_log_bin = 0", "CREATE USER 'nobody'@'\(host)'")
        let prober = server.prober(user: "nobody")
        let outcome = await prober.probe()
        let facts = try #require(outcome.facts, "\(outcome)")
        #expect(facts.identity.serverID != 0)
        #expect(facts.unavailable.contains { $0.fact == "replica status" })
        await prober.close()
        let steady = server.prober(user: "nobody")
        _ = await steady.probe()
        let before = await steady.statistics.roundTrips
        #expect(await steady.probe() == .unchanged)
        #expect(await steady.statistics.roundTrips == before + 1)
        await steady.close()

        // Each remedy is run as it is shown, until nothing is missing.
        var shown: [String] = []
        for _ in 0..<4 {
            let prober = server.prober(user: "nobody")
            let missing = try #require(await prober.probe().facts).unavailable.compactMap(\.remedy)
            await prober.close()
            if missing.isEmpty { break }
            let statements = missing.flatMap { $0.split(separator: "; ").map(String.init) }
            shown += statements
            _ = try await server.execute(["SET sql_log_bin = 0"] + statements)
        }
        let last = server.prober(user: "nobody")
        #expect(await last.probe().facts?.unavailable == [])
        await last.close()
        for grant in grants { #expect(shown.contains { $0.hasPrefix(grant) }, "\(grant)") }
    }

    @Test("MariaDB: a missing privilege costs its fact only, and the GRANT shown mends it")
    func mariadbPrivileges() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            try await Self.checkPrivileges(
                on: lab["b"], host: "%",
                grants: ["GRANT SLAVE MONITOR", "GRANT BINLOG MONITOR", "GRANT REPLICATION MASTER ADMIN"])
        }
    }

    @Test("a server that is killed is noticed between probes, and is another process when it is back")
    func killAndRestart() async throws {
        try await LabServers.with("mariadb: a") { lab in
            let prober = lab["a"].prober()
            let first = try #require(await prober.probe().facts)
            let disconnection = Task {
                for await _ in prober.disconnections { return true }
                return false
            }
            try await lab["a"].kill()
            #expect(await disconnection.value)
            guard case .unreachable(let failure) = await prober.probe() else {
                Issue.record("a killed server is not unreachable")
                return
            }
            #expect(failure.kind == .connectionRefused)
            #expect(await prober.statistics.consecutiveFailures == 1)
            try await lab["a"].start()
            let second = try #require(await prober.probe().facts)
            #expect(second.identity.startedAt != first.identity.startedAt)
            await prober.close()
        }
    }

    @Test("a frozen server is unreachable within the deadline of a probe, and well again when it goes on")
    func freeze() async throws {
        try await LabServers.with("mariadb: a") { lab in
            var options = ProbeOptions()
            options.probeTimeout = .milliseconds(400)
            let prober = lab["a"].prober(options: options)
            _ = await prober.probe()
            try await lab["a"].freeze()
            let elapsed = await ContinuousClock().measure {
                guard case .unreachable(let failure) = await prober.probe() else {
                    Issue.record("a frozen server is not unreachable")
                    return
                }
                #expect(failure.kind == .readTimeout)
            }
            #expect(elapsed < .seconds(3))
            try await lab["a"].thaw()
            try await eventually("it answers again") { await prober.probe() == .unchanged }
            await prober.close()
        }
    }

    @Test("a connection that was killed is replaced within the same probe: the server is not dead")
    func killedConnection() async throws {
        try await LabServers.with("mariadb: a") { lab in
            let prober = lab["a"].prober()
            _ = await prober.probe()
            let answers = try await lab["a"].execute(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep'")
            let ids = (0..<answers[0].rowCount).compactMap { answers[0].text(row: $0, column: 0) }
            #expect(!ids.isEmpty)
            for id in ids { _ = try? await lab["a"].execute("KILL \(id)") }
            #expect(await prober.probe() == .unchanged)
            #expect(await prober.statistics.failed == 0)
            await prober.close()
        }
    }

    @Test("a wrong password is no access, not a dead server")
    func wrongPassword() async throws {
        try await LabServers.with("mariadb: a") { lab in
            let prober = lab["a"].prober(user: "stranger")
            guard case .noAccess(let failure) = await prober.probe() else {
                Issue.record("a refused login is not noAccess")
                return
            }
            #expect(failure.kind == .accessDenied)
            await prober.close()
        }
    }

    @Test("a broken replica, a stopped and a delayed one, and several sources")
    func replicas() async throws {
        try await LabServers.with("mariadb: a(b) c(b)") { lab in
            let prober = lab["b"].prober()
            let facts = try #require(await prober.probe().facts)
            #expect(facts.channels.count == 2)
            #expect(Set(facts.channels.compactMap(\.source)) == [lab["a"].address, lab["c"].address])
            let channel = try #require(facts.channels.first { $0.source == lab["a"].address })
            _ = try await lab["b"].execute(
                "STOP SLAVE '\(channel.name)'", "CHANGE MASTER '\(channel.name)' TO MASTER_DELAY = 60")
            let stopped = try #require(await prober.probe().facts?.channels.first { $0.name == channel.name })
            #expect(stopped.receiver == .stopped)
            #expect(stopped.applier == .stopped)
            #expect(stopped.delay == .seconds(60))
            #expect(stopped.lag == nil)
            await prober.close()
        }
    }

    @Test("lag from pt-heartbeat's table, and from a query")
    func heartbeatTable() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            // As pt-heartbeat --create-table makes it.
            _ = try await lab["a"].execute(
                "CREATE DATABASE percona",
                """
                CREATE TABLE percona.heartbeat (ts varchar(26) NOT NULL, server_id int unsigned NOT NULL PRIMARY KEY,
                file varchar(255) DEFAULT NULL, position bigint unsigned DEFAULT NULL,
                relay_master_log_file varchar(255) DEFAULT NULL, exec_master_log_pos bigint unsigned DEFAULT NULL)
                """,
                """
                INSERT INTO percona.heartbeat (ts, server_id) VALUES
                (REPLACE(UTC_TIMESTAMP(6) - INTERVAL 100 SECOND, ' ', 'T'), @@server_id)
                """)
            var options = ProbeOptions()
            options.lagSource = .heartbeatTable(HeartbeatTable(schema: "percona", table: "heartbeat", clock: .utc))
            let prober = lab["b"].prober(options: options)
            try await eventually("the row arrives") {
                _ = await prober.probe()
                return try await lab["b"].execute("SHOW DATABASES LIKE 'percona'")[0].rowCount == 1
            }
            let fresh = lab["b"].prober(options: options)
            try await eventually("lag comes from the table") {
                let lag = await fresh.probe().facts?.channels.first?.lag
                guard let lag, lag.origin == .heartbeatTable("percona.heartbeat") else { return false }
                return lag.measured >= .seconds(100) && lag.measured < .seconds(130)
            }
            options.lagSource = .query(try CustomQuery("SELECT 4.2"))
            let custom = lab["b"].prober(options: options)
            #expect(
                await custom.probe().facts?.channels.first?.lag == Lag(measured: .milliseconds(4200), origin: .query))
            options.lagSource = .heartbeatTable(HeartbeatTable(schema: "percona", table: "none"))
            let missing = lab["b"].prober(options: options)
            let facts = try #require(await missing.probe().facts)
            #expect(facts.unavailable.map(\.code) == [1146])
            #expect(facts.channels.first?.lag?.origin == .secondsBehindSource)
            for prober in [prober, fresh, custom, missing] { await prober.close() }
        }
    }
}
