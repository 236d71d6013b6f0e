extension Fleet {
    /// All from which servers replicate, over any channels and any number of steps, as far as that is known; of the servers
    /// themselves only those that feed one of them.
    public func upstream(of servers: [InstanceAddress]) -> Set<InstanceAddress> {
        var found: Set<InstanceAddress> = []
        var pending = servers.map(canonical)
        while let next = pending.popLast() {
            for channel in self[next]?.channels ?? [] {
                guard let source = source(of: channel), found.insert(source).inserted else { continue }
                pending.append(source)
            }
        }
        return found
    }
}
