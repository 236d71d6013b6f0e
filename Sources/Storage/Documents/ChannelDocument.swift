import Topology

extension ReplicationChannel: DocumentObject {
    /// A healthy channel without a source: running, and with no lag.
    static var blank: ReplicationChannel { ReplicationChannel(source: nil, lag: Lag(measured: .zero)) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("name", &name, default: "")
        try mapper.field("source", &source)
        try mapper.field("detachedFrom", &detachedFrom)
        try mapper.field("sourceUuid", &sourceUUID)
        try mapper.field("sourceServerId", &sourceServerID)
        try mapper.field("user", &user)
        try mapper.field("receiver", &receiver, default: .running)
        try mapper.field("receiverActivity", &receiverActivity, default: "")
        try mapper.field("applier", &applier, default: .running)
        try mapper.field("applierActivity", &applierActivity, default: "")
        try mapper.field("receiverError", &receiverError)
        try mapper.field("applierError", &applierError)
        try mapper.field("received", &received)
        try mapper.field("executed", &executed)
        try mapper.field("relayLog", &relayLog)
        try mapper.field("delay", &delay, default: .zero)
        try mapLag(&mapper)
        try mapper.field("positioning", &positioning, default: .binlogPosition)
        try mapper.field("retrieved", &retrieved)
        try mapper.field("receivedGtids", &receivedGTIDs)
        try mapper.list("filters", &filters)
        try mapper.field("usesTls", &usesTLS, default: false)
        try mapper.field("heartbeatPeriod", &heartbeatPeriod)
        try mapper.field("lastHeartbeat", &lastHeartbeat)
        try mapper.field("heartbeatsReceived", &heartbeatsReceived)
        try mapper.field("reconnecting", &reconnecting)
        try mapper.field("silence", &silence)
    }

    /// Omitted is no lag; a number is what the server says; `"unknown"` is a lag that is not known.
    private mutating func mapLag(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var document = LagDocument(lag: lag, channelDelay: delay)
        if mapper.isReading { document.lag = Lag(measured: .zero, delay: delay) }
        let usual = LagDocument(lag: Lag(measured: .zero, delay: delay), channelDelay: delay)
        let json = mapper.take("lag")
        if let json {
            do throws(DocumentIssue) {
                document = try LagDocument.read(json, channelDelay: delay)
            } catch {
                throw error.under("lag")
            }
        } else if document != usual {
            mapper.put("lag", document.written())
        }
        lag = document.lag
    }
}

/// The written form of ``Lag``.
private struct LagDocument: Equatable {
    var lag: Lag?
    /// The delay of the channel, which is the usual one at the time of measuring.
    var channelDelay: Duration

    static func read(_ json: JSON, channelDelay: Duration) throws(DocumentIssue) -> LagDocument {
        switch json.content {
        case .number:
            let measured = try Duration.read(json)
            return LagDocument(lag: Lag(measured: measured, delay: channelDelay), channelDelay: channelDelay)
        case .string("unknown"): return LagDocument(lag: nil, channelDelay: channelDelay)
        case .object:
            var document = LagDocument(lag: Lag(measured: .zero, delay: channelDelay), channelDelay: channelDelay)
            try DocumentMapper.read(json, into: &document) { value, mapper throws(DocumentIssue) in
                try value.map(&mapper)
            }
            return document
        case .null, .bool, .string, .array: throw json.mustBe("a lag in seconds, \"unknown\", or an object")
        }
    }

    func written() -> JSON {
        guard let lag else { return "unknown" }
        if lag.origin == .secondsBehindSource && lag.delay == channelDelay { return lag.measured.written() }
        return DocumentMapper.write(self) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
    }

    /// The names of ``Lag/Origin``'s cases.
    private enum OriginName: String, CaseIterable, DocumentWord {
        case secondsBehindSource = "seconds-behind-source"
        case heartbeatTable = "heartbeat-table"
        case query
    }

    private mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        guard var lag else { return }
        try mapper.required("seconds", &lag.measured)
        try mapper.field("delay", &lag.delay, default: channelDelay)
        var name = OriginName.secondsBehindSource
        var table: String?
        switch lag.origin {
        case .secondsBehindSource: break
        case .query: name = .query
        case .heartbeatTable(let text): (name, table) = (.heartbeatTable, text)
        }
        try mapper.field("origin", &name, default: .secondsBehindSource)
        try mapper.field("table", &table)
        switch (name, table) {
        case (.secondsBehindSource, nil): lag.origin = .secondsBehindSource
        case (.query, nil): lag.origin = .query
        case (.heartbeatTable, let table?): lag.origin = .heartbeatTable(table)
        case (.heartbeatTable, nil):
            throw mapper.issue(.missingKey, "a lag from a heartbeat table names it with the key \"table\"")
        case (_, _?):
            throw mapper.issue(.contradiction, "only a lag from a heartbeat table has a table", at: "table")
        }
        self.lag = lag
    }
}

extension ReplicationError: DocumentObject {
    static var blank: ReplicationError { ReplicationError(code: 0, message: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("code", &code)
        try mapper.field("message", &message, default: "")
        try mapper.field("at", &at)
    }
}

extension Reconnecting: DocumentObject {
    /// Both families' default: once a minute.
    static var blank: Reconnecting { Reconnecting(interval: .seconds(60)) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("interval", &interval, default: .seconds(60))
        try mapper.field("attempts", &attempts)
    }
}

extension SourceSilence: DocumentObject {
    static var blank: SourceSilence { SourceSilence(since: Timestamp(microseconds: 0), period: .seconds(1)) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("since", &since)
        try mapper.field("period", &period, default: .seconds(1))
    }
}

extension ReplicationFilter: DocumentObject {
    static var blank: ReplicationFilter { ReplicationFilter(kind: "", value: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("kind", &kind)
        try mapper.required("value", &value)
    }
}
