import Topology

/// A server's binary log: files of transactions, with the byte at which each ends.
struct SimulatedBinaryLog: Hashable, Sendable {
    struct File: Hashable, Sendable {
        let number: UInt64
        /// Where the first transaction begins.
        let header: UInt64
        /// The state before the first transaction: previous GTIDs (MySQL).
        let previous: GTIDSet
        /// The same for MariaDB: its GTID list event.
        let previousState: GTIDBinlogState
        var transactions: [LoggedTransaction] = []
        var ends: [UInt64] = []

        var end: UInt64 { ends.last ?? header }
    }

    /// A place between two transactions, by index.
    struct Cursor: Hashable, Sendable {
        /// The number of the file.
        var file: UInt64
        /// How many of its transactions lie before.
        var index: Int
    }

    private(set) var files: [File]
    /// Grows with each reset: whoever reads the log of before has lost its place.
    private(set) var generation = 0

    init() {
        files = [File(number: 1, header: Self.header, previous: GTIDSet(), previousState: GTIDBinlogState())]
    }

    private static let header: UInt64 = 158

    static func name(of number: UInt64) -> String {
        let digits = String(number)
        return "bin." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    var end: BinlogPosition {
        let file = files[files.count - 1]
        return BinlogPosition(file: Self.name(of: file.number), offset: file.end)
    }

    mutating func append(_ transaction: LoggedTransaction) {
        let last = files.count - 1
        let end = files[last].end + transaction.size
        files[last].transactions.append(transaction)
        files[last].ends.append(end)
    }

    mutating func flush(executed: GTIDSet, state: GTIDBinlogState) {
        let number = files[files.count - 1].number + 1
        files.append(File(number: number, header: Self.header, previous: executed, previousState: state))
    }

    /// Removes the files before that one, but none that is still read.
    ///
    /// - Throws: 1373 where there is no such file.
    mutating func purge(to name: String, reading: UInt64?) throws(SimulatedRefusal) {
        guard let target = files.first(where: { Self.name(of: $0.number) == name })?.number else {
            throw SimulatedRefusal(1373, "Target log not found in binlog index")
        }
        files.removeAll { $0.number < min(target, reading ?? target) }
    }

    mutating func reset() {
        let generation = generation + 1
        self = SimulatedBinaryLog()
        self.generation = generation
    }

    func file(_ number: UInt64) -> File? {
        guard let first = files.first?.number, number >= first, number - first < files.count else { return nil }
        return files[Int(number - first)]
    }

    /// The place of a position.
    ///
    /// - Throws: 1236 in the three wordings of a source that can't serve it.
    func cursor(at position: BinlogPosition?) throws(SimulatedRefusal) -> Cursor {
        guard let position, !position.file.isEmpty else { return Cursor(file: files[0].number, index: 0) }
        guard let file = files.first(where: { Self.name(of: $0.number) == position.file }) else {
            throw SimulatedRefusal(1236, "'Could not find first log file name in binary log index file'")
        }
        if position.offset <= 4 || position.offset == file.header { return Cursor(file: file.number, index: 0) }
        if position.offset > file.end {
            throw SimulatedRefusal(
                1236, "'Client requested source to start replication from position > file size'")
        }
        guard let index = file.ends.firstIndex(of: position.offset) else {
            throw SimulatedRefusal(1236, "'log event entry exceeded max_allowed_packet; the first event is bogus'")
        }
        return Cursor(file: file.number, index: index + 1)
    }

    /// The last transaction of each domain before a place (MariaDB).
    func position(before cursor: Cursor) -> GTIDPosition {
        guard let file = file(cursor.file) else { return GTIDPosition() }
        return file.transactions.prefix(cursor.index).compactMap(\.name.mariadb)
            .reduce(file.previousState.position) { $0.setting($1) }
    }

    func position(of cursor: Cursor) -> BinlogPosition? {
        guard let file = file(cursor.file) else { return nil }
        let offset = cursor.index == 0 ? file.header : file.ends[cursor.index - 1]
        return BinlogPosition(file: Self.name(of: cursor.file), offset: offset)
    }
}
