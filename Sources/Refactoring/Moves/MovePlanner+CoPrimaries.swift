import Topology

extension SecretName {
    /// The password of the account that a cluster replicates with.
    public static let replication = SecretName(rawValue: "replication")
}

extension MovePlanner {
    /// The source of a replica, itself nobody's replica, is to follow that replica.
    func makeCoPrimary(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.server(try draft.source(of: found))
        try checkCoPrimary(found, source, draft)
        let channel = ReplicationChannel(
            name: "", source: nil, user: found.channel.user, receiver: .stopped, applier: .stopped,
            positioning: found.channel.positioning)
        let relocation = Relocation(source, channel, below: found.instance, in: draft.fleet, limits: limits)
        // What is asked for is a ring of two, of which one was the primary.
        let reasons = judge(relocation, draft.sceneAfter, [source.address], .move).reasons.filter {
            !Self.meantByCoPrimaries.contains($0.rule)
        }
        let verdict = Verdict(reasons)
        guard verdict.isLegal else { throw PlanRefusal(reasons) }
        draft.object(reasons)
        draft.append(coPrimaryStages(found, source))
        draft.ringsClosed.append(
            CoPrimaryRing(
                leaver: ReplicaChannel(source.address, channel: ""),
                partner: ReplicaChannel(found.address, channel: found.channel.name)))
        draft.intent =
            "Make \(source.address) and \(found.address) co-primaries: \(source.address) follows \(found.address) too"
        draft.undo(by: .endCoPrimary(ReplicaChannel(source.address, channel: "")))
    }

    /// Rules against what co-primaries are by nature, and rules on a channel that is not there yet.
    package static let meantByCoPrimaries: Set<RuleID> = [
        "move.primary", "move.cycle", "chan.multi", "cred.repl", "repl.stopped", "repl.lag-unknown",
    ]

    func checkCoPrimary(
        _ found: FoundReplica, _ source: Instance, _ draft: PlanDraft
    ) throws(PlanRefusal) {
        if let above = source.channels.compactMap({ draft.fleet.source(of: $0) }).first {
            if above == found.address {
                throw PlanRefusal(
                    CoPrimaryCondition.already, "\(source.address) and \(found.address) are co-primaries already",
                    .nothingToDo)
            }
            throw PlanRefusal(
                CoPrimaryCondition.sourceIsReplica, "\(source.address) is itself a replica, of \(above)",
                .command("baton take-source \(source.address)"))
        }
        if let other = found.instance.channels.first(where: { $0.source != nil && $0.name != found.channel.name }) {
            throw PlanRefusal(
                CoPrimaryCondition.otherChannels,
                "\(found.address) has another source on channel '\(other.name)', and \(source.address) would get all that comes "
                    + "from there",
                .advice("choose a replica that follows \(source.address) only"))
        }
        guard found.instance.facts?.writability.isWritable == false else {
            throw PlanRefusal(
                CoPrimaryCondition.writable,
                "\(found.address) is writable: what it wrote already would not be known to \(source.address)",
                .command("baton set-read-only \(found.address)"))
        }
        guard found.instance.facts?.binaryLog?.logsReplicaUpdates == true else {
            throw PlanRefusal(
                CoPrimaryCondition.noBinaryLog, "\(found.address) does not log what it replicates",
                .optionFile("log_replica_updates = ON", on: found.address))
        }
    }

    /// By MySQL GTID in one step. Otherwise at the end of the replica's log: all in it came from the source, which leaves
    /// out what it wrote itself.
    private func coPrimaryStages(_ found: FoundReplica, _ source: Instance) -> Stages {
        let isGTID = found.channel.positioning == .autoPosition
        let end = Observation(.binaryLogEnd, of: found.address)
        // The same account comes in the same way: where it needs TLS or the public key here, it does there.
        let options = Observation(.connectingOptions, of: found.address, channel: found.channel.name)
        let change = SourceChange(
            source: found.address, positioning: isGTID ? .autoPosition : .binlog(.observed(end)),
            user: found.channel.user, password: .replication, restored: .observed(options))
        let look = Step(
            stage: 0, on: found.address,
            isGTID ? "note how it connects" : "note how it connects, and the end of its log",
            preconditions: found.before + [.writability(found.instance.facts?.writability ?? .readOnly)], commands: [],
            observes: [options] + (isGTID ? [] : [end]), proof: [], timeLimit: limits.statement)
        let follow = Step(
            stage: 0, on: source.address, "follow \(found.address)",
            preconditions: source.identityExpectation + [.followsNobody(channel: "")],
            commands: [.changeSource(channel: "", change), .startReplication(channel: "")],
            proof: [.follows(found.address, channel: ""), .replicates(channel: "")], timeLimit: limits.statement,
            waitsFor: "its receiver to connect to \(found.address)",
            inverse: [.stopReplication(channel: ""), .resetReplica(channel: "", .everything)])
        return Stages([[look], [follow]])
    }

    /// One of two co-primaries forgets its source.
    func endCoPrimary(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let partner = try draft.server(try draft.source(of: found))
        guard let back = partner.channels.first(where: { draft.fleet.source(of: $0) == found.address }) else {
            throw PlanRefusal(
                CoPrimaryCondition.notOne, "\(partner.address) does not follow \(found.address)",
                .command("baton reset-replica \(found.address)"))
        }
        draft.object(partnerWritableObjections(partner, leftBy: found.address))
        draft.append(resetStages(found))
        draft.intent = "Let \(found.address) no longer follow its co-primary \(partner.address)"
        draft.undo(by: .makeCoPrimary(ReplicaChannel(partner.address, channel: back.name)))
    }

    /// What there is to confirm where a server ceases to follow its co-primary.
    func partnerWritableObjections(_ partner: Instance, leftBy address: InstanceAddress) -> [Reason] {
        guard partner.facts?.writability.isWritable == true else { return [] }
        return [
            Reason(
                CoPrimaryCondition.partnerWritable,
                "\(partner.address) is writable, and \(address) will not have what is written there",
                remedies: [.command("baton set-read-only \(partner.address)")])
        ]
    }

    /// Stops a channel and makes the server forget it.
    package func resetStages(_ found: FoundReplica) -> Stages {
        let name = found.channel.name
        // Where nothing is known there is nothing to come back to either.
        let isPlacePosition = !found.channel.positioning.isGTID && found.channel.executed != nil
        let options = Observation(.connectionOptions, of: found.address, channel: name)
        var back = SourceChange(
            source: found.channel.source ?? found.channel.detachedFrom,
            rawHost: found.channel.detachedFrom?.detachingHost,
            positioning: isPlacePosition || found.channel.positioning.isGTID ? found.presentPlace : nil,
            user: found.channel.user,
            password: found.channel.user == nil ? nil : .replication,
            restored: .observed(options)
        ).keepingOptions(of: found.channel, on: found.instance)
        // MySQL tells these with its filters only.
        let ignored = found.channel.filters.first { $0.kind == ReplicationFilter.ignoredServers }?.value
        if let ignored { back.options[SourceOption.ignoreServers.rawValue] = "(\(ignored))" }
        if found.channel.delay > .zero { back.delay = found.channel.delay }
        let stop = found.instance.stopStep(
            found.channel, limits, isPlacePosition: isPlacePosition,
            observes: (isPlacePosition ? [found.executed] : []) + [options])
        let reset = Step(
            stage: 0, on: found.address, "forget the source", preconditions: found.before + found.threads.stopped,
            commands: [.resetReplica(channel: name, .everything)], proof: [.followsNobody(channel: name)],
            timeLimit: limits.statement, inverse: [.changeSource(channel: name, back)],
            irreversible: found.forgottenFilters.map { filters in
                "\(found.reference) forgot its filters with its source (\(filters)): give it both by hand"
            })
        return Stages([[stop], [reset]])
    }
}

extension FoundReplica {
    /// The filters that go with the source, in words: on MySQL a channel's own do, and the server's stay, and a channel does
    /// not tell which it has (measured on 9.7); on MariaDB all stay (measured on 10.11).
    var forgottenFilters: String? {
        let filters = channel.filters.filter { $0.kind != ReplicationFilter.ignoredServers }
        guard instance.isMySQLFamily, !filters.isEmpty else { return nil }
        return filters.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
    }
}

extension ReplicationFilter {
    fileprivate static let ignoredServers = "ignore-server-ids"
}
