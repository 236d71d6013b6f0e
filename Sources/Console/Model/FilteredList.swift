/// What a list shows of all that there is, and the line that the cursor is on.
struct FilteredList<Item: Identifiable & Sendable>: Sendable where Item.ID: Sendable {
    private(set) var shown: [Item] = []
    var filterText = ""
    var cursor = ListCursor<Item.ID>()

    var ids: some RandomAccessCollection<Item.ID> { shown.lazy.map(\.id) }

    /// The item under the cursor; `nil` in an empty list.
    var selected: Item? { shown.indices.contains(cursor.index) ? shown[cursor.index] : nil }

    /// Shows other items; the cursor stays on its own.
    mutating func show(_ items: [Item], height: Int) {
        shown = items
        cursor.follow(in: ids, height: height)
        if cursor.id == nil { cursor.select(0, in: ids, height: height) }
    }
}
