import Topology

/// What the performance schema tells of the workers of parallel appliers that were stopped by an error.
enum WorkerErrors {
    /// Reads ``Dialect/workerErrors``: of each channel the error that came first, which the coordinator's word for it
    /// (`Last_SQL_Error`) leaves out.
    ///
    /// Workers that only had to stop because another one did count where there is no other error. One worker's text
    /// names the transaction and its place in the source's binary log.
    static func byChannel(_ result: ResultSet) -> [String: ReplicationError] {
        let column = ColumnFinder(indices: result.columnIndices)
        let (name, code) = (column("channel_name"), column("last_error_number"))
        let (message, time) = (column("last_error_message"), column("last_error_at"))
        var errors: [String: ReplicationError] = [:]
        for row in result.rows {
            guard let code = row.integer(code, as: Int.self), code != 0 else { continue }
            let error = ReplicationError(code: code, message: row.text(message), at: row.timestamp(time))
            let channel = row.text(name)
            if let other = errors[channel], !isCause(error, ratherThan: other) { continue }
            errors[channel] = error
        }
        return errors
    }

    private static func isCause(_ error: ReplicationError, ratherThan other: ReplicationError) -> Bool {
        let isOwn = error.code != ServerErrorCode.stoppedByAnotherWorker
        let isOthersOwn = other.code != ServerErrorCode.stoppedByAnotherWorker
        if isOwn != isOthersOwn { return isOwn }
        guard let at = error.at, let othersAt = other.at else { return false }
        return at < othersAt
    }
}
