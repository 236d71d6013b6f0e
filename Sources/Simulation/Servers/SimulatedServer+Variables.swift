import Topology

extension SimulatedServer {
    /// `SET GLOBAL`
    ///
    /// - Throws: 1193 for a variable that this server does not have, and what it says to a value.
    mutating func set(_ name: String, to value: String, connection: String) throws(SimulatedRefusal) {
        let isOn = ["1", "ON", "TRUE"].contains(value.uppercased())
        switch name {
        case "read_only": setReadOnly(value, isOn)
        case "super_read_only" where !isMariaDB:
            if isOn { writability = .superReadOnly } else if writability == .superReadOnly { writability = .readOnly }
        case "gtid_purged" where !isMariaDB: try addPurged(value)
        case "gtid_slave_pos" where isMariaDB: try setSlavePosition(value)
        case "gtid_strict_mode" where isMariaDB: options.isStrict = isOn
        case "gtid_domain_id" where isMariaDB: options.domain = UInt32(value) ?? 0
        case "event_scheduler": runsEvents = isOn
        case "server_id": options.serverID = UInt32(value) ?? 0
        case "sql_slave_skip_counter", "sql_replica_skip_counter":
            try skip(Int(value) ?? 0, name, connection)
        case "rpl_semi_sync_source_enabled", "rpl_semi_sync_master_enabled", "rpl_semi_sync_replica_enabled",
            "rpl_semi_sync_slave_enabled":
            try setSemiSync(name, isOn)
        case "rpl_semi_sync_source_wait_for_replica_count" where !isMariaDB && options.hasSemiSync:
            semiSyncWaitCount = Int(value) ?? semiSyncWaitCount
        default: throw SimulatedRefusal(1193, "Unknown system variable '\(name)'")
        }
    }

    /// MariaDB 12 has degrees of `read_only`; on MySQL writable means for all.
    private mutating func setReadOnly(_ value: String, _ isOn: Bool) {
        if value.uppercased() == "NO_LOCK_NO_ADMIN" {
            writability = .superReadOnly
        } else if !isOn {
            writability = .writable
        } else if isMariaDB || writability == .writable {
            writability = .readOnly
        }
    }

    private mutating func setSemiSync(_ name: String, _ isOn: Bool) throws(SimulatedRefusal) {
        let hasSourceWords = !isMariaDB && options.version.isAtLeast(8, 0, 26)
        let isWordKnown = hasSourceWords == (name.contains("source") || name.contains("replica"))
        guard options.hasSemiSync || isMariaDB, isWordKnown else {
            throw SimulatedRefusal(1193, "Unknown system variable '\(name)'")
        }
        if name.contains("source") || name.contains("master") { semiSyncSource = isOn } else { semiSyncReplica = isOn }
    }

    private mutating func addPurged(_ value: String) throws(SimulatedRefusal) {
        let isAddition = value.hasPrefix("+")
        guard let set = try? GTIDSet(parsing: isAddition ? String(value.dropFirst()) : value) else {
            throw SimulatedRefusal(1772, "Malformed GTID set specification '\(value)'")
        }
        let added = isAddition ? set : set.subtracting(purged)
        guard isAddition || purged.isSubset(of: set) else {
            throw SimulatedRefusal(
                3546, "@@GLOBAL.GTID_PURGED cannot be changed: the new value must be a superset of the old value")
        }
        guard added.isDisjoint(with: executed) else {
            throw SimulatedRefusal(
                3546,
                "@@GLOBAL.GTID_PURGED cannot be changed: the added gtid set must not overlap with "
                    + "@@GLOBAL.GTID_EXECUTED")
        }
        purged.formUnion(added)
        executed.formUnion(added)
    }

    private mutating func setSlavePosition(_ value: String) throws(SimulatedRefusal) {
        try requireStopped()
        let position: GTIDPosition
        do {
            position = try GTIDPosition(parsing: value)
        } catch {
            let isTwice = error.reason.contains("twice")
            throw SimulatedRefusal(isTwice ? 1943 : 1941, error.reason)
        }
        if options.isStrict {
            for last in binlogState.position.gtids {
                guard let wanted = position[last.domain] else {
                    throw SimulatedRefusal(1948, "Specified value is missing a domain of the binary log, \(last)")
                }
                guard wanted.sequence >= last.sequence else {
                    throw SimulatedRefusal(
                        1947, "Specified GTID \(wanted) conflicts with the binary log which contains \(last)")
                }
            }
        }
        slavePosition = position
        for gtid in position.gtids { counters[gtid.domain] = max(counters[gtid.domain] ?? 0, gtid.sequence) }
    }

    private mutating func skip(_ count: Int, _ name: String, _ connection: String) throws(SimulatedRefusal) {
        let isKnown =
            isMariaDB
            ? name == "sql_slave_skip_counter"
            : name.contains("replica") ? options.version.isAtLeast(8, 0, 26) : !options.version.isAtLeast(8, 4)
        guard isKnown else { throw SimulatedRefusal(1193, "Unknown system variable '\(name)'") }
        if isMariaDB {
            try requireStopped(connection)
            channels[connection]?.skipCounter = count
            return
        }
        // With GTIDs the counter is taken and has no effect (9.7 warns, 4016); older releases refuse (1858).
        guard options.gtidMode != .on else {
            if options.version.isAtLeast(8, 0, 23) { return }
            throw SimulatedRefusal(1858, "\(name) can not be set when the server is running with GTID_MODE = ON.")
        }
        for name in channelNames { channels[name]?.skipCounter = count }
    }

    /// The value of a system variable.
    ///
    /// - Throws: 1193 for one that this server does not have.
    func value(of name: String) throws(SimulatedRefusal) -> String? {
        switch name {
        case "server_id": return "\(options.serverID)"
        case "version": return options.version.text
        case "port": return "\(address.port)"
        case "hostname", "report_host": return address.host
        case "read_only": return writability == .writable ? "0" : "1"
        case "event_scheduler": return runsEvents ? "ON" : "OFF"
        default: break
        }
        return isMariaDB ? try mariaDBValue(of: name) : try mySQLValue(of: name)
    }

    private func mariaDBValue(of name: String) throws(SimulatedRefusal) -> String {
        switch name {
        case "gtid_slave_pos": return slavePosition.description
        case "gtid_binlog_pos": return binlogState.position.description
        case "gtid_binlog_state": return binlogState.description
        case "gtid_current_pos": return currentPosition.description
        case "gtid_domain_id": return "\(options.domain)"
        case "gtid_strict_mode": return options.isStrict ? "1" : "0"
        case "rpl_semi_sync_master_enabled": return semiSyncSource ? "1" : "0"
        case "rpl_semi_sync_slave_enabled": return semiSyncReplica ? "1" : "0"
        default: throw SimulatedRefusal(1193, "Unknown system variable '\(name)'")
        }
    }

    private func mySQLValue(of name: String) throws(SimulatedRefusal) -> String {
        switch name {
        case "server_uuid": return uuid.description
        case "gtid_executed": return executed.serverText
        case "gtid_purged": return purged.serverText
        case "gtid_mode": return options.gtidMode.rawValue
        case "super_read_only": return writability == .superReadOnly ? "1" : "0"
        case "rpl_semi_sync_source_enabled" where options.hasSemiSync: return semiSyncSource ? "1" : "0"
        case "rpl_semi_sync_replica_enabled" where options.hasSemiSync: return semiSyncReplica ? "1" : "0"
        default: throw SimulatedRefusal(1193, "Unknown system variable '\(name)'")
        }
    }
}
