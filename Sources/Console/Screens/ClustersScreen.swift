import TerminalKit
import Topology

/// One line for each cluster; Enter shows its tree.
struct ClustersScreen: ListScreen {
    static let name = "clusters"
    static let noun = "cluster"
    static let toggle = KeyAction.clusters
    static let furtherHints: [KeyAction] = [.problems, .events, .command]
    static let hasDetails = false

    var list = FilteredList<Cluster>()

    init(_ model: ConsoleModel, selected: InstanceAddress?) {
        refresh(model)
        if let selected { select(selected, model) }
    }

    /// The path begins with "clusters" already.
    func crumbs(_ model: ConsoleModel) -> [String] { ["overview"] }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Cluster] {
        model.known.clusters.filter {
            needle.isFound(in: $0.name) || needle.isFound(in: $0.id.description)
        }
    }

    func open(_ item: Cluster) -> ScreenAnswer { .showCluster(item.id) }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("No cluster is known here.", "") }

    /// All that is said of a cluster stands in its line.
    func details(of item: Cluster, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        (nil, Details(sections: [], hasRunningAge: false))
    }

    /// The cells of the longest name, within bounds.
    func columns(width: Int, _ model: ConsoleModel) -> Int {
        min(max(20, width / 3), shown.map { CellText.width($0.name) }.max() ?? 0)
    }

    func draw(
        _ item: Cluster, _ nameWidth: Int, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel
    ) {
        let summary = model.known.summary(of: item)
        let health: Health = summary.broken > 0 ? .broken : summary.warnings > 0 ? .warning : .ok
        let count = "\(summary.count.grouped) instance\(summary.count == 1 ? "" : "s")"
        var pieces = [
            canvas.palette.text("\(health.shape(canvas.glyphs)) ", health.scope),
            canvas.palette.text(
                CellText.fit(
                    CellText.clipMiddle(
                        item.name.sanitized, to: nameWidth, keeping: 8, ellipsis: canvas.glyphs.ellipsis),
                    to: nameWidth + 2), .treeCluster),
            canvas.palette.text(CellText.fit(count, to: 16), .text),
        ]
        if let primary = item.primary, primary.description != item.name {
            pieces.append(canvas.styled(Words("primary \(primary)", .faint)))
        }
        pieces += summary.troubles(canvas)
        canvas.put(pieces, in: line)
    }
}
