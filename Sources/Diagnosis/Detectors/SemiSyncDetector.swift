import Topology

extension Detector {
    /// Sources whose commits should wait for replicas that are not there, or that have stopped waiting. Replicas whose
    /// source side is switched on for the day of their promotion are left alone.
    static let semiSync = Detector { examined, problems in
        guard let source = examined.facts?.semiSync.source, source.isEnabled else { return }
        let hasReplicas = !examined.context.fleet.replicas(of: examined.address).isEmpty
        guard hasReplicas || examined.channels.isEmpty else { return }
        let isShort = source.clients < source.waitForReplicas
        guard isShort || !source.isActive else { return }
        let effect =
            source.isActive
            ? "commits wait up to \(source.timeout.inWords)" : "commits no longer wait for an acknowledgement"
        problems.append(
            Problem(
                .semiSyncNotEnough, .warning, of: examined.address,
                summary:
                    "\(examined.address) has \(source.clients) of \(source.waitForReplicas) semi-sync replicas: \(effect)",
                evidence: [
                    "timeout \(source.timeout.inWords)", "semi-sync is \(source.isActive ? "active" : "not active")",
                ],
                remedy: isShort
                    ? "Switch the replica side on where it should acknowledge, and restart its receiver." : nil))
    }
}
