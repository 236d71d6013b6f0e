import Foundation
import Servers
import Topology

/// Writes rows with a rising number, one after the other, and logs when each was acknowledged: what lag, write
/// downtime and lost rows are measured with.
public struct Workload: Sendable {
    /// Tells the rows of this run from those of others in the same table.
    public let run: Int64
    /// Where it notes what became of each row.
    public let log: WorkloadLog
    /// Where it may write. It stays with one as long as that takes rows and goes to the next when not, so that it
    /// follows a primary that moves.
    public let targets: [LabServer]
    /// Rows a second; fewer when the server is slower than that.
    public let rate: Int
    /// How long it waits for one answer before it gives the connection up, and for a connection.
    public let patience: Duration
    /// Where it connects instead of to its targets: a proxy before them.
    public let proxy: InstanceAddress?

    /// - Parameters:
    ///   - targets: at least one.
    ///   - rate: rows a second, at least 1.
    public init(
        run: Int64 = Workload.newRun(), log: WorkloadLog, targets: [LabServer], rate: Int = 50,
        patience: Duration = .seconds(5), proxy: InstanceAddress? = nil
    ) {
        precondition(!targets.isEmpty && rate > 0, "a workload needs a server and a rate")
        self.run = run
        self.log = log
        self.targets = targets
        self.rate = rate
        self.patience = patience
        self.proxy = proxy
    }

    /// A number for a run: the microsecond it begins in.
    public static func newRun() -> Int64 { now() }

    static let table = "\(LabSchema.name).workload"

    /// Makes the table on the first target. A row holds its number and when it was sent, so that a replica's lag can
    /// be read there as well.
    public func prepare() async throws {
        try await targets[0].execute(
            "CREATE DATABASE IF NOT EXISTS \(LabSchema.name)",
            """
            CREATE TABLE IF NOT EXISTS \(Self.table) (run BIGINT NOT NULL, sequence BIGINT NOT NULL, \
            sent BIGINT NOT NULL, PRIMARY KEY (run, sequence)) ENGINE=InnoDB
            """)
    }

    /// Writes until its task is cancelled.
    ///
    /// - Throws: ``LabError`` when the log can't be written; servers that fail are noted there and tried again.
    public func write() async throws {
        let appender = try log.appender()
        let clock = ContinuousClock()
        let interval = Duration.seconds(1) / rate
        var due = clock.now
        var sequence: Int64 = 0
        var target = 0
        var sessions: [Connection?] = Array(repeating: nil, count: targets.count)
        defer { for session in sessions { session?.close() } }
        while !Task.isCancelled {
            sequence += 1
            let server = targets[target]
            let sent = Self.now()
            let failure = await send(sequence, sent: sent, to: server, session: &sessions[target])
            try appender.append(
                WorkloadEntry(
                    sequence: sequence, outcome: failure == nil ? .acknowledged : .failed, server: server.name,
                    sent: sent, answered: Self.now(), detail: failure ?? ""))
            if failure != nil { target = (target + 1) % targets.count }
            // What is late is not made up for: the rate is an upper bound.
            due = max(due + interval, clock.now)
            try? await Task.sleep(until: due)
        }
    }

    /// Sends one row; returns why it failed. A server that refuses the row keeps the connection: it may take the next one.
    private func send(_ sequence: Int64, sent: Int64, to server: LabServer, session: inout Connection?) async -> String?
    {
        let failure: String
        do {
            let open: Connection
            if let session {
                open = session
            } else {
                open = try await server.connectAsApplication(by: proxy, within: patience)
            }
            session = open
            let answer = try await open.query(
                ["INSERT INTO \(Self.table) VALUES (\(run), \(sequence), \(sent))"], timeout: patience)
            guard let refusal = answer.failure else { return nil }
            // Behind a proxy the next connection may lead elsewhere.
            if proxy == nil { return refusal.message }
            failure = refusal.message
        } catch {
            failure = "\(error)"
        }
        session?.close()
        session = nil
        return failure
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
