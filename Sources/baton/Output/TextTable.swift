import TerminalKit

/// Columns of text, each as wide as its widest cell.
struct TextTable {
    /// Where a column's cells stand.
    enum Alignment {
        case leading
        case trailing
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    /// Makes a table whose columns all stand at the left.
    init(titles: String...) {
        self.init(titles.map { ($0, .leading) })
    }

    mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// The table with its titles, a line a row, no blanks at the ends.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { CellText.width($0[column]) }.max() ?? 0 }
        return all.map { cells in
            let padded = cells.indices.map { index -> String in
                let padding = String(repeating: " ", count: widths[index] - CellText.width(cells[index]))
                return columns[index].alignment == .leading ? cells[index] + padding : padding + cells[index]
            }
            return trimmingEnd(padded.joined(separator: "  "))
        }
    }

    private func trimmingEnd(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }
}
