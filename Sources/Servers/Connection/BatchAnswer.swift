/// What a server said to a batch of statements in one round trip.
public struct BatchAnswer: Sendable, Hashable {
    /// One result set for each statement that succeeded, in order; empty, without columns, for one that returns no
    /// rows.
    public var results: [ResultSet]
    /// For each of ``results`` the rows it changed; 0 for a statement that returns rows.
    public var affectedRows: [UInt64]
    /// The statement that failed. The server runs none of those after it.
    public var failure: StatementError?

    /// Makes an answer; where no counts of changed rows are given, no statement changed any.
    public init(results: [ResultSet], affectedRows: [UInt64]? = nil, failure: StatementError? = nil) {
        self.results = results
        self.affectedRows = affectedRows ?? Array(repeating: 0, count: results.count)
        self.failure = failure
    }
}

/// Statements that go to a server in one round trip.
///
/// Each must be one statement that gives one result: no `CALL`, no text with a semicolon between statements of its own.
/// Otherwise results can't be told apart by index. Joining is done once, so that a batch can be sent again and again.
public struct StatementBatch: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// One SQL statement each, without a semicolon at its end, in the order in which they run.
    public let statements: [String]
    /// The text that goes over the wire.
    let text: [UInt8]

    /// Joins the statements for the wire.
    public init(_ statements: [String]) {
        self.statements = statements
        text = Array(statements.joined(separator: ";\n").utf8)
    }

    /// Joins the statements for the wire, as ``init(_:)`` does.
    public init(arrayLiteral statements: String...) {
        self.init(statements)
    }
}

/// What connections have cost so far.
public struct ConnectionStatistics: Sendable, Hashable {
    /// Connections made, authenticated.
    public var connects = 0
    /// Batches sent and answered.
    public var roundTrips = 0
    /// Bytes of statements sent.
    public var bytesSent = 0
    /// Bytes of cells received.
    public var bytesReceived = 0

    /// Starts counting from zero.
    public init() {}

    static func + (left: ConnectionStatistics, right: ConnectionStatistics) -> ConnectionStatistics {
        var sum = left
        sum.connects += right.connects
        sum.roundTrips += right.roundTrips
        sum.bytesSent += right.bytesSent
        sum.bytesReceived += right.bytesReceived
        return sum
    }
}
