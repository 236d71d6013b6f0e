import Topology

extension Detector {
    /// Servers of one cluster with one `server_id`: a source drops the older of two connections with the same id, and a
    /// server skips events that carry its own.
    static let duplicateServerID = Detector { examined, problems in
        guard let facts = examined.facts, let others = examined.context.namesakes[examined.address] else { return }
        problems.append(
            Problem(
                .duplicateServerID, .broken, of: examined.address,
                summary: "\(examined.address) has the server_id \(facts.identity.serverID), as has \(listed(others))",
                remedy: "Give each server of a cluster its own server_id."))
    }
}
