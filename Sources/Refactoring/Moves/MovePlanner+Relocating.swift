import Topology

extension MovePlanner {
    /// One replica below any server: by one method, or by position over servers in between.
    package func relocate(
        _ replica: ReplicaChannel, below target: InstanceAddress, _ draft: inout PlanDraft,
        context: RuleContext = .move
    ) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let relocation = try relocation(of: found, below: target, draft)
        let old = try draft.source(of: found)
        try judged(relocation, &draft, moving: [found.address], context)
        try append(relocation, to: &draft)
        draft.intent = "Move \(found.reference) below \(relocation.target.address)"
        draft.undo(by: .relocate(found.reference, below: old))
    }

    func relocateSubtree(
        _ replica: ReplicaChannel, below target: InstanceAddress, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        try relocate(replica, below: target, &draft)
        switch draft.fleet.replicas(of: replica.instance).count {
        case 0: break
        case 1: draft.intent += ", with the replica that follows it"
        case let count: draft.intent += ", with the \(count) replicas that follow it"
        }
    }

    /// Below another replica of the same source, and nowhere else.
    func moveBelow(
        _ replica: ReplicaChannel, _ sibling: InstanceAddress, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.source(of: found)
        let other = try draft.target(sibling)
        guard other.address != source else { throw Self.followsAlready(found, source) }
        guard other.channels.contains(where: { draft.fleet.source(of: $0) == source }), other.address != found.address
        else {
            throw PlanRefusal(
                MoveCondition.notSiblings, "\(found.address) and \(sibling) are not two replicas of \(source)",
                .command("baton relocate \(found.address) \(sibling)"))
        }
        try relocate(replica, below: sibling, &draft)
    }

    /// A server's replicas, those that can: a few that can't do not keep the others, but have to be agreed to.
    func relocateReplicas(
        of source: InstanceAddress, only: Set<InstanceAddress>?, below target: InstanceAddress,
        _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let source = try draft.server(source).address
        let target = try draft.target(target).address
        guard source != target else {
            throw PlanRefusal(
                Rule.sameSource, "the replicas of \(source) follow \(target) already", .anotherTarget,
                .command("baton repoint-replicas \(source)"))
        }
        let meant = only.map { Set($0.map(draft.fleet.canonical)) }
        let moving = draft.replicas(of: source, only: meant).filter { $0.address != target }
        let unread = draft.unreadReplicas(of: source, only: meant)
        guard !moving.isEmpty || !unread.isEmpty else {
            throw noReplicas(of: source, only, besides: target)
        }
        let moved = try relocateAll(moving, below: target, &draft, unread: unread)
        draft.intent = "Move \(Self.words(moved, of: source)) below \(target)"
        draft.undo(by: .relocateReplicas(of: target, only: Set(moved), below: source))
    }

    /// Moves each that can be moved; those that touch no other server at once, the others one after another.
    ///
    /// - Parameter unread: those of the same group of which nothing is known: they stay.
    /// - Throws: ``PlanRefusal`` where none can.
    /// - Returns: those that move.
    @discardableResult
    package func relocateAll(
        _ moving: [FoundReplica], below target: InstanceAddress, _ draft: inout PlanDraft, unread: [Instance]
    ) throws(PlanRefusal) -> [InstanceAddress] {
        let group = Set(moving.map(\.address))
        var (together, oneByOne): (Stages, [FoundReplica]) = (Stages(), [])
        var (busy, moved): (Set<InstanceAddress>, [InstanceAddress]) = ([], [])
        var failures = unread.map { (draft.silence(of: $0), $0.address) }
        for found in moving {
            do throws(PlanRefusal) {
                let relocation = try relocation(of: found, below: target, draft)
                try judged(relocation, &draft, moving: group, .move)
                // Two channels of one replica are two steps on one server, which never run at once.
                guard let choice = try? methods.choose(for: relocation), choice.method.touchesReplicaOnly,
                    busy.insert(found.address).inserted
                else {
                    oneByOne.append(found)
                    continue
                }
                together.merge(choice.stages)
                draft.note(choice)
                moved.append(found.address)
            } catch {
                failures += error.reasons.map { ($0, found.address) }
            }
        }
        draft.append(together)
        for found in oneByOne {
            do throws(PlanRefusal) {
                let relocation = try relocation(of: draft.find(found.reference), below: target, draft)
                try append(relocation, to: &draft)
                moved.append(found.address)
            } catch {
                failures += error.reasons.map { ($0, found.address) }
            }
        }
        guard !moved.isEmpty, !draft.isWhole || failures.isEmpty else { throw PlanRefusal(failures.map(\.0)) }
        // Of one that stays only what keeps it there is of interest.
        draft.object(failures.filter { $0.0.gravity == .refuse }.map { $0.0.leftWhereItIs($0.1) })
        return moved
    }

    /// A replica goes below its source's source, and the source below it.
    func takeSource(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.source(of: found)
        let sourceInstance = try draft.server(source)
        guard sourceInstance.isReplica else {
            throw PlanRefusal(
                MoveCondition.sourceIsPrimary, "\(source) is the primary: taking its place is a switchover",
                .advice("make a switchover to \(found.address)"),
                .command("baton make-co-primary \(found.address)"))
        }
        let above = try draft.sourceAbove(found)
        guard above != found.address else {
            throw PlanRefusal(
                CoPrimaryCondition.already, "\(source) and \(found.address) replicate from each other",
                .command("baton end-co-primary \(source)"))
        }
        let sourceChannel = try draft.find(ReplicaChannel(source)).reference
        try relocate(replica, below: above, &draft, context: .takeover)
        try relocate(sourceChannel, below: found.address, &draft, context: .takeover)
        draft.intent = "Let \(found.reference) take the place of its source \(source), and \(source) follow it"
    }

    func takeSiblings(_ replica: ReplicaChannel, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.source(of: found)
        let siblings = draft.replicas(of: source).filter { sibling in
            // The source's co-primary is above both.
            sibling.address != found.address && !draft.isBelow(source, sibling.address)
        }
        guard !siblings.isEmpty else {
            throw PlanRefusal(
                MoveCondition.noSiblings, "\(source) has no other replicas than \(found.address)",
                .advice("choose a replica with siblings"))
        }
        let moved = try relocateAll(
            siblings, below: found.address, &draft, unread: draft.unreadReplicas(of: source))
        draft.intent = "Move \(Self.words(moved, of: source)) below \(found.address), another of its replicas"
        draft.undo(by: .relocateReplicas(of: found.address, only: Set(moved), below: source))
    }
}

extension MovePlanner {
    package func relocation(
        of found: FoundReplica, below target: InstanceAddress, _ draft: PlanDraft
    ) throws(PlanRefusal) -> Relocation {
        let target = try draft.target(target)
        return Relocation(found.instance, found.channel, below: target, in: draft.fleet, limits: limits)
    }

    /// Asks the rules; a ring is never planned, whatever they say.
    package func judged(
        _ relocation: Relocation, _ draft: inout PlanDraft, moving: Set<InstanceAddress>, _ context: RuleContext
    ) throws(PlanRefusal) {
        guard !relocation.isInPlace else {
            throw Self.followsAlready(
                FoundReplica(instance: relocation.replica, channel: relocation.channel), relocation.target.address)
        }
        let verdict = judge(relocation, draft.sceneAfter, moving, context)
        let ring = draft.knownRing(
            closedBy: relocation.replica.address, channel: relocation.name, below: relocation.target.address)
        if let ring {
            let rest = Verdict(verdict.reasons.filter { !Self.meantByCoPrimaries.contains($0.rule) })
            if case .refused(let reasons) = rest { throw PlanRefusal(reasons) }
            draft.object(rest.reasons)
            draft.ringsClosed.append(ring)
            return
        }
        if case .refused(let reasons) = verdict { throw PlanRefusal(reasons) }
        if draft.isBelow(relocation.target.address, relocation.replica.address) {
            throw PlanRefusal(
                MoveCondition.ring,
                "\(relocation.target.address) is below \(relocation.replica.address), or is it: that would be a ring",
                .advice("choose a server that does not replicate from \(relocation.replica.address)"))
        }
        draft.object(verdict.reasons)
    }

    /// To renew a connection is not what somebody means who moves a replica.
    private static func followsAlready(_ found: FoundReplica, _ source: InstanceAddress) -> PlanRefusal {
        let channel = found.channel.name.isEmpty ? "" : " --channel \(found.channel.name)"
        return PlanRefusal(
            Rule.sameSource, "\(found.reference) follows \(source) already",
            measured: [Measurement("source", of: found.address, source.description)], .anotherTarget,
            .command("baton repoint \(found.address)\(channel)"))
    }

    /// Adds the steps of one relocation, by one method or over servers in between.
    private func append(_ relocation: Relocation, to draft: inout PlanDraft) throws(PlanRefusal) {
        do throws(PlanRefusal) {
            draft.append(try methods.choose(for: relocation, isLimited: isLimited))
        } catch {
            try relocateByHops(relocation, &draft, direct: error)
        }
    }

    /// By position a replica moves to a neighbour only; further away it moves several times, up to the first server that
    /// is above both, and down from there.
    private func relocateByHops(
        _ relocation: Relocation, _ draft: inout PlanDraft, direct: PlanRefusal
    ) throws(PlanRefusal) {
        guard relocation.channel.positioning == .binlogPosition, let hops = Self.hops(relocation), hops.count > 1 else {
            throw direct
        }
        var attempt = draft
        for hop in hops {
            do throws(PlanRefusal) {
                let found = try attempt.find(ReplicaChannel(relocation.replica.address, channel: relocation.name))
                let part = try self.relocation(of: found, below: hop, attempt)
                try judged(part, &attempt, moving: [relocation.replica.address], .move)
                attempt.append(try methods.choose(for: part))
            } catch {
                throw PlanRefusal(direct.reasons + error.reasons)
            }
        }
        draft = attempt
    }

    /// Whether a replica that follows by position can get there over servers in between.
    static func hasHops(_ relocation: Relocation) -> Bool {
        relocation.channel.positioning == .binlogPosition && (hops(relocation)?.count ?? 0) > 1
    }

    /// The servers to move below, one after another.
    private static func hops(_ relocation: Relocation) -> [InstanceAddress]? {
        guard let source = relocation.source else { return nil }
        let up = chain(from: source, in: relocation.fleet)
        let down = chain(from: relocation.target.address, in: relocation.fleet)
        guard let common = up.firstIndex(where: { down.contains($0) }),
            let place = down.firstIndex(of: up[common])
        else { return nil }
        return Array(up[1...].prefix(common)) + down[..<place].reversed()
    }

    /// The server and those above it, as long as each has one source and none comes twice.
    private static func chain(from address: InstanceAddress, in fleet: Fleet) -> [InstanceAddress] {
        var chain: [InstanceAddress] = []
        var next: InstanceAddress? = address
        while let address = next, !chain.contains(address) {
            chain.append(address)
            let sources = (fleet[address]?.channels ?? []).compactMap { fleet.source(of: $0) }
            next = sources.count == 1 ? sources[0] : nil
        }
        return chain
    }

    static func words(_ moved: [InstanceAddress], of source: InstanceAddress) -> String {
        switch moved.count {
        case 1: "\(moved[0]), a replica of \(source),"
        case 2: "\(moved[0]) and \(moved[1]), replicas of \(source),"
        case 3: "\(moved[0]), \(moved[1]) and \(moved[2]), replicas of \(source),"
        default: "\(moved.count) replicas of \(source)"
        }
    }
}

extension Reason {
    /// The same as an objection to a group of which one member stays.
    package func leftWhereItIs(_ address: InstanceAddress) -> Reason {
        var reason = self
        if gravity == .refuse {
            reason.gravity = .confirm
            reason.sentence = "\(address) is left where it is: \(sentence)"
        }
        return reason
    }
}
