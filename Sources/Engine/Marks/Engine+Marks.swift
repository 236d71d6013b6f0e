import Diagnosis
import Logging
import Operations
import Storage
import Topology

extension Engine {
    /// Says something about a server; the next update shows it.
    ///
    /// - Parameter length: how long it holds; `nil` until somebody ends it.
    /// - Throws: ``OperationError``.
    public func mark(
        _ address: InstanceAddress, _ meaning: MarkMeaning, for length: Duration?, reason: String
    ) async throws(OperationError) {
        try await desk.mark(latest?.fleet.canonical(address) ?? address, meaning, for: length, reason: reason)
        await renewMarks(latest?.fleet ?? Fleet())
    }

    /// Takes back what was said about a server; the next update shows it.
    ///
    /// - Returns: whether there was anything to take back.
    /// - Throws: ``OperationError``.
    public func endMark(
        _ kind: MarkMeaning.Kind, of address: InstanceAddress, reason: String = ""
    ) async throws(OperationError) -> Bool {
        let isEnded = try await desk.endMark(
            kind, of: latest?.fleet.canonical(address) ?? address, reason: reason)
        await renewMarks(latest?.fleet ?? Fleet())
        return isEnded
    }

    /// Reads what operators say, ends what a server's return ends, and publishes it where that changes anything.
    func renewMarks(_ fleet: Fleet) async {
        let before = marks
        await readMarks(fleet)
        for address in marks.foundAgain(in: fleet, at: wallClock()) {
            do {
                _ = try await desk.endMark(.downtime, of: address, reason: "it replicates again", by: nil)
                marks.downtimes[address] = nil
            } catch {
                logger.warning("the downtime of \(address), which replicates again, does not end: \(error)")
            }
        }
        guard let latest else { return }
        // A mark also begins and ends by the clock.
        guard marks != before || latest.diagnosis.downtimed != marks.downtimed(at: wallClock()) else { return }
        publish(latest)
    }

    /// Reads what operators say; what was read before stays where the store can't be read.
    func readMarks(_ fleet: Fleet) async {
        do {
            marks = try await desk.marks(in: fleet)
        } catch {
            logger.debug("what operators say about servers cannot be read: \(error)")
        }
    }
}

extension Fleet {
    fileprivate func replicates(_ replica: InstanceAddress, from source: InstanceAddress) -> Bool {
        self[replica]?.channels.contains { $0.isReplicating && self.source(of: $0) == source } ?? false
    }
}

extension OperatorMarks {
    /// How long a server that a recovery lost stays downtimed at least: just after a recovery it may not have noticed yet
    /// that its source is gone (orchestrator waits a minute too).
    static let shortestLoss = Duration.seconds(60)

    /// Servers that a recovery lost and that replicate again, which ends their downtime.
    func foundAgain(in fleet: Fleet, at moment: Timestamp) -> [InstanceAddress] {
        downtimes.filter { address, mark in
            guard mark.meaning == .lostInRecovery, mark.isActive(at: moment),
                moment - mark.begins >= Self.shortestLoss, let instance = fleet[address]
            else { return false }
            guard instance.contact.isReachable else { return false }
            // Somebody may have put an old primary back in its place.
            let isFollowed = replaced[address].map { fleet.replicates($0.successor, from: address) } ?? false
            if isFollowed { return true }
            guard instance.channels.contains(where: \.isReplicating) else { return false }
            // What clients write on a co-primary that was given up is lost, though it follows the other one again.
            let isAlarm = replaced[address] != nil && instance.facts?.writability.isWritable == true
            return !isAlarm
        }.map(\.key).sorted()
    }
}
