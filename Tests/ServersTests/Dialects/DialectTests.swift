import Testing
import Topology

@testable import Servers

@Suite("The statements of a version")
struct DialectTests {
    private func dialect(_ version: String, comment: String = "", performanceSchema: Bool = true) -> Dialect {
        Dialect(
            version: ServerVersion(parsing: version, comment: comment), hasPerformanceSchema: performanceSchema)
    }

    @Test(
        "are the newest that it has",
        arguments: [
            ("5.7.44", "SHOW SLAVE STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
            ("8.0.4", "SHOW SLAVE STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
            ("8.0.21", "SHOW SLAVE STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
            ("8.0.22", "SHOW REPLICA STATUS", "SHOW MASTER STATUS", "SHOW REPLICAS"),
            ("8.1.0", "SHOW REPLICA STATUS", "SHOW MASTER STATUS", "SHOW REPLICAS"),
            ("8.2.0", "SHOW REPLICA STATUS", "SHOW BINARY LOG STATUS", "SHOW REPLICAS"),
            ("8.4.3", "SHOW REPLICA STATUS", "SHOW BINARY LOG STATUS", "SHOW REPLICAS"),
            ("9.7.4-2", "SHOW REPLICA STATUS", "SHOW BINARY LOG STATUS", "SHOW REPLICAS"),
            ("10.0.1", "SHOW REPLICA STATUS", "SHOW BINARY LOG STATUS", "SHOW REPLICAS"),
            ("10.4.34-MariaDB", "SHOW ALL SLAVES STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
            ("5.5.5-10.6.18-MariaDB-log", "SHOW ALL SLAVES STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
            ("12.1.2-MariaDB", "SHOW ALL SLAVES STATUS", "SHOW MASTER STATUS", "SHOW SLAVE HOSTS"),
        ])
    func statements(version: String, replicaStatus: String, binaryLog: String, replicas: String) {
        let dialect = dialect(version)
        #expect(dialect.replicaStatus == replicaStatus)
        #expect(dialect.binaryLogStatus == binaryLog)
        #expect(dialect.replicaList == replicas)
        #expect((dialect.heartbeats == nil) == version.contains("MariaDB"))
        #expect((dialect.workerErrors == nil) == version.contains("MariaDB"))
    }

    @Test("take the process list from where it is not empty")
    func processList() {
        #expect(dialect("8.0.36").processList.contains("performance_schema.processlist"))
        #expect(dialect("8.0.36", performanceSchema: false).processList.contains("information_schema.processlist"))
        #expect(dialect("5.7.44").processList.contains("information_schema.processlist"))
        #expect(dialect("10.11.6-MariaDB").processList.contains("information_schema.processlist"))
    }

    @Test(
        "need privileges in that version's words",
        arguments: [
            ("5.7.44", "REPLICATION CLIENT", "REPLICATION CLIENT", "REPLICATION SLAVE"),
            ("8.4.3", "REPLICATION CLIENT", "REPLICATION CLIENT", "REPLICATION SLAVE"),
            ("10.4.34-MariaDB", "REPLICATION CLIENT", "REPLICATION CLIENT", "REPLICATION SLAVE"),
            ("10.5.8-MariaDB", "REPLICATION SLAVE ADMIN", "BINLOG MONITOR", "REPLICATION MASTER ADMIN"),
            ("10.11.19-MariaDB", "SLAVE MONITOR", "BINLOG MONITOR", "REPLICATION MASTER ADMIN"),
        ])
    func grants(version: String, replicaStatus: String, binaryLog: String, replicas: String) {
        let version = ServerVersion(parsing: version)
        func grant(_ purpose: QueryPurpose) -> String? {
            MissingGrant.statement(for: purpose, version: version, account: "'b'@'%'")
        }
        #expect(grant(.replicaStatus) == "GRANT \(replicaStatus) ON *.* TO 'b'@'%'")
        #expect(grant(.binaryLogStatus) == "GRANT \(binaryLog) ON *.* TO 'b'@'%'")
        #expect(grant(.replicaList) == "GRANT \(replicas) ON *.* TO 'b'@'%'")
    }
}
