import Topology

extension SimulatedFleet {
    /// Lets the receiver of a channel work for one step.
    ///
    /// - Returns: whether anything happened.
    mutating func runReceiver(of address: InstanceAddress, _ name: String) -> Bool {
        guard var channel = servers[address]?.channels.removeValue(forKey: name) else { return false }
        defer { servers[address]?.channels[name] = channel }
        guard channel.isReceiverOn else { return false }
        if let dump = channel.dump, !isAlive(dump, of: address) {
            channel.dump = nil
            channel.nextAttempt = now
        }
        var hasProgressed = false
        if channel.dump == nil {
            guard channel.nextAttempt.map({ $0 <= now }) ?? true else { return false }
            hasProgressed = connect(&channel, of: address)
        }
        return receive(&channel, at: address) || hasProgressed
    }

    private func isAlive(_ dump: SourceDump, of replica: InstanceAddress) -> Bool {
        guard let source = servers[dump.source], source.process == dump.process, source.condition != .down,
            !isCut(replica, dump.source)
        else { return false }
        let limit = servers[replica]?.options.networkTimeout ?? .zero
        return source.condition == .up || now - dump.lastSign < limit
    }

    /// Tries to reach the source.
    ///
    /// - Returns: whether the channel's state is another one than before.
    private mutating func connect(_ channel: inout SimulatedChannel, of address: InstanceAddress) -> Bool {
        guard let replica = servers[address] else { return false }
        guard let source = reachableSource(of: channel, for: address) else {
            channel.nextAttempt = now + channel.retryInterval
            // No name has slashes, as a detached source's mark does: nobody is found by it.
            let code = channel.host.hasPrefix("//") ? 2005 : 2003
            let isNew = channel.receiverError?.code != code
            channel.receiverError = replica.error(
                code, "error connecting to source '\(channel.user)@\(channel.host):\(channel.port)'", at: now)
            return isNew
        }
        do throws(SimulatedRefusal) {
            if source.options.serverID == replica.options.serverID {
                let code = replica.isMariaDB || !replica.options.version.isAtLeast(8, 0) ? 1593 : 13117
                throw SimulatedRefusal(
                    code, "Fatal error: the receiver stops because source and replica have equal server ids")
            }
            channel.dump = try source.openDump(replica.request(of: channel), at: now)
            takePosition(from: source, channel, replica)
            channel.receiverError = nil
            channel.isReceivedAhead = false
            channel.sourceServerID = source.options.serverID
            channel.sourceUUID = source.isMariaDB ? nil : source.uuid
        } catch {
            channel.isReceiverOn = false
            // MySQL 8 tells of what the source said under a number of its own.
            let isWrapped = error.code == 1236 && !replica.isMariaDB && replica.options.version.isAtLeast(8, 0)
            let words = "Got fatal error 1236 from source when reading data from binary log: "
            channel.receiverError = replica.error(
                isWrapped ? 13114 : error.code, (error.code == 1236 ? words : "") + error.message, at: now)
        }
        return true
    }

    /// A MariaDB replica that comes by position asks for the GTIDs of that place and takes them as its own position at
    /// once, whatever its applier has still to do: so that it could go on by GTID the next time.
    private mutating func takePosition(
        from source: SimulatedServer, _ channel: SimulatedChannel, _ replica: SimulatedServer
    ) {
        guard source.isMariaDB, replica.isMariaDB, let dump = channel.dump, !channel.positioning.isGTID,
            channel.received?.offset ?? 0 > 4
        else { return }
        servers[replica.address]?.note(source.log.position(before: dump.cursor))
    }

    private func reachableSource(of channel: SimulatedChannel, for address: InstanceAddress) -> SimulatedServer? {
        let name = InstanceAddress(host: channel.host, port: channel.port)
        guard let server = servers[aliases[name] ?? name], server.condition == .up, !isCut(address, server.address)
        else { return nil }
        return server
    }

    /// Takes what the source sends.
    private mutating func receive(_ channel: inout SimulatedChannel, at address: InstanceAddress) -> Bool {
        guard var dump = channel.dump, let source = servers[dump.source], let replica = servers[address],
            source.condition == .up
        else { return false }
        dump.lastSign = now
        defer { if channel.dump != nil { channel.dump = dump } }
        guard source.log.generation == dump.generation else {
            channel.dump = nil
            channel.isReceiverOn = false
            channel.receiverError = replica.error(
                replica.isMariaDB ? 1236 : 13114, "the source's binary log was reset", at: now)
            return true
        }
        var hasProgressed = false
        for _ in 0..<replica.receiverSpeed {
            if hasReceivedUntil(channel, replica) {
                channel.dump = nil
                channel.isReceiverOn = false
                return true
            }
            guard let file = source.log.file(dump.cursor.file) else { break }
            if dump.cursor.index < file.transactions.count {
                let transaction = file.transactions[dump.cursor.index]
                dump.cursor.index += 1
                let isSent = isSent(transaction, &dump, channel)
                // What MariaDB passes over while it looks for the replica's GTIDs moves no position (measured on 10.11).
                if isSent || dump.skipping.isEmpty { channel.received = source.log.position(of: dump.cursor) }
                if isSent, replica.stores(transaction) { channel.store(transaction) }
            } else if source.log.file(dump.cursor.file + 1) != nil {
                dump.cursor = SimulatedBinaryLog.Cursor(file: dump.cursor.file + 1, index: 0)
                channel.received = source.log.position(of: dump.cursor)
            } else {
                if channel.received?.offset ?? 0 <= 4 { channel.received = source.log.position(of: dump.cursor) }
                break
            }
            hasProgressed = true
        }
        return hasProgressed
    }

    /// MariaDB's `UNTIL master_gtid_pos` ends the receiver too.
    private func hasReceivedUntil(_ channel: SimulatedChannel, _ replica: SimulatedServer) -> Bool {
        guard case .mariadb(let until) = channel.until else { return false }
        return until.gtids.allSatisfy { gtid in
            let received = channel.receivedPosition?[gtid.domain]?.sequence ?? 0
            return max(received, replica.slavePosition[gtid.domain]?.sequence ?? 0) >= gtid.sequence
        }
    }

    private func isSent(
        _ transaction: LoggedTransaction, _ dump: inout SourceDump, _ channel: SimulatedChannel
    ) -> Bool {
        if let known = dump.known, case .mysql(let origin, let number) = transaction.name {
            return !known.contains(number, of: origin.uuid, tag: origin.tag)
        }
        guard let gtid = transaction.name.mariadb, channel.positioning.isGTID else { return true }
        if let last = dump.skipping[gtid.domain] {
            guard last.server == gtid.server, last.sequence <= gtid.sequence else { return false }
            dump.skipping[gtid.domain] = nil
            if last == gtid { return false }
        }
        guard case .mariadb(let until) = channel.until else { return true }
        return until[gtid.domain].map { gtid.sequence <= $0.sequence } ?? false
    }
}

extension SimulatedChannel {
    /// Writes what was received to the relay log.
    fileprivate mutating func store(_ transaction: LoggedTransaction) {
        guard let received else { return }
        relay.append(RelayEntry(transaction: transaction, end: received))
        relayBytes += transaction.size
        switch transaction.name {
        case .anonymous: break
        case .mysql: retrieved.formUnion(transaction.name.set)
        case .mariadb(let gtid): receivedPosition = (receivedPosition ?? GTIDPosition()).setting(gtid)
        }
    }
}

extension SimulatedServer {
    /// MySQL does not even store what this server wrote itself; MariaDB notes that it came.
    fileprivate func stores(_ transaction: LoggedTransaction) -> Bool {
        isMariaDB || transaction.serverID != options.serverID
    }

    /// A replication error as this family tells it: MariaDB does not say when.
    func error(_ code: Int, _ message: String, at now: Timestamp) -> ReplicationError {
        ReplicationError(code: code, message: message, at: isMariaDB ? nil : now)
    }
}
