import TerminalKit

extension TreeScreen {
    /// From this width on the detail panel stands beside the tree.
    static let widthForDetail = 120

    /// Where the tree and, if there is room for it, the detail panel stand.
    func layout(_ rect: GridRect) -> (tree: GridRect, detail: GridRect?) {
        guard showsDetail, rect.width >= Self.widthForDetail else { return (rect, nil) }
        let halves = rect.splitLeft(max(66, rect.width * 55 / 100))
        return (halves.left, halves.rest)
    }

    /// The rows of the tree that are in view at once: what is inside the frame, without the row that is kept free for the
    /// ghost of what is carried.
    func pageHeight(_ model: ConsoleModel) -> Int {
        max(1, layout(model.body).tree.height - 2 - (carry == nil ? 0 : 1))
    }
}
