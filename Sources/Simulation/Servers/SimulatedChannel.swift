import Topology

/// A channel of a simulated replica: whom it follows, its relay log and its two threads.
struct SimulatedChannel: Hashable, Sendable {
    let name: String

    // What CHANGE sets.
    var host = ""
    var port: UInt16 = 3306
    var user = ""
    var positioning: Positioning
    var delay: Duration = .zero
    var heartbeat: Duration?
    /// Every other option, in the words of MySQL 8.4 without `SOURCE_`, as SQL.
    var options: [String: String] = [:]
    var retryInterval: Duration = .seconds(60)
    var filters: [ReplicationFilter] = []

    // Its receiver.
    var isReceiverOn = false
    var dump: SourceDump?
    var receiverError: ReplicationError?
    var nextAttempt: Timestamp?
    /// Up to where it has read; `nil` before the first file.
    var received: BinlogPosition?
    /// Whether ``received`` was only told by a `CHANGE`, and nothing has come from there yet.
    var isReceivedAhead = false
    var sourceServerID: UInt32?
    var sourceUUID: ServerUUID?
    var retrieved = GTIDSet()
    /// What it was last sent, by domain (MariaDB).
    var receivedPosition: GTIDPosition?

    // Its applier.
    var isApplierOn = false
    var applierError: ReplicationError?
    var until: SimulatedUntil?
    var executed: BinlogPosition?
    var relay: [RelayEntry] = []
    /// The first entry that is not applied.
    var next = 0
    /// Entries after ``next`` that are applied already: below them are gaps.
    var aheadOfGap: Set<Int> = []
    /// Event groups that are left out next.
    var skipCounter = 0
    /// Bytes written to relay logs since they were last dropped.
    var relayBytes: UInt64 = 4

    struct RelayEntry: Hashable, Sendable {
        let transaction: LoggedTransaction
        /// Its end in the source's binary log.
        let end: BinlogPosition
    }

    init(name: String, positioning: Positioning) {
        self.name = name
        self.positioning = positioning
    }

    var isConfigured: Bool { !host.isEmpty }
    var isRunning: Bool { isReceiverOn || isApplierOn }
    var hasGaps: Bool { !aheadOfGap.isEmpty }
    var hasUnapplied: Bool { next < relay.count }

    /// Throws the relay log away.
    mutating func dropRelayLog() {
        relay = []
        next = 0
        aheadOfGap = []
        retrieved = GTIDSet()
        relayBytes = 4
    }

    /// Counts an entry as executed, and moves the executed position as far as there is no gap.
    mutating func markExecuted(_ index: Int) {
        if index != next {
            aheadOfGap.insert(index)
            return
        }
        executed = relay[next].end
        next += 1
        while aheadOfGap.remove(next) != nil {
            executed = relay[next].end
            next += 1
        }
        // What is applied is read again by nobody.
        guard next >= 32, aheadOfGap.isEmpty else { return }
        relay.removeFirst(next)
        next = 0
    }
}

/// Where an applier was told to stop.
enum SimulatedUntil: Hashable, Sendable {
    case source(BinlogPosition)
    case before(GTIDSet)
    case after(GTIDSet)
    case mariadb(GTIDPosition)
    case gapsFilled
}

/// A running dump thread of a source, from the replica's side.
struct SourceDump: Hashable, Sendable {
    /// Who sends.
    let source: InstanceAddress
    /// Which process and which log it was opened on.
    let generation: Int
    let process: Int
    var cursor: SimulatedBinaryLog.Cursor
    /// What the replica said that it has (MySQL with auto-position).
    var known: GTIDSet?
    /// The transaction of each domain up to which nothing is sent (MariaDB).
    var skipping: [UInt32: MariaDBGTID] = [:]
    /// When something last arrived, heartbeats counted.
    var lastSign: Timestamp
}
