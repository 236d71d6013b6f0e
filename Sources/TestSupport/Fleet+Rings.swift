import Topology

extension Fleet {
    /// The servers that replicate, over any channels and servers, from themselves.
    public var rings: [InstanceAddress] {
        addresses.filter { start in
            var pending = (self[start]?.channels ?? []).compactMap { source(of: $0) }
            var seen: Set<InstanceAddress> = []
            while let address = pending.popLast() {
                if address == start { return true }
                guard seen.insert(address).inserted else { continue }
                pending += (self[address]?.channels ?? []).compactMap { source(of: $0) }
            }
            return false
        }.sorted()
    }
}
