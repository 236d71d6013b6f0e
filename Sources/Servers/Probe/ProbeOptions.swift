/// What a probe asks beyond the facts of replication, and how long it may take.
public struct ProbeOptions: Hashable, Sendable {
    /// From which the lag comes. With neither, from `Seconds_Behind_Source`.
    public var lagSource: LagSource
    /// A friendly name for the server: one row, one column.
    public var aliasQuery: CustomQuery?
    /// A friendly name for the cluster.
    public var clusterAliasQuery: CustomQuery?
    /// Where the server stands: one row, one column, as for the next two.
    public var dataCenterQuery: CustomQuery?
    /// A larger place than the data centre, or whatever the users call a region.
    public var regionQuery: CustomQuery?
    /// Production, staging and the like.
    public var environmentQuery: CustomQuery?
    /// How much the server is wanted as a primary, in a word of `PromotionRule`.
    public var promotionRuleQuery: CustomQuery?
    /// How early the server is chosen to acknowledge under semi-sync, a number.
    public var semiSyncPriorityQuery: CustomQuery?
    /// Test writes on primaries; `nil` for none.
    public var writeProbe: WriteProbe?
    /// How long one look at a server may take in all, connecting included.
    public var probeTimeout: Duration
    /// How long a connected server may take to answer a batch.
    public var readTimeout: Duration
    /// After how long the queries for names and places, and which variables there are, are asked again; they ride along
    /// with a poll.
    public var labelInterval: Duration
    /// After how long a statement that the server refused is tried again.
    public var refusalInterval: Duration

    /// Makes options; the times are the defaults of `docs/configuration.md`.
    public init(
        lagSource: LagSource = .replicaStatus,
        aliasQuery: CustomQuery? = nil,
        clusterAliasQuery: CustomQuery? = nil,
        dataCenterQuery: CustomQuery? = nil,
        regionQuery: CustomQuery? = nil,
        environmentQuery: CustomQuery? = nil,
        promotionRuleQuery: CustomQuery? = nil,
        semiSyncPriorityQuery: CustomQuery? = nil,
        writeProbe: WriteProbe? = nil,
        probeTimeout: Duration = .seconds(5),
        readTimeout: Duration = .seconds(3),
        labelInterval: Duration = .seconds(60),
        refusalInterval: Duration = .seconds(600)
    ) {
        self.lagSource = lagSource
        self.aliasQuery = aliasQuery
        self.clusterAliasQuery = clusterAliasQuery
        self.dataCenterQuery = dataCenterQuery
        self.regionQuery = regionQuery
        self.environmentQuery = environmentQuery
        self.promotionRuleQuery = promotionRuleQuery
        self.semiSyncPriorityQuery = semiSyncPriorityQuery
        self.writeProbe = writeProbe
        self.probeTimeout = probeTimeout
        self.readTimeout = readTimeout
        self.labelInterval = labelInterval
        self.refusalInterval = refusalInterval
    }

    /// From where the lag of a channel is taken.
    public enum LagSource: Hashable, Sendable {
        /// `Seconds_Behind_Source`.
        case replicaStatus
        /// A table in which a writer on the primary keeps the time; falls back on the replica status.
        case heartbeatTable(HeartbeatTable)
        /// A query that gives one value in seconds, with or without a fraction; falls back on the replica status.
        case query(CustomQuery)
    }
}

/// A table laid out as pt-heartbeat does: one row for each server that writes, with `server_id` and `ts`
/// (Percona Toolkit manual, pt-heartbeat, "--create-table").
public struct HeartbeatTable: Hashable, Sendable {
    /// The database in which it is, unquoted.
    public var schema: String
    /// Its name, unquoted.
    public var table: String
    /// In which zone its `ts` is written.
    public var clock: Clock

    /// In which zone the writer notes the time.
    public enum Clock: String, Hashable, Sendable, CaseIterable {
        /// Of the two readings the one that fits `Seconds_Behind_Source`, or else the smaller that is not negative.
        case automatic
        /// pt-heartbeat with `--utc`.
        case utc
        /// pt-heartbeat without `--utc`; right where the writer's host and this server's sessions share a zone.
        case local
    }

    /// Names a table; the writer's zone is found out unless it is told.
    public init(schema: String, table: String, clock: Clock = .automatic) {
        self.schema = schema
        self.table = table
        self.clock = clock
    }

    /// `schema.table`, as ``Lag/Origin`` shows it.
    public var name: String { "\(schema).\(table)" }

    /// The age of each row by the replica's clock, read both ways, in microseconds.
    var query: String {
        let table = SQLText.identifier(schema) + "." + SQLText.identifier(table)
        return """
            SELECT server_id, TIMESTAMPDIFF(MICROSECOND, ts, UTC_TIMESTAMP(6)) AS utc_age, \
            TIMESTAMPDIFF(MICROSECOND, ts, NOW(6)) AS local_age FROM \(table)
            """
    }
}

/// One statement from the configuration, which rides in a batch with others and so must be exactly one.
public struct CustomQuery: Hashable, Sendable {
    /// The one statement, without a semicolon at its end.
    public let sql: String

    /// Why a text is not one statement.
    public enum Flaw: Error, Hashable, Sendable, CustomStringConvertible {
        case empty
        case manyStatements

        public var description: String {
            switch self {
            case .empty: "the query is empty"
            case .manyStatements:
                "the query holds more than one statement, or a quote or comment that does not end: give one statement"
            }
        }
    }

    /// Reads a query; a semicolon at its end is left out.
    ///
    /// - Throws: ``Flaw``.
    public init(_ text: String) throws(Flaw) {
        var sql = Substring(text)
        while let last = sql.last, last == ";" || last.isWhitespace { sql.removeLast() }
        while let first = sql.first, first.isWhitespace { sql.removeFirst() }
        guard !sql.isEmpty else { throw .empty }
        guard Self.isOneStatement(sql.utf8) else { throw .manyStatements }
        self.sql = String(sql)
    }

    /// Whether no semicolon stands outside quotes, and nothing could make the next statement part of this one. A
    /// backslash is not taken for an escape, nor a comment for one, so that no SQL mode makes this answer wrong the
    /// dangerous way: such texts are refused when they are not clear.
    private static func isOneStatement(_ bytes: Substring.UTF8View) -> Bool {
        var quote: UInt8?
        var previous: UInt8 = 0
        for byte in bytes {
            if let open = quote {
                if byte == UInt8(ascii: "\\") { return false }
                if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quote = byte
                case UInt8(ascii: ";"), UInt8(ascii: "#"): return false
                case UInt8(ascii: "*") where previous == UInt8(ascii: "/"): return false
                case UInt8(ascii: "-") where previous == UInt8(ascii: "-"): return false
                default: break
                }
            }
            previous = byte
        }
        return quote == nil
    }
}
