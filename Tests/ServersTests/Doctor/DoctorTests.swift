import Testing
import Topology

@testable import Servers

@Suite("Grants as a server shows them")
struct GrantedPrivilegesTests {
    @Test("are read with their objects, without hashes, columns, roles and proxies")
    func reads() {
        let grants = GrantedPrivileges([
            "GRANT BINLOG MONITOR, SLAVE MONITOR ON *.* TO `w``eak`@`%` IDENTIFIED BY PASSWORD '*19A4904A05D0ECDE'",
            "GRANT SELECT, INSERT (`a`, `b`) ON `my\\_db`.* TO `u`@`%`",
            "GRANT SELECT ON `mysql`.`slave_master_info` TO `u`@`%`",
            "GRANT UPDATE (`on`) ON `x y`.`t ON` TO `u`@`%`",
            "GRANT `operators ON`@`%` TO `u`@`%`",
            "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
            "REVOKE SELECT ON `mysql`.* FROM `u`@`%`", "", "GRANT", "GRANT x ON",
        ])
        #expect(grants.has(anyOf: ["SLAVE MONITOR"]))
        #expect(grants.has(anyOf: ["SUPER", "binlog monitor"]))
        #expect(!grants.has(anyOf: ["SELECT", "PROXY", "SUPER"]))
        #expect(grants.canRead(schema: "mysql", table: "slave_master_info"))
        #expect(!grants.canRead(schema: "mysql", table: "user"))
        #expect(grants.canRead(schema: "my_db", table: "t"))
        #expect(!"\(grants)".contains("19A4904A05D0ECDE"))
    }

    @Test("of everything hold everything")
    func all() {
        let grants = GrantedPrivileges(["GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"])
        #expect(grants.has(anyOf: ["READ_ONLY ADMIN"]))
        #expect(grants.canRead(schema: "mysql", table: "slave_master_info"))
    }
}

@Suite("The doctor")
struct DoctorTests {
    private let address = InstanceAddress(host: "db1")

    private func facts(_ version: String = "8.4.3") -> InstanceFacts {
        InstanceFacts(
            version: ServerVersion(parsing: version),
            identity: ServerIdentity(serverID: 101, hostName: "db1", port: 3306, reportHost: "db1"),
            writability: .superReadOnly, binaryLog: BinaryLog(format: .row, rowImage: "FULL", logsReplicaUpdates: true))
    }

    private func replica(_ version: String = "8.4.3", positioning: Positioning = .autoPosition) -> InstanceFacts {
        var facts = facts(version)
        facts.channels = [
            ReplicationChannel(
                source: InstanceAddress(host: "db0"), sourceServerID: 100, positioning: positioning,
                heartbeatPeriod: .seconds(2))
        ]
        return facts
    }

    private func report(
        _ facts: InstanceFacts, grants: [String] = ["GRANT ALL PRIVILEGES ON *.* TO `b`@`%`"],
        variables: [String: String] = [:], peers: [Instance] = []
    ) -> DoctorReport {
        DoctorReport(
            Examination(
                address: address, facts: facts, account: "'b'@'%'", grants: GrantedPrivileges(grants),
                variables: variables), peers: peers)
    }

    private func severity(_ id: String, _ report: DoctorReport) -> DoctorFinding.Severity? {
        report.findings.filter { $0.id == id }.map(\.severity).max()
    }

    @Test("finds nothing to mend on a server that is well")
    func well() {
        let report = report(
            replica(),
            variables: [
                "sync_binlog": "1", "innodb_flush_log_at_trx_commit": "1", "replica_net_timeout": "10",
                "binlog_expire_logs_seconds": "604800", "relay_log_recovery": "ON", "skip_replica_start": "OFF",
                "replica_preserve_commit_order": "ON", "replica_parallel_workers": "4", "event_scheduler": "OFF",
            ])
        #expect(report.worst == .fine)
        #expect(report.missingGrants.isEmpty)
        #expect(severity("sync-binlog", report) == .fine)
    }

    @Test("spells out each missing GRANT in the server's words")
    func missingGrants() {
        var facts = facts("10.11.19-MariaDB")
        facts.unavailable = [
            UnavailableFact(
                fact: "replica status", code: 1227, message: "Access denied",
                remedy: "GRANT SLAVE MONITOR ON *.* TO 'b'@'%'")
        ]
        let report = report(facts, grants: ["GRANT SUPER ON *.* TO `b`@`%`"])
        #expect(report.missingGrants.contains("GRANT SLAVE MONITOR ON *.* TO 'b'@'%'"))
        #expect(report.missingGrants.contains("GRANT READ_ONLY ADMIN ON *.* TO 'b'@'%'"))
        #expect(report.missingGrants.contains("GRANT PROCESS ON *.* TO 'b'@'%'"))
        #expect(severity("act-replication", report) == .fine)
        #expect(severity("act-read-only", report) == .warning)
        #expect(severity("see-replica-status", report) == .warning)
    }

    @Test("asks for dynamic privileges on MySQL 8, and for SUPER before")
    func privilegesByVersion() {
        #expect(
            report(facts("8.4.3"), grants: []).missingGrants
                .contains("GRANT REPLICATION_SLAVE_ADMIN ON *.* TO 'b'@'%'"))
        #expect(report(facts("5.7.44"), grants: []).missingGrants.contains("GRANT SUPER ON *.* TO 'b'@'%'"))
    }

    @Test("asks for the privilege of either side of semi-sync on MariaDB since 10.5.2")
    func semiSync() {
        let master = "GRANT REPLICATION MASTER ADMIN ON *.* TO `b`@`%`"
        let slave = "GRANT REPLICATION SLAVE ADMIN ON *.* TO `b`@`%`"
        #expect(severity("act-semi-sync", report(facts("10.11.6-MariaDB"), grants: [master])) == .warning)
        #expect(severity("act-semi-sync", report(facts("10.11.6-MariaDB"), grants: [slave])) == .warning)
        #expect(severity("act-semi-sync", report(facts("10.11.6-MariaDB"), grants: [master, slave])) == .fine)
        let system = ["GRANT SYSTEM_VARIABLES_ADMIN ON *.* TO `b`@`%`"]
        #expect(severity("act-semi-sync", report(facts("8.4.3"), grants: system)) == .fine)
    }

    @Test("tells of a table that is read only once an applier has stopped before that happens")
    func workerErrors() {
        let id = "see-errors-of-applier-workers"
        let watching = ["GRANT REPLICATION CLIENT, REPLICATION SLAVE, PROCESS ON *.* TO `b`@`%`"]
        let report = report(replica(), grants: watching)
        #expect(severity(id, report) == .warning)
        #expect(
            report.missingGrants.contains(
                "GRANT SELECT ON performance_schema.replication_applier_status_by_worker TO 'b'@'%'"))
        let more = watching + ["GRANT SELECT ON `performance_schema`.* TO `b`@`%`"]
        #expect(severity(id, self.report(replica(), grants: more)) == nil)
        #expect(severity(id, self.report(facts(), grants: watching)) == nil, "it is no replica")
        #expect(severity(id, self.report(replica("10.11.6-MariaDB"), grants: watching)) == nil)
        var refused = replica()
        refused.unavailable = [
            UnavailableFact(fact: "errors of applier workers", code: 1142, message: "denied", remedy: "GRANT")
        ]
        #expect(self.report(refused, grants: watching).findings.count { $0.id == id } == 1)
    }

    @Test("names what would block a promotion")
    func blockers() {
        var facts = replica()
        facts.identity.serverID = 0
        facts.binaryLog = nil
        facts.channels[0].filters = [ReplicationFilter(kind: "ignore-db", value: "logs")]
        let report = report(facts)
        #expect(
            Set(report.findings.filter { $0.severity == .blocker }.map(\.id)) == [
                "server-id", "binary-log", "replication-filters",
            ])
        facts.binaryLog = BinaryLog(format: .statement, logsReplicaUpdates: false)
        #expect(severity("log-replica-updates", self.report(facts)) == .blocker)
        #expect(severity("binlog-format", self.report(facts)) == .warning)
    }

    @Test("finds a server_id that another server has too")
    func duplicateServerID() {
        let peer = Instance(address: InstanceAddress(host: "db2"), facts: facts())
        #expect(severity("server-id", report(facts(), peers: [peer])) == .blocker)
        #expect(severity("server-id", report(facts(), peers: [])) == .fine)
    }

    @Test("calls a writable co-primary so, and a writable replica a replica")
    func coPrimary() {
        var facts = replica()
        facts.writability = .writable
        func measured(_ facts: InstanceFacts) -> String? {
            report(facts).findings.first { $0.id == "read-only" }?.measured
        }
        #expect(measured(facts) == "a replica, writable")
        #expect(severity("read-only", report(facts)) == .warning)
        facts.reportedReplicas = [InstanceAddress(host: "db5")]
        #expect(measured(facts) == "a replica, writable")
        facts.reportedReplicas.append(InstanceAddress(host: "db0"))
        #expect(measured(facts) == "a co-primary, writable")
        #expect(severity("read-only", report(facts)) == .note)
    }

    @Test("warns of each setting that makes a crash or a failover lose something")
    func settings() {
        var facts = replica("8.0.20", positioning: .binlogPosition)
        facts.writability = .writable
        facts.gtid = .mysql(MySQLGTIDState(mode: .off, enforcement: "OFF", executed: GTIDSet()))
        facts.channels[0].heartbeatPeriod = .zero
        facts.semiSync.source = SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(1), clients: 1)
        let report = report(
            facts,
            variables: [
                "sync_binlog": "0", "innodb_flush_log_at_trx_commit": "2", "slave_net_timeout": "3600",
                "expire_logs_days": "0", "binlog_expire_logs_seconds": "3600", "relay_log_recovery": "OFF",
                "slave_preserve_commit_order": "OFF", "slave_parallel_workers": "8",
                "master_info_repository": "FILE", "rpl_semi_sync_master_wait_point": "AFTER_COMMIT",
                "skip_slave_start": "ON", "event_scheduler": "ON",
            ])
        for id in [
            "sync-binlog", "innodb-flush-log-at-trx-commit", "net-timeout", "binlog-expiry", "relay-log-recovery",
            "commit-order", "master-info-repository", "gtid-mode", "gtid-consistency", "positioning", "read-only",
            "heartbeat-period",
        ] {
            #expect(severity(id, report) == .warning, "\(id)")
        }
        for id in ["skip-replica-start", "event-scheduler", "semi-sync-wait-point"] {
            #expect(severity(id, report) == .note, "\(id)")
        }
        #expect(report.findings.allSatisfy { !$0.measured.isEmpty && !$0.why.isEmpty })
    }

    @Test("says that strict mode is off on MariaDB, and asks for no super_read_only there")
    func mariadb() {
        var facts = replica("10.11.6-MariaDB", positioning: .replicaPosition)
        facts.writability = .readOnly
        facts.gtid = .mariadb(MariaDBGTIDState())
        #expect(severity("gtid-strict-mode", report(facts)) == .warning)
        #expect(severity("read-only", report(facts)) == .fine)
        #expect(severity("relay-log-recovery", report(facts, variables: ["relay_log_recovery": "OFF"])) == .fine)
    }

    @Test("does not judge a proxy's configuration")
    func proxy() {
        var facts = facts()
        facts.proxy = .named("ProxySQL")
        #expect(report(facts).findings.map(\.id) == ["proxy"])
    }
}
