import Diagnosis
import Storage
import Topology

extension FleetAnswer {
    /// The trees as lines, with a heading for each cluster.
    func treeLines(of clusters: [Cluster]) -> [String] {
        clusters.flatMap { cluster in
            cluster.rows().map { String(repeating: "  ", count: $0.depth) + "\($0.address) \(diagnosis.status(of: $0.address).word)" }
        }
    }

    /// Everything known of an instance, as lines.
    func detailLines(of instance: Instance) -> [String] {
        [instance.address.description]
    }

    /// The instances of clusters as a flat table, one line each, in the order of the trees.
    func table(of clusters: [Cluster]) -> TextTable {
        var table = TextTable([
            ("ADDRESS", .leading), ("SOURCE", .leading), ("DEPTH", .trailing), ("CLUSTER", .leading), ("VERSION", .leading),
            ("WRITABILITY", .leading), ("STATUS", .leading),
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
