import Operations
import Refactoring
import Synchronization
import Topology

/// Real servers, and when each was asked: so a move's time divides into theirs and ours.
struct TimedServers: OperationsServers {
    /// One question or batch of statements, from its sending to its answer.
    struct Exchange: Sendable {
        let address: InstanceAddress
        /// The first words of the first statement; empty for a look.
        let statement: String
        /// Whether the server was seen replicating on every channel; only of looks.
        let sawReplicating: Bool
        let start: ContinuousClock.Instant
        let end: ContinuousClock.Instant
    }

    /// What was asked so far; shared by copies.
    final class Log: Sendable {
        private let exchanges = Mutex<[Exchange]>([])

        func add(_ exchange: Exchange) { exchanges.withLock { $0.append(exchange) } }

        /// What was asked since the last time, and forgets it.
        func take() -> [Exchange] {
            exchanges.withLock { taken in
                defer { taken = [] }
                return taken
            }
        }
    }

    private let servers: any OperationsServers
    private let log: Log

    init(_ servers: any OperationsServers, log: Log) {
        self.servers = servers
        self.log = log
    }

    func prepare(_ addresses: [InstanceAddress]) async {
        let start = ContinuousClock.now
        await servers.prepare(addresses)
        for address in addresses { note(address, "connect", since: start) }
    }

    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        let start = ContinuousClock.now
        let facts = try await servers.probe(address)
        note(address, "", sawReplicating: facts.channels.allSatisfy(\.isReplicating), since: start)
        return facts
    }

    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        let start = ContinuousClock.now
        let answers = try await servers.run(statements, on: address, limit: limit)
        note(address, statements.first?.text ?? "", since: start)
        return answers
    }

    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] {
        let start = ContinuousClock.now
        let options = try await servers.connectionOptions(of: address, channel: channel)
        note(address, "options", since: start)
        return options
    }

    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock {
        let start = ContinuousClock.now
        let lock = try await servers.lock(address)
        note(address, "lock", since: start)
        return lock
    }

    func close() async { await servers.close() }

    private func note(
        _ address: InstanceAddress, _ statement: String, sawReplicating: Bool = false,
        since start: ContinuousClock.Instant
    ) {
        log.add(
            Exchange(
                address: address, statement: statement, sawReplicating: sawReplicating, start: start, end: .now))
    }
}

extension [TimedServers.Exchange] {
    /// How long at least one server had something to do.
    var serversTime: Duration {
        var total = Duration.zero
        var end: ContinuousClock.Instant?
        for exchange in sorted(by: { $0.start < $1.start }) {
            let start = end.map { Swift.max($0, exchange.start) } ?? exchange.start
            if exchange.end > start { total += exchange.end - start }
            end = Swift.max(end ?? exchange.end, exchange.end)
        }
        return total
    }

    /// The longest time from the sending of the first `STOP` to one server until it was seen replicating again.
    var longestStandstill: Duration {
        let byServer = Dictionary(grouping: self, by: \.address).values
        return byServer.compactMap { exchanges -> Duration? in
            let ordered = exchanges.sorted { $0.start < $1.start }
            guard let stop = ordered.first(where: { $0.statement.hasPrefix("STOP") }) else { return nil }
            let restart = ordered.last { $0.statement.hasPrefix("START") || $0.statement.contains("CHANGE") } ?? stop
            let seen = ordered.first { $0.sawReplicating && $0.end > restart.end }
            return (seen ?? restart).end - stop.start
        }.max() ?? .zero
    }

    /// What happened between two moments, cut off at both.
    func within(_ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant) -> [Element] {
        compactMap { exchange in
            guard exchange.start < end, exchange.end > start else { return nil }
            return Element(
                address: exchange.address, statement: exchange.statement, sawReplicating: exchange.sawReplicating,
                start: Swift.max(exchange.start, start), end: Swift.min(exchange.end, end))
        }
    }

    /// ``serversTime`` in milliseconds.
    var milliseconds: Double { serversTime / .milliseconds(1) }
}
