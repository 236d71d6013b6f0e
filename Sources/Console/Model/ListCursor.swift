/// The selected line of a list and the part of the list that is in view.
///
/// The cursor is on a *thing*, not on a row number: when the list changes under it, it stays on the same thing, and
/// that thing stays on the same row of the screen as far as the list allows.
struct ListCursor<ID: Hashable & Sendable>: Sendable {
    /// The selected thing; `nil` in an empty list.
    private(set) var id: ID?
    /// The place of the selected thing in the list.
    private(set) var index = 0
    /// The first line in view.
    private(set) var top = 0

    /// Selects the line at `index`, or the nearest one that there is.
    mutating func select(_ index: Int, in ids: some RandomAccessCollection<ID>, height: Int) {
        guard !ids.isEmpty else {
            self = ListCursor()
            return
        }
        self.index = min(max(0, index), ids.count - 1)
        id = ids[ids.index(ids.startIndex, offsetBy: self.index)]
        scroll(count: ids.count, height: height)
    }

    /// Selects a thing; stays where it is when the list does not hold it.
    ///
    /// - Returns: whether the list holds it.
    @discardableResult
    mutating func select(id: ID, in ids: some RandomAccessCollection<ID>, height: Int) -> Bool {
        guard let found = ids.firstIndex(of: id) else { return false }
        select(ids.distance(from: ids.startIndex, to: found), in: ids, height: height)
        return true
    }

    mutating func move(by lines: Int, in ids: some RandomAccessCollection<ID>, height: Int) {
        select(index + lines, in: ids, height: height)
    }

    /// Finds the selected thing again in a list that has changed; where it is gone, the line that took its place is
    /// selected.
    ///
    /// - Parameter substitutes: things that stand for the selected one where it is gone, best first.
    mutating func follow(in ids: some RandomAccessCollection<ID>, height: Int, substitutes: [ID] = []) {
        if let id, index < ids.count, ids[ids.index(ids.startIndex, offsetBy: index)] == id {
            select(index, in: ids, height: height)
            return
        }
        let rowOnScreen = index - top
        var target = index
        for candidate in (id.map { [$0] } ?? []) + substitutes {
            if let found = ids.firstIndex(of: candidate) {
                target = ids.distance(from: ids.startIndex, to: found)
                break
            }
        }
        top = max(0, target - rowOnScreen)
        select(target, in: ids, height: height)
    }

    /// Brings the cursor into view, and fills the view where the list is long enough.
    private mutating func scroll(count: Int, height: Int) {
        let height = max(1, height)
        if index < top { top = index }
        if index >= top + height { top = index - height + 1 }
        top = max(0, min(top, count - height))
    }

    /// The lines in view; where less is seen than there is room for, as below a long notice, the cursor's line stays.
    func window(count: Int, height: Int) -> Range<Int> {
        let start = min(max(top, index - max(1, height) + 1), count)
        return start..<min(count, start + max(0, height))
    }
}
