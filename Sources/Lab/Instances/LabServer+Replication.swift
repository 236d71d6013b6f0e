import Servers
import Topology

/// What a server says about one of its channels, as far as the lab needs it.
struct ChannelStatus: Sendable {
    let name: String
    let receiving: String
    let applying: String
    let error: String
    /// Seconds behind its source as the server reckons; `nil` when it does not know.
    let secondsBehind: Int?

    var runs: Bool { receiving == "Yes" && applying == "Yes" }
}

extension LabServer {
    /// Makes it a replica of the sources that the lab's shape gives it, and waits until it replicates.
    func attach(in lab: Lab) async throws {
        let session = try await connect()
        defer { session.close() }
        for source in sources {
            let statement = attachStatement(to: try lab.server(source))
            try await execute([statement], in: session)
        }
        try await execute([startStatement], in: session)
        let limit = 30
        let running = try await Patience.wait(within: .seconds(limit)) {
            try await channels(in: session).allSatisfy(\.runs)
        }
        guard running else {
            let found = try await channels(in: session).map(\.error).filter { !$0.isEmpty }
            throw LabError.timeout(
                server: name, waitingFor: "replication to run", seconds: limit, found: found.joined(separator: "; "))
        }
    }

    /// The name of the channel for a source: the unnamed one where there is but one source.
    private func channel(for source: String) -> String { sources.count == 1 ? "" : source }

    private func attachStatement(to source: LabServer) -> String {
        let account = LabAccounts.replication
        let channel = channel(for: source.name)
        switch flavour {
        case .mysql:
            let place =
                record.positioning == .gtid
                ? "SOURCE_AUTO_POSITION=1" : "SOURCE_LOG_FILE='bin.000001', SOURCE_LOG_POS=4"
            // GET_SOURCE_PUBLIC_KEY: caching_sha2_password asks for it where there is no TLS. Newer releases give up
            // after ten tries, which no exercise with a killed source would survive.
            let heartbeat = record.heartbeat.map { ", SOURCE_HEARTBEAT_PERIOD=\($0)" } ?? ""
            return """
                CHANGE REPLICATION SOURCE TO SOURCE_HOST='\(source.address.host)', SOURCE_PORT=\(source.address.port), \
                SOURCE_USER='\(account.user)', SOURCE_PASSWORD='\(account.password)', \(place), \
                SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=86400, SOURCE_DELAY=\(record.delay), \
                GET_SOURCE_PUBLIC_KEY=1\(heartbeat) FOR CHANNEL '\(channel)'
                """
        case .mariadb:
            let place =
                record.positioning == .gtid
                ? "MASTER_USE_GTID=slave_pos"
                : "MASTER_USE_GTID=no, MASTER_LOG_FILE='bin.000001', MASTER_LOG_POS=4"
            let delay = record.delay > 0 ? ", MASTER_DELAY=\(record.delay)" : ""
            let heartbeat = record.heartbeat.map { ", MASTER_HEARTBEAT_PERIOD=\($0)" } ?? ""
            return """
                CHANGE MASTER '\(channel)' TO MASTER_HOST='\(source.address.host)', MASTER_PORT=\(source.address.port), \
                MASTER_USER='\(account.user)', MASTER_PASSWORD='\(account.password)', \(place), \
                MASTER_CONNECT_RETRY=1\(delay)\(heartbeat)
                """
        }
    }

    var startStatement: String { flavour == .mysql ? "START REPLICA" : "START ALL SLAVES" }
    var stopStatement: String { flavour == .mysql ? "STOP REPLICA" : "STOP ALL SLAVES" }

    /// What the server says about its channels now.
    func channels(in session: Connection) async throws -> [ChannelStatus] {
        let statement = flavour == .mysql ? "SHOW REPLICA STATUS" : "SHOW ALL SLAVES STATUS"
        guard let answer = try await execute([statement], in: session).first else { return [] }
        let newer = flavour == .mysql
        func text(_ row: Int, _ column: String) -> String {
            answer.column(named: column).flatMap { answer.text(row: row, column: $0)?.sanitized } ?? ""
        }
        return (0..<answer.rowCount).map { row in
            ChannelStatus(
                name: text(row, newer ? "Channel_Name" : "Connection_name"),
                receiving: text(row, newer ? "Replica_IO_Running" : "Slave_IO_Running"),
                applying: text(row, newer ? "Replica_SQL_Running" : "Slave_SQL_Running"),
                error: [text(row, "Last_IO_Error"), text(row, "Last_SQL_Error")].filter { !$0.isEmpty }
                    .joined(separator: "; "),
                secondsBehind: Int(text(row, newer ? "Seconds_Behind_Source" : "Seconds_Behind_Master")))
        }
    }
}
