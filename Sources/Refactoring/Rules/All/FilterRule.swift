import Topology

extension Rule {
    static let filters = Rule(
        "filt.t", "The target must not leave out what the replica wants",
        why: """
            What a target or a server above it leaves out by replication filters never reaches the replica. Filters are \
            compared by content, and also those further up, as long as the replica is not already below them \
            (orchestrator's rule 6 compared only whether there are any, and only where `VerifyReplicationFilters` was set).
            """,
        remedy: "Choose a target above the filters, or give the replica the same filters.", gravity: .refuse
    ) { placement, objections in
        guard placement.scene.board.hasFilters else { return }
        let own = Set(placement.channel?.filters ?? [])
        let chain = placement.scene.forest.sourceChain(of: placement.target.address)
        for address in [placement.target.address] + chain where !placement.drag.sourceChain.contains(address) {
            let side = placement.scene.side(of: address)
            let filters = side.channels.flatMap(\.filters)
            guard filters.contains(where: { !own.contains($0) }) else { continue }
            let text = filters.filter { !own.contains($0) }.map { "\($0.kind)=\($0.value)" }.joined(separator: " ")
            objections.add(
                placement.scene.limits.refusesFilters ? .refuse : .warn,
                "\(address) leaves out what \(placement.replica.address) does not: \(shortened(text))",
                measured: [Measurement("filters", of: address, text)],
                remedies: placement.otherTargets)
        }
    }
}
