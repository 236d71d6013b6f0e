import Topology

extension CommandDialect {
    /// The most empty transactions in one command: each is three statements, and a set of millions is a mistake.
    static let mostEmptyTransactions: UInt64 = 1_000

    /// Waits of at most ``waitLimit``, so that whoever asks can look in between whether there is anything to wait for.
    func wait(_ channel: String, _ point: StopPoint, _ observed: Observed) throws(CommandError) -> [Statement] {
        let seconds = max(1, waitLimit.components.seconds)
        switch point {
        case .position(let position):
            var statement = Statement(
                isMySQL(8, 0, 26) ? "SELECT SOURCE_POS_WAIT(" : "SELECT MASTER_POS_WAIT(", answer: .eventsWaitedFor)
            let value = try known(position, observed) { try? BinlogPosition(parsing: $0) }
            append(value.map { SQLLiteral.quoted($0.file) }, of: position, to: &statement)
            statement.append(", ")
            append(value.map { "\($0.offset)" }, of: position, to: &statement)
            statement.append(", \(seconds)")
            if !channel.isEmpty || isMySQL(5, 7) { statement.append(", \(SQLLiteral.quoted(channel))") }
            statement.append(")")
            return [statement]
        case .executed(let gtids):
            guard !isMariaDB else { throw unsupported("wait for a set of GTIDs", "it counts GTIDs by domain") }
            var statement = Statement("SELECT WAIT_FOR_EXECUTED_GTID_SET(", answer: .zeroWhenReached)
            try append(gtids, to: &statement, observed) { try? GTIDSet(parsing: $0) }
            statement.append(", \(seconds))")
            return [statement]
        case .mariadbPosition(let position):
            guard isMariaDB else { throw unsupported("wait for a MariaDB GTID position", "it is no MariaDB") }
            var statement = Statement("SELECT MASTER_GTID_WAIT(", answer: .zeroWhenReached)
            try append(position, to: &statement, observed) { try? GTIDPosition(parsing: $0) }
            statement.append(", \(seconds))")
            return [statement]
        case .gapsFilled:
            // No server has a function for it: that the applier has stopped, or has applied all, is seen by looking.
            return []
        }
    }

    /// `SET GLOBAL`, by the name that the variable has on this server.
    func set(_ variable: GlobalVariable, to value: String) throws(CommandError) -> [Statement] {
        switch variable {
        case .readOnly: return [assignment("read_only", try switched(variable, value))]
        case .superReadOnly: return [try superReadOnly(try switched(variable, value))]
        case .semiSyncSource, .semiSyncReplica:
            return [assignment(semiSyncName(variable), try switched(variable, value))]
        case .semiSyncWaitCount:
            guard !isMariaDB else {
                throw unsupported("set how many acknowledgements are waited for", "it is always one")
            }
            guard let count = Int(value), (1...65_535).contains(count) else {
                throw .badValue(what: variable.rawValue, value: value, reason: "it is a number from 1 to 65535")
            }
            return [assignment(semiSyncName(variable), "\(count)")]
        case .purgedGTIDs:
            guard !isMariaDB else { throw unsupported("set gtid_purged", "it has no such variable") }
            // A + before the set adds to what is purged (MySQL 8.0 manual, "gtid_purged").
            let isAddition = value.hasPrefix("+")
            guard let gtids = try? GTIDSet(parsing: isAddition ? String(value.dropFirst()) : value) else {
                throw .badValue(what: variable.rawValue, value: value, reason: "it is no GTID set")
            }
            return [assignment("gtid_purged", SQLLiteral.quoted((isAddition ? "+" : "") + gtids.description))]
        case .replicaPosition:
            guard isMariaDB else { throw unsupported("set gtid_slave_pos", "MariaDB alone has this variable") }
            guard let position = try? GTIDPosition(parsing: value) else {
                throw .badValue(what: variable.rawValue, value: value, reason: "it is no MariaDB GTID position")
            }
            return [assignment("gtid_slave_pos", SQLLiteral.quoted(position.description))]
        }
    }

    private func assignment(_ name: String, _ value: String) -> Statement { Statement("SET GLOBAL \(name) = \(value)") }

    private func switched(_ variable: GlobalVariable, _ value: String) throws(CommandError) -> String {
        guard let state = SwitchState(rawValue: value.uppercased()) else {
            throw .badValue(what: variable.rawValue, value: value, reason: "it is ON or OFF")
        }
        return state.rawValue
    }

    /// MariaDB 12 made `read_only` a scale on which `NO_LOCK_NO_ADMIN` is what MySQL calls super_read_only; before that it
    /// has nothing of the kind. Off again it is merely read-only, as on MySQL.
    private func superReadOnly(_ value: String) throws(CommandError) -> Statement {
        guard isMariaDB else {
            guard isMySQL(5, 7, 8) else { throw unsupported("set super_read_only", "it came with MySQL 5.7.8") }
            return assignment("super_read_only", value)
        }
        guard version.isAtLeast(12, 0) else {
            throw unsupported("keep privileged accounts from writing", "MariaDB has no super_read_only before 12.0")
        }
        return assignment("read_only", value == "ON" ? "'NO_LOCK_NO_ADMIN'" : "ON")
    }

    private func semiSyncName(_ variable: GlobalVariable) -> String {
        switch (semiSyncWords, variable) {
        case (.source, _): variable.rawValue
        case (.master, .semiSyncSource): "rpl_semi_sync_master_enabled"
        case (.master, .semiSyncWaitCount): "rpl_semi_sync_master_wait_for_slave_count"
        case (.master, _): "rpl_semi_sync_slave_enabled"
        }
    }

    /// One transaction a GTID (MySQL manual, "Skipping Transactions", with GTIDs).
    func emptyTransactions(_ gtids: GTIDSet) throws(CommandError) -> [Statement] {
        guard !isMariaDB else {
            throw unsupported(
                "inject an empty transaction", "its GTIDs are positions, and one in the middle cannot be filled in")
        }
        guard gtids.transactionCount <= Self.mostEmptyTransactions else {
            throw .badValue(
                what: "a set of transactions to inject", value: "\(gtids)",
                reason:
                    "it holds \(gtids.transactionCount) transactions, and \(Self.mostEmptyTransactions) are the most")
        }
        var statements: [Statement] = []
        for part in gtids.parts {
            let tag = part.origin.tag.isEmpty ? "" : ":\(part.origin.tag)"
            for interval in part.intervals {
                for number in interval.first...interval.last {
                    let gtid = SQLLiteral.quoted("\(part.origin.uuid)\(tag):\(number)")
                    statements += [Statement("SET GTID_NEXT = \(gtid)"), Statement("BEGIN"), Statement("COMMIT")]
                }
            }
        }
        return statements.isEmpty ? [] : statements + [Statement("SET GTID_NEXT = 'AUTOMATIC'")]
    }

    /// MariaDB's counter is that of the connection that the session has as its default.
    func skip(_ channel: String) -> [Statement] {
        let name = isMySQL(8, 0, 26) ? "sql_replica_skip_counter" : "sql_slave_skip_counter"
        let counter = assignment(name, "1")
        guard isMariaDB, !channel.isEmpty else { return [counter] }
        return [
            Statement("SET SESSION default_master_connection = \(SQLLiteral.quoted(channel))"), counter,
            Statement("SET SESSION default_master_connection = ''"),
        ]
    }
}
