import Servers
import Topology

/// What a workload's log and the servers say together: how long writing was down, and which acknowledged rows a
/// server does not have.
public struct WorkloadReport: Sendable, Codable, Equatable {
    /// What one server has of the rows.
    public struct Server: Sendable, Codable, Equatable {
        /// The server's name in the lab.
        public let name: String
        /// Rows of the run that are there, acknowledged or not.
        public let rows: Int
        /// Acknowledged rows that are not there, and newer than every row that is: they may still come.
        public let notYet: Int
        /// Acknowledged rows that are not there although newer ones are.
        public let missing: Int
        /// Rows that are there without an acknowledgement: the answer was lost.
        public let unacknowledged: Int
        /// How much earlier than the newest acknowledged row the newest one that is there was acknowledged, in seconds.
        public let secondsBehind: Double?
        /// Why the server could not be asked.
        public let failure: String?
    }

    /// Which run it reports on; see ``Workload/run``.
    public let run: Int64
    /// Rows that a server said are committed.
    public let acknowledged: Int
    /// Rows that were refused, or of which no answer came.
    public let failed: Int
    /// The longest time between two acknowledgements that follow each other, in seconds: the write downtime.
    public let longestPause: Double
    /// When that pause began, in microseconds since 1970.
    public let longestPauseBegan: Int64?
    /// From sending a row to its acknowledgement, in milliseconds.
    public let medianLatency: Double?
    /// The longest of these, in milliseconds.
    public let worstLatency: Double?
    /// What each server that could be asked has of the rows, in the order of the lab.
    public let servers: [Server]

    /// Compares the entries of a log with the row numbers that servers have.
    public init(run: Int64, entries: [WorkloadEntry], rows: [(server: String, found: Result<[Int64], LabError>)]) {
        let acknowledgements = entries.filter { $0.outcome == .acknowledged }
        self.run = run
        acknowledged = acknowledgements.count
        failed = entries.count - acknowledgements.count
        var pause: Int64 = 0
        var began: Int64?
        for (earlier, later) in zip(acknowledgements, acknowledgements.dropFirst())
        where later.answered - earlier.answered > pause {
            pause = later.answered - earlier.answered
            began = earlier.answered
        }
        longestPause = Double(pause) / 1_000_000
        longestPauseBegan = began
        let latencies = acknowledgements.map { $0.answered - $0.sent }.sorted()
        medianLatency = latencies.isEmpty ? nil : Double(latencies[latencies.count / 2]) / 1000
        worstLatency = latencies.last.map { Double($0) / 1000 }
        // A workload that runs has written more since its log was read.
        let end = entries.last?.sequence ?? 0
        servers = rows.map { row in
            let found = row.found.map { $0.filter { $0 <= end } }
            return Server(name: row.server, found: found, acknowledgements: acknowledgements)
        }
    }
}

extension WorkloadReport.Server {
    init(name: String, found: Result<[Int64], LabError>, acknowledgements: [WorkloadEntry]) {
        guard case .success(let sequences) = found else {
            var failure: String?
            if case .failure(let error) = found { failure = error.description }
            self.init(
                name: name, rows: 0, notYet: 0, missing: 0, unacknowledged: 0, secondsBehind: nil, failure: failure)
            return
        }
        let present = Set(sequences)
        let newest = sequences.max() ?? 0
        let absent = acknowledgements.filter { !present.contains($0.sequence) }
        let known = acknowledgements.count - absent.count
        let newestThere = acknowledgements.last { $0.sequence <= newest && present.contains($0.sequence) }
        var behind: Double?
        if let newestThere, let last = acknowledgements.last {
            behind = Double(last.answered - newestThere.answered) / 1_000_000
        }
        self.init(
            name: name, rows: present.count, notYet: absent.count { $0.sequence > newest },
            missing: absent.count { $0.sequence < newest }, unacknowledged: present.count - known,
            secondsBehind: behind, failure: nil)
    }
}

extension Workload {
    /// Reads the log, asks servers which rows they have, and compares.
    public func report(on servers: [LabServer]) async throws -> WorkloadReport {
        // The log first: a row that is acknowledged in between is then simply not asked for.
        let entries = try log.entries()
        var rows: [(server: String, found: Result<[Int64], LabError>)] = []
        for server in servers {
            rows.append((server.name, await sequences(on: server)))
        }
        return WorkloadReport(run: run, entries: entries, rows: rows)
    }

    private func sequences(on server: LabServer) async -> Result<[Int64], LabError> {
        do {
            guard server.condition == .running else {
                throw LabError.unsuitable(server: server.name, reason: "it is \(server.condition.rawValue)")
            }
            let answer = try await server.execute("SELECT sequence FROM \(Self.table) WHERE run=\(run)").first
            return .success((0..<(answer?.rowCount ?? 0)).compactMap { Int64(answer?.text(row: $0, column: 0) ?? "") })
        } catch let error as LabError {
            return .failure(error)
        } catch {
            return .failure(.statementFailed(server: server.name, during: "reading rows", reason: "\(error)"))
        }
    }
}
