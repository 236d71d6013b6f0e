/// Columns and rows of a screen or a part of it, in cells.
public struct GridSize: Sendable, Hashable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a size; negative numbers count as zero.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A cell's place, counted from 0 at the top left.
public struct GridPoint: Sendable, Hashable {
    /// Column.
    public var x: Int
    /// Row.
    public var y: Int

    /// Makes a place.
    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells.
public struct GridRect: Sendable, Hashable {
    /// Leftmost column.
    public var x: Int
    /// Topmost row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a rectangle; negative lengths count as zero.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The whole of `size`.
    public init(_ size: GridSize) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    /// The column after the last.
    public var maxX: Int { x + width }
    /// The row after the last.
    public var maxY: Int { y + height }
    /// Whether it holds no cell.
    public var isEmpty: Bool { width == 0 || height == 0 }

    /// The rectangle that is `amount` cells smaller on each side.
    public func inset(by amount: Int = 1) -> GridRect { inset(horizontal: amount, vertical: amount) }

    /// The rectangle that is smaller by `horizontal` cells left and right, by `vertical` above and below.
    public func inset(horizontal: Int, vertical: Int) -> GridRect {
        GridRect(x: x + horizontal, y: y + vertical, width: width - 2 * horizontal, height: height - 2 * vertical)
    }

    /// What it shares with `other`.
    public func intersection(_ other: GridRect) -> GridRect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return GridRect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// Whether `point` lies in it.
    public func contains(_ point: GridPoint) -> Bool {
        point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
    }

    /// The rectangle of `size` in the middle of this one, cut to fit.
    public func centered(_ size: GridSize) -> GridRect {
        let width = min(size.width, width)
        let height = min(size.height, height)
        return GridRect(
            x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }

    /// Cuts off `rows` at the top.
    public func splitTop(_ rows: Int) -> (top: GridRect, rest: GridRect) {
        let rows = min(max(0, rows), height)
        return (
            GridRect(x: x, y: y, width: width, height: rows),
            GridRect(x: x, y: y + rows, width: width, height: height - rows)
        )
    }

    /// Cuts off `rows` at the bottom.
    public func splitBottom(_ rows: Int) -> (rest: GridRect, bottom: GridRect) {
        let halves = splitTop(height - min(max(0, rows), height))
        return (halves.top, halves.rest)
    }

    /// Cuts off `columns` at the left.
    public func splitLeft(_ columns: Int) -> (left: GridRect, rest: GridRect) {
        let columns = min(max(0, columns), width)
        return (
            GridRect(x: x, y: y, width: columns, height: height),
            GridRect(x: x + columns, y: y, width: width - columns, height: height)
        )
    }

    /// Cuts off `columns` at the right.
    public func splitRight(_ columns: Int) -> (rest: GridRect, right: GridRect) {
        let halves = splitLeft(width - min(max(0, columns), width))
        return (halves.left, halves.rest)
    }
}
