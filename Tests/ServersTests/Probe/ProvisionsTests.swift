import Testing
import Topology

@testable import Servers

@Suite("What counts when a server takes another one's place")
struct ProvisionsTests {
    /// MySQL 9.7 at rest, without channels.
    private func mysql() -> ScriptedServer {
        var server = ScriptedServer.mysql("9.7.4")
        let values: KeyValuePairs<String, String> = [
            "version": "9.7.4", "server_id": "101", "read_only": "ON", "super_read_only": "ON",
            "event_scheduler": "DISABLED", "replica_net_timeout": "60", "max_connections": "151",
            "rpl_semi_sync_source_enabled": "ON", "rpl_semi_sync_source_timeout": "10000",
            "rpl_semi_sync_source_wait_for_replica_count": "2",
            "rpl_semi_sync_source_wait_point": "AFTER_COMMIT", "rpl_semi_sync_source_wait_no_replica": "OFF",
        ]
        server.variables(values)
        server.rows("SHOW REPLICA STATUS", [], [])
        server.rows("SHOW GLOBAL STATUS WHERE Variable_name IN ('rpl", ["Variable_name", "Value"], [])
        return server
    }

    @Test("the settings of both families are read with the poll")
    func settings() throws {
        var server = mysql()
        let session = ProbeSession()
        server.poll(session)
        let facts = try #require(session.facts)
        #expect(facts.provisions.eventScheduler == .disabled)
        #expect(facts.provisions.replicaNetTimeout == .seconds(60))
        #expect(facts.provisions.maxConnections == 151)
        let source = try #require(facts.semiSync.source)
        #expect(source.waitPoint == .afterCommit)
        #expect(!source.waitsWithoutReplicas)
        #expect(source.waitForReplicas == 2)
        #expect(facts.unavailable.isEmpty)
    }

    @Test("what was set at run time is lost with a restart, what is persisted or configured is not")
    func losses() throws {
        var server = mysql()
        // As MySQL 9.7 answers: super_read_only was set, and read_only with it.
        server.valueOrigins([
            ["event_scheduler", "DYNAMIC", "OFF", "ON"], ["read_only", "COMPILED", nil, "ON"],
            ["replica_net_timeout", "EXPLICIT", nil, "4"], ["rpl_semi_sync_source_enabled", "DYNAMIC", "ON", "ON"],
            ["rpl_semi_sync_source_timeout", "COMPILED", nil, "10000"], ["super_read_only", "DYNAMIC", nil, "ON"],
        ])
        let session = ProbeSession()
        server.poll(session)
        #expect(
            session.facts?.provisions.lostAtRestart == [
                SettingLostAtRestart(variable: "event_scheduler", runtime: "ON", persisted: "OFF"),
                SettingLostAtRestart(variable: "read_only", runtime: "ON"),
                SettingLostAtRestart(variable: "super_read_only", runtime: "ON"),
            ])
        var mariadb = ScriptedServer.mariadb("10.11.6-MariaDB")
        mariadb.valueOrigins(
            [["READ_ONLY", "SQL", nil, "ON"], ["SLAVE_NET_TIMEOUT", "COMMAND-LINE", nil, "4"]],
            asking: "SELECT VARIABLE_NAME, GLOBAL_VALUE_ORIGIN")
        let second = ProbeSession()
        mariadb.poll(second)
        #expect(
            second.facts?.provisions.lostAtRestart == [SettingLostAtRestart(variable: "read_only", runtime: "ON")])
    }

    @Test("where values come from is asked once a minute, and at once when a setting has changed")
    func whenAsked() {
        var server = mysql()
        let session = ProbeSession()
        let start = ContinuousClock.now
        func asked(at time: Duration) -> Int {
            let before = server.asked.count
            server.poll(session, at: start + time)
            return server.asked.dropFirst(before).count { $0.hasPrefix("SELECT i.VARIABLE_NAME") }
        }
        #expect(asked(at: .zero) == 1)
        #expect(asked(at: .seconds(1)) == 0)
        server.row("SELECT @@global.", ["server_id": "101", "read_only": "0"])
        server.valueOrigins([["read_only", "DYNAMIC", nil, "OFF"]])
        #expect(asked(at: .seconds(2)) == 1)
        #expect(session.facts?.provisions.lostAtRestart?.map(\.variable) == ["read_only"])
        #expect(asked(at: .seconds(3)) == 0)
        #expect(asked(at: .seconds(61)) == 1)
        #expect(asked(at: .seconds(62)) == 0)
    }

    @Test("MySQL 5.7 does not tell where values come from, and nobody asks")
    func notTold() {
        var server = ScriptedServer.mysql("5.7.44")
        server.rows("SHOW SLAVE STATUS", [], [])
        server.rows("SHOW SLAVE HOSTS", [], [])
        server.rows("SHOW MASTER STATUS", [], [])
        let session = ProbeSession()
        server.poll(session)
        #expect(session.facts?.unavailable.isEmpty == true)
        #expect(session.facts != nil)
        #expect(session.facts?.provisions.lostAtRestart == nil)
    }
}
