import Refactoring
import Topology

/// No step may close a ring, also not one to which somebody else contributes the other half.
///
/// Two moves that are legal each by itself may make a ring together, on servers that have nothing in common: of
/// a(b(x) c(y)), b below y and c below x. Every server above a new source is locked, so that it stays where it is until
/// the replica has moved; and only then looked at.
extension OperationRun {
    /// Steps that an earlier attempt has not done.
    var openSteps: [Int] {
        let done = operation.doneSteps.subtracting(repeated)
        return plan.steps.indices.filter { !done.contains($0) }
    }

    /// Locks and looks at all that stand above the new sources of steps, where they stand now.
    ///
    /// - Returns: the first step that would close a ring, or below whose source somebody else is at work.
    func lookAbove(_ steps: [Int]) async -> StepFailure? {
        let targets = steps.map { ($0, plan.steps[$0].newSources.map(fleet.canonical)) }.filter { !$0.1.isEmpty }
        guard !targets.isEmpty else { return nil }
        // All that are expected at once; the way up is then gone by what they answered.
        let sources = targets.flatMap(\.1)
        var looks = await looks(at: fleet.upstream(of: sources).union(sources).subtracting(unlocked))
        for (index, sources) in targets {
            do throws(StepFailure) {
                try await goUp(from: sources, for: index, &looks)
            } catch {
                progress(.stepFailed(error))
                return error
            }
        }
        return nil
    }

    private func goUp(
        from sources: [InstanceAddress], for index: Int, _ looks: inout [InstanceAddress: InstanceFacts]
    ) async throws(StepFailure) {
        let replica = plan.steps[index].instance
        var seen = Set(sources)
        var pending = sources
        while let address = pending.popLast() {
            let channels = try await channels(of: address, for: index, &looks)
            for channel in channels {
                guard let source = source(of: channel, on: address, at: index) else { continue }
                if source == replica, !isMeant(ReplicaChannel(address, channel: channel.name), by: replica) {
                    throw stepRun(index).failure(
                        .precondition,
                        "\(address) follows \(replica) by now, so that this would make a ring")
                }
                if source != replica, seen.insert(source).inserted { pending.append(source) }
            }
        }
        above[index] = seen
    }

    /// The channels of a server that is locked, or what is remembered of one that does not answer.
    private func channels(
        of address: InstanceAddress, for index: Int, _ looks: inout [InstanceAddress: InstanceFacts]
    ) async throws(StepFailure) -> [ReplicationChannel] {
        if locks[address] == nil, !unlocked.contains(address) {
            do throws(ServerTrouble) {
                locks[address] = try await servers.lock(address)
                looks[address] = try? await servers.probe(address)
            } catch {
                // Another step of ours may have been faster.
                if case .locked(_, let holder) = error, locks[address] == nil {
                    throw stepRun(index).failure(.lock, "\(address) above its new source is locked by \(holder)")
                }
                unlocked.insert(address)
            }
        }
        return looks[address]?.channels ?? fleet[address]?.channels ?? []
    }

    /// Whom a channel follows, or will when the stage of that step is done. What a later stage makes of it is asked for that
    /// stage's own steps: a server may follow another for a while, which follows it afterwards.
    private func source(
        of channel: ReplicationChannel, on address: InstanceAddress, at index: Int
    ) -> InstanceAddress? {
        let stage = plan.steps[index].stage
        for step in plan.steps.reversed() where step.instance == address && step.stage <= stage {
            for command in step.commands.reversed() {
                switch command {
                case .resetReplica(channel.name, _): return nil
                case .changeSource(channel.name, let change):
                    if change.rawHost != nil { return nil }
                    if let source = change.source { return fleet.canonical(source) }
                default: break
                }
            }
        }
        return channel.source.map(fleet.canonical)
    }

    /// Whether a channel is the other half of a ring of two that the plan closes on purpose.
    private func isMeant(_ partner: ReplicaChannel, by leaver: InstanceAddress) -> Bool {
        (plan.ringsClosed ?? []).contains { $0.partner == partner && $0.leaver.instance == leaver }
    }

    /// What is wrong with the locks on those above the new source of a step. One that was lost is taken again, and the way
    /// up gone once more: its server may have been restarted, or led elsewhere.
    func lockTrouble(above index: Int, besides checked: Set<InstanceAddress>) async -> String? {
        var isAnyLost = false
        for address in (above[index] ?? []).subtracting(checked).sorted() {
            guard let lock = locks[address] else { continue }
            let standing = await lock.standing()
            if standing == .lost {
                await lock.release()
                locks[address] = nil
                isAnyLost = true
            } else if let trouble = standing.trouble(of: address) {
                return trouble
            }
        }
        return isAnyLost ? await lookAbove([index])?.message : nil
    }
}

extension LockStanding {
    func trouble(of address: InstanceAddress) -> String? {
        switch self {
        case .held: nil
        case .lost: "the lock on \(address) was lost, and another may be at work there"
        case .joined(let other): "\(address) is locked by \(other) since the operation began"
        }
    }
}

extension Plan {
    /// ``concerned`` and all that stand above the new sources, each by the address under which the fleet keeps it, and once.
    public func concerned(in fleet: Fleet) -> [InstanceAddress] {
        var seen: Set<InstanceAddress> = []
        let own = concerned.map(fleet.canonical)
        let above = fleet.upstream(of: steps.flatMap(\.newSources)).sorted()
        return (own + above).filter { seen.insert($0).inserted }
    }
}
