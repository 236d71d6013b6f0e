import Topology

extension MovePlanner {
    /// The same source again, or another in whose log the replica's own place is said to hold.
    func repoint(
        _ replica: ReplicaChannel, to target: InstanceAddress?, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let found = try draft.find(replica)
        let source = try draft.source(of: found)
        let target = draft.fleet.canonical(target ?? source)
        if target == source {
            draft.append(try repointInPlace(found, draft))
            draft.intent = "Point \(found.reference) at its source \(source) again"
            return
        }
        if found.channel.positioning.isGTID { return try relocate(replica, below: target, &draft) }
        let relocation = try relocation(of: found, below: target, draft)
        try judged(relocation, &draft, moving: [found.address], .move)
        draft.object([
            Reason(
                MoveCondition.trustedPlace,
                "that the place of \(found.address) in the log of \(source) is the same in the log of \(target) "
                    + "cannot be checked",
                measured: [
                    Measurement(
                        "executed position", of: found.address, found.channel.executed?.description ?? "unknown")
                ],
                remedies: [.command("baton relocate \(found.address) \(target)")])
        ])
        let change = Step(
            stage: 0, on: found.address, "follow \(target) at its own place",
            preconditions: found.before + found.threads.stopped,
            commands: [relocation.change(.binlog(.observed(found.executed)))],
            proof: [.follows(target, channel: found.channel.name)], timeLimit: limits.statement,
            inverse: [relocation.changeBack(.binlog(.observed(found.executed)))])
        draft.append(
            Stages([
                [relocation.stopStep(observes: [found.executed])], [change],
                relocation.startStep().map { [$0] } ?? [],
            ]))
        draft.intent = "Point \(found.reference) at \(target), at its own place"
        draft.undo(by: .repoint(found.reference, to: source))
    }

    func repointReplicas(
        of source: InstanceAddress, only: Set<InstanceAddress>?, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let source = draft.fleet.canonical(source)
        let meant = only.map { Set($0.map(draft.fleet.canonical)) }
        let replicas = draft.replicas(of: source, only: meant)
        guard !replicas.isEmpty else {
            throw noReplicas(of: source, only)
        }
        var together = Stages()
        var (busy, later): (Set<InstanceAddress>, [Stages]) = ([], [])
        let silent = replicas.map(\.instance).filter { $0.contact.failure != nil }
        let staying = (silent + draft.unreadReplicas(of: source, only: meant)).map {
            ($0.address, draft.silence(of: $0))
        }
        let answering = replicas.filter { $0.instance.contact.failure == nil }
        guard !answering.isEmpty, !draft.isWhole || staying.isEmpty else { throw PlanRefusal(staying.map(\.1)) }
        draft.object(staying.map { $0.1.leftWhereItIs($0.0) })
        for found in answering {
            let choice = try repointInPlace(found, draft)
            draft.note(choice)
            if busy.insert(found.address).inserted {
                together.merge(choice.stages)
            } else {
                later.append(choice.stages)
            }
        }
        draft.append(together)
        for stages in later { draft.append(stages) }
        draft.intent = "Point \(Self.words(answering.map(\.address), of: source)) at it again"
    }

    /// Nobody is there to be moved.
    func noReplicas(
        of source: InstanceAddress, _ only: Set<InstanceAddress>?, besides target: InstanceAddress? = nil
    ) -> PlanRefusal {
        let besides = target.map { " besides \($0)" } ?? ""
        return PlanRefusal(
            MoveCondition.noReplicas,
            only == nil
                ? "nobody follows \(source)\(besides)" : "none of those that were named follows \(source)\(besides)",
            .command("baton replicas \(source)"), .advice("choose a server with replicas"))
    }

    /// The source need not answer, nor be known: nothing is asked of it.
    private func repointInPlace(_ found: FoundReplica, _ draft: PlanDraft) throws(PlanRefusal) -> MethodChoice {
        let source = try draft.source(of: found)
        let target = draft.fleet[source] ?? Instance(address: source)
        let relocation = Relocation(found.instance, found.channel, below: target, in: draft.fleet, limits: limits)
        try checkReconnecting(found, draft)
        guard found.channel.positioning.isGTID else { return try methods.choose(for: relocation, isLimited: isLimited) }
        let place = found.channel.positioning == .autoPosition ? SourcePositioning.autoPosition : found.presentPlace
        let step = relocation.movingStep(place, found.channel.positioning)
        return MethodChoice(
            method: found.channel.positioning == .autoPosition ? MySQLGTIDMethod() : MariaDBGTIDMethod(),
            stages: Stages([[step]]), refused: [])
    }
}
