import CMySQL
import Topology

/// One batch on its way through the client library: sending, then for each statement its rows.
///
/// Rows are copied as they come and not kept by the library, so that memory is bounded by our limit and not by the
/// server.
final class Exchange {
    enum Progress {
        /// Until the socket is ready.
        case waiting
        case finished(BatchAnswer)
        /// The connection can't be used any more; the handle knows the error.
        case lost
        case tooLarge
        /// More answers than statements: to which statement one belongs can't be told any more.
        case tooManyAnswers
    }

    private enum Stage {
        case sending
        case fetching(UnsafeMutablePointer<MYSQL_RES>)
        case goingOn
    }

    private let handle: ClientHandle
    private let batch: StatementBatch
    private let limit: Int
    private var stage = Stage.sending
    private var turn = BATON_FIRST
    private var answer = BatchAnswer(results: [], affectedRows: [])
    private var rows = RowBuffer()
    private(set) var bytesReceived = 0

    var bytesSent: Int { batch.text.count }

    init(handle: ClientHandle, batch: StatementBatch, limit: Int) {
        self.handle = handle
        self.batch = batch
        self.limit = limit
        answer.results.reserveCapacity(batch.statements.count)
        answer.affectedRows.reserveCapacity(batch.statements.count)
    }

    /// Goes as far as it can without waiting.
    func advance(columns: inout ColumnNameCache) -> Progress {
        ClientLibrary.forgetTLSErrors()
        while true {
            let progress: baton_progress
            var row: MYSQL_ROW?
            switch stage {
            case .sending: progress = send()
            case .fetching(let result): progress = baton_mysql_fetch_row(handle.mysql, result, turn, &row)
            case .goingOn: progress = baton_mysql_next_result(handle.mysql, turn)
            }
            if progress == BATON_WAITING {
                turn = BATON_READY
                return .waiting
            }
            turn = BATON_FIRST
            guard progress == BATON_DONE else { return failed() }
            let end: Progress? =
                if case .fetching(let result) = stage {
                    take(row, of: result, columns: &columns)
                } else {
                    beginAnswer(columns: &columns)
                }
            if let end { return end }
        }
    }

    /// The library keeps the pointer over all turns: it is that of the array's storage, which stays where it is as long as
    /// ``batch`` is held and not changed.
    private func send() -> baton_progress {
        batch.text.withUnsafeBytes { text in
            baton_mysql_query(
                handle.mysql, turn, text.baseAddress?.assumingMemoryBound(to: CChar.self), UInt(text.count))
        }
    }

    /// The head of an answer has been read: either rows follow, or the statement is done.
    private func beginAnswer(columns: inout ColumnNameCache) -> Progress? {
        guard mysql_field_count(handle.mysql) > 0 else {
            let affected = UInt64(mysql_affected_rows(handle.mysql))
            return endAnswer(ResultSet(columns: [], rowCount: 0, bytes: [], ends: []), affected)
        }
        guard let result = mysql_use_result(handle.mysql) else { return failed() }
        rows = RowBuffer()
        rows.columnCount = Int(mysql_num_fields(result))
        rows.columns = columns.names(of: result, count: rows.columnCount, index: answer.results.count)
        stage = .fetching(result)
        return nil
    }

    private func take(
        _ row: MYSQL_ROW?, of result: UnsafeMutablePointer<MYSQL_RES>, columns: inout ColumnNameCache
    ) -> Progress? {
        guard let row, let lengths = mysql_fetch_lengths(result) else {
            guard mysql_errno(handle.mysql) == 0 else { return failed() }
            freeResult()
            return endAnswer(rows.resultSet(), 0)
        }
        let before = rows.bytes.count
        rows.append(row, lengths)
        // The ends of the cells take memory too, and rows of empty cells nothing else.
        bytesReceived += rows.bytes.count - before
        guard bytesReceived + rows.cellCount * MemoryLayout<Int32>.size <= limit else { return .tooLarge }
        return nil
    }

    private func endAnswer(_ result: ResultSet, _ affectedRows: UInt64) -> Progress? {
        answer.results.append(result)
        answer.affectedRows.append(affectedRows)
        guard baton_mysql_has_more_results(handle.mysql) else { return .finished(answer) }
        // More answers than statements would let a server go on for ever.
        guard answer.results.count < batch.statements.count else { return .tooManyAnswers }
        stage = .goingOn
        return nil
    }

    private func failed() -> Progress {
        let code = handle.errorCode
        // Client library errors are 2000 to 2999, and from 5000 to 5999 libmariadb's own.
        let isServers = code != 0 && !(2000..<3000).contains(code) && !(5000..<6000).contains(code)
        guard isServers, !ContactFailure.Kind.endOfConnection.contains(code) else { return .lost }
        freeResult()
        answer.failure = StatementError(
            index: answer.results.count, code: code, sqlState: handle.sqlState, message: handle.errorMessage)
        return .finished(answer)
    }

    /// The only place that frees a result. The stage forgets it first, so that none is freed twice, whatever follows.
    private func freeResult() {
        guard case .fetching(let result) = stage else { return }
        stage = .goingOn
        mysql_free_result(result)
    }

    /// Leaves the library's call, whose socket has been shut down before.
    func abandon() {
        ClientLibrary.forgetTLSErrors()
        var turnsLeft = 100
        while turn == BATON_READY, turnsLeft > 0 {
            turnsLeft -= 1
            var row: MYSQL_ROW?
            let progress: baton_progress
            switch stage {
            case .sending:
                progress = batch.text.withUnsafeBytes { text in
                    baton_mysql_query(
                        handle.mysql, BATON_EXPIRED, text.baseAddress?.assumingMemoryBound(to: CChar.self),
                        UInt(text.count))
                }
            case .fetching(let result): progress = baton_mysql_fetch_row(handle.mysql, result, BATON_EXPIRED, &row)
            case .goingOn: progress = baton_mysql_next_result(handle.mysql, BATON_EXPIRED)
            }
            if progress != BATON_WAITING { turn = BATON_FIRST }
        }
        freeResult()
    }
}
