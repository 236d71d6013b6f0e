import Topology

extension SimulatedServer {
    /// The channels that a statement is about.
    ///
    /// - Throws: 3074 (MySQL) or 1617 (MariaDB) for a channel that is not there.
    private func names(_ target: SimulatedStatement.Target) throws(SimulatedRefusal) -> [String] {
        switch target {
        case .all: return channelNames
        case .unnamed: return isMariaDB ? [""] : channelNames
        case .named(let name):
            // The default channel is always there.
            guard name.isEmpty || channels[name] != nil else {
                throw isMariaDB
                    ? SimulatedRefusal(1617, "There is no master connection '\(name)'")
                    : SimulatedRefusal(3074, "Replica channel '\(name)' does not exist.")
            }
            return [name]
        }
    }

    mutating func stop(
        _ target: SimulatedStatement.Target, _ threads: SimulatedStatement.Threads, at now: Timestamp
    ) throws(SimulatedRefusal) {
        for name in try names(target) where channels[name] != nil {
            if threads.includesApplier, channels[name]?.isApplierOn == true {
                fillGaps(of: name, at: now)
                channels[name]?.isApplierOn = false
            }
            if threads.includesReceiver {
                channels[name]?.isReceiverOn = false
                channels[name]?.dump = nil
            }
        }
    }

    mutating func start(
        _ target: SimulatedStatement.Target, _ threads: SimulatedStatement.Threads, _ until: SimulatedUntil?,
        at now: Timestamp
    ) throws(SimulatedRefusal) {
        let all = try names(target)
        if threads == .applier, !isMariaDB, (all.isEmpty ? [""] : all).contains(where: forgotten.contains) {
            let error = error(13123, "Failed to initialize the connection metadata", at: now)
            for name in all where forgotten.contains(name) { channels[name]?.receiverError = error }
            throw SimulatedRefusal(1871, "Replica failed to initialize connection metadata from the repository")
        }
        let names = all.filter { channels[$0]?.isConfigured == true }
        guard !names.isEmpty || target == .all else {
            throw SimulatedRefusal(1200, "The server is not configured as replica")
        }
        for name in names {
            if case .mariadb = until, let channel = channels[name] { try checkStart(channel) }
            start(name, threads, until, at: now)
        }
    }

    /// With `UNTIL master_gtid_pos` either both threads are started, or none (`start_slave` in MariaDB's `sql_repl.cc`).
    private func checkStart(_ channel: SimulatedChannel) throws(SimulatedRefusal) {
        if channel.isReceiverOn, channel.isApplierOn { return }
        if channel.isRunning { throw SimulatedRefusal(1254, "Slave is already running") }
        guard channel.positioning.isGTID else {
            throw SimulatedRefusal(1949, "START SLAVE UNTIL master_gtid_pos requires that slave is using GTID")
        }
    }

    mutating func start(
        _ name: String, _ threads: SimulatedStatement.Threads, _ until: SimulatedUntil?, at now: Timestamp
    ) {
        guard var channel = channels[name] else { return }
        let wasStopped = !channel.isRunning
        if threads.includesReceiver { forgotten.remove(name) }
        // With GTIDs MariaDB begins again at the applier's place when neither thread runs, whichever is started (measured on
        // 10.11).
        if isMariaDB, channel.positioning.isGTID, wasStopped {
            channel.dropRelayLog()
            channel.received = channel.executed
        }
        if threads.includesReceiver, !channel.isReceiverOn {
            channel.isReceiverOn = true
            channel.receiverError = nil
            channel.nextAttempt = nil
            channel.receivedPosition = nil
        }
        if threads.includesApplier, !channel.isApplierOn {
            channel.isApplierOn = true
            channel.applierError = nil
            channel.until = until
            // Whoever stands there already stops before anything comes.
            if case .source(let position) = until, let executed = channel.executed, executed >= position {
                channel.isApplierOn = false
            }
        }
        channels[name] = channel
    }

    mutating func reset(_ target: SimulatedStatement.Target, all: Bool) throws(SimulatedRefusal) {
        let names = try names(target)
        for name in names.isEmpty ? [""] : names {
            guard var channel = channels[name] else {
                if !all { forgotten.insert(name) }
                continue
            }
            if channel.isRunning {
                throw isMariaDB
                    ? mustStop(name)
                    : SimulatedRefusal(
                        3081,
                        "This operation cannot be performed with running replication threads; run STOP REPLICA "
                            + "FOR CHANNEL '\(name)' first")
            }
            if all {
                if isMariaDB { keptFilters[name] = channel.filters }
                channels[name] = nil
                continue
            }
            forgotten.insert(name)
            channel.dropRelayLog()
            channel.received = nil
            channel.executed = nil
            channel.receivedPosition = nil
            channel.receiverError = nil
            channel.applierError = nil
            channel.until = nil
            channel.delay = .zero
            channel.heartbeat = nil
            // MariaDB goes back to what a new connection has, since 10.10 GTIDs.
            if isMariaDB, options.version.isAtLeast(10, 10) { channel.positioning = .replicaPosition }
            channels[name] = channel
        }
    }

    private func mustStop(_ name: String) -> SimulatedRefusal {
        SimulatedRefusal(
            1198,
            "This operation cannot be performed as you have a running slave '\(name)'; run STOP SLAVE '\(name)' first")
    }

    /// - Throws: 1198 where the applier of any channel, or of that one, runs (MariaDB); receivers may.
    func requireStopped(_ name: String? = nil) throws(SimulatedRefusal) {
        let running = channels.values.filter { $0.isApplierOn && (name == nil || $0.name == name) }
        if let channel = running.map(\.name).min() { throw mustStop(channel) }
    }

    // MARK: CHANGE

    /// `CHANGE REPLICATION SOURCE TO`, `CHANGE MASTER TO`.
    mutating func change(
        _ target: SimulatedStatement.Target, _ options: [String: String]
    ) throws(SimulatedRefusal) {
        let name = if case .named(let name) = target { name } else { "" }
        var channel =
            channels[name]
            ?? SimulatedChannel(
                name: name,
                positioning: isMariaDB && self.options.version.isAtLeast(10, 10) ? .replicaPosition : .binlogPosition)
        if channels[name] == nil { channel.filters = keptFilters[name] ?? [] }
        try checkThreads(channel, options)
        try checkPositioning(channel, options)
        let hadStopped = !channel.isRunning
        try set(options, of: &channel)
        forgotten.remove(name)
        place(&channel, options, dropsRelayLog: hadStopped)
        channels[name] = channel
    }

    /// Which threads must be stopped depends on the options (MySQL); on MariaDB both must be for any.
    private func checkThreads(_ channel: SimulatedChannel, _ options: [String: String]) throws(SimulatedRefusal) {
        guard channel.isRunning else { return }
        if isMariaDB { throw mustStop(channel.name) }
        func refusal(_ code: Int, _ what: String, _ words: String) -> SimulatedRefusal {
            SimulatedRefusal(
                code,
                "This operation cannot be performed with \(what); run \(words) FOR CHANNEL '\(channel.name)' first.")
        }
        if options["AUTO_POSITION"] != nil {
            throw refusal(3081, "running replication threads", "STOP REPLICA")
        }
        let ofApplier: Set<String> = [
            "DELAY", "RELAY_LOG_FILE", "RELAY_LOG_POS", "PRIVILEGE_CHECKS_USER", "REQUIRE_ROW_FORMAT",
            "REQUIRE_TABLE_PRIMARY_KEY_CHECK", "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS",
        ]
        if channel.isReceiverOn, options.keys.contains(where: { !ofApplier.contains($0) }) {
            throw refusal(3021, "a running replica io thread", "STOP REPLICA IO_THREAD")
        }
        if channel.isApplierOn, options.keys.contains(where: ofApplier.contains) {
            throw refusal(3085, "a running replica sql thread", "STOP REPLICA SQL_THREAD")
        }
    }

    private func checkPositioning(
        _ channel: SimulatedChannel, _ options: [String: String]
    ) throws(SimulatedRefusal) {
        if let host = options["HOST"], host.isEmpty {
            throw SimulatedRefusal(1210, "Incorrect arguments to SOURCE_HOST")
        }
        guard !isMariaDB else { return }
        let isAuto = options["AUTO_POSITION"].map { $0 == "1" } ?? (channel.positioning == .autoPosition)
        let namesPlace = ["LOG_FILE", "LOG_POS", "RELAY_LOG_FILE", "RELAY_LOG_POS"].contains { options[$0] != nil }
        if isAuto, namesPlace {
            throw SimulatedRefusal(
                1776,
                "Parameters SOURCE_LOG_FILE, SOURCE_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when "
                    + "SOURCE_AUTO_POSITION is active.")
        }
        if options["AUTO_POSITION"] == "1", self.options.gtidMode == .off || self.options.gtidMode == .offPermissive {
            throw SimulatedRefusal(
                1777, "SOURCE_AUTO_POSITION = 1 cannot be executed because @@GLOBAL.GTID_MODE = OFF.")
        }
        if channel.hasGaps, !isAuto {
            throw SimulatedRefusal(
                1802,
                "CHANGE REPLICATION SOURCE cannot be executed when the replica was stopped with an error or killed "
                    + "in MTA mode. Consider using RESET REPLICA or START REPLICA UNTIL.")
        }
    }

    private func set(_ options: [String: String], of channel: inout SimulatedChannel) throws(SimulatedRefusal) {
        for (option, value) in options {
            switch option {
            case "HOST": channel.host = value
            case "PORT": channel.port = UInt16(value) ?? 3306
            case "USER": channel.user = value
            case "DELAY": channel.delay = .seconds(Int64(value) ?? 0)
            case "HEARTBEAT_PERIOD": channel.heartbeat = .milliseconds(Int64((Double(value) ?? 0) * 1000))
            case "CONNECT_RETRY": channel.retryInterval = .seconds(Int64(value) ?? 60)
            case "AUTO_POSITION": channel.positioning = value == "1" ? .autoPosition : .binlogPosition
            case "USE_GTID": channel.positioning = try Self.positioning(value)
            case "PASSWORD", "LOG_FILE", "LOG_POS", "RELAY_LOG_FILE", "RELAY_LOG_POS": break
            default: channel.options[option] = value
            }
        }
        // MariaDB forgets the heartbeat's period at each CHANGE that does not say it, MySQL only with the source.
        let isNewSource = options["HOST"] != nil || options["PORT"] != nil
        if options["HEARTBEAT_PERIOD"] == nil, isMariaDB || isNewSource { channel.heartbeat = nil }
    }

    private static func positioning(_ value: String) throws(SimulatedRefusal) -> Positioning {
        switch value.lowercased() {
        case "slave_pos": .replicaPosition
        case "current_pos": .currentPosition
        case "no": .binlogPosition
        default: throw .syntax(near: value)
        }
    }

    /// Where the channel reads on: a new host or port without a place means the first file; no word of either, when
    /// the relay log goes, means what was executed.
    private func place(_ channel: inout SimulatedChannel, _ options: [String: String], dropsRelayLog: Bool) {
        let namesPlace = options["LOG_FILE"] != nil || options["LOG_POS"] != nil
        let isNewSource = options["HOST"] != nil || options["PORT"] != nil
        if isMariaDB, namesPlace, options["USE_GTID"] == nil { channel.positioning = .binlogPosition }
        if namesPlace {
            let file = options["LOG_FILE"] ?? channel.received?.file ?? ""
            let offset = options["LOG_POS"].flatMap { UInt64($0) } ?? 4
            channel.received = BinlogPosition(file: file, offset: offset)
        } else if isNewSource {
            channel.received = nil
        } else if dropsRelayLog {
            channel.received = channel.executed
        }
        if isNewSource {
            channel.sourceServerID = nil
            channel.sourceUUID = nil
        }
        channel.isReceivedAhead = namesPlace || isNewSource
        guard dropsRelayLog, options["RELAY_LOG_FILE"] == nil, options["RELAY_LOG_POS"] == nil else { return }
        channel.dropRelayLog()
        channel.executed = channel.received
        channel.until = nil
        // MariaDB shows the receiver's error until it is started again.
        if !isMariaDB { channel.receiverError = nil }
        channel.applierError = nil
    }
}
