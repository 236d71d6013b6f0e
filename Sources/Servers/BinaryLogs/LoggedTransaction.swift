import Topology

/// A transaction as a binary log holds it: what it changed, without the values.
public struct LoggedTransaction: Hashable, Sendable {
    /// One kind of change to one table, or one statement.
    public struct Change: Hashable, Sendable {
        /// `insert`, `update`, `delete`; the first two words of a statement, `CREATE TABLE`; or `compressed`, whose content
        /// servers do not show.
        public var kind: String
        /// The schema and table, or the schema that a statement was run in; empty where none is named.
        public var target: String

        /// Names a change.
        public init(_ kind: String, _ target: String) {
            self.kind = kind
            self.target = target
        }
    }

    /// Its GTID, in the words of its server.
    public var gtid: String
    /// The binary log that holds it.
    public var file: String
    /// Where it begins there.
    public var position: UInt64
    /// Bytes from its first event to the end of its last.
    public var size: UInt64
    /// Each once, in the order of the log.
    public var changes: [Change]

    /// Makes one.
    public init(gtid: String, file: String, position: UInt64, size: UInt64, changes: [Change]) {
        self.gtid = gtid
        self.file = file
        self.position = position
        self.size = size
        self.changes = changes
    }
}

/// Transactions that were looked up.
public struct LoggedTransactions: Hashable, Sendable {
    /// Why there are no more.
    public enum End: String, Hashable, Sendable {
        /// These are all that the logs hold.
        case complete
        /// There are more, and as many as were asked for were found.
        case more
        /// The time was over before the logs were.
        case outOfTime = "out-of-time"
    }

    /// In the order of the log.
    public var found: [LoggedTransaction]
    public var end: End

    /// Makes an answer.
    public init(_ found: [LoggedTransaction], end: End) {
        self.found = found
        self.end = end
    }
}

/// Which transactions are looked up.
public enum WantedTransactions: Hashable, Sendable {
    /// By a set (MySQL).
    case set(GTIDSet)
    /// The last transactions of some servers in some domains, each after the number that is named (MariaDB).
    case stretches([Stretch])

    /// Transactions that one server wrote in one domain.
    public struct Stretch: Hashable, Sendable {
        /// The first that counts is the one after it.
        public var after: UInt64
        /// The last.
        public var last: MariaDBGTID

        /// Makes a stretch.
        public init(after: UInt64, last: MariaDBGTID) {
            self.after = after
            self.last = last
        }
    }

    /// Whether a GTID, as a log names it, is among them.
    func contains(_ gtid: String) -> Bool {
        switch self {
        case .set(let set): (try? GTIDSet(parsing: gtid)).map { $0.isSubset(of: set) } ?? false
        case .stretches(let stretches):
            (try? GTIDPosition(parsing: gtid))?.gtids.first.map { gtid in
                stretches.contains {
                    $0.last.domain == gtid.domain && $0.last.server == gtid.server && gtid.sequence > $0.after
                        && gtid.sequence <= $0.last.sequence
                }
            } ?? false
        }
    }
}
