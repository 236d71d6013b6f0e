import Topology

/// The binary logs of a server that are to be removed: those before a file.
public struct PurgedLogs {
    private let server: InstanceAddress
    private let facts: InstanceFacts?
    /// The beginning of the file that stays.
    private let first: BinlogPosition

    init(of server: Instance, before first: BinlogPosition) {
        self.server = server.address
        facts = server.facts
        self.first = first
    }

    /// Those that a step removes; `nil` where it removes none.
    ///
    /// - Parameter facts: of its server, read just before it runs.
    public init?(_ step: Step, _ facts: InstanceFacts) {
        let files = step.commands.compactMap { if case .purgeBinaryLogs(let file) = $0 { file } else { nil } }
        guard let file = files.first else { return nil }
        server = step.instance
        self.facts = facts
        first = BinlogPosition(file: file, offset: 0)
    }

    /// Who may need them: those that follow the server, those that are detached from it, and those that it lists now.
    ///
    /// - Parameter fleet: as it was read when the plan was made, or before it is gone on with. Whom the server listed then, and
    ///   who is not in it, was left out of it on purpose.
    public func replicas(in fleet: Fleet) -> Set<InstanceAddress> {
        let server = fleet.canonical(server)
        let listedBefore = fleet[server]?.facts?.reportedReplicas ?? []
        let listed = (facts?.reportedReplicas ?? []).filter { fleet[$0] != nil || !listedBefore.contains($0) }
        let all = fleet.replicas(of: server) + fleet.detached(from: server).map(\.address) + listed.map(fleet.canonical)
        return Set(all).subtracting([server])
    }

    /// Why a replica still needs them, or may; `nil` where it does not.
    ///
    /// - Parameter facts: of the replica, read just before.
    public func objection(of replica: InstanceAddress, _ facts: InstanceFacts, in fleet: Fleet) -> String? {
        let server = fleet.canonical(server)
        let replicas = facts.channels.filter { !$0.isInternalToGroup }
        var meant = replicas.filter { channel in
            [channel.source, channel.detachedFrom].contains { $0.map(fleet.canonical) == server }
        }
        // It may know the server by a name that nobody here does.
        if meant.isEmpty { meant = replicas.filter { $0.source.map { fleet[$0] == nil } ?? false } }
        for channel in meant {
            do throws(PlanRefusal) {
                _ = try need(of: ReplicaChannel(replica, channel: channel.name), channel, facts)
            } catch {
                return error.reasons.first?.sentence
            }
        }
        return nil
    }

    /// What shows that a channel needs none of them.
    ///
    /// - Throws: ``PlanRefusal`` where it does, and where its place is not known.
    func need(
        of reference: ReplicaChannel, _ channel: ReplicationChannel, _ replica: InstanceFacts?
    ) throws(PlanRefusal) -> Expectation {
        // A change by GTID, as detaching is, makes a channel forget its place in the log until it has connected.
        if channel.detachedFrom != nil, channel.positioning == .autoPosition,
            case .mysql(let own)? = replica?.gtid, case .mysql(let theirs)? = facts?.gtid,
            !theirs.executed.isEmpty, theirs.executed.subtracting(own.executed).isEmpty
        {
            return .hasExecuted(.known(theirs.executed))
        }
        guard let executed = channel.executed else {
            throw PlanRefusal(
                LogCondition.placeUnknown, "where \(reference) stands is not known",
                .advice("look why with `baton doctor \(reference.instance)`"))
        }
        let hasLeft =
            executed.isComparable(with: first) && executed.fileNumber ?? 0 >= first.fileNumber ?? UInt64.max
        guard hasLeft else {
            throw PlanRefusal(
                LogCondition.needed,
                "\(reference) stands at \(executed), and still needs what is before \(first.file)",
                measured: [Measurement("executed position", of: reference.instance, executed.description)],
                .advice("name \(executed.file) or an earlier file"),
                .advice("wait until \(reference.instance) is there"))
        }
        return .executedAtLeast(.known(first), channel: channel.name)
    }
}

extension Fleet {
    /// The channels that were detached from `source`, and are to be attached to it again.
    func detached(from source: InstanceAddress) -> [FoundReplica] {
        let source = canonical(source)
        return instances.sorted { $0.address < $1.address }.flatMap { instance in
            instance.channels.filter { $0.detachedFrom.map(canonical) == source }
                .map { FoundReplica(instance: instance, channel: $0) }
        }
    }
}
