import Lab
import Servers
import Simulation
import TestSupport
import Topology

/// The same servers twice, real and simulated, under the same addresses, ids and UUIDs: what is said to the one is said
/// to the other.
struct TwoWorlds {
    /// In the order of their names.
    let servers: [LabServer]
    let release: Release
    let byGTID: Bool
    private(set) var simulated: SimulatedFleet
    private let connections: [InstanceAddress: Connection]
    private let probers: [InstanceAddress: InstanceProber]
    private var lastFacts: [InstanceAddress: InstanceFacts] = [:]
    /// Ends of each server's binary log, found at the same moments in both worlds: real offsets are not simulated ones.
    private(set) var ends: [InstanceAddress: [Pair]] = [:]
    /// What was said, with what was answered, for a test that fails.
    private(set) var transcript: [String] = []

    struct Pair: Hashable {
        let simulated: BinlogPosition
        let real: BinlogPosition
    }

    /// Connects, and makes a simulated server of each real one.
    init(_ servers: [LabServer], byGTID: Bool, seed: UInt64) async throws {
        self.servers = servers
        self.byGTID = byGTID
        release = servers[0].flavour == .mysql ? .mysql : .mariadb
        simulated = SimulatedFleet(seed: seed, at: .testNow)
        let settings = ConnectionSettings(credentials: Credentials(user: "root"), tls: TLSSettings(mode: .disabled))
        var connections: [InstanceAddress: Connection] = [:]
        var probers: [InstanceAddress: InstanceProber] = [:]
        for server in servers {
            connections[server.address] = try await server.connect()
            let prober = InstanceProber(address: server.address, settings: settings)
            probers[server.address] = prober
            guard case .facts(let facts) = await prober.probe() else {
                throw DeadlineExceeded(limit: .zero, what: "a first look at \(server.name)")
            }
            lastFacts[server.address] = facts
            simulated.add(server.address, Self.options(like: facts))
        }
        self.connections = connections
        self.probers = probers
        try await noteEnds()
    }

    private static func options(like facts: InstanceFacts) -> SimulatedServerOptions {
        var options = SimulatedServerOptions(version: facts.version, serverID: facts.identity.serverID)
        options.serverUUID = facts.identity.serverUUID
        options.writability = facts.writability
        options.format = facts.binaryLog?.format ?? .row
        // What a lab sets, so that its exercises are short.
        options.networkTimeout = .seconds(4)
        switch facts.gtid {
        case .mysql(let state): options.gtidMode = state.mode
        case .mariadb(let state): options.domain = state.domain
        case .none: break
        }
        return options
    }

    /// Closes what was opened.
    func close() async {
        for connection in connections.values { connection.close() }
        for prober in probers.values { await prober.close() }
    }

    /// A statement with a place in a binary log, which each world has by an offset of its own.
    struct Saying: Hashable {
        let server: InstanceAddress
        /// With `{file}` and `{offset}` where the place is to stand. Several statements, in a session of their own, have
        /// `; ` between them.
        let text: String
        var place: Pair?

        func said(_ position: BinlogPosition?) -> String {
            guard let position else { return text }
            return text.replacing("{file}", with: position.file).replacing("{offset}", with: "\(position.offset)")
        }

        func statements(_ position: BinlogPosition?) -> [String] {
            said(position).split(separator: "; ").map(String.init)
        }
    }

    /// Says the same to both, and waits until both are in the same state.
    ///
    /// - Returns: what differs in the end, with all that was said before; `nil` where nothing does.
    mutating func say(_ saying: Saying, within limit: Duration = .seconds(8)) async throws -> String? {
        let simulatedCode = sayToSimulated(saying)
        let realCode = try await sayToReal(saying)
        let name = servers.first { $0.address == saying.server }?.name ?? ""
        transcript.append("\(name): \(saying.said(saying.place?.simulated)) -> \(simulatedCode), \(realCode)")
        simulated.settle(within: .seconds(60))
        guard simulatedCode == realCode else { return failure("errors: \(simulatedCode) simulated, \(realCode) real") }
        var difference: String?
        do {
            try await eventually(within: limit) {
                difference = try await differences()
                return difference == nil
            }
        } catch is DeadlineExceeded {
            return failure(difference ?? "")
        }
        try await noteEnds()
        return nil
    }

    private func failure(_ difference: String) -> String {
        (transcript.suffix(14) + [difference]).joined(separator: "\n")
    }

    private mutating func sayToSimulated(_ saying: Saying) -> Int {
        do {
            try simulated.run(saying.statements(saying.place?.simulated), on: saying.server)
            return 0
        } catch {
            if case .refused(let code, _) = error { return code }
            return -1
        }
    }

    private func sayToReal(_ saying: Saying) async throws -> Int {
        guard let connection = connections[saying.server] else { return -1 }
        if saying.text.hasPrefix("PURGE") {
            // A source notices late that a replica has left, and until then keeps the file that it read.
            let threads = "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'"
            let dumps = try await connection.query([threads], timeout: .seconds(10)).results.first
            for row in 0..<(dumps?.rowCount ?? 0) {
                let id = dumps?.text(row: row, column: 0) ?? ""
                _ = try await connection.query(["KILL \(id)"], timeout: .seconds(10))
            }
            try await eventually("no replica reads any more") {
                try await connection.query([threads], timeout: .seconds(10)).results.first?.rowCount == 0
            }
        }
        let batch = StatementBatch(saying.statements(saying.place?.real))
        guard batch.statements.count > 1, let server = servers.first(where: { $0.address == saying.server }) else {
            return try await connection.query(batch, timeout: .seconds(20)).failure?.code ?? 0
        }
        let session = try await server.connect()
        defer { session.close() }
        return try await session.query(batch, timeout: .seconds(20)).failure?.code ?? 0
    }

    // MARK: States

    private mutating func differences() async throws -> String? {
        var all: [String] = []
        for server in servers {
            if let difference = try await differences(of: server) { all.append(difference) }
        }
        return all.isEmpty ? nil : all.joined(separator: "\n")
    }

    private mutating func differences(of server: LabServer) async throws -> String? {
        do {
            if case .facts(let facts)? = await probers[server.address]?.probe() { lastFacts[server.address] = facts }
            guard let real = lastFacts[server.address], let simulated = simulated.facts(of: server.address) else {
                return "\(server.name) is gone"
            }
            let expected = state(of: simulated) { $0 }
            let found = state(of: real) { position in simulatedPlace(of: position) }
            let pairs = zip(expected, found).filter { $0 != $1 && !$0.contains("?") && !$1.contains("?") }
            if !pairs.isEmpty {
                return pairs.map { "\(server.name): simulated \($0)\n\(server.name): real      \($1)" }
                    .joined(separator: "\n")
            }
            if expected.count != found.count { return "\(server.name): \(expected) \(found)" }
            let rows = try await realRows(of: server.address)
            let simulatedRows = self.simulated.rows(of: "s.t", on: server.address)?.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            if rows != simulatedRows ?? [] { return "\(server.name): rows \(simulatedRows ?? []), real \(rows)" }
        }
        return nil
    }

    /// The parts of a server's state that have to be the same, in words; a part with a question mark is not known.
    private func state(of facts: InstanceFacts, place: (BinlogPosition) -> String?, _: Void = ()) -> [String] {
        var parts = ["writability \(facts.writability)"]
        switch facts.gtid {
        case .none: break
        case .mysql(let state): parts += ["executed \(state.executed)", "purged \(state.purged)"]
        case .mariadb(let state):
            parts += [
                "log \(state.binlogState)", "slave position \(state.replicaPosition)",
                "current position \(state.currentPosition)",
            ]
        }
        for channel in facts.channels {
            parts += [
                "channel '\(channel.name)' of \(channel.source.map(\.description) ?? "nobody")",
                "receiver \(channel.receiver) error \(channel.receiverError?.code ?? 0)",
                "applier \(channel.applier) error \(channel.applierError?.code ?? 0)",
                "delay \(channel.delay) heartbeat \(channel.heartbeatPeriod ?? .zero)",
                "positioning \(channel.positioning)", "retrieved \(channel.retrieved ?? GTIDSet())",
            ]
            if channel.positioning == .binlogPosition {
                parts.append("executed \(words(channel.executed, place))")
                parts.append("received \(words(channel.received, place))")
            }
        }
        return parts
    }

    private func state(of facts: InstanceFacts, _ place: (BinlogPosition) -> BinlogPosition?) -> [String] {
        state(of: facts, place: { position in place(position).map(\.description) })
    }

    private func words(_ position: BinlogPosition?, _ place: (BinlogPosition) -> String?) -> String {
        guard let position, position.offset > 4 else { return "at the start" }
        return place(position) ?? "?"
    }

    /// The simulated place of a real one, where both were seen at the same moment.
    private func simulatedPlace(of position: BinlogPosition) -> BinlogPosition? {
        let found = Set(ends.values.joined().filter { $0.real == position }.map(\.simulated))
        return found.count == 1 ? found.first : nil
    }

    private mutating func noteEnds() async throws {
        for server in servers {
            guard let real = lastFacts[server.address]?.binaryLog?.position,
                let simulated = simulated.facts(of: server.address)?.binaryLog?.position
            else { continue }
            let pair = Pair(simulated: simulated, real: real)
            if ends[server.address]?.last != pair { ends[server.address, default: []].append(pair) }
        }
    }

    private func realRows(of address: InstanceAddress) async throws -> [String] {
        guard let connection = connections[address] else { return [] }
        let answer = try await connection.query(["SELECT id, v FROM s.t ORDER BY id"], timeout: .seconds(10))
        guard let rows = answer.results.first else { return [] }
        return (0..<rows.rowCount).map { row in
            "\(rows.text(row: row, column: 0) ?? "")=\(rows.text(row: row, column: 1) ?? "")"
        }
    }
}
