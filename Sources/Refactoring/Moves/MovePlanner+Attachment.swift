import Topology

extension MovePlanner {
    /// The source becomes `//host`, which no resolver knows: it can be read back, and other tools know the mark.
    func detach(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica) { $0.source != nil || $0.detachedFrom != nil }
        guard let source = found.channel.source else {
            throw PlanRefusal(
                MoveCondition.detached, "\(found.reference) is detached already",
                .command("baton reattach-replica \(found.address)"))
        }
        let name = found.channel.name
        let change = SourceChange(rawHost: source.detachingHost, positioning: found.presentPlace)
            .keepingOptions(of: found.channel, on: found.instance)
        let back = SourceChange(source: source, positioning: found.presentPlace)
            .keepingOptions(of: found.channel, on: found.instance)
        let mark = Step(
            stage: 0, on: found.address, "put a mark in place of the source's name",
            preconditions: found.before + found.threads.stopped, commands: [.changeSource(channel: name, change)],
            proof: [.followsNobody(channel: name), .stopped(.both, channel: name)], timeLimit: limits.statement,
            inverse: [.changeSource(channel: name, back)])
        draft.append(Stages(try stopped(found, isLeaving: true) + [[mark]]))
        draft.intent = "Detach \(found.reference) from \(source)"
        draft.undo(by: .reattach(found.reference))
    }

    func reattach(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica) { $0.source != nil || $0.detachedFrom != nil }
        guard let source = found.channel.detachedFrom else {
            throw PlanRefusal(
                MoveCondition.notDetached, "\(found.reference) is not detached",
                .command("baton detach-replica \(found.address)"))
        }
        // While it was detached its source may have come below it, or into a cluster that nobody may change.
        let verdict = Verdict(
            try objections(
                toReturning: found.channel, of: found.address, below: source, in: draft.fleet, draft.sceneAfter,
                rings: rings + draft.rings))
        guard verdict.isLegal else { throw PlanRefusal(verdict.reasons) }
        draft.object(verdict.reasons)
        let name = found.channel.name
        let change = SourceChange(source: source, positioning: found.presentPlace)
            .keepingOptions(of: found.channel, on: found.instance)
        let back = SourceChange(rawHost: source.detachingHost, positioning: found.presentPlace)
            .keepingOptions(of: found.channel, on: found.instance)
        let follow = Step(
            stage: 0, on: found.address, "follow \(source) again",
            preconditions: found.before + found.threads.stopped, commands: [.changeSource(channel: name, change)],
            proof: [.follows(source, channel: name)], timeLimit: limits.statement,
            inverse: [.changeSource(channel: name, back)])
        let start = Step(
            stage: 0, on: found.address, "replicate from \(source)",
            preconditions: found.instance.identityExpectation + [.follows(source, channel: name)],
            commands: [.startReplication(channel: name)], proof: [.replicates(channel: name)],
            timeLimit: limits.statement, waitsFor: "its receiver to connect to \(source)",
            inverse: [.stopReplication(channel: name)])
        draft.append(Stages(try stopped(found, isLeaving: true) + [[follow], [start]]))
        draft.intent = "Attach \(found.reference) to \(source) again"
        draft.undo(by: .detach(found.reference))
    }

    func enableGTID(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.server(try draft.source(of: found))
        guard !found.channel.positioning.isGTID else {
            throw PlanRefusal(GTIDCondition.used, "\(found.reference) follows by GTID already", .nothingToDo)
        }
        let (place, seen): (SourcePositioning, Positioning)
        switch (found.instance.facts?.gtid, source.facts?.gtid) {
        case (.mysql(let own), .mysql(let theirs)):
            for (server, state) in [(found.address, own), (source.address, theirs)] where state.mode != .on {
                throw PlanRefusal(
                    GTIDCondition.mode, "gtid_mode of \(server) is \(state.mode.rawValue)",
                    measured: [Measurement("gtid_mode", of: server, state.mode.rawValue)],
                    .statement("SET GLOBAL gtid_mode = ON", on: server), .optionFile("gtid_mode = ON", on: server))
            }
            let missing = theirs.purged.subtracting(own.executed)
            guard missing.isEmpty else {
                throw PlanRefusal(
                    Rule.gtidPurged, "\(source.address) has purged \(missing), which \(found.address) lacks by GTID",
                    measured: [Measurement("gtid_purged", of: source.address, "\(theirs.purged)")],
                    .advice("make \(found.address) anew from a copy of \(source.address)"))
            }
            (place, seen) = (.autoPosition, .autoPosition)
        case (.mariadb(let own), .mariadb):
            guard !own.replicaPosition.isEmpty else {
                throw PlanRefusal(
                    GTIDCondition.emptyPosition, "gtid_slave_pos of \(found.address) is empty",
                    .advice("let \(found.address) replicate one transaction that has a GTID"))
            }
            (place, seen) = (.replicaPosition, .replicaPosition)
        default:
            throw PlanRefusal(
                GTIDCondition.none, "\(found.address) and \(source.address) have no GTIDs in common",
                .advice("leave \(found.reference) at file and position"))
        }
        try position(found, place, seen, &draft)
        draft.intent = "Let \(found.reference) follow \(source.address) by GTID"
        draft.undo(by: .disableGTID(found.reference))
    }

    func disableGTID(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.source(of: found)
        guard found.channel.positioning.isGTID else {
            throw PlanRefusal(
                GTIDCondition.unused, "\(found.reference) does not follow by GTID", .nothingToDo)
        }
        try requireNoDomainFilters(found)
        try position(found, .binlog(.observed(found.executed)), .binlogPosition, &draft)
        draft.intent = "Let \(found.reference) follow \(source) by file and position"
        draft.undo(by: .enableGTID(found.reference))
    }

    /// MariaDB refuses to leave GTIDs while domains are filtered, but has half switched when it says so, and then refuses
    /// every further change (measured on 10.11, see `docs/replication-options.md`).
    private func requireNoDomainFilters(_ found: FoundReplica) throws(PlanRefusal) {
        let filters = found.channel.filters.filter { ["do-domain-ids", "ignore-domain-ids"].contains($0.kind) }
        guard !filters.isEmpty else { return }
        let text = filters.map { "\($0.kind)=\($0.value)" }.joined(separator: " ")
        let name = found.channel.name.isEmpty ? "" : " '\(found.channel.name)'"
        throw PlanRefusal(
            GTIDCondition.domainFilters,
            "\(found.reference) filters GTID domains, which MariaDB cannot do without GTIDs",
            measured: [Measurement("filters", of: found.address, text)],
            .statement("CHANGE MASTER\(name) TO DO_DOMAIN_IDS = (), IGNORE_DOMAIN_IDS = ()", on: found.address),
            .advice("leave \(found.reference) at GTIDs"))
    }

    /// Another way to find the place in the log of the same source.
    private func position(
        _ found: FoundReplica, _ place: SourcePositioning, _ seen: Positioning, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let name = found.channel.name
        let source = try draft.source(of: found)
        let target = draft.fleet[source] ?? Instance(address: source)
        let relocation = Relocation(found.instance, found.channel, below: target, in: draft.fleet, limits: limits)
        let change = Step(
            stage: 0, on: found.address, seen.isGTID ? "find the place by GTID" : "find the place by position",
            preconditions: found.before + found.threads.stopped,
            commands: [relocation.change(place)],
            proof: [.positions(seen, channel: name), .follows(source, channel: name)], timeLimit: limits.statement,
            inverse: [relocation.changeBack(found.presentPlace)])
        draft.append(
            Stages(try stopped(found, isLeaving: false) + [[change]] + (relocation.startStep().map { [[$0]] } ?? [])))
    }

    /// Stops a channel so that its place is known.
    ///
    /// - Parameter isLeaving: whether it goes on by position only where it does so now.
    private func stopped(_ found: FoundReplica, isLeaving: Bool) throws(PlanRefusal) -> [[Step]] {
        let isPlacePosition = !isLeaving || !found.channel.positioning.isGTID
        if isPlacePosition { try requirePlace(found) }
        return [
            [
                found.instance.stopStep(
                    found.channel, limits, isPlacePosition: isPlacePosition,
                    observes: isPlacePosition ? [found.executed] : [])
            ]
        ]
    }

    /// A channel that has applied nothing under its source yet tells no place in its log.
    func requirePlace(_ found: FoundReplica) throws(PlanRefusal) {
        guard found.channel.executed == nil else { return }
        throw PlanRefusal(
            ReplicaCondition.placeUnknown, "\(found.reference) does not say where it stands in the log of its source",
            .command("baton start-replica \(found.address)"),
            .advice("wait until \(found.address) has applied a transaction"))
    }
}

extension InstanceAddress {
    /// The host that detaches from it: nobody has one of that name, and it says how to come back.
    package var detachingHost: String { "//\(host)" }
}
