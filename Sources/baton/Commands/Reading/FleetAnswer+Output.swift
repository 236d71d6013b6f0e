import Console
import Diagnosis
import Engine
import Foundation
import Settings
import Storage
import TerminalKit
import Topology

extension FleetAnswer {
    /// The trees as the console draws them, with a heading for each cluster.
    func treeLines(of clusters: [Cluster]) -> [String] {
        if clusters.isEmpty { return ["no servers"] }
        let look = TextLook.ofStandardOutput(theme: theme)
        return look.lines(of: rendering(look).trees(of: clusters))
    }

    /// Everything known of an instance, as the console tells it.
    func detailLines(of instance: Instance) -> [String] {
        let look = TextLook.ofStandardOutput(theme: theme)
        return look.lines(of: rendering(look).detail(of: instance, width: look.width))
    }

    private func rendering(_ look: TextLook) -> PlainRendering {
        let folders = SharedFolders.ofThisProcess(environment: ProcessInfo.processInfo.environment)
        let moment =
            switch reading.origin {
            case .live: now
            case .remembered(let writtenAt): writtenAt
            case .snapshot(_, let taken): taken
            }
        return PlainRendering(
            reading.update, now: moment, clock: .ofThisPlace(at: now), palette: look.palette,
            keymap: KeymapLibrary(folders).load().keymap)
    }

    /// The instances of clusters as a flat table, one line each, in the order of the trees.
    func table(of clusters: [Cluster]) -> TextTable {
        var table = TextTable([
            ("ADDRESS", .leading), ("SOURCE", .leading), ("DEPTH", .trailing), ("CLUSTER", .leading),
            ("VERSION", .leading), ("WRITABILITY", .leading), ("STATUS", .leading),
        ])
        for (cluster, instance) in members(of: clusters) {
            let source = instance.channels.first.flatMap { fleet.source(of: $0) }
            table.append([
                instance.address.description, source?.description ?? "-",
                String(forest.depth(of: instance.address) ?? 0), cluster.name,
                instance.facts?.version.text ?? "-", instance.facts?.writability.rawValue ?? "-",
                diagnosis.status(of: instance.address).word,
            ])
        }
        return table
    }

    /// The instances of clusters as JSON, in the order of the trees.
    func rows(of clusters: [Cluster]) -> JSON {
        .array(members(of: clusters).map { row(of: $0.instance) })
    }

    /// Every instance once, sources that were never seen among them.
    private func members(of clusters: [Cluster]) -> [(cluster: Cluster, instance: Instance)] {
        clusters.flatMap { cluster in
            cluster.members.map { (cluster, fleet[$0] ?? Instance(address: $0)) }
        }
    }
}
