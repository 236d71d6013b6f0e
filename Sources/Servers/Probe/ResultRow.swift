import Topology

/// One row of a result set, read by column index; every reading copes with a missing column, NULL and nonsense.
struct ResultRow {
    let result: ResultSet
    let row: Int

    /// The text as it came, `nil` for NULL and for a missing column.
    func raw(_ column: Int?) -> String? {
        guard let column, row < result.rowCount, column < result.columns.count else { return nil }
        return result.text(row: row, column: column)
    }

    /// The text made safe for screens and logs; empty for NULL.
    func text(_ column: Int?) -> String {
        raw(column)?.sanitized ?? ""
    }

    /// The text made safe, `nil` where it is NULL or empty.
    func nonEmpty(_ column: Int?) -> String? {
        let text = text(column)
        return text.isEmpty ? nil : text
    }

    func integer<Number: FixedWidthInteger>(_ column: Int?, as type: Number.Type = Number.self) -> Number? {
        raw(column).flatMap { Number($0) }
    }

    /// `Yes`, `ON`, `1` or `TRUE`, in any case; `nil` where there is nothing to read.
    func flag(_ column: Int?) -> Bool? {
        raw(column).flatMap(Self.flag)
    }

    /// Seconds with or without a fraction, such as `30.000`; `nil` for what is no number or beyond a century.
    func duration(_ column: Int?) -> Duration? {
        raw(column).flatMap(Self.duration)
    }

    /// A time as `UNIX_TIMESTAMP` gives it; `nil` for zero, which is the server's way to say that it knows none.
    func timestamp(_ column: Int?) -> Timestamp? {
        duration(column).flatMap { $0 > .zero ? Timestamp(microseconds: $0.wholeMicroseconds) : nil }
    }

    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes", "on", "1", "true", "enabled": true
        case "no", "off", "0", "false", "disabled": false
        default: nil
        }
    }

    static func duration(_ text: String) -> Duration? {
        let century = 3.2e9
        guard let seconds = Double(text), seconds.magnitude <= century else { return nil }
        return .microseconds(Int64((seconds * 1e6).rounded()))
    }
}

extension ResultSet {
    var firstRow: ResultRow { ResultRow(result: self, row: 0) }

    var rows: some Sequence<ResultRow> {
        (0..<rowCount).lazy.map { ResultRow(result: self, row: $0) }
    }

    /// The columns by name in lower case; of columns with the same name the first counts.
    var columnIndices: [String: Int] {
        Dictionary(columns.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The two columns of `SHOW VARIABLES` and `SHOW STATUS` as a dictionary with names in lower case; values are as the
    /// server sent them, and NULL is empty.
    public var namedValues: [String: String] {
        guard columns.count >= 2 else { return [:] }
        var values: [String: String] = [:]
        for row in rows {
            guard let name = row.raw(0) else { continue }
            values[name.lowercased()] = row.raw(1) ?? ""
        }
        return values
    }
}

/// The columns of one statement, looked up once for all answers of the same shape: a replica status has some sixty,
/// and comparing their names again for every row would cost more than reading them.
struct ColumnLookup<Layout: Sendable>: Sendable {
    private var columns: [String]?
    private var layout: Layout?

    mutating func layout(of result: ResultSet, making make: (ColumnFinder) -> Layout) -> Layout {
        if let layout, columns == result.columns { return layout }
        let made = make(ColumnFinder(indices: result.columnIndices))
        columns = result.columns
        layout = made
        return made
    }
}

/// Finds a column by the first of its names that the answer has.
struct ColumnFinder {
    let indices: [String: Int]

    func callAsFunction(_ names: String...) -> Int? {
        for name in names {
            if let index = indices[name] { return index }
        }
        return nil
    }
}
