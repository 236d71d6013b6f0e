import Topology

/// One transaction of a workload, wherever it is logged or applied; the same one on every server, whatever its GTID.
public struct TransactionIdentity: Hashable, Sendable {
    /// Counts from 1 over the whole fleet.
    public let number: UInt64

    init(_ number: UInt64) {
        self.number = number
    }
}

/// Under which GTID a transaction is logged.
public enum TransactionName: Hashable, Sendable {
    /// Without one.
    case anonymous
    case mysql(GTIDSet.Origin, UInt64)
    case mariadb(MariaDBGTID)

    /// As a set of one transaction, empty for other families.
    var set: GTIDSet {
        guard case .mysql(let origin, let number) = self else { return GTIDSet() }
        return GTIDSet([(origin, GTIDInterval(number))])
    }

    var mariadb: MariaDBGTID? {
        if case .mariadb(let gtid) = self { gtid } else { nil }
    }
}

/// What a transaction changes.
enum DataChange: Hashable, Sendable {
    case createSchema(String, ifMissing: Bool)
    case dropSchema(String, ifThere: Bool)
    case createTable(String, ifMissing: Bool)
    case dropTable(String, ifThere: Bool)
    case insert(table: String, key: Int64, value: String)
    case update(table: String, key: Int64, value: String)
    case delete(table: String, key: Int64)

    /// Definitions can't be applied beside anything else.
    var isDefinition: Bool {
        switch self {
        case .createSchema, .dropSchema, .createTable, .dropTable: true
        case .insert, .update, .delete: false
        }
    }

    /// The row that is touched.
    var row: RowName? {
        switch self {
        case .insert(let table, let key, _), .update(let table, let key, _), .delete(let table, let key):
            RowName(table: table, key: key)
        case .createSchema, .dropSchema, .createTable, .dropTable: nil
        }
    }
}

/// A row by its primary key.
struct RowName: Hashable, Sendable {
    let table: String
    let key: Int64
}

/// A transaction as a binary log or a relay log holds it.
struct LoggedTransaction: Hashable, Sendable {
    let identity: TransactionIdentity
    let name: TransactionName
    /// The server on which it was first committed.
    let serverID: UInt32
    let changes: [DataChange]
    /// Logged as a statement and not as rows: a change that finds no row is then no error.
    let isStatement: Bool
    /// When it was first committed, from which delay and lag are counted.
    let committedAt: Timestamp

    /// How many bytes it takes in a log: like a real one, some hundred.
    var size: UInt64 {
        changes.reduce(150) { size, change in
            switch change {
            case .insert(_, _, let value), .update(_, _, let value): size + 60 + UInt64(value.utf8.count)
            case .delete: size + 55
            case .createSchema(let name, _), .dropSchema(let name, _), .createTable(let name, _),
                .dropTable(let name, _):
                size + 80 + UInt64(name.utf8.count)
            }
        }
    }

    /// Whether the two can't be applied in another order than they were committed in.
    func depends(on other: LoggedTransaction) -> Bool {
        if changes.contains(where: \.isDefinition) || other.changes.contains(where: \.isDefinition) { return true }
        let rows = Set(changes.compactMap(\.row))
        return other.changes.contains { $0.row.map(rows.contains) ?? false }
    }
}
