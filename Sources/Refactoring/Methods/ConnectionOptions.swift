import Topology

extension SourceChange {
    /// The change with the channel's options that a server resets by itself when it is told another source.
    package func keepingOptions(of channel: ReplicationChannel, on replica: Instance) -> SourceChange {
        guard let version = replica.facts?.version else { return self }
        return carryingOver(from: channel, on: version)
    }
}
