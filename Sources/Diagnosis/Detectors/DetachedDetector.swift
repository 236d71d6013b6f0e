import Topology

extension Detector {
    /// Channels whose source was made unreachable on purpose, as `detach-replica` does (orchestrator too): the server
    /// looks like a primary, and is a replica that waits to be attached again. One that clients may write on has taken
    /// over, as orchestrator leaves it after a failover: that is only good to know.
    static let detached = Detector { examined, problems in
        guard let facts = examined.facts else { return }
        let replicas = examined.context.fleet.replicas(of: examined.address)
        for channel in facts.channels {
            guard let source = channel.detachedFrom, channel.isDetached else { continue }
            var evidence = ["its source's name is set to //\(source.host)"]
            if !replicas.isEmpty { evidence.append("\(replicas.count.counted("replica")): \(listed(replicas))") }
            if facts.writability.isWritable { evidence.append("read_only is OFF: clients can write on it") }
            problems.append(
                Problem(
                    .detached, facts.writability.isWritable ? .notice : .warning, of: examined.address,
                    channel: channel.name,
                    summary: "\(examined.address) is detached from \(source)\(channel.phrase) and receives nothing",
                    evidence: evidence,
                    remedy: "baton reattach-replica \(examined.address) lets it follow \(source) again."))
        }
    }
}
