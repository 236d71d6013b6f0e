import Diagnosis
import Engine
import TestSupport
import Testing
import Topology

@testable import Lab
@testable import Servers

extension Scenarios {
    /// Accounts that may too little, and lag from elsewhere than the replica status.
    @Suite("Access")
    struct AccessScenarios {
        @Test(
            "a missing privilege costs its fact, and the GRANT shown mends it while baton watches",
            arguments: Shape.Flavour.allCases)
        func missingPrivilege(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let d = lab["d"]
            try await d.executeUnlogged(["CREATE USER 'blind'@'%' IDENTIFIED BY 'so-blind'"])
            let setup = { (setup: inout Watch.Setup) in
                setup.settings.credentials = Credentials(user: "blind", password: Secret("so-blind"))
                setup.probe.refusalInterval = .seconds(2)
            }
            try await Watch.on(lab, from: [d.address], setup) { watch in
                // Each round shows what the last one has uncovered: a replica's heartbeats come after its status.
                for _ in 0..<4 {
                    let update = try await watch.until("d answers") {
                        $0.fleet[d.address]?.contact.isReachable == true
                    }
                    guard let problem = update.problem(.missingPrivilege, of: d.address) else { break }
                    let grants = try #require(problem.remedy).split(separator: "\n").map(String.init)
                    #expect(grants.allSatisfy { $0.hasPrefix("GRANT ") && $0.contains("'blind'@'%'") }, "\(grants)")
                    try await d.executeUnlogged(grants)
                    try await watch.until("these are mended") {
                        $0.problem(.missingPrivilege, of: d.address)?.remedy != problem.remedy
                    }
                }
                let update = try await watch.until("d has no secrets any more") { update in
                    update.fleet[d.address]?.facts?.unavailable == [] && update.channel(of: d)?.isReplicating == true
                }
                #expect(update.problem(.missingPrivilege, of: d.address) == nil)
                // The account is not on its source: that one answers, and is not dead.
                try await watch.problem(.noAccess, of: lab["a"])
            }
            try await d.executeUnlogged(["DROP USER 'blind'@'%'"])
        }

        @Test("a wrong password is no access, not a dead server", arguments: Shape.Flavour.allCases)
        func wrongPassword(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let e = lab["e"]
            try await e.execute(
                "CREATE USER 'late'@'%' IDENTIFIED BY 'old'",
                flavour == .mysql
                    ? "GRANT PROCESS, REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO 'late'@'%'"
                    : "GRANT BINLOG MONITOR, SLAVE MONITOR, REPLICATION MASTER ADMIN ON *.* TO 'late'@'%'")
            let setup = { (setup: inout Watch.Setup) in
                setup.settings.credentials = Credentials(user: "late", password: Secret("new"))
            }
            try await Watch.on(lab, from: [e.address], setup) { watch in
                let problem = try await watch.problem(.noAccess, of: e)
                #expect(problem.severity == .warning)
                #expect(problem.evidence[0].contains("1045"), "\(problem)")
                #expect(!"\(problem)".contains("new'"), "no password in what is told")
                try await e.execute("ALTER USER 'late'@'%' IDENTIFIED BY 'new'")
                try await watch.untilWell([e])
                try await watch.event(.back, of: e)
            }
            try await e.execute("DROP USER 'late'@'%'")
        }

        @Test("lag comes from pt-heartbeat's table, and from a query of one's own", arguments: Shape.Flavour.allCases)
        func heartbeats(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (a, c) = (lab["a"], lab["c"])
            try await Self.writeHeartbeats(on: a)
            try await c.waits(forSchema: "percona")
            let table = HeartbeatTable(schema: "percona", table: "heartbeat", clock: .utc)
            let query = try CustomQuery(
                "SELECT TIMESTAMPDIFF(MICROSECOND, MAX(ts), UTC_TIMESTAMP(6)) / 1000000 FROM percona.heartbeat")
            let sources: [(ProbeOptions.LagSource, Lag.Origin)] = [
                (.heartbeatTable(table), .heartbeatTable("percona.heartbeat")), (.query(query), .query),
            ]
            for (source, origin) in sources {
                let setup = { (setup: inout Watch.Setup) in
                    setup.probe.lagSource = source
                    setup.limits.lagWarning = .seconds(4)
                }
                try await Watch.on(lab, from: [a.address], setup) { watch in
                    try await watch.until("the lag of c is that of the heartbeats") { update in
                        guard let lag = update.channel(of: c)?.lag else { return false }
                        return lag.origin == origin && lag.measured < .seconds(4)
                    }
                    try await watch.untilWell(lab.servers(Labs.tree))
                    async let load: Void = c.lag(for: .seconds(6), in: lab)
                    let problem = try await watch.problem(.lag, of: c)
                    #expect(problem.evidence[0].contains(origin == .query ? "query" : "percona.heartbeat"))
                    try await load
                    try await watch.untilWell(lab.servers(Labs.tree))
                }
            }
            try await a.execute("DROP EVENT percona.beat", "DROP DATABASE percona")
            try await a.execute("REVOKE SELECT ON percona.heartbeat FROM 'baton'@'%'")
        }

        /// Has the server write what pt-heartbeat writes, once a second.
        private static func writeHeartbeats(on server: LabServer) async throws {
            try await server.execute(
                "CREATE DATABASE percona",
                """
                CREATE TABLE percona.heartbeat (ts varchar(26) NOT NULL, server_id int unsigned NOT NULL PRIMARY KEY,
                file varchar(255) DEFAULT NULL, position bigint unsigned DEFAULT NULL,
                relay_master_log_file varchar(255) DEFAULT NULL, exec_master_log_pos bigint unsigned DEFAULT NULL)
                """,
                "GRANT SELECT ON percona.heartbeat TO 'baton'@'%'",
                "SET GLOBAL event_scheduler = ON",
                """
                CREATE EVENT percona.beat ON SCHEDULE EVERY 1 SECOND DO
                REPLACE INTO percona.heartbeat (ts, server_id)
                VALUES (REPLACE(UTC_TIMESTAMP(6), ' ', 'T'), @@server_id)
                """)
        }

        @Test("MySQL's own certificates: each ssl-mode keeps what it promises, with passwords that need it")
        func encryption() async throws {
            let lab = try Labs.of(.mysql)
            let e = lab["e"]
            let authority = e.data + "/ca.pem"
            let modes: [(TLSSettings, isEncrypted: Bool)] = [
                (TLSSettings(mode: .disabled), false), (TLSSettings(mode: .preferred), true),
                (TLSSettings(mode: .required), true),
            ]
            for (index, (tls, isEncrypted)) in modes.enumerated() {
                // A fresh account each time: the server remembers who has shown his password, and asks less then.
                let user = "secret\(index)"
                try await e.execute("CREATE USER '\(user)'@'%' IDENTIFIED WITH caching_sha2_password BY 'pass word'")
                for _ in ["in full", "from the server's cache"] {
                    let settings = ConnectionSettings(
                        credentials: Credentials(user: user, password: Secret("pass word")), tls: tls)
                    let connection = try await Connection.open(to: e.address, settings: settings)
                    let cipher = try await connection.execute("SHOW STATUS LIKE 'Ssl_cipher'", timeout: .seconds(5))
                    #expect((cipher.text(row: 0, column: 1) != "") == isEncrypted, "\(tls.mode)")
                    #expect((connection.tlsCipher != nil) == isEncrypted, "\(tls.mode)")
                    connection.close()
                }
                try await e.execute("DROP USER '\(user)'@'%'")
            }
            var settings = try lab.settings()
            settings.tls = TLSSettings(mode: .verifyCA, certificateAuthority: authority)
            if ClientLibrary.isLibmariadb {
                // It can't leave the host's name out, which stands in no certificate that MySQL makes for itself.
                let error = await #expect(throws: ConnectionError.self) {
                    try await Connection.open(to: e.address, settings: settings)
                }
                #expect(error?.cause == .contact(.tls))
                #expect(error?.message.contains("VERIFY_CA") == true, "\(error as Any)")
            } else {
                let connection = try await Connection.open(to: e.address, settings: settings)
                #expect(connection.tlsCipher != nil)
                connection.close()
            }
        }

        @Test("a server with a foreign certificate is no access, not a dead server")
        func foreignCertificate() async throws {
            let lab = try Labs.of(.mysql)
            let e = lab["e"]
            let setup = { (setup: inout Watch.Setup) in
                // A certificate that signed nothing.
                setup.settings.tls = TLSSettings(
                    mode: .verifyCA, certificateAuthority: e.data + "/client-cert.pem")
            }
            try await Watch.on(lab, from: [e.address], setup) { watch in
                let update = try await watch.until("the certificate is refused") {
                    $0.fleet[e.address]?.contact.failure?.kind == .tls
                }
                #expect(update.problem(.noAccess, of: e.address) != nil)
            }
        }
    }
}
