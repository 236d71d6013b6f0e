import TerminalKit
import Topology

/// How an instance is named in lists and titles: by its address, and by its alias where it has one.
enum NameWords {
    /// Address and alias as one text.
    static func full(_ address: InstanceAddress, _ fleet: Fleet) -> String {
        "\(address)" + (fleet[address]?.alias.map { " \($0.sanitized)" } ?? "")
    }

    /// The cells that a column needs for some names: at most two fifths of the line.
    static func columnWidth(
        of addresses: some Sequence<InstanceAddress>, in lineWidth: Int, _ model: ConsoleModel
    ) -> Int {
        let longest = addresses.reduce(0) { longest, address in
            let alias = model.known.fleet[address]?.alias.map { CellText.width($0) + 1 } ?? 0
            return max(longest, address.description.utf8.count + alias)
        }
        return min(longest, max(16, lineWidth * 2 / 5))
    }

    /// Address and alias; filled or cut to `width` cells where one is given: of both the alias, which is the operator's
    /// own name for it, loses its end last.
    static func pieces(
        _ address: InstanceAddress, _ scope: ThemeScope, _ canvas: Canvas, _ model: ConsoleModel, width: Int? = nil
    ) -> [StyledText] {
        let alias = model.known.fleet[address]?.alias.map { " \($0.sanitized)" } ?? ""
        let ellipsis = canvas.glyphs.ellipsis
        guard let width else {
            return [canvas.palette.text("\(address)", scope)]
                + (alias.isEmpty ? [] : [canvas.styled(Words(alias, .faint))])
        }
        let shownAlias = CellText.clip(alias, to: width / 2, ellipsis: ellipsis)
        let name = NameClip.clip(address, to: width - CellText.width(shownAlias), ellipsis: ellipsis)
        let rest = width - CellText.width(name)
        return [
            canvas.palette.text(name, scope),
            canvas.styled(Words(CellText.fit(alias, to: rest, ellipsis: ellipsis), .faint)),
        ]
    }
}
