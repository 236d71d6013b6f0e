import Refactoring
import Servers
import Topology

extension BinaryLogSeries {
    /// What a server is asked for it, in any dialect.
    static let questions = StatementBatch([
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_id', 'server_uuid')", "SELECT UNIX_TIMESTAMP()",
        "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_reset', 'Uptime_since_flush_status')",
    ])

    /// Reads the answers to ``questions``; `nil` where one does not tell all.
    init?(_ answers: [ResultSet]) {
        guard answers.count == 3 else { return nil }
        let (variables, status) = (answers[0].namedValues, answers[2].namedValues)
        guard let serverID = variables["server_id"].flatMap(UInt32.init),
            let now = answers[1].text(row: 0, column: 0).flatMap(Int64.init),
            let counted = status["uptime_since_flush_status"].flatMap(Int64.init),
            let resets = status["com_reset"].flatMap(UInt64.init)
        else { return nil }
        self.init(
            serverID: serverID, serverUUID: variables["server_uuid"]?.sanitized, now: now, counted: counted,
            resets: resets)
    }
}
