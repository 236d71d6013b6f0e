import CMySQL
import Glibc

/// Rows on their way from the client library into a ``ResultSet``.
struct RowBuffer {
    var columns: [String] = []
    var columnCount = 0
    private(set) var bytes: [UInt8] = []
    private(set) var rowCount = 0
    private var ends: [Int32] = []

    var cellCount: Int { ends.count }

    /// Copies a row; `lengths` are those of mysql_fetch_lengths.
    ///
    /// Cells stay far below 2 GiB in all, because ``Exchange`` stops at its limit and a packet has one too.
    mutating func append(_ row: MYSQL_ROW, _ lengths: UnsafeMutablePointer<UInt>) {
        for column in 0..<columnCount {
            guard let cell = row[column] else {
                ends.append(~Int32(bytes.count))
                continue
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: cell, count: Int(lengths[column])))
            ends.append(Int32(bytes.count))
        }
        rowCount += 1
    }

    func resultSet() -> ResultSet {
        ResultSet(columns: columns, rowCount: rowCount, bytes: bytes, ends: ends)
    }
}

/// The column names of the last answers, by their place in the batch: polls ask the same again and again, and then share
/// the same arrays.
struct ColumnNameCache {
    private var known: [[String]] = []

    mutating func names(of result: UnsafeMutablePointer<MYSQL_RES>, count: Int, index: Int) -> [String] {
        if index < known.count, known[index].count == count,
            (0..<count).allSatisfy({ Self.isName(known[index][$0], of: result, column: $0) })
        {
            return known[index]
        }
        let names = (0..<count).map { column in
            Self.withName(of: result, column: column) { String(decoding: $0, as: UTF8.self) }
        }
        // Batches are short; what lies beyond is not worth keeping.
        guard index < 64 else { return names }
        while known.count <= index { known.append([]) }
        known[index] = names
        return names
    }

    private static func isName(_ name: String, of result: UnsafeMutablePointer<MYSQL_RES>, column: Int) -> Bool {
        withName(of: result, column: column) { bytes in
            // Sixty names a poll: compared as memory, not byte by byte.
            guard name.utf8.count == bytes.count else { return false }
            guard let theirs = bytes.baseAddress else { return true }
            return name.utf8.withContiguousStorageIfAvailable { own in
                own.baseAddress.map { memcmp($0, theirs, bytes.count) == 0 } ?? true
            } ?? name.utf8.elementsEqual(bytes)
        }
    }

    private static func withName<Value>(
        of result: UnsafeMutablePointer<MYSQL_RES>, column: Int, _ body: (UnsafeRawBufferPointer) -> Value
    ) -> Value {
        var length = 0
        let name = baton_mysql_column_name(result, UInt32(column), &length)
        return body(UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : length))
    }
}
