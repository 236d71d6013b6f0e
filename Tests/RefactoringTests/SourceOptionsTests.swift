import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Options of a connection that come back")
struct SourceOptionsTests {
    /// As MySQL 9.7 tells them, by its two tables.
    private static let mysql = [
        "USER": "replication", "NETWORK_INTERFACE": "", "SSL_ALLOWED": "NO", "SSL_CA_FILE": "/etc/a'b\\c.pem",
        "SSL_VERIFY_SERVER_CERTIFICATE": "NO", "CONNECTION_RETRY_INTERVAL": "3", "CONNECTION_RETRY_COUNT": "86400",
        "GET_PUBLIC_KEY": "YES", "TLS_VERSION": "TLSv1.3", "COMPRESSION_ALGORITHM": "uncompressed",
        "ZSTD_COMPRESSION_LEVEL": "3", "TLS_CIPHERSUITES": "NULL", "SOURCE_CONNECTION_AUTO_FAILOVER": "0",
        "GTID_ONLY": "1", "DESIRED_DELAY": "0", "PRIVILEGE_CHECKS_USER": "'x y'@'%'", "REQUIRE_ROW_FORMAT": "YES",
        "REQUIRE_TABLE_PRIMARY_KEY_CHECK": "STREAM", "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_TYPE": "UUID",
        "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS_VALUE": "aaaaaaaa-0000-0000-0000-000000000001",
    ]

    private func statement(
        _ options: SourceOptions?, _ change: SourceChange = SourceChange(), on version: ServerVersion
    ) throws -> String {
        let observation = Observation(.connectionOptions, of: "db2")
        var observed = Observed()
        if let options { observed.note(options.description, for: observation) }
        var change = change
        change.restored = .observed(observation)
        let command = Command.changeSource(channel: "", change)
        let statements = try CommandDialect(version).statements(for: command, observed: observed)
        return statements.map(\.text).joined(separator: "; ")
    }

    @Test("what MySQL tells comes back, but for what a new connection has anyway")
    func mysql() throws {
        let version = ServerVersion(flavor: .mysql, major: 9, minor: 7, patch: 0)
        #expect(
            try statement(SourceOptions(columns: Self.mysql), on: version)
                == "CHANGE REPLICATION SOURCE TO "
                + "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS = 'aaaaaaaa-0000-0000-0000-000000000001', "
                + "GET_SOURCE_PUBLIC_KEY = 1, GTID_ONLY = 1, PRIVILEGE_CHECKS_USER = 'x y'@'%', "
                + "REQUIRE_ROW_FORMAT = 1, SOURCE_CONNECT_RETRY = 3, SOURCE_RETRY_COUNT = 86400, SOURCE_SSL = 0, "
                + "SOURCE_SSL_CA = '/etc/a''b\\\\c.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 0, "
                + "SOURCE_TLS_VERSION = 'TLSv1.3' FOR CHANNEL ''")
    }

    @Test("what MariaDB tells comes back")
    func mariadb() throws {
        let told = [
            "Connect_Retry": "3", "Master_SSL_Allowed": "Yes", "Master_SSL_CA_File": "",
            "Master_SSL_Verify_Server_Cert": "No", "Replicate_Ignore_Server_Ids": "77, 78",
            "Replicate_Do_Domain_Ids": "", "Slave_heartbeat_period": "2.000",
        ]
        let version = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 19)
        #expect(
            try statement(SourceOptions(columns: told), on: version)
                == "CHANGE MASTER TO IGNORE_SERVER_IDS = (77, 78), MASTER_CONNECT_RETRY = 3, MASTER_SSL = 1, "
                + "MASTER_SSL_VERIFY_SERVER_CERT = 0")
    }

    @Test("for a way back to another server only what says how to connect is taken")
    func connecting() throws {
        let wanted = try #require(Observation.Quantity.connectingOptions.options)
        let version = ServerVersion(flavor: .mysql, major: 9, minor: 7, patch: 0)
        #expect(
            try statement(SourceOptions(columns: Self.mysql, only: wanted), on: version)
                == "CHANGE REPLICATION SOURCE TO GET_SOURCE_PUBLIC_KEY = 1, SOURCE_CONNECT_RETRY = 3, "
                + "SOURCE_RETRY_COUNT = 86400, SOURCE_SSL = 0, SOURCE_SSL_CA = '/etc/a''b\\\\c.pem', "
                + "SOURCE_SSL_VERIFY_SERVER_CERT = 0, SOURCE_TLS_VERSION = 'TLSv1.3' FOR CHANNEL ''")
    }

    @Test("what the change says itself goes before, and before anything is read its place is marked")
    func precedence() throws {
        let version = ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 0)
        let change = SourceChange(source: "db1", options: ["SOURCE_SSL": "1"])
        #expect(
            try statement(SourceOptions(columns: ["SSL_ALLOWED": "NO", "GET_PUBLIC_KEY": "YES"]), change, on: version)
                == "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db1', SOURCE_PORT = 3306, GET_SOURCE_PUBLIC_KEY = 1, "
                + "SOURCE_SSL = 1 FOR CHANNEL ''")
        #expect(
            try statement(nil, change, on: version)
                == "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db1', SOURCE_PORT = 3306, "
                + "<options of the connection of db2:3306>, SOURCE_SSL = 1 FOR CHANNEL ''")
    }

    @Test("what was read is kept as text, and a text that is no such thing is refused")
    func text() throws {
        let options = SourceOptions(columns: Self.mysql)
        #expect(SourceOptions(parsing: options.description) == options)
        #expect(SourceOptions(columns: [:]).description.isEmpty)
        #expect(SourceOptions(parsing: "") == SourceOptions(columns: [:]))
        #expect(SourceOptions(parsing: "SOURCE_PASSWORD='x'") == nil)
    }

    @Test(
        "nothing that is more than a value gets into a statement",
        arguments: [
            "PRIVILEGE_CHECKS_USER='a'@'b', SOURCE_HOST = 'c'", "PRIVILEGE_CHECKS_USER='a'@'b'@'c'",
            "PRIVILEGE_CHECKS_USER='a'@'b\\'", "SOURCE_RETRY_COUNT=1, SOURCE_HOST = 'c'",
            "SOURCE_SSL_CA='a'b'", "IGNORE_SERVER_IDS=(1); DROP DATABASE s",
        ])
    func hostile(text: String) throws {
        let version = ServerVersion(flavor: .mysql, major: 9, minor: 7, patch: 0)
        let options = try #require(SourceOptions(parsing: text))
        #expect(throws: CommandError.self) { try statement(options, on: version) }
    }
}
