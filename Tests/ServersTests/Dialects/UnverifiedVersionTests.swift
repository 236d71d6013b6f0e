import Testing
import Topology

@testable import Servers

/// Versions that could not be had: their answers are written from the manuals, not recorded. `docs/versions.md` lists
/// what that leaves unverified.
@Suite("Unverified: a version whose answers are written from its manual")
struct UnverifiedVersionTests {
    private func facts(_ server: ScriptedServer) throws -> InstanceFacts {
        var server = server
        let session = ProbeSession()
        server.poll(session)
        let facts = try #require(session.facts)
        #expect(facts.unavailable.isEmpty)
        let before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 1, "one round trip in the steady state")
        return facts
    }

    private func addOldStatements(to server: inout ScriptedServer) {
        server.set("SHOW SLAVE STATUS", .rows(ReplicaStatusSamples.oldMySQL()))
        server.row("SHOW MASTER STATUS", ["File": "bin.000003", "Position": "12345"])
        server.rows(
            "SHOW SLAVE HOSTS", ["Server_id", "Host", "Port", "Master_id", "Slave_UUID"],
            [["7", "db7", "3306", "101", "u"]])
    }

    private func addHeartbeats(to server: inout ScriptedServer) {
        server.row(
            "SELECT c.CHANNEL_NAME",
            [
                "CHANNEL_NAME": "", "HEARTBEAT_INTERVAL": "30.000", "COUNT_RECEIVED_HEARTBEATS": "1",
                "LAST_HEARTBEAT": "0.000000",
            ])
    }

    /// 5.7 manual, 13.7.5.34 "SHOW SLAVE STATUS Statement", 13.7.5.33 "SHOW SLAVE HOSTS Statement".
    @Test("unverified: MySQL 5.7")
    func mysql57() throws {
        var server = ScriptedServer.mysql("5.7.44-log")
        addOldStatements(to: &server)
        addHeartbeats(to: &server)
        let facts = try facts(server)
        #expect(facts.version.flavor == .mysql)
        #expect(facts.channels.first?.source?.host == "db0")
        #expect(facts.channels.first?.lastHeartbeat == nil)
        #expect(facts.reportedReplicas.map(\.description) == ["db7:3306"])
        #expect(facts.binaryLog?.position == BinlogPosition(file: "bin.000003", offset: 12345))
    }

    /// 5.7 manual, "The replication_applier_status_by_worker Table"; the time of an error is in whole seconds there.
    @Test("unverified: an error of a parallel applier's worker in MySQL 5.7")
    func workers57() throws {
        var server = ScriptedServer.mysql("5.7.44-log")
        addOldStatements(to: &server)
        addHeartbeats(to: &server)
        server.set(
            "SHOW SLAVE STATUS",
            .rows(
                ReplicaStatusSamples.oldMySQL(changing: [
                    "Slave_SQL_Running": "No", "Last_SQL_Errno": "1032", "Last_SQL_Error": "Coordinator stopped",
                ])))
        server.row(
            "SELECT CHANNEL_NAME, LAST_ERROR_NUMBER",
            [
                "CHANNEL_NAME": "", "LAST_ERROR_NUMBER": "1032", "LAST_ERROR_MESSAGE": "Can't find record in 't'",
                "LAST_ERROR_AT": "1700000000",
            ])
        #expect(
            try facts(server).channels.first?.applierError
                == ReplicationError(
                    code: 1032, message: "Can't find record in 't'", at: Timestamp(seconds: 1_700_000_000)))
    }

    /// 5.7 manual, 17.2.4 "Finding the Primary" (`group_replication_primary_member`); rows have no role.
    @Test("unverified: a group replication member of MySQL 5.7")
    func group57() throws {
        var server = ScriptedServer.mysql("5.7.44")
        server.variables([
            "version": "5.7.44", "server_uuid": ScriptedServer.ownUUID, "hostname": "db1", "port": "3306",
            "log_bin": "OFF", "server_id": "101", "group_replication_group_name": "g",
            "group_replication_single_primary_mode": "ON",
        ])
        server.rows("SHOW SLAVE STATUS", [], [])
        server.rows(
            "SELECT m.*, (SELECT VARIABLE_VALUE",
            ["CHANNEL_NAME", "MEMBER_ID", "MEMBER_HOST", "MEMBER_PORT", "MEMBER_STATE", "PRIMARY_MEMBER"],
            [
                ["c", ScriptedServer.ownUUID, "db1", "3306", "ONLINE", ScriptedServer.sourceUUID],
                ["c", ScriptedServer.sourceUUID, "db0", "3306", "ONLINE", ScriptedServer.sourceUUID],
            ])
        let group = try #require(try facts(server).groupReplication)
        #expect(group.members.filter(\.isPrimary).map(\.address.host) == ["db0"])
        #expect(group.own?.isPrimary == false)
    }

    /// 8.0 manual, 19.4.10 "Semisynchronous Replication": until 8.0.26 the plugins' old names, from then either.
    @Test(
        "unverified: MySQL 8.0.21 with the old semi-sync plugins, and Percona Server alike",
        arguments: ["", "Percona Server (GPL), Release 12"])
    func mysql8021(comment: String) throws {
        var server = ScriptedServer.mysql("8.0.21-12", comment: comment)
        server.variables([
            "version": "8.0.21-12", "version_comment": comment, "server_uuid": ScriptedServer.ownUUID,
            "hostname": "db1", "port": "3306", "log_bin": "ON", "log_slave_updates": "ON", "server_id": "101",
            "read_only": "ON", "super_read_only": "ON", "binlog_format": "ROW", "gtid_mode": "OFF_PERMISSIVE",
            "enforce_gtid_consistency": "WARN", "gtid_executed": "", "gtid_purged": "",
            "rpl_semi_sync_slave_enabled": "ON", "rpl_semi_sync_master_enabled": "ON",
            "rpl_semi_sync_master_timeout": "1000", "rpl_semi_sync_master_wait_for_slave_count": "2",
        ])
        addOldStatements(to: &server)
        addHeartbeats(to: &server)
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('rpl", ["Variable_name", "Value"],
            [["Rpl_semi_sync_slave_status", "ON"], ["Rpl_semi_sync_master_clients", "3"]])
        let facts = try facts(server)
        #expect(facts.version.flavor == (comment.isEmpty ? .mysql : .percona))
        #expect(facts.writability == .superReadOnly)
        #expect(facts.semiSync.replica == SemiSync.ReplicaSide(isEnabled: true, isActive: true))
        #expect(facts.semiSync.source?.waitForReplicas == 2)
        #expect(facts.semiSync.source?.clients == 3)
        guard case .mysql(let gtid) = facts.gtid else {
            Issue.record("no GTID facts")
            return
        }
        #expect(gtid.mode == .offPermissive)
        #expect(gtid.enforcement == "WARN")
    }

    /// 8.0 manual, "Replication Source Options and Variables": the plugins of each side are installed independently, so
    /// that one may have the old name and the other the new one.
    @Test("unverified: MySQL 8.0.36 with one semi-sync side of each spelling")
    func mysql8036() throws {
        var server = ScriptedServer.mysql("8.0.36")
        server.variables([
            "version": "8.0.36", "server_uuid": ScriptedServer.ownUUID, "hostname": "db1", "port": "3306",
            "log_bin": "ON", "log_replica_updates": "ON", "server_id": "101", "gtid_mode": "ON",
            "rpl_semi_sync_source_enabled": "OFF", "rpl_semi_sync_source_timeout": "500",
            "rpl_semi_sync_slave_enabled": "ON",
        ])
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
        addHeartbeats(to: &server)
        server.row("SHOW MASTER STATUS", ["File": "bin.000003", "Position": "12345"])
        server.rows("SHOW REPLICAS", ["Server_Id", "Host", "Port", "Source_Id", "Replica_UUID"], [])
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('rpl", ["Variable_name", "Value"],
            [["Rpl_semi_sync_slave_status", "ON"], ["Rpl_semi_sync_source_status", "OFF"]])
        let facts = try facts(server)
        #expect(facts.binaryLog?.logsReplicaUpdates == true)
        #expect(facts.semiSync.source?.isEnabled == false)
        #expect(facts.semiSync.source?.timeout == .milliseconds(500))
        #expect(facts.semiSync.replica?.isActive == true)
    }

    /// 8.4 manual, 15.7.7.36 "SHOW REPLICA STATUS Statement"; tagged GTIDs, 19.1.3.1 "GTID Format and Storage".
    @Test("unverified: MySQL 8.4 with several channels and tagged GTIDs")
    func mysql84() throws {
        var server = ScriptedServer.mysql("8.4.3")
        server.row(
            "SELECT @@global.",
            [
                "server_id": "101", "gtid_mode": "ON", "gtid_executed": "\(ScriptedServer.sourceUUID):1-3:tag:1-2",
            ])
        server.set(
            "SHOW REPLICA STATUS",
            .rows(
                ReplicaStatusSamples.together(
                    ReplicaStatusSamples.mysql(channel: "west", host: "db9"), ReplicaStatusSamples.mysql())))
        addHeartbeats(to: &server)
        server.row("SHOW BINARY LOG STATUS", ["File": "bin.000003", "Position": "12345"])
        server.rows("SHOW REPLICAS", ["Server_Id", "Host", "Port", "Source_Id", "Replica_UUID"], [])
        let facts = try facts(server)
        #expect(facts.channels.map(\.name) == ["", "west"])
        #expect(facts.channels.map(\.heartbeatPeriod) == [.seconds(30), nil])
    }

    /// MariaDB Knowledge Base, "SHOW REPLICA STATUS" and "Privileges": the same statements from 10.4 on; heartbeats and
    /// `Connection_name` are columns of the `ALL` form.
    @Test(
        "unverified: MariaDB 10.4, 11.4 and 12.1", arguments: ["10.4.34-MariaDB", "11.4.5-MariaDB", "12.1.2-MariaDB"])
    func mariadb(version: String) throws {
        var server = ScriptedServer.mariadb(version)
        server.set("SHOW ALL SLAVES STATUS", .rows(ReplicaStatusSamples.mariadb(connection: "west")))
        let facts = try facts(server)
        #expect(facts.version.flavor == .mariadb)
        #expect(facts.identity.serverUUID == nil)
        #expect(facts.channels.map(\.name) == ["west"])
        guard case .mariadb(let gtid) = facts.gtid else {
            Issue.record("no GTID facts")
            return
        }
        #expect(gtid.isStrict)
        #expect(gtid.binlogState == (try GTIDBinlogState(parsing: "0-101-4,0-1-10")))
    }

    /// MariaDB 12.1 release notes: `read_only` takes OFF, ON, NO_LOCK and NO_LOCK_NO_ADMIN.
    @Test(
        "unverified: MariaDB 12's words in read_only",
        arguments: [
            ("OFF", Writability.writable), ("ON", .readOnly), ("NO_LOCK", .readOnly),
            ("NO_LOCK_NO_ADMIN", .superReadOnly),
        ])
    func readOnlyWords(word: String, writability: Writability) throws {
        var server = ScriptedServer.mariadb("12.1.2-MariaDB")
        server.row("SELECT @@global.", ["server_id": "101", "read_only": word, "gtid_domain_id": "0"])
        #expect(try facts(server).writability == writability)
    }
}
