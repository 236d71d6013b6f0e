import Topology

extension SimulatedServer {
    /// What a replica asks a source for.
    enum DumpRequest: Hashable, Sendable {
        case position(BinlogPosition?)
        /// Everything but these (MySQL).
        case autoPosition(GTIDSet)
        /// What comes after these (MariaDB).
        case mariadb(GTIDPosition)
    }

    /// Where a channel wants to go on.
    func request(of channel: SimulatedChannel) -> DumpRequest {
        switch channel.positioning {
        case .binlogPosition: return .position(channel.received)
        case .autoPosition: return .autoPosition(executed.union(channel.retrieved))
        case .replicaPosition, .currentPosition:
            var position = channel.positioning == .currentPosition ? currentPosition : slavePosition
            for entry in channel.relay[channel.next...] {
                if let gtid = entry.transaction.name.mariadb { position = position.setting(gtid) }
            }
            return .mariadb(position)
        }
    }

    /// Begins to send, as the source that this server is.
    ///
    /// - Throws: 1236, with the source's reason.
    func openDump(_ request: DumpRequest, at now: Timestamp) throws(SimulatedRefusal) -> SourceDump {
        guard options.hasBinaryLog else { throw SimulatedRefusal(1236, "'Binary log is not open'") }
        var dump = SourceDump(
            source: address, generation: log.generation, process: process,
            cursor: SimulatedBinaryLog.Cursor(file: log.files[0].number, index: 0), lastSign: now)
        switch request {
        case .position(let position):
            dump.cursor = try log.cursor(at: position)
        case .autoPosition(let known):
            try checkAutoPosition(known)
            let file = log.files.last { $0.previous.isSubset(of: known) } ?? log.files[0]
            dump.cursor.file = file.number
            dump.known = known
        case .mariadb(let position):
            try check(position)
            dump.cursor.file = try startFile(for: position)
            let previous = log.file(dump.cursor.file)?.previousState.position ?? GTIDPosition()
            for gtid in position.gtids where previous[gtid.domain] != gtid { dump.skipping[gtid.domain] = gtid }
        }
        return dump
    }

    /// MySQL manual, "GTID Auto-Positioning": what is purged must be there, and nothing of the source's own that the
    /// source does not have.
    private func checkAutoPosition(_ known: GTIDSet) throws(SimulatedRefusal) {
        guard known.restricted(to: [uuid]).isSubset(of: executed) else {
            throw SimulatedRefusal(
                1236, "'Replica has more GTIDs than the source has, using the source's SERVER_UUID.'")
        }
        guard purged.isSubset(of: known) else {
            throw SimulatedRefusal(
                1236, "'Cannot replicate because the source purged required binary logs.'")
        }
    }

    /// Every last transaction that the replica names must have been logged here, unless its domain is unknown here.
    private func check(_ position: GTIDPosition) throws(SimulatedRefusal) {
        for gtid in position.gtids where !binlogState.covers(gtid) {
            let isDomainLogged = binlogState.position[gtid.domain] != nil
            if !isDomainLogged, slavePosition[gtid.domain] == nil { continue }
            throw SimulatedRefusal(
                1236,
                "'Error: connecting slave requested to start from GTID \(gtid), which is not in the master's binlog'")
        }
    }

    /// The newest file before which nothing lies that the replica lacks, as the source finds it: by the GTID list at its
    /// head (`contains_all_slave_gtid` in MariaDB's `sql_repl.cc`).
    private func startFile(for position: GTIDPosition) throws(SimulatedRefusal) -> UInt64 {
        for file in log.files.reversed() where Self.contains(file.previousState.gtids, position) {
            return file.number
        }
        throw SimulatedRefusal(
            1236,
            "'Could not find GTID state requested by slave in any binlog files. Probably the slave state is too old "
                + "and required binlog files have been purged.'")
    }

    private static func contains(_ list: [MariaDBGTID], _ position: GTIDPosition) -> Bool {
        for (index, last) in list.enumerated() {
            guard let wanted = position[last.domain] else { return false }
            guard wanted.server == last.server, wanted.sequence <= last.sequence else { continue }
            // It lies in an earlier file, unless it was the very last of its domain there.
            let isLastOfDomain = index + 1 == list.count || list[index + 1].domain != last.domain
            if wanted.sequence < last.sequence || !isLastOfDomain { return false }
        }
        return true
    }
}
