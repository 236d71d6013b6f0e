/// The test writes that the configuration asks for: a row in this table is replaced again and again.
///
/// baton does not make the table; who switches the test on makes it on the primary (`docs/configuration.md`, "Test writes").
public struct WriteProbe: Hashable, Sendable {
    /// The database in which the table is, unquoted.
    public var schema: String
    /// Its name, unquoted.
    public var table: String
    /// From the end of one test write to the next; after one that hung the pause doubles up to half a minute, because its
    /// session stays on the server as long as the write does.
    public var interval: Duration
    /// How long a write may take before it is said to hang.
    public var deadline: Duration

    /// Names a table with the columns `server_id` and `ts`.
    public init(
        schema: String, table: String, interval: Duration = .seconds(1), deadline: Duration = .seconds(2)
    ) {
        self.schema = schema
        self.table = table
        self.interval = interval
        self.deadline = deadline
    }

    /// `schema.table`.
    public var name: String { "\(schema).\(table)" }

    /// The write. The server's id stands in it as a number, because a variable would be another one on replicas that
    /// apply statements.
    func statement(serverID: UInt32) -> String {
        "REPLACE INTO \(SQLText.identifier(schema)).\(SQLText.identifier(table)) (server_id, ts)"
            + " VALUES (\(serverID), UTC_TIMESTAMP(6))"
    }
}
