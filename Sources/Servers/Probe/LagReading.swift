import Topology

/// Lag from a heartbeat table or a query, in place of `Seconds_Behind_Source`.
enum LagReading: Hashable {
    /// The age of each writer's row.
    case heartbeats([HeartbeatRow], HeartbeatTable)
    case value(Duration)

    /// The age of one row, read in both zones in which the writer may note the time.
    struct HeartbeatRow: Hashable {
        var serverID: UInt32
        var utcAge: Duration
        var localAge: Duration
    }

    /// Reads ``HeartbeatTable/query``; rows without a time are left out.
    static func heartbeats(_ result: ResultSet, table: HeartbeatTable) -> LagReading {
        let column = ColumnFinder(indices: result.columnIndices)
        let (id, utc, local) = (column("server_id"), column("utc_age"), column("local_age"))
        let rows = result.rows.compactMap { row -> HeartbeatRow? in
            guard let id: UInt32 = row.integer(id), let utc: Int64 = row.integer(utc),
                let local: Int64 = row.integer(local)
            else { return nil }
            return HeartbeatRow(
                serverID: id, utcAge: rounded(.microseconds(utc)), localAge: rounded(.microseconds(local)))
        }
        return .heartbeats(rows, table)
    }

    /// Reads a query's one value in seconds; `nil` for NULL, no row and nonsense.
    static func value(_ result: ResultSet) -> LagReading? {
        result.firstRow.duration(0).map { .value(rounded($0)) }
    }

    /// The lag of a channel, `nil` where this reading says nothing about it.
    ///
    /// With one channel the freshest row that another server wrote counts: it cannot have come but through this channel,
    /// and the row of a source that used to be written to may be stale. With several channels the row of the channel's
    /// own source counts, where it has one.
    func lag(of channel: ReplicationChannel, ownServerID: UInt32, channelCount: Int) -> Lag? {
        switch self {
        case .value(let value):
            return Lag(measured: max(.zero, value), delay: channel.delay, origin: .query)
        case .heartbeats(let rows, let table):
            let others = rows.filter { $0.serverID != ownServerID }
            let ofSource = others.filter { $0.serverID == channel.sourceServerID }
            let candidates = channelCount > 1 && !ofSource.isEmpty ? ofSource : others
            guard let row = candidates.min(by: { $0.utcAge < $1.utcAge }) else { return nil }
            let age = Self.age(of: row, clock: table.clock, known: channel.lag?.measured)
            // A writer whose clock is ahead gives a negative age.
            return Lag(measured: max(.zero, age), delay: channel.delay, origin: .heartbeatTable(table.name))
        }
    }

    private static func age(of row: HeartbeatRow, clock: HeartbeatTable.Clock, known: Duration?) -> Duration {
        switch clock {
        case .utc: return row.utcAge
        case .local: return row.localAge
        case .automatic:
            if let known {
                let isUTCNearer = magnitude(row.utcAge - known) <= magnitude(row.localAge - known)
                return isUTCNearer ? row.utcAge : row.localAge
            }
            let plausible = [row.utcAge, row.localAge].filter { $0 >= .zero - tolerance }
            return plausible.min() ?? max(row.utcAge, row.localAge)
        }
    }

    /// How far clocks of two hosts may be apart; zones differ by a quarter of an hour at least.
    private static let tolerance = Duration.seconds(60)

    private static func magnitude(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }

    /// To a tenth of a second: a heartbeat is written once a second, finer figures are noise that would make every
    /// poll a change.
    private static func rounded(_ duration: Duration) -> Duration {
        .milliseconds(duration.wholeMicroseconds / 100_000 * 100)
    }
}
