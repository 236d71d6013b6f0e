import Lab
import Servers
import TestSupport
import Testing
import Topology

/// What the client library does with Oracle's server; `scripts/check-libmysqlclient` runs it with the other library.
@Suite("A connection to MySQL", .serialized, .enabled { await LabServers.hasMySQL() })
struct MySQLConnectionTests {
    /// A server with certificates of ours, and the account `u` with the password `secret`.
    private func withServer(_ body: (LabServer, Certificates) async throws -> Void) async throws {
        let certificates = try await Certificates.make()
        let flags =
            "--ssl-cert=\(certificates.serverCertificate) --ssl-key=\(certificates.serverKey) "
            + "--ssl-ca=\(certificates.authority)"
        try await LabServers.with("mysql: a[\(flags)]") { lab in
            try await lab["a"].execute("CREATE USER u IDENTIFIED BY 'secret'", "GRANT ALL ON *.* TO u")
            try await body(lab["a"], certificates)
        }
    }

    private func settings(
        _ mode: TLSSettings.Mode, authority: String? = nil, password: String = "secret",
        connectTimeout: Duration = .seconds(10)
    ) -> ConnectionSettings {
        ConnectionSettings(
            credentials: Credentials(user: "u", password: Secret(password)),
            tls: TLSSettings(mode: mode, certificateAuthority: authority), connectTimeout: connectTimeout)
    }

    private func open(
        _ server: LabServer, _ mode: TLSSettings.Mode, authority: String? = nil, host: String = "127.0.0.1"
    ) async throws -> Connection {
        let address = InstanceAddress(host: host, port: server.address.port)
        return try await Connection.open(to: address, settings: settings(mode, authority: authority))
    }

    /// Rows of 20 kB, one every 50 ms: larger than the buffers of client libraries and than a record of TLS.
    private static let slowRows = Array(repeating: "SELECT REPEAT('x', 20000), SLEEP(0.05)", count: 40)
        .joined(separator: " UNION ALL ")

    @Test("answers batches in the clear and over TLS: large rows, NULLs, and errors where they happen")
    func answers() async throws {
        try await withServer { server, _ in
            for mode in [TLSSettings.Mode.disabled, .required] {
                let connection = try await open(server, mode)
                #expect((connection.tlsCipher == nil) == (mode == .disabled))
                try await checkAnswers(connection)
                try await checkErrors(connection)
                #expect(connection.statistics.roundTrips == 7)
            }
        }
    }

    private func checkAnswers(_ connection: Connection) async throws {
        let answer = try await connection.query(
            ["SELECT 1 AS one, NULL AS nothing, '' AS blank", "SET @x = 3", "SELECT @x UNION SELECT 4"],
            timeout: .seconds(20))
        #expect(answer.failure == nil)
        try #require(answer.results.map(\.rowCount) == [1, 0, 2])
        #expect(answer.results[0].columns == ["one", "nothing", "blank"])
        #expect(answer.results[0].text(row: 0, column: 1) == nil)
        #expect(answer.results[0].text(row: 0, column: 2) == "")
        let large = try await connection.execute(
            "SELECT REPEAT('x', 100000) UNION ALL SELECT REPEAT('y', 3000000) UNION ALL SELECT REPEAT('z', 20000)",
            timeout: .seconds(20))
        #expect((0..<3).map { large.text(row: $0, column: 0)?.utf8.count } == [100_000, 3_000_000, 20_000])
        let statement = "SELECT LENGTH('\(String(repeating: "q", count: 3_000_000))')"
        let length = try await connection.execute(statement, timeout: .seconds(20))
        #expect(length.text(row: 0, column: 0) == "3000000")
    }

    private func checkErrors(_ connection: Connection) async throws {
        let early = try await connection.query(
            ["SELECT 1", "SELECT nonsense", "SELECT 3"], timeout: .seconds(20))
        #expect(early.results.count == 1)
        #expect(early.failure?.index == 1)
        #expect(early.failure?.code == 1054)
        // The server finds out when it has sent rows already.
        for cell in ["1", "REPEAT('x', 20000)"] {
            let rows = "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3"
            let late = try await connection.query(
                ["SELECT \(cell), IF(n = 3, (SELECT 1 UNION SELECT 2), 1) FROM (\(rows)) AS t", "SELECT 2"],
                timeout: .seconds(20))
            #expect(late.results.isEmpty)
            #expect(late.failure?.code == 1242)
            #expect(late.failure?.sqlState == "21000")
            #expect(late.failure?.message.contains("Subquery returns more than 1 row") == true)
        }
        let after = try await connection.execute("SELECT 'still here'", timeout: .seconds(20))
        #expect(after.text(row: 0, column: 0) == "still here")
    }

    @Test("logs in by caching_sha2_password, in the clear and over TLS, known to the server's cache or not")
    func logsIn() async throws {
        try await withServer { server, _ in
            for mode in [TLSSettings.Mode.disabled, .preferred] {
                // That empties the cache; the first login then gives the password, encrypted, and the second a proof.
                try await server.execute("FLUSH PRIVILEGES")
                for _ in 0..<2 {
                    let connection = try await open(server, mode)
                    let user = try await connection.execute("SELECT CURRENT_USER()", timeout: .seconds(20))
                    #expect(user.text(row: 0, column: 0) == "u@%")
                    #expect((connection.tlsCipher == nil) == (mode == .disabled))
                }
                for _ in 0..<2 {
                    let error = await #expect(throws: ConnectionError.self) {
                        try await Connection.open(to: server.address, settings: settings(mode, password: "wrong"))
                    }
                    #expect(error?.cause == .contact(.accessDenied))
                    #expect(error?.code == 1045)
                    try await server.execute("FLUSH PRIVILEGES")
                }
            }
        }
    }

    @Test("checks of a certificate what each mode says")
    func checksCertificates() async throws {
        try await withServer { server, certificates in
            for mode in TLSSettings.Mode.allCases where mode != .disabled {
                let connection = try await open(
                    server, mode, authority: mode >= .verifyCA ? certificates.authority : nil, host: "localhost")
                let said = try await connection.execute("SHOW STATUS LIKE 'Ssl_cipher'", timeout: .seconds(20))
                #expect(said.text(row: 0, column: 1) == connection.tlsCipher)
                #expect(connection.tlsCipher != nil)
            }
            let refused: [(TLSSettings.Mode, String, host: String)] = [
                (.verifyCA, certificates.foreignAuthority, "localhost"),
                (.verifyIdentity, certificates.foreignAuthority, "localhost"),
                (.verifyIdentity, certificates.authority, "127.0.0.1"),
            ]
            for (mode, authority, host) in refused {
                let error = await #expect(throws: ConnectionError.self) {
                    try await open(server, mode, authority: authority, host: host)
                }
                #expect(error?.cause == .contact(.tls), "\(mode) at \(host): \(error as Any)")
            }
        }
    }

    @Test("ends at its deadline, on cancellation and with the server's, wherever the answer is")
    func ends() async throws {
        try await withServer { server, _ in
            for mode in [TLSSettings.Mode.disabled, .required] {
                try await checkEndsAmongRows(server, mode)
                try await checkFrozen(server, mode)
            }
            let idle = try await open(server, .required)
            try await server.execute("KILL \(idle.id)")
            for await error in idle.end {
                #expect(error.cause == .contact(.connectionLost))
                #expect(error.phase == .idle)
            }
        }
    }

    private func checkEndsAmongRows(_ server: LabServer, _ mode: TLSSettings.Mode) async throws {
        let late = try await open(server, mode)
        let timeout = await #expect(throws: ConnectionError.self) {
            try await late.query([Self.slowRows], timeout: .milliseconds(400))
        }
        #expect(timeout?.cause == .contact(.readTimeout))

        let cancelled = try await open(server, mode)
        let asking = Task { try await cancelled.query([Self.slowRows], timeout: .seconds(20)) }
        try await untilRuns(on: cancelled, server)
        asking.cancel()
        let cancellation = await #expect(throws: ConnectionError.self) { try await asking.value }
        #expect(cancellation?.cause == .cancelled)

        let killed = try await open(server, mode)
        let answer = Task { try await killed.query([Self.slowRows], timeout: .seconds(20)) }
        try await untilRuns(on: killed, server)
        try await server.execute("KILL \(killed.id)")
        let error = await #expect(throws: ConnectionError.self) { try await answer.value }
        #expect(error?.cause == .contact(.connectionLost), "\(error as Any)")
        #expect(error?.phase == .querying)
    }

    private func untilRuns(on connection: Connection, _ server: LabServer) async throws {
        try await eventually("the statement runs") {
            let found = try await server.execute(
                "SELECT 1 FROM information_schema.processlist WHERE id = \(connection.id) AND state = 'User sleep'")
            return found[0].rowCount == 1
        }
    }

    private func checkFrozen(_ server: LabServer, _ mode: TLSSettings.Mode) async throws {
        let connection = try await open(server, mode)
        try await server.freeze()
        let start = ContinuousClock.now
        let silence = await #expect(throws: ConnectionError.self) {
            try await connection.query(["SELECT 1"], timeout: .milliseconds(200))
        }
        #expect(silence?.cause == .contact(.readTimeout))
        let closed = await #expect(throws: ConnectionError.self) {
            try await Connection.open(
                to: server.address, settings: settings(mode, connectTimeout: .milliseconds(200)))
        }
        #expect(closed?.cause == .contact(.connectTimeout))
        #expect(ContinuousClock.now - start < .seconds(3))
        try await server.thaw()
    }
}
