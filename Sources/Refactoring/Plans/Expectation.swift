import Topology

/// Something that can be seen in one server's facts: before a step its precondition, after it its proof.
public enum Expectation: Hashable, Sendable, Codable {
    /// The channel's configured source is this one (by any of its names).
    case follows(InstanceAddress, channel: String)
    /// The channel has no source configured.
    case followsNobody(channel: String)
    /// Both threads of the channel run.
    case replicates(channel: String)
    /// These threads of the channel are stopped.
    case stopped(ReplicationThreads, channel: String)
    /// These threads of the channel were started; the receiver may still be connecting.
    case started(ReplicationThreads, channel: String)
    /// The channel's applier has executed its source's log exactly to there.
    case executed(Late<BinlogPosition>, channel: String)
    /// The channel's applier has executed its source's log to there or further.
    case executedAtLeast(Late<BinlogPosition>, channel: String)
    /// The channel's applier has applied every whole transaction that was received. A receiver that is stopped within a
    /// transaction leaves a part of it behind, which is beyond where the applier comes to stand.
    case appliedReceived(channel: String)
    /// The channel's receiver has read its source's log exactly to there. Where it has read further, what was decided by how
    /// far it was has to be decided anew.
    case received(BinlogPosition, channel: String)
    /// These transactions are executed (MySQL).
    case hasExecuted(Late<GTIDSet>)
    /// The applier stands at that position or beyond (MariaDB).
    case hasReached(Late<GTIDPosition>)
    /// These transactions are executed, and no others (MySQL).
    case hasExecutedExactly(Late<GTIDSet>)
    /// The applier stands at that position, neither before nor beyond it (MariaDB's `gtid_slave_pos`).
    case standsAt(Late<GTIDPosition>)
    /// The server's own binary log ends there: nothing was logged since.
    case binaryLogEnds(at: Late<BinlogPosition>)
    /// The channel's applier has stopped with this error at this place of its source's log, which is left out where the
    /// server tells none.
    case stoppedOnError(code: Int, at: BinlogPosition?, channel: String)
    /// How the channel finds its place.
    case positions(Positioning, channel: String)
    /// Who may write.
    case writability(Writability)
    /// The configured delay.
    case delay(Duration, channel: String)
    /// The server is the one that the plan was made for, and not another at its address.
    case identity(serverID: UInt32, ServerUUID?)
    /// A semi-sync side is switched on or off.
    case semiSync(GlobalVariable, SwitchState)
    /// The source's side of semi-sync waits for so many acknowledgements.
    case semiSyncWaits(for: Int)
    /// The running receiver acknowledges what it receives, or does not.
    case acknowledges(SwitchState)
}

/// On or off, as servers write it.
public enum SwitchState: String, Hashable, Sendable, Codable, CaseIterable {
    case on = "ON"
    case off = "OFF"
}
