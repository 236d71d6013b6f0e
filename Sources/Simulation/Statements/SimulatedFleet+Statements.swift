import Servers
import Topology

extension SimulatedFleet {
    /// Carries a statement out.
    mutating func answerTo(
        _ statement: SimulatedStatement, in session: SimulatedSession
    ) throws(SimulatedRefusal) -> SimulatedAnswer {
        let address = session.address
        // In place, or the first change would copy all that the server has.
        switch statement {
        case .stop(let target, let threads): try servers[address]?.stop(target, threads, at: now)
        case .start(let target, let threads, let until): try servers[address]?.start(target, threads, until, at: now)
        case .change(let target, let options): try servers[address]?.change(target, options)
        case .reset(let target, let all): try servers[address]?.reset(target, all: all)
        case .flushLogs: servers[address]?.flushLogs()
        case .purge(let file):
            let oldest = oldestFileRead(of: address)
            try servers[address]?.purge(to: file, reading: oldest)
        case .resetLogs: servers[address]?.resetLogs()
        case .killQuery(let connection):
            guard sessions[connection]?.address == address else {
                throw SimulatedRefusal(1094, "Unknown thread id: \(connection)")
            }
        case .kill(let connection):
            guard sessions[connection]?.address == address else {
                throw SimulatedRefusal(1094, "Unknown thread id: \(connection)")
            }
            end(SessionID(number: connection))
        case .lockAll: try lockAll(session)
        case .unlock:
            if servers[address]?.readLock == session.id { servers[address]?.readLock = nil }
        case .selectEmptyList: return SimulatedAnswer(ResultSet(columns: ["list"], rows: [[nil]]))
        case .ignored: break
        case .showLogPosition: return SimulatedAnswer(servers[address]?.logPosition ?? Self.noRows)
        case .showLogs: return SimulatedAnswer(servers[address]?.logFiles ?? Self.noRows)
        case .set(let assignments): return try set(assignments, in: session)
        case .selectTable(let name): return SimulatedAnswer(try servers[address]?.table(named: name) ?? Self.noRows)
        case .selectProcess(let number):
            let isThere = sessions[number]?.address == address
            return SimulatedAnswer(
                ResultSet(columns: ["USER", "HOST"], rows: isThere ? [["baton", "localhost"]] : []))
        case .showSlaves: return SimulatedAnswer(servers[address]?.slaveOptions ?? Self.noRows)
        case .select(let expressions): return try select(expressions, in: session)
        case .begin: return try begin(in: session)
        case .commit: return commit(in: session)
        case .rollback: return rollback(in: session)
        case .write(let changes): return try write(changes, in: session)
        }
        return SimulatedAnswer()
    }

    private mutating func lockAll(_ session: SimulatedSession) throws(SimulatedRefusal) {
        guard servers[session.address]?.readLock ?? session.id == session.id else { throw Self.lockTimeout }
        servers[session.address]?.readLock = session.id
    }

    /// Whoever holds it is another session of this same thread of time: it can't let go meanwhile.
    private static let lockTimeout = SimulatedRefusal(1205, "Lock wait timeout exceeded; try restarting transaction")

    private static let noRows = ResultSet(columns: [], rows: [])

    /// The first file of a server's log that a replica still reads: it can't be purged.
    private func oldestFileRead(of source: InstanceAddress) -> UInt64? {
        var oldest: UInt64?
        for server in servers.values {
            for channel in server.channels.values {
                guard let dump = channel.dump, dump.source == source else { continue }
                oldest = min(oldest ?? dump.cursor.file, dump.cursor.file)
            }
        }
        return oldest
    }

    private mutating func set(
        _ assignments: [SimulatedStatement.Assignment], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> SimulatedAnswer {
        for assignment in assignments {
            if assignment.isGlobal {
                try servers[session.address]?.set(
                    assignment.name, to: assignment.value, connection: session.defaultConnection)
                continue
            }
            switch assignment.name {
            case "gtid_next": sessions[session.id]?.nextName = try Self.nextName(assignment.value)
            case "sql_log_bin":
                sessions[session.id]?.isLogging = !["0", "OFF"].contains(assignment.value.uppercased())
            case "default_master_connection": sessions[session.id]?.defaultConnection = assignment.value
            default: break
            }
        }
        return SimulatedAnswer()
    }

    private static func nextName(_ text: String) throws(SimulatedRefusal) -> SimulatedSession.NextName {
        if text.uppercased() == "AUTOMATIC" { return .automatic }
        guard let set = try? GTIDSet(parsing: text), set.transactionCount == 1, let part = set.parts.first else {
            throw SimulatedRefusal(1231, "Variable 'gtid_next' can't be set to the value of '\(text)'")
        }
        return .given(part.origin, part.intervals[0].first)
    }

    // MARK: Transactions

    private mutating func begin(in session: SimulatedSession) throws(SimulatedRefusal) -> SimulatedAnswer {
        if session.nextName == .used { throw Self.nextNameMissing }
        guard let server = servers[session.address] else { return SimulatedAnswer() }
        if session.transaction != nil { _ = commit(in: session) }
        sessions[session.id]?.transaction = SimulatedSession.OpenTransaction(before: server.data)
        return SimulatedAnswer()
    }

    private static let nextNameMissing = SimulatedRefusal(
        1837, "When @@SESSION.GTID_NEXT is set to a GTID, you must explicitly set it to a different value")

    private mutating func commit(in session: SimulatedSession) -> SimulatedAnswer {
        guard let open = session.transaction else { return SimulatedAnswer() }
        sessions[session.id]?.transaction = nil
        guard !open.changes.isEmpty || session.nextName != .automatic else { return SimulatedAnswer() }
        record(open.changes, in: session)
        return SimulatedAnswer()
    }

    private mutating func rollback(in session: SimulatedSession) -> SimulatedAnswer {
        if let open = session.transaction { servers[session.address]?.data = open.before }
        sessions[session.id]?.transaction = nil
        return SimulatedAnswer()
    }

    private mutating func write(
        _ changes: [DataChange], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> SimulatedAnswer {
        // No copy of the server is held, or the first change would copy all its rows.
        guard let writability = servers[session.address]?.writability,
            let format = servers[session.address]?.options.format
        else { return SimulatedAnswer() }
        if session.nextName == .used { throw Self.nextNameMissing }
        if writability == .superReadOnly || writability == .readOnly && session.isOrdinary {
            let option = writability == .superReadOnly ? "--super-read-only" : "--read-only"
            throw SimulatedRefusal(
                1290, "The MySQL server is running with the \(option) option so it cannot execute this statement")
        }
        if let holder = servers[session.address]?.readLock, holder != session.id { throw Self.lockTimeout }
        if case .given(let origin, let number) = session.nextName,
            servers[session.address]?.executed.contains(number, of: origin.uuid, tag: origin.tag) == true
        {
            // What is executed already is left out without a word.
            return SimulatedAnswer()
        }
        var logged: [DataChange] = []
        var affected: UInt64 = 0
        for change in changes {
            let isChanged = try servers[session.address]?.data.apply(change, .client) ?? false
            if isChanged, !change.isDefinition { affected += 1 }
            // A statement is logged though it found nothing; a row that did not change is not.
            if isChanged || format != .row { logged.append(change) }
        }
        if session.transaction != nil, !changes.contains(where: \.isDefinition) {
            sessions[session.id]?.transaction?.changes += logged
        } else if !logged.isEmpty {
            record(logged, in: session)
        }
        return SimulatedAnswer(affectedRows: affected)
    }

    /// Commits changes that are in the data already.
    private mutating func record(_ changes: [DataChange], in session: SimulatedSession) {
        var name: TransactionName?
        if case .given(let origin, let number) = session.nextName {
            sessions[session.id]?.nextName = .used
            if servers[session.address]?.executed.contains(number, of: origin.uuid, tag: origin.tag) == true { return }
            name = .mysql(origin, number)
        }
        lastTransaction += 1
        servers[session.address]?.commit(
            changes, as: TransactionIdentity(lastTransaction), name: name, isLogged: session.isLogging, at: now)
    }

    // MARK: Values

    private mutating func select(
        _ expressions: [SimulatedExpression], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> SimulatedAnswer {
        var columns: [String] = []
        var row: [String?] = []
        for expression in expressions {
            columns.append(expression.columnName)
            row.append(try value(of: expression, in: session))
        }
        return SimulatedAnswer(ResultSet(columns: columns, rows: [row]))
    }

    private mutating func value(
        of expression: SimulatedExpression, in session: SimulatedSession
    ) throws(SimulatedRefusal) -> String? {
        switch expression {
        case .literal(let text): return text
        case .variable(let name): return try servers[session.address]?.value(of: name)
        case .call(let function, let arguments): return try call(function, arguments, in: session)
        case .equal(let left, let right):
            guard let left = try value(of: left, in: session), let right = try value(of: right, in: session) else {
                return nil
            }
            return left == right ? "1" : "0"
        }
    }
}

extension SimulatedExpression {
    fileprivate var columnName: String {
        switch self {
        case .literal(let text): text
        case .variable(let name): "@@\(name)"
        case .call(let function, _): function
        case .equal(let left, let right): "\(left.columnName) = \(right.columnName)"
        }
    }
}

extension SimulatedServer {
    mutating func flushLogs() {
        log.flush(executed: executed, state: binlogState)
    }

    mutating func purge(to file: String, reading: UInt64?) throws(SimulatedRefusal) {
        try log.purge(to: file, reading: reading)
        if !isMariaDB { purged.formUnion(log.files[0].previous) }
    }

    /// `RESET BINARY LOGS AND GTIDS`, `RESET MASTER`: MariaDB keeps what says how far its applier is.
    mutating func resetLogs() {
        log.reset()
        executed = GTIDSet()
        purged = GTIDSet()
        binlogState = GTIDBinlogState()
        counters = [:]
    }

    fileprivate var logPosition: ResultSet {
        let end = log.end
        guard options.hasBinaryLog else { return ResultSet(columns: ["File", "Position"], rows: []) }
        guard !isMariaDB else {
            return ResultSet(
                columns: ["File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB"],
                rows: [[end.file, "\(end.offset)", "", ""]])
        }
        return ResultSet(
            columns: ["File", "Position", "Binlog_Do_DB", "Binlog_Ignore_DB", "Executed_Gtid_Set"],
            rows: [[end.file, "\(end.offset)", "", "", executed.description]])
    }

    fileprivate var logFiles: ResultSet {
        ResultSet(
            columns: ["Log_name", "File_size"],
            rows: log.files.map { [SimulatedBinaryLog.name(of: $0.number), "\($0.end)"] })
    }
}
