import Topology

/// By MySQL's GTIDs: the replica tells its new source what it has, and gets the rest. No other server is touched, and
/// lag or stopped threads do not matter.
struct MySQLGTIDMethod: Method {
    let name = "gtid"
    let touchesReplicaOnly = true
    let moves: Set<Positioning> = [.autoPosition]

    func steps(for relocation: Relocation) -> MethodAnswer {
        let (replica, target) = (relocation.replica.address, relocation.target.address)
        guard case .mysql(let own)? = relocation.replica.facts?.gtid else {
            return .refused("\(replica) has no MySQL GTIDs")
        }
        guard relocation.channel.positioning == .autoPosition else {
            return .refused(
                "\(replica) follows by file and position",
                own.mode == .on ? [.command("baton enable-gtid \(replica)")] : [])
        }
        guard case .mysql(let theirs)? = relocation.target.facts?.gtid, theirs.mode != .off else {
            return .refused("\(target) has no GTIDs (gtid_mode = OFF)")
        }
        let missing = theirs.purged.subtracting(own.executed)
        guard missing.isEmpty else {
            return .refused(
                "\(target) has purged \(missing), which \(replica) still needs",
                [.advice("let \(replica) catch up where it is first, or make it anew from a copy")])
        }
        return .steps(Stages([[relocation.movingStep(.autoPosition, .autoPosition)]]))
    }
}

extension Relocation {
    /// Stop, change and start as one step: by GTID each of the three may be said again, and the change may be taken
    /// back at any time, because the replica itself knows what it has.
    package func movingStep(_ positioning: SourcePositioning?, _ seen: Positioning) -> Step {
        let isApplying =
            keepsApplier && positioning == .autoPosition && replica.changesSourceWhileApplying(channel)
        let (stop, start) =
            isApplying ? (threads.stopReceiver, threads.startReceiver) : (threads.stop, threads.start)
        let place = isApplying ? nil : positioning
        return Step(
            stage: 0, on: replica.address,
            isInPlace ? "connect anew to \(target.address)" : "follow \(target.address)",
            preconditions: before + [.positions(seen, channel: name)] + threads.asFound,
            commands: stop + [change(place)] + start,
            proof: [.follows(target.address, channel: name), .positions(seen, channel: name)]
                + (isInPlace ? threads.asFound : threads.underNewSource),
            timeLimit: limits.statement,
            waitsFor: threads.receiver ? "its receiver to connect to \(target.address)" : nil,
            inverse: isInPlace
                ? start : stop + [changeBack(place)] + start)
    }
}
