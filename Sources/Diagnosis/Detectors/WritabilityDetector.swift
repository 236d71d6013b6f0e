import Topology

extension Detector {
    /// Replicas that clients could write on, and primaries that they could not.
    static let writability = Detector { examined, problems in
        guard let facts = examined.facts else { return }
        let context = examined.context
        let isPrimary = context.primaries.contains(examined.address)
        if facts.writability.isWritable {
            // Galera members are all written on, and who writes in a ring is the operators' choice.
            guard facts.galera == nil, !isPrimary, !context.inRings.contains(examined.address) else { return }
            writableReplica(examined, facts).map { problems.append($0) }
            return
        }
        // A detached replica is read-only on purpose: writing on it would part its data from its source's.
        guard isPrimary, examined.channels.isEmpty, !facts.channels.contains(where: \.isDetached) else { return }
        let replicas = context.fleet.replicas(of: examined.address)
        let members = facts.groupReplication?.members.count ?? 0
        guard !replicas.isEmpty || members > 1 else { return }
        problems.append(
            Problem(
                .readOnlyPrimary, .warning, of: examined.address,
                summary: "\(examined.address) is the only root of its cluster and \(facts.writability.rawValue): "
                    + "clients cannot write",
                evidence: replicas.isEmpty
                    ? [] : ["\(replicas.count.counted("replica")): \(listed(replicas))"],
                remedy: "SET GLOBAL read_only = OFF, where no other server is meant to take the writes."))
    }

    private static func writableReplica(_ examined: Examined, _ facts: InstanceFacts) -> Problem? {
        let sources = examined.channels.compactMap(\.source)
        let isSecondary = facts.groupReplication.map { $0.isSinglePrimary && $0.own?.isPrimary == false } ?? false
        guard !sources.isEmpty || isSecondary else { return nil }
        return Problem(
            .writableReplica, .warning, of: examined.address,
            summary:
                "\(examined.address) is a \(isSecondary ? "group secondary" : "replica") that clients can write on",
            evidence: ["read_only is OFF"] + (sources.isEmpty ? [] : ["replicates from \(listed(sources))"]),
            remedy: facts.version.flavor.isMySQLFamily
                ? "SET GLOBAL super_read_only = ON" : "SET GLOBAL read_only = ON")
    }
}
