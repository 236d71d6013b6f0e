import Servers
import Topology

/// The schema in which the lab keeps what its faults and its workload write.
enum LabSchema {
    static let name = "baton_lab"
}

extension Lab {
    /// The writable server from which a replica gets its changes in the end.
    ///
    /// - Throws: ``LabError/unsuitable(server:reason:)`` for a server that replicates from none.
    func primary(above server: LabServer) throws -> LabServer {
        var current = server
        var seen: Set<String> = []
        while let source = current.sources.first, seen.insert(current.name).inserted {
            current = try self.server(source)
            if !current.record.readOnly { return current }
        }
        throw LabError.unsuitable(server: server.name, reason: "it was not made a replica of a writable server")
    }

    /// Makes a table on the primary above a replica and waits until the replica has it.
    fileprivate func ensureTable(_ name: String, columns: String, above server: LabServer) async throws -> LabServer {
        let primary = try primary(above: server)
        try await primary.execute(
            "CREATE DATABASE IF NOT EXISTS \(LabSchema.name)",
            "CREATE TABLE IF NOT EXISTS \(LabSchema.name).\(name) (\(columns)) ENGINE=InnoDB")
        let limit = 15 + server.delay
        guard try await Patience.wait(within: .seconds(limit), until: { try await server.hasTable(name) }) else {
            throw LabError.timeout(
                server: server.name, waitingFor: "a table made on \(primary.name); does it replicate?", seconds: limit,
                found: "")
        }
        return primary
    }
}

extension LabServer {
    fileprivate func hasTable(_ table: String) async throws -> Bool {
        let answer = try await execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema='\(LabSchema.name)' AND table_name='\(table)'")
        return answer.first?.rowCount == 1
    }

    /// Stops replication, both threads of every channel.
    public func stopReplica() async throws {
        try requireReplica()
        try await execute(stopStatement)
    }

    /// Takes away what ``breakReplica(in:)`` left and starts replication on every channel; waits until it runs.
    public func startReplica() async throws {
        try requireReplica()
        let session = try await connect()
        defer { session.close() }
        if try await hasTable("breakage") {
            try await execute(
                ["SET sql_log_bin=0", "DELETE FROM \(LabSchema.name).breakage WHERE note='conflict'"], in: session)
        }
        try await execute([startStatement], in: session)
        let limit = 15
        guard
            try await Patience.wait(
                within: .seconds(limit),
                until: {
                    try await channels(in: session).allSatisfy(\.runs)
                })
        else {
            let errors = try await channels(in: session).map(\.error).filter { !$0.isEmpty }
            throw LabError.timeout(
                server: name, waitingFor: "replication to run", seconds: limit, found: errors.joined(separator: "; "))
        }
    }

    /// Breaks replication with a real error: a row is written on the replica alone, then the same on the primary, and
    /// the applier stops at the duplicate key (error 1062).
    ///
    /// - Returns: the error as the server reports it.
    @discardableResult
    public func breakReplica(in lab: Lab) async throws -> String {
        try requireReplica()
        guard delay == 0 else {
            throw LabError.unsuitable(server: name, reason: "it is delayed; set its delay to 0 first")
        }
        let primary = try await lab.ensureTable(
            "breakage", columns: "id BIGINT PRIMARY KEY, note VARCHAR(80)", above: self)
        let session = try await connect()
        defer { session.close() }
        let identifier = UInt64.random(in: 1...(1 << 62))
        try await execute(
            [
                // Without the binary log it is no errant transaction, which would be another fault.
                "SET sql_log_bin=0",
                "INSERT INTO \(LabSchema.name).breakage VALUES (\(identifier), 'conflict')",
            ], in: session)
        try await primary.execute("INSERT INTO \(LabSchema.name).breakage VALUES (\(identifier), 'from the primary')")
        let limit = 15
        let error = try await Patience.answer(within: .seconds(limit)) {
            try await channels(in: session).first { $0.applying == "No" && !$0.error.isEmpty }?.error
        }
        guard let error else {
            throw LabError.timeout(
                server: name, waitingFor: "the applier to stop at a duplicate key", seconds: limit, found: "")
        }
        return error
    }

    /// Makes the replica stay behind its sources by so many seconds on purpose; 0 ends that.
    public func delay(seconds: Int) async throws {
        try requireReplica()
        let session = try await connect()
        defer { session.close() }
        for channel in try await channels(in: session) {
            let statements =
                switch flavour {
                case .mysql:
                    [
                        "STOP REPLICA SQL_THREAD FOR CHANNEL '\(channel.name)'",
                        "CHANGE REPLICATION SOURCE TO SOURCE_DELAY=\(seconds) FOR CHANNEL '\(channel.name)'",
                        "START REPLICA SQL_THREAD FOR CHANNEL '\(channel.name)'",
                    ]
                case .mariadb:
                    [
                        "STOP SLAVE '\(channel.name)'", "CHANGE MASTER '\(channel.name)' TO MASTER_DELAY=\(seconds)",
                        "START SLAVE '\(channel.name)'",
                    ]
                }
            try await execute(statements, in: session)
        }
        try await stateFile.update(server: name) { $0.delay = seconds }
    }

    /// Makes the replica lag for real: a lock is held on a table there while the primary goes on writing to it.
    ///
    /// Returns when the lock is let go; the replica catches up after that. Cancelling lets go at once.
    public func lag(for duration: Duration, in lab: Lab) async throws {
        try requireReplica()
        let primary = try await lab.ensureTable("lag", columns: "id INT PRIMARY KEY, n BIGINT", above: self)
        let holder = try await connect()
        defer { holder.close() }
        let writer = try await primary.connect()
        defer { writer.close() }
        // A reader's lock: it is granted on a read-only server too, and the applier waits for it as for any other.
        try await execute(["LOCK TABLES \(LabSchema.name).lag READ"], in: holder)
        let clock = ContinuousClock()
        let end = clock.now + duration
        let statement = "INSERT INTO \(LabSchema.name).lag VALUES (1, 1) ON DUPLICATE KEY UPDATE n = n + 1"
        repeat {
            try await primary.execute([statement], in: writer)
            try await Task.sleep(until: min(end, clock.now + .milliseconds(200)))
        } while clock.now < end
        try await execute(["UNLOCK TABLES"], in: holder)
    }

    /// The seconds it stays behind on purpose now.
    var delay: Int {
        (try? stateFile.read().servers.first { $0.name == name }?.delay) ?? record.delay
    }

    private func requireReplica() throws {
        _ = try running("it does not run")
        guard !sources.isEmpty else {
            throw LabError.unsuitable(server: name, reason: "it was not made a replica of any server")
        }
    }
}
