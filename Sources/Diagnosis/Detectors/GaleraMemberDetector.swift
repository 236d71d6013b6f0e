import Topology

extension Detector {
    /// Galera members that are not synced, or are cut off from the majority.
    static let galeraMember = Detector { examined, problems in
        guard let galera = examined.facts?.galera else { return }
        guard galera.isInPrimaryComponent else {
            problems.append(
                Problem(
                    .galeraMemberNotSynced, .broken, of: examined.address, word: "non-primary",
                    summary:
                        "\(examined.address) is not in the primary component of its Galera cluster and refuses queries",
                    evidence: ["state \(galera.state)", "it sees \(max(0, galera.size).counted("member"))"],
                    remedy: "Mend the network; where the majority is lost for good, bootstrap the most advanced member."
                ))
            return
        }
        guard galera.state != "Synced" else { return }
        problems.append(
            Problem(
                .galeraMemberNotSynced, .warning, of: examined.address, word: galera.state.lowercased(),
                summary: "\(examined.address) is \(galera.state) in its Galera cluster",
                evidence: ["cluster \(galera.clusterName), \(max(0, galera.size).counted("member"))"]))
    }
}
