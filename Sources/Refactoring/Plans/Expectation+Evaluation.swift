import Topology

extension Expectation {
    /// What a look at a server says of an expectation.
    public enum Finding: Hashable, Sendable {
        case holds
        /// It does not; what was found instead, as a clause: "it follows db1:3306".
        case fails(String)
        /// It does not, and waiting will not help: a thread stopped with an error, the server is another one.
        case hopeless(String)

        /// Whether it holds.
        public var isHolding: Bool { self == .holds }

        /// What was found, `nil` where it holds.
        public var found: String? {
            switch self {
            case .holds: nil
            case .fails(let found), .hopeless(let found): found
            }
        }
    }

    /// Compares it with the facts of its server.
    ///
    /// - Parameters:
    ///   - fleet: for the names of servers: a source counts under any of its names.
    ///   - observed: what earlier steps have read.
    public func finding(in facts: InstanceFacts, fleet: Fleet = Fleet(), observed: Observed = Observed()) -> Finding {
        switch self {
        case .hasExecuted(let gtids): return Self.hasExecuted(gtids.value(observed), facts)
        case .hasReached(let position): return Self.hasReached(position.value(observed), facts)
        case .hasExecutedExactly(let gtids): return Self.hasExecutedExactly(gtids.value(observed), facts)
        case .standsAt(let position): return Self.standsAt(position.value(observed), facts)
        case .binaryLogEnds(let position): return Self.binaryLogEnds(at: position.value(observed), facts)
        case .writability(let expected):
            return facts.writability == expected ? .holds : .fails("it is \(facts.writability.rawValue)")
        case .identity(let serverID, let uuid): return Self.isServer(serverID, uuid, facts.identity)
        case .semiSync(let side, let state): return Self.semiSync(side, state, facts.semiSync)
        case .semiSyncWaits(let count): return Self.waits(for: count, facts.semiSync)
        case .acknowledges(let state): return Self.acknowledges(state, facts.semiSync)
        case .follows, .followsNobody, .replicates, .stopped, .started, .executed, .executedAtLeast, .appliedReceived,
            .received, .stoppedOnError, .positions, .delay:
            let channel = facts.channels.first { $0.name == self.channel }
            return finding(of: channel, fleet: fleet, observed: observed)
        }
    }

    private func finding(of channel: ReplicationChannel?, fleet: Fleet, observed: Observed) -> Finding {
        guard let channel else { return findingWithoutChannel }
        switch self {
        case .follows(let source, _):
            guard let found = channel.source else { return .fails("it follows nobody") }
            return fleet.canonical(found) == fleet.canonical(source) ? .holds : .fails("it follows \(found)")
        case .followsNobody: return channel.source.map { .fails("it follows \($0)") } ?? .holds
        case .replicates: return Self.replicates(channel)
        case .stopped(let threads, _): return Self.stopped(threads, channel)
        case .started(let threads, _): return Self.started(threads, channel)
        case .executed(let position, _):
            guard let position = position.value(observed) else { return .fails("the place is not known yet") }
            guard let found = channel.executed else { return .fails("its applier reports no position") }
            if found == position { return .holds }
            let isBeyond = found.isComparable(with: position) && found > position
            return isBeyond ? .hopeless("its applier is beyond, at \(found)") : .fails("its applier is at \(found)")
        case .executedAtLeast(let position, _):
            guard let position = position.value(observed) else { return .fails("the place is not known yet") }
            guard let found = channel.executed else { return .fails("its applier reports no position") }
            guard found.isComparable(with: position) else {
                return .hopeless("its applier is at \(found), which is in another series of logs")
            }
            return found < position ? .fails("its applier is at \(found)") : .holds
        case .appliedReceived: return Self.appliedReceived(channel)
        case .received(let place, _):
            guard let found = channel.received else { return .hopeless("it does not say what it has received") }
            return found == place ? .holds : .hopeless("it has received to \(found)")
        case .stoppedOnError(let code, let place, _): return Self.stoppedOnError(code, place, channel)
        case .positions(let positioning, _):
            return channel.positioning == positioning
                ? .holds : .fails("it finds its place by \(channel.positioning.rawValue)")
        case .delay(let delay, _):
            return channel.delay == delay ? .holds : .fails("its delay is \(channel.delay.components.seconds) s")
        case .hasExecuted, .hasReached, .hasExecutedExactly, .standsAt, .binaryLogEnds, .writability, .identity,
            .semiSync, .semiSyncWaits, .acknowledges:
            return .holds
        }
    }

    private var findingWithoutChannel: Finding {
        switch self {
        // A channel that is not there has no threads and no source.
        case .followsNobody, .stopped: .holds
        default: .fails(channel == "" ? "it is no replica" : "it has no channel \(channel ?? "")")
        }
    }

    private static func replicates(_ channel: ReplicationChannel) -> Finding {
        if channel.isReplicating { return .holds }
        if channel.applier == .stopped, let error = channel.applierError {
            return .hopeless("its applier stopped with error \(error.code): \(error.message)")
        }
        if channel.receiver == .stopped, let error = channel.receiverError {
            return .hopeless("its receiver stopped with error \(error.code): \(error.message)")
        }
        if channel.receiver == .connecting {
            let error = channel.receiverError.map { ", error \($0.code): \($0.message)" } ?? ""
            return .fails("its receiver is still connecting\(error)")
        }
        return .fails(channel.receiver == .running ? "its applier is stopped" : "its receiver is stopped")
    }

    private static func stopped(_ threads: ReplicationThreads, _ channel: ReplicationChannel) -> Finding {
        let receives = channel.receiver != .stopped && threads != .applier
        let applies = channel.applier != .stopped && threads != .receiver
        switch (receives, applies) {
        case (false, false): return .holds
        case (true, true): return .fails("both of its threads run")
        case (true, false): return .fails("its receiver runs")
        case (false, true): return .fails("its applier runs")
        }
    }

    private static func started(_ threads: ReplicationThreads, _ channel: ReplicationChannel) -> Finding {
        if threads != .receiver, channel.applier == .stopped {
            guard let error = channel.applierError else { return .fails("its applier is stopped") }
            return .hopeless("its applier stopped with error \(error.code): \(error.message)")
        }
        if threads != .applier, channel.receiver == .stopped {
            guard let error = channel.receiverError else { return .fails("its receiver is stopped") }
            return .hopeless("its receiver stopped with error \(error.code): \(error.message)")
        }
        return .holds
    }

    private static func appliedReceived(_ channel: ReplicationChannel) -> Finding {
        guard let received = channel.received, let executed = channel.executed else {
            return .fails("it does not say what it has received and applied")
        }
        if executed == received { return .holds }
        if channel.applier == .stopped, let error = channel.applierError {
            return .hopeless("its applier stopped with error \(error.code): \(error.message)")
        }
        // In the words of all releases of both families, of an applier or of what hands its work out.
        let isIdle = channel.applierActivity.contains("has read all relay log")
        return isIdle && channel.receiver == .stopped
            ? .holds : .fails("its applier is at \(executed) and has received to \(received)")
    }

    private static func hasExecuted(_ gtids: GTIDSet?, _ facts: InstanceFacts) -> Finding {
        guard let gtids else { return .fails("the transactions are not known yet") }
        guard case .mysql(let state) = facts.gtid else { return .hopeless("it has no MySQL GTIDs") }
        let missing = gtids.subtracting(state.executed)
        return missing.isEmpty
            ? .holds : .fails("it lacks \(missing.transactionCount.counted("transaction")), \(missing)")
    }

    private static func hasReached(_ position: GTIDPosition?, _ facts: InstanceFacts) -> Finding {
        guard let position else { return .fails("the position is not known yet") }
        guard case .mariadb(let state) = facts.gtid else { return .hopeless("it has no MariaDB GTIDs") }
        // A server that was written to itself has those transactions in its current position only.
        let found =
            state.replicaPosition.transactionsBehind(position) == 0
            || state.currentPosition.transactionsBehind(position) == 0
        return found ? .holds : .fails("its applier is at \(state.replicaPosition)")
    }

    private static func hasExecutedExactly(_ gtids: GTIDSet?, _ facts: InstanceFacts) -> Finding {
        let contained = hasExecuted(gtids, facts)
        guard contained.isHolding, let gtids, case .mysql(let state) = facts.gtid else { return contained }
        let more = state.executed.subtracting(gtids)
        return more.isEmpty
            ? .holds : .fails("it has executed \(more.transactionCount.counted("more transaction")), \(more)")
    }

    private static func standsAt(_ position: GTIDPosition?, _ facts: InstanceFacts) -> Finding {
        guard let position else { return .fails("the position is not known yet") }
        guard case .mariadb(let state) = facts.gtid else { return .hopeless("it has no MariaDB GTIDs") }
        return state.replicaPosition == position ? .holds : .fails("its applier is at \(state.replicaPosition)")
    }

    private static func binaryLogEnds(at position: BinlogPosition?, _ facts: InstanceFacts) -> Finding {
        guard let position else { return .fails("the end of its binary log is not known yet") }
        guard let end = facts.binaryLog?.position else { return .hopeless("it does not say where its binary log ends") }
        // A log never becomes shorter.
        return end == position ? .holds : .hopeless("it was written to since, and its binary log ends at \(end)")
    }

    private static func stoppedOnError(
        _ code: Int, _ place: BinlogPosition?, _ channel: ReplicationChannel
    ) -> Finding {
        guard channel.applier == .stopped else { return .fails("its applier runs") }
        guard let error = channel.applierError else { return .fails("its applier is stopped without an error") }
        guard error.code == code else {
            return .fails("its applier stopped with error \(error.code): \(error.message)")
        }
        guard let place, channel.executed != place else { return .holds }
        return .fails("its applier stopped at \(channel.executed?.description ?? "a place that it does not say")")
    }

    private static func isServer(_ id: UInt32, _ uuid: ServerUUID?, _ found: ServerIdentity) -> Finding {
        guard found.serverID == id else { return .hopeless("another server answers, with server_id \(found.serverID)") }
        guard let uuid, found.serverUUID != uuid else { return .holds }
        return .hopeless("another server answers, with UUID \(found.serverUUID.map { "\($0)" } ?? "none")")
    }

    private static func semiSync(_ side: GlobalVariable, _ state: SwitchState, _ found: SemiSync) -> Finding {
        let isEnabled = side == .semiSyncSource ? found.source?.isEnabled : found.replica?.isEnabled
        guard let isEnabled else { return .hopeless("it has no \(side.rawValue)") }
        return isEnabled == (state == .on) ? .holds : .fails("\(side.rawValue) is \(isEnabled ? "ON" : "OFF")")
    }

    private static func waits(for count: Int, _ found: SemiSync) -> Finding {
        guard let source = found.source else { return .hopeless("it has no source's side of semi-sync") }
        return source.waitForReplicas == count ? .holds : .fails("it waits for \(source.waitForReplicas)")
    }

    private static func acknowledges(_ state: SwitchState, _ found: SemiSync) -> Finding {
        guard let replica = found.replica else { return .hopeless("it has no replica's side of semi-sync") }
        return replica.isActive == (state == .on)
            ? .holds : .fails(replica.isActive ? "it acknowledges" : "it does not acknowledge")
    }
}

extension Expectation: CustomStringConvertible {
    /// What is expected, as a clause after the server's name: "replicates", "follows db1:3306".
    public var description: String {
        let of = channel.map { $0.isEmpty ? "" : " on channel \($0)" } ?? ""
        return switch self {
        case .follows(let source, _): "follows \(source)\(of)"
        case .followsNobody: "follows nobody\(of)"
        case .replicates: "replicates\(of)"
        case .stopped(.both, _): "has both threads stopped\(of)"
        case .stopped(.receiver, _): "has its receiver stopped\(of)"
        case .stopped(.applier, _): "has its applier stopped\(of)"
        case .started(.both, _): "has both threads started\(of)"
        case .started(.receiver, _): "has its receiver started\(of)"
        case .started(.applier, _): "has its applier started\(of)"
        case .executed(let position, _): "has executed exactly to \(position)\(of)"
        case .executedAtLeast(let position, _): "has executed to \(position) at least\(of)"
        case .appliedReceived: "has applied what it received\(of)"
        case .received(let place, _): "has received exactly to \(place)\(of)"
        case .hasExecuted(let gtids): "has executed \(gtids)"
        case .hasReached(let position): "has reached \(position)"
        case .hasExecutedExactly(.known(let gtids)) where gtids.isEmpty: "has executed no transaction by GTID"
        case .hasExecutedExactly(let gtids): "has executed exactly \(gtids)"
        case .standsAt(let position): "stands exactly at \(position)"
        case .binaryLogEnds(let position): "has logged nothing since \(position)"
        case .stoppedOnError(let code, let place, _):
            "has its applier stopped on error \(code)\(place.map { " at \($0)" } ?? "")\(of)"
        case .positions(let positioning, _): "finds its place by \(positioning.rawValue)\(of)"
        case .writability(let writability): "is \(writability.rawValue)"
        case .delay(let delay, _): "has a delay of \(delay.components.seconds) s\(of)"
        case .identity(let id, let uuid): "is the server with server_id \(id)" + (uuid.map { " and UUID \($0)" } ?? "")
        case .semiSync(let side, let state): "has \(side.rawValue) \(state.rawValue)"
        case .semiSyncWaits(let count): "waits for \(count.counted("acknowledgement"))"
        case .acknowledges(.on): "acknowledges what it receives"
        case .acknowledges(.off): "does not acknowledge what it receives"
        }
    }
}
