/// The answer to one statement: named columns, and rows of text as the server sent it.
///
/// The cells lie in one buffer, so that two answers compare by one memory comparison and an unchanged answer costs
/// nothing but that.
public struct ResultSet: Hashable, Sendable {
    /// Column names as the server gave them; empty for a statement that returns no rows.
    public let columns: [String]
    /// How many rows there are, 0 also for a statement that returns none by nature.
    public let rowCount: Int

    private let bytes: [UInt8]
    /// The end of each cell in ``bytes``, row by row; negative for NULL, where the cell is empty.
    private let ends: [Int32]

    /// Makes a result set from parts, as the connection does.
    ///
    /// - Parameters:
    ///   - bytes: all cells, one after the other.
    ///   - ends: for each cell the end of its bytes, or the bitwise complement of that for NULL.
    init(columns: [String], rowCount: Int, bytes: [UInt8], ends: [Int32]) {
        self.columns = columns
        self.rowCount = rowCount
        self.bytes = bytes
        self.ends = ends
    }

    /// Makes a result set from text, for recorded answers.
    public init(columns: [String], rows: [[String?]]) {
        var bytes: [UInt8] = []
        var ends: [Int32] = []
        for row in rows {
            precondition(row.count == columns.count, "a row has \(row.count) cells for \(columns.count) columns")
            for cell in row {
                if let cell { bytes.append(contentsOf: cell.utf8) }
                let end = Int32(bytes.count)
                ends.append(cell == nil ? ~end : end)
            }
        }
        self.init(columns: columns, rowCount: rows.count, bytes: bytes, ends: ends)
    }

    /// The text of a cell, `nil` for NULL and where there is none: how many rows come back is the server's to say. Bytes that
    /// are not UTF-8 are replaced.
    public func text(row: Int, column: Int) -> String? {
        guard (0..<rowCount).contains(row), columns.indices.contains(column) else { return nil }
        let index = row * columns.count + column
        let end = ends[index]
        guard end >= 0 else { return nil }
        return String(decoding: bytes[start(of: index)..<Int(end)], as: UTF8.self)
    }

    /// The index of the column of that name, compared without case, as the server's tools do.
    public func column(named name: String) -> Int? {
        columns.firstIndex { $0.count == name.count && $0.lowercased() == name.lowercased() }
    }

    private func start(of index: Int) -> Int {
        guard index > 0 else { return 0 }
        let previous = ends[index - 1]
        return Int(previous >= 0 ? previous : ~previous)
    }
}
