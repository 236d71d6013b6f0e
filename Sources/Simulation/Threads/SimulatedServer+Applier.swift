import Topology

extension SimulatedServer {
    /// Lets the applier of a channel work for one step.
    ///
    /// - Returns: whether anything happened.
    mutating func runApplier(_ name: String, at now: Timestamp, _ random: inout SimulationRandom) -> Bool {
        guard var channel = channels.removeValue(forKey: name) else { return false }
        defer { channels[name] = channel }
        guard channel.isApplierOn else { return false }
        var hasProgressed = false
        for _ in 0..<applierSpeed {
            if stopsNow(channel) { break }
            guard let index = nextEntry(of: channel, at: now, &random) else { break }
            hasProgressed = true
            guard execute(index, of: &channel, at: now) else { return true }
        }
        if stopsNow(channel) {
            channel.isApplierOn = false
            return true
        }
        // Rotations and what was left out are executed as soon as nothing lies before them.
        if !channel.hasUnapplied, !channel.isReceivedAhead, let received = channel.received {
            channel.executed = received
        }
        return hasProgressed
    }

    /// What a `STOP` waits for: parallel appliers without commit order first fill what they left out (MySQL manual,
    /// "Replication and Transaction Inconsistencies").
    mutating func fillGaps(of name: String, at now: Timestamp) {
        guard var channel = channels.removeValue(forKey: name) else { return }
        defer { channels[name] = channel }
        while channel.hasGaps {
            guard execute(channel.next, of: &channel, at: now) else { return }
        }
    }

    private func stopsNow(_ channel: SimulatedChannel) -> Bool {
        switch channel.until {
        case nil: false
        case .source(let position):
            // MariaDB looks only when it takes another event: at the end of the log it goes on, with all executed.
            (channel.executed.map { $0 >= position } ?? false) && (!isMariaDB || channel.hasUnapplied)
        case .after(let gtids): options.gtidMode == .on && gtids.isSubset(of: executed)
        case .before(let gtids):
            !executed.isDisjoint(with: gtids)
                || channel.hasUnapplied && gtids.contains(channel.relay[channel.next].transaction.name.set)
        case .mariadb(let position):
            !channel.hasUnapplied
                && position.gtids.allSatisfy { $0.sequence <= slavePosition[$0.domain]?.sequence ?? 0 }
        case .gapsFilled:
            // MySQL looks only when it takes another event; a receiver that connects brings one (measured on 9.7).
            !channel.hasGaps && (channel.hasUnapplied || channel.isReceiverOn)
        }
    }

    /// The entry that an applier takes next: with commit order the first, without it any that waits for none before.
    private func nextEntry(
        of channel: SimulatedChannel, at now: Timestamp, _ random: inout SimulationRandom
    ) -> Int? {
        guard channel.hasUnapplied else { return nil }
        func isDue(_ index: Int) -> Bool {
            channel.delay == .zero || channel.relay[index].transaction.committedAt + channel.delay <= now
        }
        let isOrdered = isMariaDB || options.keepsCommitOrder || options.workers < 2 || channel.until != nil
        if isOrdered { return isDue(channel.next) ? channel.next : nil }
        let end = min(channel.next + options.workers * 2, channel.relay.count)
        var waiting: [Int] = []
        var free: [Int] = []
        for index in channel.next..<end where !channel.aheadOfGap.contains(index) {
            let transaction = channel.relay[index].transaction
            if isDue(index), !waiting.contains(where: { channel.relay[$0].transaction.depends(on: transaction) }) {
                free.append(index)
            }
            waiting.append(index)
        }
        return free.isEmpty ? nil : free[random.below(free.count)]
    }

    /// Executes one entry of a relay log.
    ///
    /// - Returns: whether the applier goes on.
    private mutating func execute(_ index: Int, of channel: inout SimulatedChannel, at now: Timestamp) -> Bool {
        let transaction = channel.relay[index].transaction
        if transaction.serverID == options.serverID || isExecuted(transaction) {
            // MariaDB's position moves over what came home, though nothing is done.
            if isMariaDB { noteReplicated(transaction) }
            channel.markExecuted(index)
            return true
        }
        if channel.skipCounter > 0 {
            channel.skipCounter -= 1
            noteReplicated(transaction)
            channel.markExecuted(index)
            return true
        }
        do throws(SimulatedRefusal) {
            try checkOrder(transaction)
            try applyChanges(of: transaction, filters: channel.filters)
        } catch {
            channel.isApplierOn = false
            let words = isMariaDB ? "" : "Worker 1 failed executing transaction at source log: "
            channel.applierError = ReplicationError(
                code: error.code, message: words + error.message, at: isMariaDB ? nil : now)
            return false
        }
        commitReplicated(transaction)
        channel.markExecuted(index)
        return true
    }

    private func isExecuted(_ transaction: LoggedTransaction) -> Bool {
        guard case .mysql(let origin, let number) = transaction.name else { return false }
        return executed.contains(number, of: origin.uuid, tag: origin.tag)
    }

    /// In strict mode a number that is not higher than the last of its domain is refused (1950).
    private func checkOrder(_ transaction: LoggedTransaction) throws(SimulatedRefusal) {
        guard options.isStrict, options.hasBinaryLog, options.logsReplicaUpdates,
            let gtid = transaction.name.mariadb, let last = binlogState.position[gtid.domain],
            last.sequence >= gtid.sequence
        else { return }
        throw SimulatedRefusal(
            1950,
            "An attempt was made to binlog GTID \(gtid) which would create an out-of-order sequence number with "
                + "existing GTID \(last), and gtid strict mode is enabled")
    }

    private mutating func applyChanges(
        of transaction: LoggedTransaction, filters: [ReplicationFilter]
    ) throws(SimulatedRefusal) {
        let manner: SimulatedData.Manner = transaction.isStatement ? .statement : .rows
        let changes = transaction.changes.filter { !isFiltered($0, filters) }
        if changes.count == 1 {
            _ = try data.apply(changes[0], manner)
            return
        }
        let before = data
        do throws(SimulatedRefusal) {
            for change in changes { _ = try data.apply(change, manner) }
        } catch {
            data = before
            throw error
        }
    }

    private func isFiltered(_ change: DataChange, _ filters: [ReplicationFilter]) -> Bool {
        guard let table = change.row?.table else { return false }
        let schema = String(table.prefix { $0 != "." })
        return filters.contains { filter in
            let names = filter.value.split(separator: ",").map(String.init)
            return switch filter.kind {
            case "ignore-table": names.contains(table)
            case "ignore-db": names.contains(schema)
            case "do-table": !names.contains(table)
            case "do-db": !names.contains(schema)
            default: false
            }
        }
    }
}
