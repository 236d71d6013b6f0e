import Topology

/// Two places, in the logs of two servers, before the same next transaction.
public struct Equivalence: Hashable, Sendable, Codable {
    /// A server and a place in its binary log.
    public struct Place: Hashable, Sendable, Codable {
        public var instance: InstanceAddress
        public var position: BinlogPosition

        /// Makes a place.
        public init(_ instance: InstanceAddress, _ position: BinlogPosition) {
            self.instance = instance
            self.position = position
        }
    }

    public var first: Place
    public var second: Place

    /// Records that the two are the same moment.
    public init(_ first: Place, _ second: Place) {
        self.first = first
        self.second = second
    }

    /// The place in the log of `target` that is the same as `place`.
    func position(in target: InstanceAddress, for place: Place) -> BinlogPosition? {
        if first == place, second.instance == target { return second.position }
        return second == place && first.instance == target ? first.position : nil
    }
}

/// At a place in the target's log that earlier moves recorded as the same as where the replica stands.
///
/// It holds only while the applier stands exactly there, which is looked at again when it is stopped.
struct EquivalentPositionMethod: Method {
    let name = "equivalent"
    let touchesReplicaOnly = true
    let moves: Set<Positioning> = [.binlogPosition]
    let equivalences: [Equivalence]

    func steps(for relocation: Relocation) -> MethodAnswer {
        let (replica, channel, threads) = (relocation.replica, relocation.channel, relocation.threads)
        guard channel.positioning == .binlogPosition else { return .refused("\(replica.address) follows by GTID") }
        guard let source = relocation.source, let executed = channel.executed else {
            return .refused("where \(replica.address) stands is not known")
        }
        let here = Equivalence.Place(source, executed)
        guard
            let there = equivalences.lazy.compactMap({ $0.position(in: relocation.target.address, for: here) }).first
        else {
            return .refused(
                "no place in the log of \(relocation.target.address) is recorded as the same as \(executed)")
        }
        let name = channel.name
        var stop = relocation.stopStep()
        stop.proof.append(.executed(.known(executed), channel: name))
        let change = Step(
            stage: 0, on: replica.address, "follow \(relocation.target.address) at the recorded place",
            preconditions: relocation.before + threads.stopped + [.executed(.known(executed), channel: name)],
            commands: [relocation.change(.binlog(.known(there)))],
            proof: [.follows(relocation.target.address, channel: name)], timeLimit: relocation.limits.statement,
            inverse: [relocation.changeBack(.binlog(.known(executed)))])
        return .steps(
            Stages([
                [stop], [change], relocation.startStep().map { [$0] } ?? [],
            ]))
    }
}
