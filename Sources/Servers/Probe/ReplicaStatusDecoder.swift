import Topology

/// Reads the replica status of any version: `SHOW REPLICA STATUS`, `SHOW SLAVE STATUS`, `SHOW ALL SLAVES STATUS`.
struct ReplicaStatusDecoder {
    private var lookup = ColumnLookup<ReplicaStatusLayout>()
    /// Received GTID sets by channel: parsing one costs more than all other columns, and it often stands still.
    private var retrievedSets: [String: ParsedText<GTIDSet>] = [:]
    /// Sources by channel: they hardly ever change, and checking an address is the second dearest.
    private var sources: [String: ParsedText<ConfiguredSource>] = [:]

    /// The channels, default channel first, then by name.
    ///
    /// - Parameter zone: the offset of the zone in which the server prints times of errors, `nil` where not known.
    mutating func channels(in result: ResultSet, zone: Duration?) -> [ReplicationChannel] {
        let layout = lookup.layout(of: result, making: ReplicaStatusLayout.init)
        var channels: [ReplicationChannel] = []
        for row in result.rows {
            let name = row.text(layout.name)
            if Self.isInternal(channel: name) { continue }
            channels.append(channel(named: name, in: row, layout, zone: zone))
        }
        channels.sort { $0.name < $1.name }
        if max(retrievedSets.count, sources.count) > channels.count {
            let names = Set(channels.map(\.name))
            retrievedSets = retrievedSets.filter { names.contains($0.key) }
            sources = sources.filter { names.contains($0.key) }
        }
        return channels
    }

    /// Group replication's own two channels (MySQL manual, "Replication Channel Naming Conventions"): how a member
    /// gets its transactions is told by the group's view.
    private static func isInternal(channel: String) -> Bool {
        channel == "group_replication_applier" || channel == "group_replication_recovery"
    }

    private mutating func channel(
        named name: String, in row: ResultRow, _ layout: ReplicaStatusLayout, zone: Duration?
    ) -> ReplicationChannel {
        var channel = ReplicationChannel(name: name, source: nil)
        switch source(of: name, in: row, layout) {
        case .source(let address): channel.source = address
        case .detached(let address): channel.detachedFrom = address
        case .none?, nil: break
        }
        channel.sourceUUID = row.raw(layout.sourceUUID).flatMap { ServerUUID($0) }
        channel.sourceServerID = row.integer(layout.sourceServerID).flatMap { $0 == 0 ? nil : $0 }
        channel.user = row.nonEmpty(layout.user)
        channel.receiver = Self.receiver(row.raw(layout.receiver))
        channel.receiverActivity = row.text(layout.receiverActivity)
        channel.applier = row.flag(layout.applier) == true ? .running : .stopped
        channel.applierActivity = row.text(layout.applierActivity)
        channel.receiverError = Self.error(
            in: row, layout.receiverErrorCode, layout.receiverError, layout.receiverErrorTime, zone: zone)
        channel.applierError = Self.error(
            in: row, layout.applierErrorCode, layout.applierError, layout.applierErrorTime, zone: zone)
        channel.received = Self.position(in: row, layout.receivedFile, layout.receivedOffset)
        channel.executed = Self.position(in: row, layout.executedFile, layout.executedOffset)
        channel.relayLog = Self.position(in: row, layout.relayFile, layout.relayOffset)
        channel.delay = max(.zero, row.duration(layout.delay) ?? .zero)
        channel.lag = row.duration(layout.secondsBehind).map {
            Lag(measured: max(.zero, $0), delay: channel.delay, origin: .secondsBehindSource)
        }
        channel.positioning = Self.positioning(in: row, layout)
        channel.retrieved = retrieved(of: name, in: row, layout)
        channel.receivedGTIDs = row.raw(layout.receivedGTIDs).flatMap { try? GTIDPosition(parsing: $0) }
        channel.filters = Self.filters(in: row, layout)
        channel.usesTLS = row.flag(layout.tls) ?? false
        channel.heartbeatPeriod = row.duration(layout.heartbeatPeriod)
        channel.heartbeatsReceived = row.integer(layout.heartbeatsReceived)
        channel.reconnecting = row.duration(layout.connectRetry).map {
            Reconnecting(interval: $0, attempts: row.integer(layout.retryCount))
        }
        return channel
    }

    private mutating func source(
        of name: String, in row: ResultRow, _ layout: ReplicaStatusLayout
    ) -> ConfiguredSource? {
        guard let host = row.raw(layout.host), let port = row.integer(layout.port, as: UInt16.self), port > 0
        else { return nil }
        return sources[name, default: ParsedText()].value(of: "\(host) \(port)") { _ in
            try? ConfiguredSource(host: host, port: port)
        }
    }

    /// `Yes` and `No`; all else (`Connecting`, MariaDB's `Preparing`) is a receiver that tries.
    private static func receiver(_ text: String?) -> ReceiverState {
        switch text?.lowercased() {
        case "yes": .running
        case nil, "no", "": .stopped
        default: .connecting
        }
    }

    private static func error(
        in row: ResultRow, _ code: Int?, _ message: Int?, _ time: Int?, zone: Duration?
    ) -> ReplicationError? {
        let code = row.integer(code, as: Int.self) ?? 0
        let message = row.text(message)
        guard code != 0 || !message.isEmpty else { return nil }
        let at = zone.flatMap { zone in row.raw(time).flatMap { LogTime.timestamp(of: $0, zone: zone) } }
        return ReplicationError(code: code, message: message, at: at)
    }

    private static func position(in row: ResultRow, _ file: Int?, _ offset: Int?) -> BinlogPosition? {
        guard let file = row.nonEmpty(file), let offset = row.integer(offset, as: UInt64.self) else { return nil }
        return BinlogPosition(file: file, offset: offset)
    }

    private static func positioning(in row: ResultRow, _ layout: ReplicaStatusLayout) -> Positioning {
        if row.flag(layout.autoPosition) == true { return .autoPosition }
        return switch row.raw(layout.usingGTID)?.lowercased() {
        case "slave_pos", "replica_pos": .replicaPosition
        case "current_pos": .currentPosition
        default: .binlogPosition
        }
    }

    private mutating func retrieved(
        of name: String, in row: ResultRow, _ layout: ReplicaStatusLayout
    ) -> GTIDSet? {
        guard let text = row.raw(layout.retrieved) else { return nil }
        return retrievedSets[name, default: ParsedText()].value(of: text) { try? GTIDSet(parsing: $0) }
    }

    private static func filters(in row: ResultRow, _ layout: ReplicaStatusLayout) -> [ReplicationFilter] {
        layout.filters.compactMap { kind, column in
            row.nonEmpty(column).map { ReplicationFilter(kind: kind, value: $0) }
        }
    }
}

/// The value of a text that was parsed before, as long as the text stays the same.
struct ParsedText<Value: Sendable>: Sendable {
    private var text: String?
    private var parsed: Value?

    /// The value of that text where it is the last one parsed.
    func known(_ text: String) -> Value? { self.text == text ? parsed : nil }

    mutating func value(of text: String, parsing parse: (String) -> Value?) -> Value? {
        if self.text == text { return parsed }
        parsed = parse(text)
        self.text = text
        return parsed
    }
}
