import TerminalKit

/// Which columns of the tree fit beside the names, and where they stand.
///
/// The state is never dropped; of the others the least needed goes first, until names have their room, or
/// ``minimumName`` cells of it.
struct TreeColumns: Hashable, Sendable {
    enum Column: Hashable, Sendable, CaseIterable {
        case version, writability, log, positioning, state

        /// Cells of the column; that of versions is as wide as the longest version.
        fileprivate func width(longestVersion: Int, state: Int) -> Int {
            switch self {
            case .version: longestVersion
            case .writability: 3
            case .log: 5
            case .positioning: 4
            case .state: state
            }
        }
    }

    static let minimumName = 28
    private static let gap = 2
    /// The order in which columns are given up.
    private static let expendable: [Column] = [.log, .positioning, .version, .writability]

    private(set) var columns: [Column]
    /// Cells for connectors, shape and name.
    private(set) var nameWidth: Int
    private(set) var stateWidth: Int
    private let longestVersion: Int
    /// The cells that the state is to have at least.
    private let leastState: Int

    /// Chooses the columns for a width.
    ///
    /// - Parameters:
    ///   - longestName: the cells that the longest name with its connectors would like to have.
    ///   - longestVersion: the cells of the longest version.
    ///   - leastState: the cells that the state needs.
    init(width: Int, longestName: Int, longestVersion: Int, leastState: Int = 14) {
        let wanted = min(longestName, Self.minimumName)
        var columns = Column.allCases
        var given = Self.expendable.makeIterator()
        func rest() -> Int {
            width - columns.reduce(0) { $0 + $1.width(longestVersion: longestVersion, state: leastState) + Self.gap }
        }
        while rest() < wanted, let next = given.next() { columns.removeAll { $0 == next } }
        let room = rest()
        self.columns = columns
        self.longestVersion = longestVersion
        self.leastState = leastState
        // What names do not need goes to the state, whose words are the longest; but names keep some air.
        nameWidth = max(1, min(room, max(longestName, min(room - 8, Self.minimumName))))
        stateWidth = leastState + room - nameWidth
        if room < 12 {
            stateWidth = min(leastState, width / 3)
            nameWidth = max(1, width - stateWidth - Self.gap)
        }
    }

    func width(of column: Column) -> Int {
        column == .state ? stateWidth : column.width(longestVersion: longestVersion, state: leastState)
    }

    /// Each column with the cell at which it starts.
    var places: [(column: Column, x: Int)] {
        var x = nameWidth
        return columns.map { column in
            x += Self.gap
            defer { x += width(of: column) }
            return (column, x)
        }
    }
}
