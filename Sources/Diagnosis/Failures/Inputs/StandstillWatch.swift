import Topology

/// Follows, from look to look, primaries whose commits wait for more acknowledgements than there are replicas to give: a binary
/// log that does not move meanwhile says that commits hang, or that the next one would.
///
/// A log that stood still before counts from when acknowledgements became too few: nobody wrote until then.
public struct StandstillWatch: Sendable {
    private struct Watch {
        let end: BinlogPosition
        let since: Timestamp
    }

    private var watches: [InstanceAddress: Watch] = [:]

    /// Makes one that has seen nothing.
    public init() {}

    /// Takes note of what servers say.
    ///
    /// - Parameters:
    ///   - servers: every server that changed since the note before.
    ///   - moment: when they said it.
    public mutating func note(_ servers: [InstanceAddress], in fleet: Fleet, at moment: Timestamp) {
        for address in servers {
            let end = fleet[address]?.waitingLogEnd
            if end == watches[address]?.end { continue }
            watches[address] = end.map { Watch(end: $0, since: moment) }
        }
    }

    /// What it has noticed so far.
    public var signals: FailureSignals { FailureSignals(standstills: watches.mapValues(\.since)) }
}

extension Instance {
    /// The end of the binary log of a server that answers, and whose commits wait for replicas that it does not have.
    fileprivate var waitingLogEnd: BinlogPosition? {
        guard contact.isReachable, let facts, let side = facts.semiSync.source, side.isEnabled, side.isActive,
            side.clients < side.waitForReplicas
        else { return nil }
        return facts.binaryLog?.position
    }
}
