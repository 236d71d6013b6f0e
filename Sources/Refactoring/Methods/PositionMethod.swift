import Topology

/// By file and position: two servers are brought to one common point, where a place in one log is known to be the same
/// as a place in another. It reaches the source's source and the source's other replicas, and takes one step at a time.
struct PositionMethod: Method {
    let name = "position"
    let touchesReplicaOnly = false
    let moves: Set<Positioning> = [.binlogPosition]

    func steps(for relocation: Relocation) -> MethodAnswer {
        let (replica, target) = (relocation.replica, relocation.target)
        guard relocation.channel.positioning == .binlogPosition else {
            return .refused(
                "\(replica.address) follows by GTID", [.command("baton disable-gtid \(replica.address)")])
        }
        guard let source = relocation.source, let sourceInstance = relocation.fleet[source] else {
            return .refused("the source of \(replica.address) is not known")
        }
        if let objection = objectionToRunning(replica, relocation.channel, relocation.limits) {
            return objection
        }
        if let channel = sourceInstance.channels.first(where: { relocation.fleet.source(of: $0) == target.address }) {
            if let objection = objectionToStandIn(sourceInstance, channel, relocation.limits) { return objection }
            return .steps(upward(relocation, from: sourceInstance, its: channel))
        }
        if let channel = target.channels.first(where: { relocation.fleet.source(of: $0) == source }) {
            if let objection = objectionToStandIn(target, channel, relocation.limits) { return objection }
            return .steps(sideways(relocation, beside: channel))
        }
        return .refused(
            "\(target.address) is neither the source of \(source) nor one of its replicas",
            [.target(source, "\(replica.address) can be moved step by step, over servers next to it")])
    }

    /// A replica that must run to a point has to be able to run, and soon.
    private func objectionToRunning(
        _ replica: Instance, _ channel: ReplicationChannel, _ limits: PlanLimits
    ) -> MethodAnswer? {
        guard channel.isReplicating else {
            return .refused(
                "\(replica.address) does not replicate, and has to run to a common point",
                [.command("baton start-replica \(replica.address)")])
        }
        guard channel.delay <= limits.delay else {
            return .refused(
                "\(replica.address) stays \(channel.delay.components.seconds) s behind on purpose",
                [.command("baton delay-replication \(replica.address) 0")])
        }
        return nil
    }

    /// The end of a server's log is the same moment as its applier's place only where nothing else writes to that log.
    private func objectionToStandIn(
        _ server: Instance, _ channel: ReplicationChannel, _ limits: PlanLimits
    ) -> MethodAnswer? {
        let address = server.address
        if let objection = objectionToRunning(server, channel, limits) { return objection }
        guard let log = server.facts?.binaryLog, log.logsReplicaUpdates else {
            return .refused("\(address) does not log what it replicates")
        }
        guard server.facts?.writability.isWritable == false else {
            return .refused(
                "\(address) is writable, so that the end of its log is no known place",
                [.command("baton set-read-only \(address)")])
        }
        guard server.channels.filter({ $0.source != nil }).count == 1 else {
            return .refused("\(address) has several channels, which write to one log")
        }
        return nil
    }
}

extension PositionMethod {
    /// Below the source's source: the source stops, the replica runs to the end of its log, and goes on where the source
    /// stands in the log of its own source.
    private func upward(
        _ relocation: Relocation, from source: Instance, its channel: ReplicationChannel
    ) -> Stages {
        let (replica, name) = (relocation.replica, relocation.name)
        let sourceThreads = FoundThreads(channel)
        let place = Observation(.executedPosition, of: source.address, channel: channel.name)
        let end = Observation(.binaryLogEnd, of: source.address)
        var stopSource = source.stopStep(
            channel, relocation.limits, isPlacePosition: true, observes: [place, end])
        stopSource.preconditions += source.standInExpectation
        let run = replica.runStep(
            relocation.channel, to: .observed(end), "run to the end of the log of \(source.address)",
            preconditions: relocation.before, proof: .executed(.observed(end), channel: name),
            timeLimit: relocation.limits.catchingUp(relocation.channel),
            waitsFor: "its applier to reach the end of the log of \(source.address)")
        let change = Step(
            stage: 0, on: replica.address, "follow \(relocation.target.address) where \(source.address) stands",
            preconditions: relocation.before + [.executed(.observed(end), channel: name)],
            commands: [.stopReplication(channel: name), relocation.change(.binlog(.observed(place)))],
            proof: [.follows(relocation.target.address, channel: name)] + relocation.threads.stopped,
            timeLimit: relocation.limits.statement,
            inverse: [.stopReplication(channel: name), relocation.changeBack(.binlog(.observed(end)))])
        let starts = [relocation.startStep(), source.startStep(sourceThreads, following: channel, relocation)]
        return Stages([[relocation.stopStep(), stopSource], [run], [change], starts.compactMap { $0 }])
    }

    /// Below another replica of the same source: each runs to where the other stopped, so that both stand at the later of
    /// the two places, and the replica goes on at the end of the other's log. Who is behind need not be known: whoever
    /// is told to run until a place that it has passed stops at once.
    private func sideways(_ relocation: Relocation, beside channel: ReplicationChannel) -> Stages {
        let (replica, target, name) = (relocation.replica, relocation.target, relocation.name)
        let targetThreads = FoundThreads(channel)
        let targetPlace = Observation(.executedPosition, of: target.address, channel: channel.name)
        let place = Observation(.executedPosition, of: replica.address, channel: name)
        let end = Observation(.binaryLogEnd, of: target.address)
        var stopTarget = target.stopStep(
            channel, relocation.limits, isPlacePosition: true, observes: [targetPlace])
        // Found before anything is stopped, rather than in the middle.
        stopTarget.preconditions += target.standInExpectation
        let limit = max(relocation.limits.catchingUp(relocation.channel), relocation.limits.catchingUp(channel))
        let run = replica.runStep(
            relocation.channel, to: .observed(targetPlace), "run to where \(target.address) stands, if it is behind",
            preconditions: relocation.before, proof: .executedAtLeast(.observed(targetPlace), channel: name),
            timeLimit: limit, waitsFor: "its applier to reach the place of \(target.address)")
        // One that was restarted meanwhile replicates again, perhaps beyond that place: then the two have to meet anew.
        let isStopped = Expectation.stopped(.both, channel: channel.name)
        let runTarget = target.runStep(
            channel, to: .observed(place), "run to where \(replica.address) stands, if it is behind",
            preconditions: target.identityExpectation + [isStopped],
            proof: .executed(.observed(place), channel: channel.name),
            timeLimit: limit, waitsFor: "its applier to reach the place of \(replica.address)")
        // Read when nothing moves any more: a log's end that was read before the applier's place may lie before it.
        let halt = replica.haltStep(
            relocation.channel, at: .observed(targetPlace), relocation.limits, observes: [place])
        var haltTarget = target.haltStep(channel, at: .observed(place), relocation.limits, observes: [end])
        // Exactly there, or the end of its log is not where the replica stands: a target that was restarted has run on.
        let stands = Expectation.executed(.observed(place), channel: channel.name)
        haltTarget.preconditions += target.standInExpectation + [stands]
        haltTarget.proof = [stands, .stopped(.both, channel: channel.name)]
        let change = Step(
            stage: 0, on: replica.address, "follow \(target.address) at the end of its log",
            preconditions: relocation.before + [.executed(.observed(place), channel: name)],
            commands: [.stopReplication(channel: name), relocation.change(.binlog(.observed(end)))],
            proof: [.follows(target.address, channel: name)] + relocation.threads.stopped,
            timeLimit: relocation.limits.statement,
            inverse: [.stopReplication(channel: name), relocation.changeBack(.binlog(.observed(place)))])
        let starts = [relocation.startStep(), target.startStep(targetThreads, following: channel, relocation)]
        return Stages([
            [relocation.stopStep(), stopTarget], [run], [halt], [runTarget], [haltTarget], [change],
            starts.compactMap { $0 },
        ])
    }
}

extension Instance {
    /// That nobody but replication writes to its log, as was seen: otherwise the end of it is no known place.
    fileprivate var standInExpectation: [Expectation] {
        facts.map { [.writability($0.writability)] } ?? []
    }

    /// Lets a channel apply until a place.
    ///
    /// MySQL's applier stops there by itself. MariaDB's looks at the place only when the next event comes, and goes on
    /// running where there is none (measured on 10.11): it executes nothing more, and is stopped later.
    fileprivate func runStep(
        _ channel: ReplicationChannel, to place: Late<BinlogPosition>, _ purpose: String,
        preconditions: [Expectation], proof: Expectation, timeLimit: Duration, waitsFor: String
    ) -> Step {
        let name = channel.name
        let stops: [Expectation] = isMySQLFamily ? [.stopped(.applier, channel: name)] : []
        return Step(
            stage: 0, on: address, purpose, preconditions: preconditions,
            commands: [.stopReplication(channel: name), .startReplication(channel: name, until: .position(place))],
            proof: [proof] + stops, timeLimit: timeLimit, waitsFor: waitsFor,
            inverse: [.stopReplication(channel: name)])
    }

    /// Stops what ran until a place, so that nothing moves while it is read.
    fileprivate func haltStep(
        _ channel: ReplicationChannel, at place: Late<BinlogPosition>, _ limits: PlanLimits, observes: [Observation]
    ) -> Step {
        let name = channel.name
        return Step(
            stage: 0, on: address, "stand still there", preconditions: identityExpectation,
            commands: [.stopReplication(channel: name)], observes: observes,
            proof: [.executedAtLeast(place, channel: name), .stopped(.both, channel: name)],
            timeLimit: limits.statement)
    }

    /// Starts it again; it may still have a receiver running from an `UNTIL`, which does not matter.
    fileprivate func startStep(
        _ threads: FoundThreads, following channel: ReplicationChannel, _ relocation: Relocation
    ) -> Step? {
        guard !threads.start.isEmpty else { return nil }
        let follows = channel.source.map { [Expectation.follows($0, channel: channel.name)] } ?? []
        return Step(
            stage: 0, on: address, "replicate on from where it stood", preconditions: identityExpectation + follows,
            commands: threads.start, proof: follows + threads.asFound, timeLimit: relocation.limits.statement,
            waitsFor: threads.receiver ? "its receiver to connect" : nil, inverse: threads.stop)
    }
}
