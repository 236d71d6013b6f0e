import Topology

/// A plan while it is being made: what has been decided, and the fleet as it will be then.
package struct PlanDraft {
    package let scene: RuleScene
    /// The fleet after the steps so far.
    package private(set) var fleet: Fleet
    package var intent = ""
    package private(set) var stages = Stages()
    package private(set) var methods: [String] = []
    package private(set) var refused: [MethodRefusal] = []
    package private(set) var reasons: [Reason] = []
    /// Rings of two that were found before an earlier plan took them apart: coming back may close them.
    package var rings: [CoPrimaryRing] = []
    /// Those of ``rings`` that it closes.
    package var ringsClosed: [CoPrimaryRing] = []
    /// Whether everything that is asked has to be done, or nothing: a group of which one can't move stays as it is.
    package var isWhole = false
    /// The last move first.
    package private(set) var undoMoves: [Move] = []
    /// Whose place is taken by it, in a plan of recovery.
    package var succession: Succession?
    /// Servers that are neither locked nor asked.
    package var givenUp: Set<InstanceAddress> = []

    package init(_ scene: RuleScene) {
        self.scene = scene
        fleet = scene.fleet
    }

    /// The scene as later steps find it.
    package var sceneAfter: RuleScene {
        guard !stages.steps.isEmpty else { return scene }
        return RuleScene(fleet, limits: scene.limits, now: scene.now, holds: scene.holds, marks: scene.marks)
    }

    package mutating func append(_ later: Stages) {
        stages.append(later)
        fleet = later.preview(on: fleet)
    }

    package mutating func append(_ choice: MethodChoice) {
        append(choice.stages)
        note(choice)
    }

    package mutating func note(_ choice: MethodChoice) {
        if !methods.contains(choice.method.name) { methods.append(choice.method.name) }
        for refusal in choice.refused where !refused.contains(refusal) { refused.append(refusal) }
    }

    /// Of each way once why not, with what the first few of several moves said of it.
    private var methodsRefused: [MethodRefusal] {
        var ways: [String] = []
        for refusal in refused where !ways.contains(refusal.method) { ways.append(refusal.method) }
        return ways.map { way in
            let reasons = refused.filter { $0.method == way }.map(\.reason)
            let more = reasons.count > 3 ? ["and \(reasons.count - 3) more"] : []
            return MethodRefusal(way, (reasons.prefix(3) + more).joined(separator: "; "))
        }
    }

    package mutating func object(_ more: [Reason]) {
        for reason in more where !reasons.contains(reason) { reasons.append(reason) }
    }

    /// The ring of two, known from before, that comes of a channel following `source` now; `nil` where there is none, or where
    /// it is no longer as it was.
    package func knownRing(
        closedBy address: InstanceAddress, channel: String, below source: InstanceAddress
    ) -> CoPrimaryRing? {
        rings.first { $0.isClosed(by: address, channel: channel, below: source) && $0.stands(in: fleet) }
    }

    package mutating func undo(by move: Move) { undoMoves.insert(move, at: 0) }

    /// The plan.
    ///
    /// - Throws: ``PlanRefusal`` where a server is held, or nothing would happen.
    package func answer(verb: String) throws(PlanRefusal) -> PlanAnswer {
        var plan = Plan(
            intent: intent, verb: verb, method: methods.isEmpty ? "-" : methods.joined(separator: "+"),
            methodsRefused: methodsRefused, steps: stages.steps, undoMoves: undoMoves)
        guard !plan.steps.isEmpty else {
            throw PlanRefusal(
                MoveCondition.nothing, "there is nothing to do: everything is as it was asked for", .nothingToDo)
        }
        let left = plan.ringsLeft(in: scene.fleet)
        plan.ringsLeft = left.isEmpty ? nil : left
        plan.ringsClosed = ringsClosed.isEmpty ? nil : ringsClosed
        plan.succession = succession
        plan.givenUp = givenUp.isEmpty ? nil : givenUp
        for instance in plan.instances { plan.versions[instance] = fleet[instance]?.facts?.version.text }
        let held = scene.objectionsToTouching(plan.instances)
        if !held.isEmpty { throw PlanRefusal(held) }
        return .plan(plan, Verdict(reasons))
    }
}

/// A replica and the channel that was meant.
package struct FoundReplica {
    package var instance: Instance
    package var channel: ReplicationChannel

    package init(instance: Instance, channel: ReplicationChannel) {
        self.instance = instance
        self.channel = channel
    }

    package var address: InstanceAddress { instance.address }
    package var threads: FoundThreads { FoundThreads(channel) }
    package var reference: ReplicaChannel { ReplicaChannel(address, channel: channel.name) }
    package var executed: Observation { Observation(.executedPosition, of: address, channel: channel.name) }
    /// How to have the same again: by GTID as it is, by position where it stood when it was stopped.
    package var presentPlace: SourcePositioning? {
        switch channel.positioning {
        case .autoPosition: .autoPosition
        case .replicaPosition: .replicaPosition
        case .currentPosition: .currentPosition
        case .binlogPosition: .binlog(.observed(executed))
        }
    }
    /// Whose replica it is, as far as a plan can see it.
    package var before: [Expectation] {
        instance.identityExpectation
            + [
                channel.source.map { .follows($0, channel: channel.name) } ?? .followsNobody(channel: channel.name)
            ]
    }
}

extension PlanDraft {
    /// A server that was read.
    package func server(_ address: InstanceAddress) throws(PlanRefusal) -> Instance {
        guard let instance = fleet[address] else {
            throw PlanRefusal(
                NamingCondition.unknownServer, "\(address) is not known", .command("baton discover \(address)"))
        }
        guard instance.facts != nil else {
            throw PlanRefusal(
                NamingCondition.unreadServer, "\(address) has never been read", .command("baton doctor \(address)"))
        }
        return instance
    }

    /// A server that is to be followed, and was read.
    package func target(_ address: InstanceAddress) throws(PlanRefusal) -> Instance {
        if let instance = fleet[address], instance.facts == nil,
            let silence = instance.contact.silence(of: instance.address, at: scene.now)
        {
            throw PlanRefusal(
                Rule.targetContact, silence.sentence, measured: [silence.measured],
                .command("baton doctor \(instance.address)"), .advice("choose another target"))
        }
        return try server(address)
    }

    /// Replicas that a server lists and that were never read: nobody knows which channels they have.
    package func unreadReplicas(of source: InstanceAddress, only: Set<InstanceAddress>? = nil) -> [Instance] {
        let listed = Set((fleet[source]?.facts?.reportedReplicas ?? []).map(fleet.canonical))
        return listed.sorted().compactMap { fleet[$0] }
            .filter { $0.facts == nil && only?.contains($0.address) ?? true }
    }

    /// That a replica does not answer, or was never read.
    package func silence(of replica: Instance) -> Reason {
        let silence = replica.contact.silence(of: replica.address, at: scene.now)
        return Reason(
            Rule.replicaContact.id, .refuse, silence?.sentence ?? "\(replica.address) was never read by baton",
            measured: [silence?.measured ?? Measurement("contact", of: replica.address, "never")],
            remedies: [
                .command("baton doctor \(replica.address)"), .advice("bring it back first"),
                .command("baton forget \(replica.address)"),
            ])
    }

    /// The replica and its channel: the one that was named, or the only one.
    package func find(_ replica: ReplicaChannel) throws(PlanRefusal) -> FoundReplica {
        try find(replica) { $0.source != nil }
    }

    /// As ``find(_:)``, of channels for which `isMeant` holds.
    package func find(
        _ replica: ReplicaChannel, where isMeant: (ReplicationChannel) -> Bool
    ) throws(PlanRefusal) -> FoundReplica {
        let instance = try server(replica.instance)
        let channels = instance.channels.filter(isMeant)
        if let name = replica.channel {
            guard let channel = channels.first(where: { $0.name == name }) else {
                let names = channels.map { "'\($0.name)'" }.joined(separator: ", ")
                throw PlanRefusal(
                    NamingCondition.noChannel, "\(instance.address) has no channel '\(name)'",
                    names.isEmpty
                        ? .advice("choose a replica; `baton topology` shows who follows whom")
                        : .advice("name one of \(names)"))
            }
            return FoundReplica(instance: instance, channel: channel)
        }
        guard let channel = channels.first else {
            if let source = instance.channels.compactMap(\.detachedFrom).first {
                throw PlanRefusal(
                    MoveCondition.detached,
                    "\(instance.address) is detached from \(source), and replicates from nobody",
                    .command("baton reattach-replica \(instance.address)"))
            }
            throw PlanRefusal(
                NamingCondition.notReplica, "\(instance.address) is nobody's replica",
                .advice("choose a replica; `baton topology` shows who follows whom"))
        }
        guard channels.count == 1 else {
            let names = channels.map { "'\($0.name)'" }.joined(separator: ", ")
            throw PlanRefusal(
                NamingCondition.channelUnnamed, "\(instance.address) has several channels: \(names)",
                .advice("say which one is meant with --channel"))
        }
        return FoundReplica(instance: instance, channel: channel)
    }

    /// The source of a replica, by the name under which the fleet keeps it.
    package func source(of found: FoundReplica) throws(PlanRefusal) -> InstanceAddress {
        guard let source = fleet.source(of: found.channel) else {
            throw PlanRefusal(
                NamingCondition.notReplica, "\(found.address) is nobody's replica",
                .advice("choose a replica; `baton topology` shows who follows whom"))
        }
        return source
    }

    /// The source of a replica's source.
    package func sourceAbove(_ found: FoundReplica) throws(PlanRefusal) -> InstanceAddress {
        let source = try source(of: found)
        do throws(PlanRefusal) {
            return try self.source(of: find(ReplicaChannel(source)))
        } catch {
            throw PlanRefusal(
                MoveCondition.noSourceAbove,
                "\(source), the source of \(found.address), has no single source to move up to",
                .advice("choose the server that it is to follow"))
        }
    }

    /// The channels from `source` of its direct replicas, each as often as it has some, those of the list only.
    package func replicas(of source: InstanceAddress, only: Set<InstanceAddress>? = nil) -> [FoundReplica] {
        let source = fleet.canonical(source)
        return fleet.replicas(of: source).filter { only?.contains($0) ?? true }.flatMap { address in
            (fleet[address]?.channels ?? []).filter { fleet.source(of: $0) == source }.compactMap { channel in
                fleet[address].map { FoundReplica(instance: $0, channel: channel) }
            }
        }
    }

    /// Whether `server` replicates, over any channels and servers, from `other`, or is it.
    package func isBelow(_ server: InstanceAddress, _ other: InstanceAddress) -> Bool {
        fleet.isFed(server, by: other)
    }
}
