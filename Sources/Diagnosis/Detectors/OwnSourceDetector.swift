import Topology

extension Detector {
    /// Channels that lead back to the server itself, mostly after a copied configuration or a moved name.
    static let ownSource = Detector { examined, problems in
        for channel in examined.channels where examined.context.fleet.source(of: channel) == examined.address {
            problems.append(
                Problem(
                    .ownSource, .warning, of: examined.address, channel: channel.name,
                    summary: "\(examined.address) has itself as its source\(channel.phrase)",
                    evidence: channel.source.map { ["configured source: \($0)"] } ?? [],
                    remedy: "Point the channel at its source, or reset it."))
        }
    }
}
