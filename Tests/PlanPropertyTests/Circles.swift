import Topology

extension Fleet {
    /// Servers that are fed by themselves, over any number of steps and by any channel.
    var circling: Set<InstanceAddress> { Set(addresses.filter { sourcesAbove($0).contains($0) }) }

    /// All from which a server replicates, over any number of steps; itself in a ring.
    func sourcesAbove(_ address: InstanceAddress) -> Set<InstanceAddress> {
        var found: Set<InstanceAddress> = []
        var pending = [canonical(address)]
        while let next = pending.popLast() {
            for channel in self[next]?.channels ?? [] {
                guard let source = source(of: channel), found.insert(source).inserted else { continue }
                pending.append(source)
            }
        }
        return found
    }
}
