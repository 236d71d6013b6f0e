import Topology

extension Fleet {
    /// Servers that are fed by themselves, over any number of steps and by any channel.
    var circling: Set<InstanceAddress> { Set(addresses.filter { sourcesAbove($0).contains($0) }) }

    /// All from which a server replicates, over any number of steps; itself in a ring.
    func sourcesAbove(_ address: InstanceAddress) -> Set<InstanceAddress> {
        upstream(of: [address])
    }
}
