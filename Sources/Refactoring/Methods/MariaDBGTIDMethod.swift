import Topology

/// By MariaDB's GTID positions: the replica goes on after what it applied last in each domain.
///
/// A source refuses a replica that asks for a transaction which it has not logged yet (error 1236), and its receiver
/// stops for good. A server that does not stand above the replica may be behind it, so that it is waited for while the
/// replica stands still: the target on the way there, the present source on the way back.
struct MariaDBGTIDMethod: Method {
    let name = "mariadb-gtid"
    let touchesReplicaOnly = true
    let moves: Set<Positioning> = [.replicaPosition, .currentPosition]

    func steps(for relocation: Relocation) -> MethodAnswer {
        let (replica, target) = (relocation.replica.address, relocation.target.address)
        guard relocation.replica.facts?.version.flavor == .mariadb else {
            return .refused("\(replica) is no MariaDB server")
        }
        guard relocation.target.facts?.version.flavor == .mariadb else {
            return .refused("\(target) is no MariaDB server")
        }
        switch relocation.channel.positioning {
        case .replicaPosition: return steps(for: relocation, .replicaPosition, .replicaPosition)
        case .currentPosition: return steps(for: relocation, .currentPosition, .currentPosition)
        case .autoPosition, .binlogPosition:
            return .refused(
                "\(replica) follows by file and position", [.command("baton enable-gtid \(replica)")])
        }
    }

    private func steps(
        for relocation: Relocation, _ place: SourcePositioning, _ seen: Positioning
    ) -> MethodAnswer {
        let target = relocation.target
        // Nobody has all domains of a replica with several sources but itself.
        let isShared = relocation.replica.channels.filter { $0.source != nil }.count > 1
        let isTargetBehind = !relocation.isAbove(target.address) && !relocation.isCaughtUpForever
        if isTargetBehind, isShared {
            return .refused(
                "\(relocation.replica.address) has several sources, so that \(target.address) cannot be waited for until it has "
                    + "all that \(relocation.replica.address) has",
                [.advice("choose a server above its source on that channel")])
        }
        var compare = relocation.waitStep
        if isTargetBehind,
            let objection = relocation.objectionToWaiting(
                for: relocation.target.address, behind: relocation.replica.address)
        {
            guard relocation.leavesRing || relocation.isOrphaned, relocation.isCaughtUp else { return objection }
            compare = relocation.lookStep
        }
        let lane = relocation.wayBack
        guard isTargetBehind || lane != .free, !isShared else {
            return .steps(Stages([[relocation.movingStep(place, seen)]]))
        }
        var (stop, change, start) = relocation.movingSteps(place, seen)
        var waitingBack: [Step] = []
        switch lane {
        case .free: break
        case .after(let source): waitingBack = [relocation.waitBackStep(on: source)]
        case .closed(let reason): start?.irreversible = reason
        }
        return .steps(
            Stages([
                [stop], isTargetBehind ? [compare(target)] : [], [change], waitingBack,
                start.map { [$0] } ?? [],
            ]))
    }
}

/// Whether a replica that has run under its new source could go back to the old one.
private enum WayBack: Equatable {
    case free
    /// When the old source has come to where the replica is.
    case after(Instance)
    /// Never, because the old source does not come there, with the reason.
    case closed(String)
}

extension Relocation {
    /// Where the replica's applier stands, read while it is stopped.
    private var place: Observation { Observation(.replicaPosition, of: replica.address) }

    /// Whether everything that the replica has came over that server: it is the source, or stands above it.
    ///
    /// Of a replica with several sources it is enough that all that comes over this channel does, where nothing else brings
    /// transactions of its domains.
    fileprivate func isAbove(_ server: InstanceAddress) -> Bool {
        guard let source, hasDomainsOfItsOwn else { return fleet.hasEverything(from: replica.address, server) }
        if fleet.canonical(source) == fleet.canonical(server) { return true }
        return fleet[source]?.facts?.writability.isWritable == false && fleet.hasEverything(from: source, server)
    }

    /// Whether it has several sources, of which no other has logged anything in the domains of the one on this channel.
    private var hasDomainsOfItsOwn: Bool {
        let others = replica.channels.filter { $0.source != nil && $0.name != name }
        guard !others.isEmpty, let own = source.flatMap({ fleet.domains(of: $0) }) else { return false }
        return others.allSatisfy { other in
            fleet.source(of: other).flatMap { fleet.domains(of: $0) }?.isDisjoint(with: own) ?? false
        }
    }

    fileprivate var wayBack: WayBack {
        guard let source, !isInPlace, !isSourceAboveTarget else { return .free }
        if case .refused(let reason, _)? = objectionToWaiting(for: source, behind: target.address) {
            return .closed("\(source) would refuse \(replica.address), which has replicated on: \(reason)")
        }
        return fleet[source].map { .after($0) } ?? .closed("\(source) is not known")
    }

    private var isSourceAboveTarget: Bool { source.map { fleet.hasEverything(from: target.address, $0) } ?? false }

    /// Whether the replica applies nothing more, and the target has all that it has.
    fileprivate var isCaughtUpForever: Bool {
        replica.channels.allSatisfy { $0.applier == .stopped } && isCaughtUp
    }

    /// Whether the target has all that the replica had when both were read.
    fileprivate var isCaughtUp: Bool {
        guard case .mariadb(let own)? = replica.facts?.gtid, case .mariadb(let theirs)? = target.facts?.gtid else {
            return false
        }
        return own.replicaPosition.gtids.allSatisfy { theirs.binlogState.covers($0) }
    }

    /// Whether the replica is fed by itself. Nobody writes above it then who is not below it as well: where the target has
    /// all that it has, as where a server was led into a ring by mistake, that is looked at once more while it stands still.
    fileprivate var leavesRing: Bool {
        source.map { $0 != target.address && fleet.isFed($0, by: replica.address) } ?? false
    }

    /// Whether the server that it follows does not answer, so that it gets nothing more from there: one that missed a
    /// failover goes below the new primary, which replicates from nobody and has all that it has.
    fileprivate var isOrphaned: Bool { source.map { fleet[$0]?.contact.isReachable != true } ?? true }

    /// Who has to come to where another stands has to be able to, and soon, and so has each over whom it gets that.
    fileprivate func objectionToWaiting(for server: InstanceAddress, behind other: InstanceAddress) -> MethodAnswer? {
        var seen: Set<InstanceAddress> = []
        var next = fleet.canonical(server)
        while !fleet.hasEverything(from: other, next) {
            guard seen.insert(next).inserted, let instance = fleet[next], instance.contact.isReachable,
                let channel = instance.channels.first(where: \.isReplicating),
                let source = fleet.source(of: channel)
            else {
                if let writer = fleet.writer(above: other, below: next) {
                    return .refused(
                        "\(writer) is writable, so that \(other) may have what was written there and \(server) lacks",
                        [.command("baton set-read-only \(writer)")])
                }
                return .refused(
                    "\(next) does not replicate, so that \(server) may lack what \(other) has",
                    fleet[next]?.channels.isEmpty ?? true ? [] : [.command("baton start-replica \(next)")])
            }
            guard channel.delay <= limits.delay else {
                return .refused(
                    "\(next) stays \(channel.delay.components.seconds) s behind on purpose",
                    [.command("baton delay-replication \(next) 0")])
            }
            next = source
        }
        return nil
    }

    /// The parts of ``movingStep(_:_:)`` as steps of their own.
    fileprivate func movingSteps(
        _ positioning: SourcePositioning, _ seen: Positioning
    ) -> (stop: Step, change: Step, start: Step?) {
        let stop = replica.stopStep(channel, limits, isPlacePosition: false, observes: [place])
        let change = Step(
            stage: 0, on: replica.address, "follow \(target.address)",
            preconditions: before + [.positions(seen, channel: name)] + threads.stopped,
            commands: [change(positioning)],
            proof: [.follows(target.address, channel: name), .positions(seen, channel: name)],
            timeLimit: limits.statement, inverse: [changeBack(positioning)])
        var start = startStep()
        // Taken back, it stops the replica, and where that is must be known again.
        start?.observes = [place]
        return (stop, change, start)
    }

    fileprivate func waitStep(on server: Instance) -> Step {
        let channel = server.channels.first(where: \.isReplicating)
        return Step(
            stage: 0, on: server.address, Step.purposeOfWaiting(for: [replica.address]),
            preconditions: server.identityExpectation, commands: [waiting(channel)],
            proof: [.hasReached(.observed(place))],
            timeLimit: channel.map(limits.catchingUp) ?? limits.catchUp,
            waitsFor: Step.words(server.address, waitingFor: [replica.address]))
    }

    /// On a target that does not replicate: what it lacks it never gets, so that nothing is waited for.
    fileprivate func lookStep(on server: Instance) -> Step {
        Step(
            stage: 0, on: server.address, "see that it has what \(replica.address) has",
            preconditions: server.identityExpectation, commands: [], proof: [.hasReached(.observed(place))],
            timeLimit: limits.statement)
    }

    /// Does nothing on the way there.
    fileprivate func waitBackStep(on server: Instance) -> Step {
        let channel = server.channels.first(where: \.isReplicating)
        return Step(
            stage: 0, on: server.address, Step.purposeOfWaitingBack(for: [replica.address]),
            preconditions: server.identityExpectation, commands: [], proof: [],
            timeLimit: channel.map(limits.catchingUp) ?? limits.catchUp, inverse: [waiting(channel)])
    }

    private func waiting(_ channel: ReplicationChannel?) -> Command {
        .wait(channel: channel?.name ?? "", .mariadbPosition(.observed(place)))
    }
}

extension Step {
    /// One step for two that wait on one server, each for what a stopped replica has; `nil` where either does something
    /// else as well.
    func waitingTogether(with other: Step) -> Step? {
        guard instance == other.instance, let awaited, let others = other.awaited,
            commands.isEmpty == other.commands.isEmpty
        else { return nil }
        let replicas = (awaited + others).sorted()
        var joined = self
        joined.purpose =
            commands.isEmpty ? Step.purposeOfWaitingBack(for: replicas) : Step.purposeOfWaiting(for: replicas)
        joined.preconditions += other.preconditions.filter { !preconditions.contains($0) }
        joined.commands += other.commands
        joined.proof += other.proof
        joined.inverse += other.inverse
        joined.timeLimit = max(timeLimit, other.timeLimit)
        if waitsFor != nil { joined.waitsFor = Step.words(instance, waitingFor: replicas) }
        return joined
    }

    /// The replicas whose place it waits for; `nil` for a step that does not just wait.
    private var awaited: [InstanceAddress]? {
        guard observes.isEmpty, irreversible == nil, commands.isEmpty != inverse.isEmpty else { return nil }
        var replicas: [InstanceAddress] = []
        for command in commands + inverse {
            guard case .wait(_, .mariadbPosition(.observed(let place))) = command else { return nil }
            replicas.append(place.instance)
        }
        return replicas
    }

    fileprivate static func purposeOfWaiting(for replicas: [InstanceAddress]) -> String {
        replicas.count == 1 ? "have what \(replicas[0]) has" : "have what the \(replicas.count) replicas have"
    }

    fileprivate static func purposeOfWaitingBack(for replicas: [InstanceAddress]) -> String {
        let who = replicas.count == 1 ? "\(replicas[0])" : "the \(replicas.count) replicas"
        return "see that \(who) could come back"
    }

    fileprivate static func words(_ server: InstanceAddress, waitingFor replicas: [InstanceAddress]) -> String {
        let what = replicas.count == 1 ? "\(replicas[0]) has" : "the \(replicas.count) replicas have"
        return "\(server) to apply what \(what)"
    }
}

extension Fleet {
    /// Whether everything that one server has came over another: each on the way up to it has one source only, and writes
    /// nothing itself.
    fileprivate func hasEverything(from server: InstanceAddress, _ other: InstanceAddress) -> Bool {
        var seen: Set<InstanceAddress> = []
        var next = canonical(server)
        let other = canonical(other)
        while next != other {
            if next != canonical(server), self[next]?.facts?.writability.isWritable ?? true { return false }
            let sources = (self[next]?.channels ?? []).compactMap { source(of: $0) }
            guard sources.count == 1, seen.insert(next).inserted else { return false }
            next = sources[0]
        }
        return true
    }

    /// The domains that a server has logged (MariaDB).
    fileprivate func domains(of server: InstanceAddress) -> Set<UInt32>? {
        guard case .mariadb(let state)? = self[server]?.facts?.gtid else { return nil }
        return Set(state.binlogState.gtids.map(\.domain))
    }

    /// The first writable one of the servers over which a replica gets what another has, `nil` where it gets nothing from there.
    fileprivate func writer(above replica: InstanceAddress, below top: InstanceAddress) -> InstanceAddress? {
        let top = canonical(top)
        var seen: Set<InstanceAddress> = [canonical(replica)]
        var next = canonical(replica)
        var writer: InstanceAddress?
        while let source = (self[next]?.channels ?? []).lazy.compactMap({ self.source(of: $0) }).first,
            seen.insert(source).inserted
        {
            if source == top { return writer }
            if writer == nil, self[source]?.facts?.writability.isWritable == true { writer = source }
            next = source
        }
        return nil
    }

    /// Whether a server is another one, or replicates from it over any channels and servers.
    func isFed(_ server: InstanceAddress, by other: InstanceAddress) -> Bool {
        canonical(server) == canonical(other) || upstream(of: [server]).contains(canonical(other))
    }
}
