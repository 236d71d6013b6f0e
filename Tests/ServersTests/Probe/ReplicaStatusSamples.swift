@testable import Servers

/// Replica statuses as servers give them.
enum ReplicaStatusSamples {
    /// As recorded from MySQL 9.7.4, the columns in its words.
    static func mysql(
        channel: String = "", host: String = "db0", changing changes: [String: String?] = [:]
    ) -> ResultSet {
        sample(
            [
                ("Replica_IO_State", "Waiting for source to send event"), ("Source_Host", host),
                ("Source_User", "repl"), ("Source_Port", "3307"), ("Connect_Retry", "60"),
                ("Source_Log_File", "bin.000001"), ("Read_Source_Log_Pos", "866"),
                ("Relay_Log_File", "vm-relay-bin.000002"), ("Relay_Log_Pos", "1071"),
                ("Relay_Source_Log_File", "bin.000001"), ("Replica_IO_Running", "Yes"), ("Replica_SQL_Running", "Yes"),
                ("Replicate_Do_DB", ""), ("Replicate_Ignore_DB", ""), ("Replicate_Do_Table", ""),
                ("Replicate_Ignore_Table", ""), ("Replicate_Wild_Do_Table", ""), ("Replicate_Wild_Ignore_Table", ""),
                ("Last_Errno", "0"), ("Last_Error", ""), ("Skip_Counter", "0"), ("Exec_Source_Log_Pos", "800"),
                ("Relay_Log_Space", "1279"), ("Until_Condition", "None"), ("Until_Log_File", ""),
                ("Until_Log_Pos", "0"), ("Source_SSL_Allowed", "Yes"), ("Seconds_Behind_Source", "7"),
                ("Source_SSL_Verify_Server_Cert", "No"), ("Last_IO_Errno", "0"), ("Last_IO_Error", ""),
                ("Last_SQL_Errno", "0"), ("Last_SQL_Error", ""), ("Replicate_Ignore_Server_Ids", ""),
                ("Source_Server_Id", "100"), ("Source_UUID", ScriptedServer.sourceUUID),
                ("Source_Info_File", "mysql.slave_master_info"), ("SQL_Delay", "0"), ("SQL_Remaining_Delay", nil),
                ("Replica_SQL_Running_State", "Replica has read all relay log; waiting for more updates"),
                ("Last_IO_Error_Timestamp", ""), ("Last_SQL_Error_Timestamp", ""),
                ("Retrieved_Gtid_Set", "\(ScriptedServer.sourceUUID):1-10"),
                ("Executed_Gtid_Set", "\(ScriptedServer.sourceUUID):1-10"), ("Auto_Position", "1"),
                ("Replicate_Rewrite_DB", ""), ("Channel_Name", channel),
            ], changes)
    }

    /// The same in the words that MySQL had until 8.0.21 (8.0 manual, "SHOW SLAVE STATUS Statement").
    static func oldMySQL(changing changes: [String: String?] = [:]) -> ResultSet {
        let new = mysql()
        let cells = new.columns.indices.map { column in
            (
                new.columns[column].replacing("Source", with: "Master").replacing("Replica_", with: "Slave_"),
                new.text(row: 0, column: column)
            )
        }
        return sample(cells, changes)
    }

    /// As recorded from MariaDB 10.11.
    static func mariadb(
        connection: String = "", changing changes: [String: String?] = [:]
    ) -> ResultSet {
        sample(
            [
                ("Connection_name", connection),
                ("Slave_SQL_State", "Slave has read all relay log; waiting for more updates"),
                ("Slave_IO_State", "Waiting for master to send event"), ("Master_Host", "db0"), ("Master_User", "repl"),
                ("Master_Port", "3307"), ("Connect_Retry", "60"), ("Master_Log_File", "bin.000001"),
                ("Read_Master_Log_Pos", "2095"), ("Relay_Log_File", "pid-relay-bin.000002"),
                ("Relay_Log_Pos", "2388"), ("Relay_Master_Log_File", "bin.000001"), ("Slave_IO_Running", "Yes"),
                ("Slave_SQL_Running", "Yes"), ("Replicate_Do_DB", ""), ("Replicate_Ignore_DB", ""),
                ("Exec_Master_Log_Pos", "2095"), ("Master_SSL_Allowed", "No"), ("Seconds_Behind_Master", "0"),
                ("Last_IO_Errno", "0"), ("Last_IO_Error", ""), ("Last_SQL_Errno", "0"), ("Last_SQL_Error", ""),
                ("Master_Server_Id", "100"), ("Using_Gtid", "Slave_Pos"), ("Gtid_IO_Pos", "0-100-5"),
                ("Replicate_Do_Domain_Ids", ""), ("Replicate_Ignore_Domain_Ids", ""), ("SQL_Delay", "0"),
                ("SQL_Remaining_Delay", nil),
                ("Slave_SQL_Running_State", "Slave has read all relay log; waiting for more updates"),
                ("Slave_received_heartbeats", "567"), ("Slave_heartbeat_period", "2.000"),
                ("Gtid_Slave_Pos", "0-100-5"),
            ], changes)
    }

    /// Rows of several samples with the same columns in one answer.
    static func together(_ samples: ResultSet...) -> ResultSet {
        ResultSet(
            columns: samples[0].columns,
            rows: samples.map { sample in sample.columns.indices.map { sample.text(row: 0, column: $0) } })
    }

    private static func sample(_ cells: [(String, String?)], _ changes: [String: String?]) -> ResultSet {
        ResultSet(columns: cells.map(\.0), rows: [cells.map { changes[$0.0] ?? $0.1 }])
    }
}
