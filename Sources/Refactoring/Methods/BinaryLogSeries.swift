import Topology

/// A server's binary logs since they were last begun anew, recognized by what the server counts.
///
/// Nothing in a place of a log tells in which series it was: after a reset files are numbered from the beginning again, and
/// may have grown over any place that was noted before. But a process that has run and counted on since, and counts the same
/// number of `RESET`, has reset nothing.
public struct BinaryLogSeries: Hashable, Sendable, Codable {
    /// Whether one series goes on as another.
    public enum Relation: Hashable, Sendable {
        /// No log was begun anew in between.
        case same
        /// The same process has carried out `RESET` in between.
        case reset
        /// It is another process, or its counters were set to zero (`FLUSH STATUS`): nothing tells.
        case unknown
    }

    /// How long a server must have counted: a restart within less could not be told from the inexactness of its figures,
    /// which are whole seconds, read one after the other.
    public static let shortestCount = Duration.seconds(10)
    private static let inexactness: Int64 = 3

    /// `@@server_id`.
    public let serverID: UInt32
    /// `@@server_uuid`, `nil` on MariaDB.
    public let serverUUID: String?
    /// When it began to count, in seconds since 1970 by its own clock: its start, or the last `FLUSH STATUS`.
    public let countingSince: Int64
    /// `Com_reset`: how often it was told to reset binary logs, or replication.
    public let resets: UInt64

    /// Reads the figures of one server.
    ///
    /// - Parameters:
    ///   - now: its clock, in seconds since 1970.
    ///   - counted: `Uptime_since_flush_status`, in seconds.
    /// - Returns: `nil` where it has not counted for long enough.
    public init?(serverID: UInt32, serverUUID: String?, now: Int64, counted: Int64, resets: UInt64) {
        guard .seconds(counted) >= Self.shortestCount else { return nil }
        self.serverID = serverID
        self.serverUUID = serverUUID
        countingSince = now - counted
        self.resets = resets
    }

    /// How this one, seen before, and `later` are related.
    public func relation(to later: BinaryLogSeries) -> Relation {
        guard serverID == later.serverID, serverUUID == later.serverUUID,
            abs(later.countingSince - countingSince) <= Self.inexactness, later.resets >= resets
        else { return .unknown }
        return later.resets == resets ? .same : .reset
    }
}

/// A server whose binary log must still be in a series: places in it were read before.
public struct LogWitness: Hashable, Sendable, Codable {
    public var instance: InstanceAddress
    public var series: BinaryLogSeries

    /// Makes a witness.
    public init(_ instance: InstanceAddress, _ series: BinaryLogSeries) {
        self.instance = instance
        self.series = series
    }
}

extension Step {
    /// The servers in whose logs it has found, or will have found, the same place: the source that its replica follows and the
    /// one that it goes to, by the names that the plan has for them; empty where it goes by GTID.
    public var comparedLogs: [InstanceAddress] {
        commands.flatMap { command -> [InstanceAddress] in
            guard case .changeSource(let channel, let change) = command, let target = change.source,
                case .binlog? = change.positioning
            else { return [] }
            let sources = preconditions.compactMap { expectation -> InstanceAddress? in
                if case .follows(let source, channel) = expectation { source } else { nil }
            }
            return sources + [target]
        }
    }
}
