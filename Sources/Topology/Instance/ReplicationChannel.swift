/// One stream of changes into a replica: a MySQL channel or a MariaDB named connection.
public struct ReplicationChannel: Hashable, Sendable, Identifiable {
    /// The channel's name; empty for the default channel.
    public var name: String
    /// The source as this replica was told it; `nil` where the channel has none (reset, or `_` as orchestrator leaves it).
    public var source: InstanceAddress?
    /// The source from which the replica was detached, so that it cannot connect until reattached: its configured host is
    /// `//host`, a mark that orchestrator sets too. ``source`` is `nil` then.
    public var detachedFrom: InstanceAddress?
    /// The source's `server_uuid` as the replica learnt it (MySQL).
    public var sourceUUID: ServerUUID?
    /// The source's `server_id` as the replica learnt it; `nil` before the first connection.
    public var sourceServerID: UInt32?
    /// The replication account; `nil` where none is configured. The password is never read.
    public var user: String?
    /// Whether the thread runs that fetches events.
    public var receiver: ReceiverState
    /// The receiver thread's own words for what it does, for example `Waiting for source to send event`.
    public var receiverActivity: String
    /// Whether the threads run that apply them.
    public var applier: ApplierState
    /// The applier's own words, for example `Replica has read all relay log; waiting for more updates`.
    public var applierActivity: String
    /// The receiver's last error; `nil` where it had none since it was started.
    public var receiverError: ReplicationError?
    /// The applier's last error; with parallel appliers (MySQL) that of the worker that stopped them.
    public var applierError: ReplicationError?
    /// Up to where events were received, in the source's binary log.
    public var received: BinlogPosition?
    /// Up to where events were applied, in the source's binary log.
    public var executed: BinlogPosition?
    /// The applier's place in the relay log.
    public var relayLog: BinlogPosition?
    /// How far it is behind; `nil` where nobody can say, as while a thread is stopped.
    public var lag: Lag?
    /// The configured delay (`SOURCE_DELAY`, `MASTER_DELAY`).
    public var delay: Duration
    /// How it finds its place in the source's log.
    public var positioning: Positioning
    /// What this channel has received (MySQL with GTID); `nil` elsewhere.
    public var retrieved: GTIDSet?
    /// Up to where this channel has received, by domain (MariaDB's `Gtid_IO_Pos`): only whole transactions count. Empty until
    /// something came by GTID since the receiver was started; `nil` elsewhere.
    public var receivedGTIDs: GTIDPosition?
    /// What it leaves out of what its source has; empty for a whole copy.
    public var filters: [ReplicationFilter]
    /// Whether the connection to the source is encrypted.
    public var usesTLS: Bool
    /// The source's heartbeat period towards this replica; `nil` where it cannot be read, zero where it is off.
    public var heartbeatPeriod: Duration?
    /// When the last heartbeat arrived; heartbeats are sent only while there are no events. As of the last probe that
    /// brought other news too: a heartbeat alone is none.
    public var lastHeartbeat: Timestamp?
    /// Heartbeats received since the channel started, as of the same probe; `nil` where it cannot be read.
    public var heartbeatsReceived: UInt64?
    /// How it tries again after it lost its source; `nil` where the server does not say.
    public var reconnecting: Reconnecting?
    /// Set while its source is silent though the receiver runs. It is observed from look to look, and so `nil` in
    /// facts that were read once.
    public var silence: SourceSilence?

    public var id: String { name }

    /// Makes a channel; what is left out is as on one that runs well and by log position.
    public init(
        name: String = "",
        source: InstanceAddress?,
        detachedFrom: InstanceAddress? = nil,
        sourceUUID: ServerUUID? = nil,
        sourceServerID: UInt32? = nil,
        user: String? = nil,
        receiver: ReceiverState = .running,
        receiverActivity: String = "",
        applier: ApplierState = .running,
        applierActivity: String = "",
        receiverError: ReplicationError? = nil,
        applierError: ReplicationError? = nil,
        received: BinlogPosition? = nil,
        executed: BinlogPosition? = nil,
        relayLog: BinlogPosition? = nil,
        lag: Lag? = nil,
        delay: Duration = .zero,
        positioning: Positioning = .binlogPosition,
        retrieved: GTIDSet? = nil,
        receivedGTIDs: GTIDPosition? = nil,
        filters: [ReplicationFilter] = [],
        usesTLS: Bool = false,
        heartbeatPeriod: Duration? = nil,
        lastHeartbeat: Timestamp? = nil,
        heartbeatsReceived: UInt64? = nil,
        reconnecting: Reconnecting? = nil,
        silence: SourceSilence? = nil
    ) {
        self.name = name
        self.source = source
        self.detachedFrom = detachedFrom
        self.sourceUUID = sourceUUID
        self.sourceServerID = sourceServerID
        self.user = user
        self.receiver = receiver
        self.receiverActivity = receiverActivity
        self.applier = applier
        self.applierActivity = applierActivity
        self.receiverError = receiverError
        self.applierError = applierError
        self.received = received
        self.executed = executed
        self.relayLog = relayLog
        self.lag = lag
        self.delay = delay
        self.positioning = positioning
        self.retrieved = retrieved
        self.receivedGTIDs = receivedGTIDs
        self.filters = filters
        self.usesTLS = usesTLS
        self.heartbeatPeriod = heartbeatPeriod
        self.lastHeartbeat = lastHeartbeat
        self.heartbeatsReceived = heartbeatsReceived
        self.reconnecting = reconnecting
        self.silence = silence
    }

    /// Whether both threads run; a receiver that is still connecting does not.
    public var isReplicating: Bool { receiver == .running && applier == .running }

    /// Whether it was detached from its source and waits to be attached again.
    public var isDetached: Bool { source == nil && detachedFrom != nil }
}

/// The thread that fetches events from the source (`Replica_IO_Running`).
public enum ReceiverState: String, Hashable, Sendable, CaseIterable {
    case running
    /// The server says `Connecting`, or `Preparing` on MariaDB: it tries, and receives nothing.
    case connecting
    case stopped
}

/// The threads that apply received events (`Replica_SQL_Running`).
public enum ApplierState: String, Hashable, Sendable, CaseIterable {
    case running
    case stopped
}

/// How a channel finds its place in the source's log.
public enum Positioning: String, Hashable, Sendable, CaseIterable {
    case binlogPosition = "position"
    /// MySQL `SOURCE_AUTO_POSITION = 1`.
    case autoPosition = "auto-position"
    /// MariaDB `MASTER_USE_GTID = slave_pos`.
    case replicaPosition = "slave-pos"
    /// MariaDB `MASTER_USE_GTID = current_pos`.
    case currentPosition = "current-pos"

    /// Whether the channel follows its source by GTID, of either family.
    public var isGTID: Bool { self != .binlogPosition }
}

/// The last error of a receiver or an applier, as the server tells it.
public struct ReplicationError: Hashable, Sendable {
    /// The server's error number (`Last_IO_Errno`, `Last_SQL_Errno`).
    public var code: Int
    /// The server's text in full, sanitised.
    public var message: String
    /// When it happened; `nil` where the server does not say, as MariaDB.
    public var at: Timestamp?

    /// Makes an error; the text must be sanitised.
    public init(code: Int, message: String, at: Timestamp? = nil) {
        self.code = code
        self.message = message
        self.at = at
    }
}

/// How far a replica is behind, and where that figure comes from.
public struct Lag: Hashable, Sendable {
    /// Who measured it.
    public enum Origin: Hashable, Sendable {
        /// `Seconds_Behind_Source`: whole seconds, 0 where the receiver itself is behind.
        case secondsBehindSource
        /// A heartbeat table such as pt-heartbeat's, named `schema.table`.
        case heartbeatTable(String)
        /// The query from the configuration.
        case query
    }

    /// As measured, with the configured delay still in it.
    public var measured: Duration
    /// The configured delay of the channel at that moment.
    public var delay: Duration
    /// Who measured it.
    public var origin: Origin

    /// Makes a lag; by default from `Seconds_Behind_Source` of a channel without a delay.
    public init(measured: Duration, delay: Duration = .zero, origin: Origin = .secondsBehindSource) {
        self.measured = measured
        self.delay = delay
        self.origin = origin
    }

    /// The lag that nobody asked for: what was measured less the configured delay, never negative.
    public var beyondDelay: Duration { max(.zero, measured - delay) }
}

/// How a receiver tries to connect again (`SOURCE_CONNECT_RETRY`, `SOURCE_RETRY_COUNT`, `MASTER_CONNECT_RETRY`).
public struct Reconnecting: Hashable, Sendable {
    /// The pause between two attempts. The first comes at once.
    public var interval: Duration
    /// After how many attempts it gives up; 0 never does, `nil` where the server does not say (MariaDB: 100000 by
    /// default, `master-retry-count`).
    public var attempts: UInt64?

    /// Makes a setting.
    public init(interval: Duration, attempts: UInt64? = nil) {
        self.interval = interval
        self.attempts = attempts
    }
}

/// A rule by which a replica leaves out or renames what it receives.
public struct ReplicationFilter: Hashable, Sendable {
    /// The option's name without flavour, for example `do-db`, `ignore-table`, `wild-do-table`, `rewrite-db`.
    public var kind: String
    /// The option's value as the server gives it: names, patterns or server ids, separated by commas.
    public var value: String

    /// Makes a filter.
    public init(kind: String, value: String) {
        self.kind = kind
        self.value = value
    }
}

extension InstanceFacts {
    /// The facts less what changes with every heartbeat, to tell whether anything else has changed.
    public var withoutHeartbeats: InstanceFacts {
        var facts = self
        for index in facts.channels.indices {
            facts.channels[index].lastHeartbeat = nil
            facts.channels[index].heartbeatsReceived = nil
        }
        return facts
    }
}
