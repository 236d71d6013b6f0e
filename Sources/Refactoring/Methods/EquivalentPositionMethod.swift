import Topology

/// Two places, in the logs of two servers, before the same next transaction.
public struct Equivalence: Hashable, Sendable, Codable {
    /// A server and a place in its binary log, as long as that is not begun anew.
    public struct Place: Hashable, Sendable, Codable {
        public var instance: InstanceAddress
        public var position: BinlogPosition
        public var series: BinaryLogSeries

        /// Makes a place.
        public init(_ instance: InstanceAddress, _ position: BinlogPosition, in series: BinaryLogSeries) {
            self.instance = instance
            self.position = position
            self.series = series
        }

        fileprivate var witness: LogWitness { LogWitness(instance, series) }
    }

    public var first: Place
    public var second: Place

    /// Records that the two are the same moment.
    public init(_ first: Place, _ second: Place) {
        self.first = first
        self.second = second
    }

    /// Both places, that in the log of `source` first, where one is at `position` there and the other in the log of `target`.
    fileprivate func places(
        from source: InstanceAddress, _ position: BinlogPosition, to target: InstanceAddress
    ) -> (here: Place, there: Place)? {
        for (here, there) in [(first, second), (second, first)]
        where here.instance == source && here.position == position && there.instance == target {
            return (here, there)
        }
        return nil
    }
}

/// At a place in the target's log that earlier moves recorded as the same as where the replica stands.
///
/// It holds only while the applier stands exactly there, which is looked at again when it is stopped, and while neither log
/// was begun anew since the places were noted, which both servers have to prove before anything is done.
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
        let target = relocation.target.address
        guard
            let (here, there) = equivalences.lazy.compactMap({ $0.places(from: source, executed, to: target) }).first
        else {
            return .refused("no place in the log of \(target) is recorded as the same as \(executed)")
        }
        for place in [here, there] {
            guard let end = relocation.fleet[place.instance]?.facts?.binaryLog?.position else {
                return .refused("where the log of \(place.instance) ends is not known")
            }
            guard end.isComparable(with: place.position), end >= place.position else {
                return .refused("the log of \(place.instance) ends before \(place.position): it was begun anew since")
            }
        }
        let name = channel.name
        var stop = relocation.stopStep()
        stop.proof.append(.executed(.known(executed), channel: name))
        stop.logs = [here.witness, there.witness]
        var change = Step(
            stage: 0, on: replica.address, "follow \(relocation.target.address) at the recorded place",
            preconditions: relocation.before + threads.stopped + [.executed(.known(executed), channel: name)],
            commands: [relocation.change(.binlog(.known(there.position)))],
            proof: [.follows(relocation.target.address, channel: name)], timeLimit: relocation.limits.statement,
            inverse: [relocation.changeBack(.binlog(.known(executed)))])
        change.logs = stop.logs
        return .steps(
            Stages([
                [stop], [change], relocation.startStep().map { [$0] } ?? [],
            ]))
    }
}
