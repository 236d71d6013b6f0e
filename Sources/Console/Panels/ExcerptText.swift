import TerminalKit
import Topology

/// The trees before and after a plan, beside each other where there is room, else one below the other.
struct ExcerptText {
    let before: [TreeExcerpt.Line]
    let after: [TreeExcerpt.Line]

    /// From this width on they stand beside each other.
    private static let widthForBoth = 68

    func lines(width: Int, _ palette: Palette) -> [[StyledText]] {
        guard width >= Self.widthForBoth else {
            return [[palette.text("before", .textDim)]] + before.map { line($0, width: width, palette, isAfter: false) }
                + [[palette.text("after", .textDim)]] + after.map { line($0, width: width, palette, isAfter: true) }
        }
        let arrow = palette.glyphs.set == .ascii ? " -> " : "  →  "
        let half = (width - CellText.width(arrow)) / 2
        let count = max(before.count, after.count)
        let head: [StyledText] = [
            palette.text(CellText.fit("before", to: half + CellText.width(arrow)), .textDim),
            palette.text("after", .textDim),
        ]
        return [head]
            + (0..<count).map { index in
                let left =
                    before.indices.contains(index)
                    ? line(before[index], width: half, palette, isAfter: false) : []
                let right =
                    after.indices.contains(index)
                    ? line(after[index], width: half, palette, isAfter: true) : []
                let used = left.reduce(0) { $0 + $1.width }
                let middle = index == 0 ? arrow : String(repeating: " ", count: CellText.width(arrow))
                return left
                    + [palette.text(String(repeating: " ", count: max(0, half - used)) + middle, .textDim)] + right
            }
    }

    private func line(
        _ line: TreeExcerpt.Line, width: Int, _ palette: Palette, isAfter: Bool
    ) -> [StyledText] {
        let indent = TreeIndent(deepest: (before + after).reduce(0) { max($0, $1.depth) }, nameWidth: width)
        let connectors =
            indent.connectors(depth: line.depth, rails: line.rails, isLast: line.isLast, glyphs: palette.glyphs)
            + (line.depth > 0 ? " " : "")
        let isChanged = line.isMoved || line.change != nil
        let marker = isChanged ? (isAfter ? "\(palette.glyphs.marker) " : "") : ""
        let change = line.change.map { " \($0)" } ?? ""
        let alias = CellText.clip(line.alias, to: width / 4, ellipsis: palette.glyphs.ellipsis)
        let taken = [connectors, marker, change, alias].reduce(0) { $0 + CellText.width($1) }
        let room = max(4, width - taken)
        let ellipsis = palette.glyphs.ellipsis
        let name =
            line.address.map { NameClip.clip($0, to: room, ellipsis: ellipsis) }
            ?? CellText.clip("\(ellipsis) \(line.text)", to: room, ellipsis: ellipsis)
        let scope: ThemeScope =
            line.address == nil ? .textDim : !isChanged ? .treeNode : isAfter ? .planChange : .moveHeld
        return [
            palette.text(connectors, .treeBranch), palette.text(marker + name, scope), palette.text(alias, .textDim),
            palette.text(change, .planChange),
        ]
    }
}
