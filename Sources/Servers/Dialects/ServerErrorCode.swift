/// Error numbers of servers that decide what the probe does next.
///
/// The numbers are the same on MySQL and MariaDB (MySQL error reference, server error message reference; MariaDB
/// error codes), except where a comment says otherwise.
enum ServerErrorCode {
    /// `ER_DBACCESS_DENIED_ERROR`, `ER_ACCESS_DENIED_ERROR`, `ER_TABLEACCESS_DENIED_ERROR`,
    /// `ER_COLUMNACCESS_DENIED_ERROR`, `ER_SPECIFIC_ACCESS_DENIED_ERROR`, `ER_PROCACCESS_DENIED_ERROR`,
    /// `ER_VIEW_NO_EXPLAIN` and `ER_ACCESS_DENIED_NO_PASSWORD_ERROR`.
    static let missingPrivilege: Set<Int> = [1044, 1045, 1142, 1143, 1227, 1345, 1370, 1698]

    /// A statement, variable, table, column, database, function or plugin that this server does not have:
    /// `ER_BAD_DB_ERROR`, `ER_BAD_FIELD_ERROR`, `ER_PARSE_ERROR`, `ER_NO_SUCH_TABLE`, `ER_UNKNOWN_SYSTEM_VARIABLE`,
    /// `ER_NOT_SUPPORTED_YET`, `ER_SP_DOES_NOT_EXIST`, `ER_NO_BINARY_LOGGING`, `ER_UNKNOWN_TABLE`.
    static let unknownStatement: Set<Int> = [1047, 1049, 1054, 1064, 1109, 1146, 1193, 1235, 1305, 1381]

    /// `ER_REPLICA_WORKER_STOPPED_PREVIOUS_THD_ERROR` (MySQL): a worker that had to stop because another one did.
    static let stoppedByAnotherWorker = 3030

    /// `ER_UNKNOWN_SYSTEM_VARIABLE`: a plugin went away with its variables.
    static let unknownVariable = 1193
}
