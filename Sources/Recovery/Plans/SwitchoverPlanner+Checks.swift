import Refactoring
import Topology

extension SwitchoverPlanner {
    /// What there is to say of the primary, all at once.
    func objections(to primary: Instance, in scene: RuleScene) -> [Reason] {
        let address = primary.address
        guard let facts = primary.facts, primary.contact.isReachable else {
            return [
                Reason(
                    SwitchoverCondition.noPrimary, "\(address) does not answer",
                    measured: [Measurement("contact", of: address, primary.contact.failure?.message ?? "none")],
                    remedies: [.command("baton doctor \(address)"), .advice("where it is dead, make a failover")])
            ]
        }
        var reasons = markObjections(primary, scene)
        if !facts.writability.isWritable {
            reasons.append(
                Reason(
                    SwitchoverCondition.primaryReadOnly, "\(address) is \(facts.writability.rawValue)",
                    measured: [Measurement("read_only", of: address, "ON")],
                    remedies: [.command("baton set-writable \(address)")]))
        }
        if let source = primary.channels.compactMap({ scene.fleet.source(of: $0) }).first {
            reasons.append(
                Reason(
                    SwitchoverCondition.primaryIsReplica, "\(address) follows \(source)",
                    remedies: [.command("baton end-co-primary \(address)")]))
        }
        reasons += memberObjections(primary)
        return reasons
    }

    /// What there is to say of a server that is to take over, all at once.
    func objections(to candidate: Instance, of primary: Instance, in scene: RuleScene) -> [Reason] {
        let address = candidate.address
        guard let facts = candidate.facts, candidate.contact.isReachable else {
            return [PlanDraft(scene).silence(of: candidate)]
        }
        var reasons =
            markObjections(candidate, scene) + promotionObjections(candidate, scene)
            + memberObjections(candidate)
        let channels = candidate.channels.filter { $0.source != nil }
        guard let channel = channels.first(where: { scene.fleet.source(of: $0) == primary.address }) else {
            return reasons + [
                Reason(
                    SwitchoverCondition.notDirect, "\(address) is no direct replica of \(primary.address)",
                    remedies: [.command("baton relocate \(address) \(primary.address)"), .advice("choose another one")])
            ]
        }
        if let other = channels.first(where: { $0.name != channel.name }), let source = other.source {
            reasons.append(
                Reason(
                    SwitchoverCondition.otherSources,
                    "\(address) follows \(source) as well, on channel '\(other.name)'",
                    remedies: [.advice("choose a replica that follows \(primary.address) only")]))
        }
        reasons += threadObjections(candidate, channel, in: scene)
        if facts.writability.isWritable {
            reasons.append(
                Reason(
                    SwitchoverCondition.candidateWritable, "\(address) is writable already",
                    measured: [Measurement("read_only", of: address, "OFF")],
                    remedies: [.command("baton set-read-only \(address)")]))
        }
        if facts.binaryLog?.logsReplicaUpdates != true {
            reasons.append(
                Reason(
                    SwitchoverCondition.noBinaryLog, "\(address) does not log what it replicates",
                    remedies: [.optionFile("log_replica_updates = ON", on: address)]))
        }
        return reasons + otherWritableObjections(besides: [address, primary.address], in: scene)
    }

    private func threadObjections(
        _ candidate: Instance, _ channel: ReplicationChannel, in scene: RuleScene
    ) -> [Reason] {
        let address = candidate.address
        var reasons: [Reason] = []
        if !channel.isReplicating {
            let error =
                (channel.applierError ?? channel.receiverError).map { ", error \($0.code): \($0.message)" } ?? ""
            reasons.append(
                Reason(
                    SwitchoverCondition.notReplicating,
                    "\(address) does not replicate: receiver \(channel.receiver.rawValue), applier "
                        + "\(channel.applier.rawValue)\(error)",
                    remedies: [.command("baton start-replica \(address)"), .advice("choose another one")]))
        }
        if channel.delay > .zero {
            reasons.append(
                Reason(
                    SwitchoverCondition.delayed,
                    "\(address) stays \(channel.delay.components.seconds) s behind on purpose",
                    remedies: [.command("baton delay-replication \(address) 0"), .advice("choose another one")]))
        } else if let lag = channel.lag?.beyondDelay, lag > scene.limits.lag {
            reasons.append(
                Reason(
                    SwitchoverCondition.lag, "\(address) is \(lag.components.seconds) s behind",
                    measured: [Measurement("lag", of: address, "\(lag.components.seconds) s")],
                    remedies: [.advice("wait until it has caught up")]))
        }
        return reasons
    }

    private func markObjections(_ server: Instance, _ scene: RuleScene) -> [Reason] {
        guard let mark = scene.marks.maintenance(of: server.address, at: scene.now) else { return [] }
        return [
            Reason(
                SwitchoverCondition.maintenance,
                "\(server.address) is in maintenance by \(mark.owner): \(mark.reason)",
                remedies: [.command("baton end-maintenance \(server.address)")])
        ]
    }

    private func promotionObjections(_ server: Instance, _ scene: RuleScene) -> [Reason] {
        let rule = scene.marks.promotionRule(of: server.address, at: scene.now)
        guard rule == .mustNot || rule == .preferNot else { return [] }
        return [
            Reason(
                rule == .mustNot ? SwitchoverCondition.promotion : .unwanted,
                "\(server.address) has the promotion rule \(rule.rawValue)", remedies: [.advice("choose another one")])
        ]
    }

    private func memberObjections(_ server: Instance) -> [Reason] {
        let state = server.facts?.groupReplication?.own?.state
        let isMember = state.map { $0 != "OFFLINE" } ?? false
        guard isMember || server.facts?.galera != nil else { return [] }
        return [
            Reason(
                SwitchoverCondition.member,
                "\(server.address) is a member of a \(isMember ? "replication group" : "Galera cluster")",
                remedies: [.advice("let the \(isMember ? "group" : "cluster") elect another primary")])
        ]
    }

    private func otherWritableObjections(besides pair: Set<InstanceAddress>, in scene: RuleScene) -> [Reason] {
        guard let first = pair.min(), let cluster = scene.forest.cluster(of: first)?.id else { return [] }
        return scene.fleet.addresses.sorted().filter { address in
            !pair.contains(address) && scene.fleet[address]?.facts?.writability.isWritable == true
                && scene.forest.cluster(of: address)?.id == cluster
        }.map { address in
            Reason(
                SwitchoverCondition.otherWritable, "\(address), in the same cluster, is writable",
                measured: [Measurement("read_only", of: address, "OFF")],
                remedies: [.command("baton set-read-only \(address)")])
        }
    }

    /// What a restart would undo, with the words that make it last.
    func restartObjections(_ primary: Instance, _ candidate: Instance) -> [Reason] {
        [
            Reason(
                SwitchoverCondition.restart,
                "after a restart \(candidate.address) and \(primary.address) stand as their option files say",
                remedies: [candidate.lastingReadOnly(.off), primary.lastingReadOnly(.on)])
        ]
    }
}
