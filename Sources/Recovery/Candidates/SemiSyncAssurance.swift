import Refactoring
import Topology

extension CandidateField {
    /// Whether every commit that a client saw acknowledged by the lost source is on a server that answers.
    ///
    /// A commit waits until `n` replicas have acknowledged it. It is kept for certain where fewer than `n` of those that
    /// acknowledge are out of reach: then at least one that answers is among any `n`. And only as long as the source could
    /// not have gone on alone: after its timeout it does.
    func afterwards() -> Loss.Afterwards {
        if situation.sourceLives { return .nothing }
        guard let instance = failedInstance, let side = instance.facts?.semiSync.source, side.isEnabled else {
            return .unknown([])
        }
        var obstacles: [String] = []
        if !side.isActive { obstacles.append("it had gone over to asynchronous replication at the last look") }
        if side.waitForReplicas < 1 { obstacles.append("it waited for no replica") }
        if !side.waitsWithoutReplicas {
            obstacles.append(
                "it goes on alone as soon as a replica is missing (rpl_semi_sync_source_wait_no_replica = OFF)")
        }
        if side.clients < side.waitForReplicas {
            obstacles.append(
                "\(side.clients.counted("replica")) of \(side.waitForReplicas) needed were attached at the last look")
        }
        if let lastLook {
            let silence = scene.now - lastLook
            if silence >= side.timeout {
                obstacles.append(
                    "its timeout of \(side.timeout.inWords) has passed since the last look, \(silence.inWords) ago")
            }
        } else {
            obstacles.append("when it was last read is not known")
        }
        // One whose side was switched on and whose receiver was not started since acknowledges nothing.
        let acknowledging = orphans.filter {
            $0.facts?.semiSync.replica.map { $0.isEnabled && $0.isActive } == true
        }
        let present = acknowledging.filter { $0.answers && $0.received == $0.arrived }
        // Those attached that baton knows nothing of may be the ones that acknowledged.
        let absent = max(side.clients, acknowledging.count) - present.count
        if present.isEmpty {
            obstacles.append("no replica that acknowledges answers")
        } else if absent >= side.waitForReplicas, side.waitForReplicas > 0 {
            obstacles.append(
                "\(absent.counted("replica")) that may have acknowledged alone "
                    + (absent == 1 ? "does not answer" : "do not answer"))
        }
        guard obstacles.isEmpty, let lastLook else { return .unknown(obstacles) }
        let isEnduring = side.timeout >= Loss.Afterwards.enduringTimeout
        return .acknowledged(
            by: present.map(\.address), aloneAfter: isEnduring ? nil : side.timeout - (scene.now - lastLook))
    }

    /// When the server to be replaced was last read in full.
    var lastLook: Timestamp? {
        guard let instance = failedInstance, instance.facts != nil else { return nil }
        if let read = scene.lastReads[failed] { return read }
        return instance.contact.isReachable ? scene.now : instance.contact.lastSeen
    }

    /// What is lost with a candidate that still misses so much after levelling.
    func loss(leaving remaining: Shortfall) -> Loss {
        let lookedAt = lastLook
        let written = failedInstance?.facts.map { Received.written(by: $0, method) } ?? .unknown
        let missing = situation.sourceLives ? .nothing : together.shortfall(against: written)
        return Loss(
            againstReachable: remaining,
            ofSource: Loss.SourceLoss(missing: missing, lookedAt: lookedAt, age: lookedAt.map { scene.now - $0 }),
            afterwards: afterwards())
    }
}
