import Testing
import Topology

@testable import Servers

@Suite("A probe's session")
struct ProbeSessionTests {
    /// MySQL 9.7 with one channel.
    private func replica() -> ScriptedServer {
        var server = ScriptedServer.mysql("9.7.4")
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
        server.row(
            "SELECT c.CHANNEL_NAME",
            [
                "CHANNEL_NAME": "", "HEARTBEAT_INTERVAL": "30.000", "COUNT_RECEIVED_HEARTBEATS": "37",
                "LAST_HEARTBEAT": "1700000099.191442",
            ])
        server.row("SHOW BINARY LOG STATUS", ["File": "bin.000003", "Position": "12345"])
        server.rows("SHOW REPLICAS", ["Server_Id", "Host", "Port", "Source_Id", "Replica_UUID"], [])
        return server
    }

    @Test("asks everything in one round trip once it knows the server")
    func oneRoundTrip() {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        let afterFirst = server.batches.count
        #expect(afterFirst == 3)
        for poll in 1...3 {
            server.poll(session)
            #expect(server.batches.count == afterFirst + poll)
            #expect(!session.isChanged)
        }
        #expect(server.batches.last?.count == 5)
    }

    @Test("reads the facts of a MySQL replica")
    func facts() throws {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        let facts = try #require(session.facts)
        #expect(facts.version == ServerVersion(parsing: "9.7.4"))
        #expect(facts.identity.serverID == 101)
        #expect(facts.identity.serverUUID == ServerUUID(ScriptedServer.ownUUID))
        #expect(facts.identity.reportHost == nil)
        #expect(facts.identity.reportPort == nil)
        #expect(facts.identity.startedAt == Timestamp(microseconds: 1_700_000_000_500_000))
        #expect(facts.writability == .readOnly)
        #expect(
            facts.binaryLog
                == BinaryLog(
                    format: .row, rowImage: "FULL", logsReplicaUpdates: true,
                    position: BinlogPosition(file: "bin.000003", offset: 12345)))
        guard case .mysql(let gtid) = facts.gtid else {
            Issue.record("no GTID facts")
            return
        }
        #expect(gtid.mode == .on)
        #expect(
            gtid.executed == (try GTIDSet(parsing: "\(ScriptedServer.sourceUUID):1-10,\(ScriptedServer.ownUUID):1")))
        #expect(gtid.purged == (try GTIDSet(parsing: "\(ScriptedServer.sourceUUID):1-3")))
        let channel = try #require(facts.channels.first)
        #expect(channel.heartbeatPeriod == .seconds(30))
        #expect(channel.heartbeatsReceived == 37)
        #expect(channel.lastHeartbeat == Timestamp(microseconds: 1_700_000_099_191_442))
        #expect(facts.unavailable.isEmpty)
    }

    @Test("notices what changed, and only that")
    func change() throws {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        let before = try #require(session.facts)
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql(changing: ["Replica_SQL_Running": "No"])))
        server.poll(session)
        #expect(session.isChanged)
        var expected = before
        expected.channels[0].applier = .stopped
        #expect(session.facts == expected)
    }

    @Test("a change in a column that is no fact changes nothing")
    func irrelevantChange() {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql(changing: ["Relay_Log_Space": "99999"])))
        server.poll(session)
        #expect(!session.isChanged)
    }

    @Test("a server_id that was changed is seen, though it stood still until then")
    func serverIDChanges() {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        server.row("SELECT @@global.", ["server_id": "202", "gtid_mode": "ON"])
        server.poll(session)
        #expect(session.facts?.identity.serverID == 202)
    }

    @Test("leaves a refused statement out, asks the rest in the same poll, and names the GRANT that mends it")
    func missingPrivilege() throws {
        var server = replica()
        server.set(
            "SHOW REPLICA STATUS", .failure(code: 1227, message: "Access denied; you need REPLICATION CLIENT"))
        server.set("SHOW REPLICAS", .failure(code: 1227, message: "Access denied; you need REPLICATION SLAVE"))
        server.rows("SELECT HOST FROM performance_schema.processlist", ["HOST"], [["db7:51234"], ["10.0.0.8:51235"]])
        let session = ProbeSession()
        server.poll(session)
        let facts = try #require(session.facts)
        #expect(facts.binaryLog?.position != nil)
        #expect(facts.channels.isEmpty)
        #expect(facts.unavailable.map(\.fact) == ["replica status", "list of replicas"])
        #expect(facts.unavailable[0].remedy == "GRANT REPLICATION CLIENT ON *.* TO 'baton'@'10.%'")
        #expect(facts.unavailable[1].remedy == "GRANT REPLICATION SLAVE ON *.* TO 'baton'@'10.%'")
        // The fallback, with the server's own port for want of a better one.
        #expect(facts.guessedReplicas.map(\.description) == ["10.0.0.8:3306", "db7:3306"])
        #expect(facts.reportedReplicas == [])

        let before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 1)
        #expect(server.batches.last?.contains("SHOW REPLICA STATUS") == false)
    }

    @Test("tries a refused statement again after ten minutes")
    func retriesRefusals() {
        var server = replica()
        server.set("SHOW REPLICA STATUS", .failure(code: 1227, message: "Access denied"))
        let session = ProbeSession()
        let start = ContinuousClock.now
        server.poll(session, at: start)
        server.set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
        server.poll(session, at: start + .seconds(599))
        #expect(session.facts?.channels.isEmpty == true)
        // A privilege that was granted meanwhile counts for a new connection.
        #expect(!session.needsNewConnection(at: start + .seconds(599)))
        #expect(session.needsNewConnection(at: start + .seconds(600)))
        server.poll(session, at: start + .seconds(600))
        #expect(session.facts?.channels.count == 1)
        #expect(session.facts?.unavailable.isEmpty == true)
    }

    @Test("an answer is taken back when the server refuses it later")
    func revokedPrivilege() {
        var server = replica()
        let session = ProbeSession()
        server.poll(session)
        server.set("SHOW REPLICA STATUS", .failure(code: 1227, message: "Access denied"))
        server.poll(session)
        #expect(session.isChanged)
        #expect(session.facts?.channels.isEmpty == true)
        #expect(session.facts?.unavailable.map(\.code) == [1227])
    }

    @Test("an error that passes is tried again soon, without a GRANT to go with it")
    func passingError() {
        var server = replica()
        server.set("SHOW BINARY LOG STATUS", .failure(code: 1205, message: "Lock wait timeout exceeded"))
        let session = ProbeSession()
        let start = ContinuousClock.now
        server.poll(session, at: start)
        #expect(session.facts?.unavailable.map(\.remedy) == [nil])
        server.row("SHOW BINARY LOG STATUS", ["File": "bin.000003", "Position": "1"])
        server.poll(session, at: start + .seconds(10))
        #expect(session.facts?.unavailable.isEmpty == true)
    }

    @Test("when a plugin goes away with its variables, the same poll finds out which are left")
    func pluginGoesAway() throws {
        var server = replica()
        server.variables([
            "version": "9.7.4", "server_uuid": ScriptedServer.ownUUID, "hostname": "db1", "port": "3306",
            "log_bin": "ON", "server_id": "101", "read_only": "OFF", "rpl_semi_sync_source_enabled": "OFF",
        ])
        let session = ProbeSession()
        server.poll(session)
        #expect(session.facts?.semiSync.source != nil)
        var after = ScriptedServer.mysql("9.7.4")
        server.set(
            "SELECT @@global.server_id AS server_id,@@global.read_only AS read_only,@@global.rpl",
            .failure(code: 1193, message: "Unknown system variable"))
        let answer = after.answer(["SHOW GLOBAL VARIABLES"])
        server.set("SHOW GLOBAL VARIABLES", .rows(answer.results[0]))
        server.replies.removeAll { $0.beginning == "SELECT @@global." }
        let current = after.answer(["SELECT @@global.x"])
        server.replies.append(("SELECT @@global.", .rows(current.results[0])))
        server.poll(session)
        let facts = try #require(session.facts)
        #expect(facts.semiSync.source == nil)
        #expect(facts.identity.serverID == 101)
        #expect(facts.unavailable.isEmpty)
    }

    @Test("semi-sync status is asked only where a side is on, whichever its spelling")
    func semiSync() {
        var server = ScriptedServer.mariadb("10.11.6-MariaDB")
        let session = ProbeSession()
        server.poll(session)
        #expect(
            session.facts?.semiSync
                == SemiSync(
                    source: SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(10), clients: 2),
                    replica: SemiSync.ReplicaSide(isEnabled: false, isActive: false)))
        server.row(
            "SELECT @@global.",
            ["server_id": "101", "rpl_semi_sync_master_enabled": "0", "rpl_semi_sync_master_timeout": "1"])
        server.poll(session)
        server.poll(session)
        #expect(session.facts?.semiSync.source?.clients == 0)
        #expect(session.facts?.semiSync.replica == nil)
        #expect(server.batches.last?.contains { $0.contains("rpl_semi_sync_master_status") } == false)
    }

    @Test("names and places come from their queries, once a minute within a poll's one round trip")
    func labels() throws {
        var server = replica()
        server.row("SELECT alias FROM meta", ["alias": "blue\u{7}bird"])
        server.row("SELECT dc", ["dc": "ams1"])
        server.rows("SELECT region", ["region"], [])
        var options = ProbeOptions()
        options.aliasQuery = try CustomQuery("SELECT alias FROM meta;")
        options.dataCenterQuery = try CustomQuery("SELECT dc")
        options.regionQuery = try CustomQuery("SELECT region")
        options.environmentQuery = try CustomQuery("SELECT env FROM nowhere")
        let session = ProbeSession(options)
        let start = ContinuousClock.now
        server.poll(session, at: start)
        #expect(session.facts?.attributes == ReportedAttributes(dataCenter: "ams1", alias: "bluebird"))
        #expect(session.facts?.unavailable.map(\.fact) == ["environment"])
        server.row("SELECT dc", ["dc": "ams2"])
        let before = server.batches.count
        server.poll(session, at: start + .seconds(30))
        #expect(session.facts?.attributes.dataCenter == "ams1")
        server.poll(session, at: start + .seconds(60))
        #expect(session.facts?.attributes.dataCenter == "ams2")
        #expect(session.facts?.attributes.alias == "bluebird")
        #expect(server.batches.count == before + 2)
    }

    @Test("a GTID text of an unknown form is told as such, and does not pass for an empty set")
    func unreadableGTID() {
        var server = replica()
        server.row("SELECT @@global.", ["server_id": "101", "gtid_mode": "ON", "gtid_executed": "what:is:this?"])
        let session = ProbeSession()
        server.poll(session)
        #expect(session.facts?.unavailable.map(\.fact) == ["gtid_executed"])
    }

    @Test("the time of the start does not waver when the uptime is read anew")
    func startTimeIsStable() {
        var server = replica()
        let first = ProbeSession()
        server.poll(first)
        server.row(
            "SELECT UNIX_TIMESTAMP(NOW(6)) AS now", ["now": "1700000500.100000", "zone": "0", "account": "a@b"])
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('uptime')", ["Variable_name", "Value"], [["Uptime", "501"]])
        let known = first.facts?.identity.startedAt
        let second = ProbeSession(
            address: InstanceAddress(host: "db1"), options: ProbeOptions(), greeting: "", startedAt: known)
        server.poll(second)
        #expect(second.facts?.identity.startedAt == known)
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('uptime')", ["Variable_name", "Value"], [["Uptime", "3"]])
        let restarted = ProbeSession(
            address: InstanceAddress(host: "db1"), options: ProbeOptions(), greeting: "", startedAt: known)
        server.poll(restarted)
        #expect(restarted.facts?.identity.startedAt == Timestamp(microseconds: 1_700_000_497_100_000))
    }

    @Test("group members are read where a group is named, OFFLINE and foreign rows included")
    func groupReplication() throws {
        var server = replica()
        server.variables([
            "version": "8.4.3", "server_uuid": ScriptedServer.ownUUID, "hostname": "db1", "port": "3306",
            "log_bin": "OFF", "server_id": "101", "group_replication_group_name": "aaaa-bbbb",
            "group_replication_single_primary_mode": "ON",
        ])
        server.rows(
            "SELECT * FROM performance_schema.replication_group_members",
            [
                "CHANNEL_NAME", "MEMBER_ID", "MEMBER_HOST", "MEMBER_PORT", "MEMBER_STATE", "MEMBER_ROLE",
                "MEMBER_VERSION",
            ],
            [
                ["group_replication_applier", ScriptedServer.ownUUID, "db1", "3306", "ONLINE", "SECONDARY", "8.4.3"],
                ["group_replication_applier", ScriptedServer.sourceUUID, "db2", "3306", "ONLINE", "PRIMARY", "8.4.3"],
                ["group_replication_applier", "", "", nil, "OFFLINE", "", ""],
            ])
        let session = ProbeSession()
        server.poll(session)
        let group = try #require(session.facts?.groupReplication)
        #expect(group.groupName == "aaaa-bbbb")
        #expect(group.isSinglePrimary)
        #expect(group.members.map(\.address.host).sorted() == ["db1", "db2"])
        #expect(group.members.filter(\.isPrimary).map(\.address.host) == ["db2"])
        #expect(group.own?.address.host == "db1")
    }

    @Test("a Galera member is recognised by its provider, wsrep_on and status")
    func galera() throws {
        var server = ScriptedServer.mariadb("11.4.2-MariaDB")
        server.variables([
            "version": "11.4.2-MariaDB", "hostname": "g1", "port": "3306", "log_bin": "OFF", "server_id": "1",
            "gtid_domain_id": "0", "wsrep_on": "ON", "wsrep_provider": "/usr/lib/galera/libgalera_smm.so",
            "wsrep_cluster_name": "shop",
        ])
        server.rows(
            "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep", ["Variable_name", "Value"],
            [
                ["wsrep_cluster_state_uuid", "c1"], ["wsrep_cluster_status", "Primary"], ["wsrep_cluster_size", "3"],
                ["wsrep_local_state_comment", "Synced"],
                ["wsrep_incoming_addresses", "10.0.0.2:3306,10.0.0.1:3306,,AUTO"],
            ])
        let session = ProbeSession()
        server.poll(session)
        let galera = try #require(session.facts?.galera)
        #expect(galera.clusterID == "c1")
        #expect(galera.clusterName == "shop")
        #expect(galera.isInPrimaryComponent)
        #expect(galera.size == 3)
        #expect(galera.members.map(\.host) == ["10.0.0.1", "10.0.0.2"])
    }
}
