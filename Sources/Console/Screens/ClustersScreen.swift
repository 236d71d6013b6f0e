import TerminalKit
import Topology

/// One line for each cluster; Enter shows its tree.
struct ClustersScreen: Screen {
    private(set) var shown: [Cluster] = []
    private(set) var filterText = ""
    private(set) var cursor = ListCursor<InstanceAddress>()

    var contexts: [KeyContext] { [.list] }
    var filter: String? { filterText }

    init(_ model: ConsoleModel, selected: InstanceAddress?) {
        refresh(model)
        if let selected { cursor.select(id: selected, in: ids, height: Self.height(model)) }
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["overview"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        (shown.isEmpty ? [] : [.open, .filter]) + [.back, .problems, .events, .command]
    }

    private var ids: some RandomAccessCollection<InstanceAddress> { shown.lazy.map(\.id) }

    private static func height(_ model: ConsoleModel) -> Int { max(1, model.body.height - 2) }

    mutating func refresh(_ model: ConsoleModel) {
        let needle = filterText.lowercased()
        shown = model.known.clusters.filter { cluster in
            needle.isEmpty || cluster.name.lowercased().contains(needle) || cluster.id.description.contains(needle)
        }
        cursor.follow(in: ids, height: Self.height(model))
        if cursor.id == nil { cursor.select(0, in: ids, height: Self.height(model)) }
    }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {
        filterText = text
        refresh(model)
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if cursor.perform(action, in: ids, height: Self.height(model)) { return .done }
        switch action {
        case .open:
            guard shown.indices.contains(cursor.index) else { return .done }
            return .showCluster(shown[cursor.index].id)
        case .back where !filterText.isEmpty:
            setFilter("", model)
            return .done
        case .back, .clusters: return .close
        default: return .unused
        }
    }

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        var title = [canvas.palette.text("clusters", .panelTitleFocus)]
        if !filterText.isEmpty {
            title.append(
                canvas.palette.text(" \(canvas.glyphs.separator) contains \"\(filterText.sanitized)\"", .filterText))
        }
        let inside = canvas.panel(rect, title: title, isFocused: true)
        if shown.isEmpty { drawEmptyPanel(on: &canvas, in: inside, "No cluster is known here.", "") }
        let nameWidth = min(max(20, inside.width / 3), shown.map { CellText.width($0.name) }.max() ?? 0)
        ListDrawing(
            rect: rect, window: cursor.window(count: shown.count, height: inside.height), count: shown.count,
            selected: cursor.index
        ).draw(on: &canvas) { canvas, place, line in
            draw(shown[place], nameWidth: nameWidth, on: &canvas, in: line, model)
        }
    }

    private func draw(
        _ cluster: Cluster, nameWidth: Int, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel
    ) {
        let summary = model.known.summary(of: cluster)
        let health: Health = summary.broken > 0 ? .broken : summary.warnings > 0 ? .warning : .ok
        let count = "\(summary.count.grouped) instance\(summary.count == 1 ? "" : "s")"
        var pieces = [
            canvas.palette.text("\(health.shape(canvas.glyphs)) ", health.scope),
            canvas.palette.text(
                CellText.fit(
                    CellText.clipMiddle(
                        cluster.name.sanitized, to: nameWidth, keeping: 8, ellipsis: canvas.glyphs.ellipsis),
                    to: nameWidth + 2), .treeCluster),
            canvas.palette.text(CellText.fit(count, to: 16), .text),
        ]
        if let primary = cluster.primary, primary.description != cluster.name {
            pieces.append(canvas.styled(Words("primary \(primary)", .faint)))
        }
        pieces += summary.troubles(canvas)
        canvas.put(pieces, in: line)
    }
}
