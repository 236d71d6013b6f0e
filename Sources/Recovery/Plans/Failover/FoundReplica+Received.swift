import Refactoring
import Topology

extension FoundReplica {
    /// Executed and received transactions (MySQL).
    var receivedGTIDs: GTIDSet? {
        guard case .mysql(let state)? = instance.facts?.gtid else { return nil }
        return state.executed.union(channel.retrieved ?? GTIDSet())
    }

    /// Whether its applier is stopped, and starting it again drops what it has received where the receiver is stopped too.
    var losesRelayLogWithBothStopped: Bool {
        !threads.applier && channel.applierError == nil && !instance.isMySQLFamily && channel.positioning.isGTID
    }

    /// Whether its applier has nothing left to do, as it was read.
    var hasAppliedAll: Bool {
        guard let facts = instance.facts else { return false }
        if channel.positioning == .autoPosition, case .mysql(let state) = facts.gtid, let retrieved = channel.retrieved
        {
            return retrieved.isSubset(of: state.executed)
        }
        return Expectation.appliedReceived(channel: channel.name).finding(in: facts).isHolding
    }

    /// Whether it stays behind what another replica of the same source has applied, as both were read: what its applier, where
    /// that runs, still has to do counts as done.
    func staysBehind(_ other: FoundReplica) -> Bool {
        switch (instance.facts?.gtid, other.instance.facts?.gtid) {
        case (.mysql(let own), .mysql(let theirs)) where channel.positioning == .autoPosition:
            let reached = threads.applier ? receivedGTIDs ?? own.executed : own.executed
            return reached.isSubset(of: theirs.executed)
        case (.mariadb(let own), .mariadb(let theirs)) where channel.positioning.isGTID:
            let received = threads.applier ? channel.receivedGTIDs?.gtids ?? [] : []
            let reached = GTIDPosition(own.replicaPosition.gtids + received)
            return theirs.replicaPosition.transactionsBehind(reached) == 0
        default:
            let reached = threads.applier ? channel.received : channel.executed
            guard let own = reached, let theirs = other.channel.executed else { return false }
            return own.isComparable(with: theirs) && own <= theirs
        }
    }
}
