import Diagnosis
import TerminalKit
import Topology

/// What is known of one cluster, beside the tree, while the cursor is on the cluster's line.
struct ClusterPanel {
    let cluster: Cluster

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel) {
        let inside = canvas.panel(rect, title: [canvas.palette.text(cluster.name, .panelTitle)], isFocused: false)
            .inset(horizontal: 1, vertical: 0)
        let lines = DetailText(details(model), width: inside.width, palette: canvas.palette).lines
        canvas.put(lines: lines[...], in: inside)
        canvas.moreLines(lines.count - inside.height, on: rect)
    }

    private func details(_ model: ConsoleModel) -> Details {
        let summary = model.known.summary(of: cluster)
        let members = cluster.members
        var lines = [Details.Line("instances", Words(summary.count.grouped))]
        lines.append(
            Details.Line(
                "primary", cluster.primary.map { Words("\($0)", .strong) } ?? Words("not clear", .warning)))
        let versions = Set(members.compactMap { model.known.fleet[$0]?.facts?.version.text }).sorted()
        lines.append(Details.Line("versions", Words(versions.joined(separator: ", "))))
        if summary.broken + summary.warnings == 0 {
            lines.append(Details.Line("state", Words("all instances are well", .good)))
        } else {
            lines.append(
                Details.Line(
                    "state", Words("\(summary.broken) broken", summary.broken > 0 ? .bad : .plain),
                    Words(", \(summary.warnings) with a warning", summary.warnings > 0 ? .warning : .plain)))
        }
        let names = Set(members)
        let problems = model.known.problems.filter { names.contains($0.subject) }
        return Details(
            sections: [
                Details.Section(heading: "", lines: lines),
                Details.Section(
                    heading: "problems", lines: Details.problems(problems, of: nil, model, depth: .summary)),
            ], hasRunningAge: !problems.isEmpty)
    }
}
