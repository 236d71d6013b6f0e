import TerminalKit

/// How far a level of the tree is indented: two cells, one where the tree is deep for the panel, and beyond that the
/// depth as a number, so that names keep their room.
struct TreeIndent: Hashable, Sendable {
    let step: Int
    /// The deepest level whose connectors are drawn in full.
    let limit: Int

    /// Chooses for a tree of that depth in a panel with that much room for names.
    init(deepest: Int, nameWidth: Int) {
        let room = max(4, nameWidth / 3)
        step = deepest * 2 <= room ? 2 : 1
        limit = room / step
    }

    /// The connectors before a name.
    ///
    /// - Parameter rails: for each level above, from the root down, whether its line goes on.
    func connectors(depth: Int, rails: [Bool], isLast: Bool, glyphs: Glyphs) -> String {
        guard depth > 0 else { return "" }
        let branch = (isLast ? glyphs.treeLast : glyphs.treeBranch) + (step == 2 ? glyphs.treeStroke : "")
        guard depth > limit else {
            let blank = String(repeating: " ", count: step - 1)
            return rails.map { ($0 ? glyphs.treeLine : " ") + blank }.joined() + branch
        }
        let number = "\(glyphs.ellipsis)\(depth) "
        let kept = max(0, limit * step - number.count - step)
        return number + String(repeating: " ", count: kept) + branch
    }
}
