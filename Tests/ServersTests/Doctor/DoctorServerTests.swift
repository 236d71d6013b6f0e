import Lab
import Servers
import TestSupport
import Testing
import Topology

@Suite("The doctor on a real server", .serialized)
struct DoctorServerTests {
    private func report(_ server: LabServer, user: String) async throws -> DoctorReport {
        let settings = ConnectionSettings(credentials: Credentials(user: user))
        return DoctorReport(try await Doctor.examine(server.address, settings: settings))
    }

    private func check(_ lab: Lab) async throws {
        let root = try await report(lab["b"], user: "root")
        #expect(root.missingGrants.isEmpty)
        #expect(root.findings.contains { $0.id == "binary-log" && $0.severity == .fine })
        #expect(root.findings.contains { $0.id == "sync-binlog" })

        _ = try await lab["b"].execute("SET sql_log_bin = 0", "CREATE USER 'nobody'@'%'")
        var report = try await report(lab["b"], user: "nobody")
        #expect(report.missingGrants.count >= 6)
        let statements = report.missingGrants.flatMap { $0.split(separator: "; ").map(String.init) }
        _ = try await lab["b"].execute(["SET sql_log_bin = 0"] + statements)
        report = try await self.report(lab["b"], user: "nobody")
        #expect(report.missingGrants.isEmpty, "the GRANTs that it names are all that it lacks")
    }

    @Test("MariaDB: what it says is missing is what is missing")
    func mariadb() async throws {
        try await LabServers.with("mariadb: a(b)") { try await check($0) }
    }

    @Test(
        "MariaDB: who has what a deed asks for, and no more, does it",
        arguments: [
            (
                "act-gtid",
                [
                    "SET SESSION gtid_domain_id = 7", "SET SESSION gtid_seq_no = 77", "SET SESSION server_id = 7777",
                    "SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_binlog_pos",
                ]
            ),
            (
                "act-semi-sync",
                [
                    "SET GLOBAL rpl_semi_sync_master_enabled = ON", "SET GLOBAL rpl_semi_sync_master_timeout = 1000",
                    "SET GLOBAL rpl_semi_sync_slave_enabled = ON",
                ]
            ),
        ])
    func mariadbDeeds(id: String, statements: [String]) async throws {
        try await LabServers.with("mariadb: a") { lab in
            let server = lab["a"]
            _ = try await server.execute("CREATE USER 'mender'@'%'")
            let finding = try #require(try await report(server, user: "mender").findings.first { $0.id == id })
            _ = try await server.execute(try #require(finding.remedy))
            let mended = try await report(server, user: "mender").findings.first { $0.id == id }
            #expect(mended?.severity == .fine)

            let settings = ConnectionSettings(credentials: Credentials(user: "mender"))
            let connection = try await Connection.open(to: server.address, settings: settings)
            defer { connection.close() }
            for statement in statements { _ = try await connection.execute(statement, timeout: .seconds(10)) }
        }
    }

    @Test("MySQL: what it says is missing is what is missing", .enabled { await LabServers.hasMySQL() })
    func mysql() async throws {
        try await LabServers.with("mysql: a(b)") { try await check($0) }
    }
}
