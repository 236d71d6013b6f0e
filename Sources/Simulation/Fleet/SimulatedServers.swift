import Servers
import Synchronization
import Topology

/// A simulated fleet as the program meets servers: probed and spoken to from anywhere, one after the other.
public final class SimulatedServers: Sendable {
    private let fleet: Mutex<SimulatedFleet>

    /// Takes a fleet over.
    public init(_ fleet: SimulatedFleet) {
        self.fleet = Mutex(fleet)
    }

    /// The fleet as it is now: a value, which what comes later does not change.
    public var current: SimulatedFleet { fleet.withLock { $0 } }

    /// The fleet's time, to wait by.
    public var clock: SimulatedClock { SimulatedClock(self) }

    /// Lets something happen to the fleet: time, faults, a workload.
    @discardableResult
    public func change<Value: Sendable, Failure: Error>(
        _ body: (inout sending SimulatedFleet) throws(Failure) -> sending Value
    ) throws(Failure) -> Value {
        try fleet.withLock { fleet throws(Failure) in try body(&fleet) }
    }

    /// Looks at a server once, as a probe does.
    public func probe(_ address: InstanceAddress) -> ProbeOutcome {
        fleet.withLock { fleet in
            fleet.step()
            if let facts = fleet.facts(of: address) { return .facts(facts) }
            guard let failure = fleet.contactFailure(of: address) else {
                return .unreachable(ContactFailure(kind: .unknownHost, code: 2005, message: "Unknown server host"))
            }
            // Nobody answers a frozen server's probe before its patience ends.
            if failure.kind == .readTimeout { fleet.advance(by: Self.patience) }
            return .unreachable(failure)
        }
    }

    /// Runs statements in one session, up to the first that fails.
    ///
    /// - Throws: ``StatementError`` with its index where the server refuses one, ``ConnectionError`` where the server does
    ///   not answer or the connection is lost; what came before stands.
    public func run(_ statements: [String], on address: InstanceAddress) throws -> [ResultSet] {
        let session = try openSession(with: address)
        defer { session.close() }
        let answer = try session.ask(StatementBatch(statements), timeout: Self.patience)
        if let failure = answer.failure { throw failure }
        return answer.results
    }

    /// How long a client waits for a server that does not answer, unless it says otherwise.
    static let patience = Duration.seconds(2)

    fileprivate func openSession(with address: InstanceAddress) throws(ConnectionError) -> SimulatedClientSession {
        let result: Result<SessionID, SimulatedFailure> = fleet.withLock { fleet in
            do throws(SimulatedFailure) {
                return .success(try fleet.connect(to: address))
            } catch {
                if error == .timedOut { fleet.advance(by: Self.patience) }
                return .failure(error)
            }
        }
        switch result {
        case .success(let id): return SimulatedClientSession(address: address, id: id, servers: self)
        case .failure(let failure): throw failure.connectionError(address, .connecting)
        }
    }
}

extension SimulatedServers: ServerAccess {
    public func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession {
        try openSession(with: address)
    }

    public func prober(of address: InstanceAddress) async -> any Prober {
        SimulatedProber(address: address, servers: self)
    }
}

/// A client's session with a simulated server.
private struct SimulatedClientSession: StatementSession {
    let address: InstanceAddress
    let id: SessionID
    let servers: SimulatedServers

    func query(_ batch: StatementBatch, timeout: Duration) async throws(ConnectionError) -> BatchAnswer {
        try ask(batch, timeout: timeout)
    }

    func ask(_ batch: StatementBatch, timeout: Duration) throws(ConnectionError) -> BatchAnswer {
        var results: [ResultSet] = []
        for (index, statement) in batch.statements.enumerated() {
            do throws(SimulatedFailure) {
                results.append(try answer(to: statement, before: Array(batch.statements[(index + 1)...]), timeout))
            } catch {
                guard case .refused(let code, let message) = error else {
                    close()
                    throw error.connectionError(address, .querying)
                }
                let state = code == 1064 ? "42000" : "HY000"
                return BatchAnswer(
                    results: results,
                    failure: StatementError(index: results.count, code: code, sqlState: state, message: message))
            }
        }
        return BatchAnswer(results: results)
    }

    private func answer(
        to statement: String, before rest: [String], _ timeout: Duration
    ) throws(SimulatedFailure) -> ResultSet {
        try servers.change { fleet throws(SimulatedFailure) in
            do throws(SimulatedFailure) {
                let rows = try fleet.execute(statement, in: id, before: rest).rows
                fleet.step()
                return rows
            } catch {
                if error == .timedOut { fleet.advance(by: timeout) }
                throw error
            }
        }
    }

    func close() {
        servers.change { $0.close(id) }
    }
}

/// Looks at a simulated server.
private struct SimulatedProber: Prober {
    let address: InstanceAddress
    let servers: SimulatedServers

    func probe() async -> ProbeOutcome { servers.probe(address) }

    var disconnections: AsyncStream<Void> { AsyncStream { $0.finish() } }

    func close() async {}
}

extension SimulatedFailure {
    /// The same as a connection tells it.
    fileprivate func connectionError(
        _ address: InstanceAddress, _ phase: ConnectionError.Phase
    ) -> ConnectionError {
        switch self {
        case .refused(let code, let message):
            ConnectionError(address: address, phase: phase, cause: .contact(.other), code: code, message: message)
        case .connectionRefused:
            ConnectionError(
                address: address, phase: .connecting, cause: .contact(.connectionRefused), code: 2003,
                message: "Connection refused")
        case .connectionLost:
            ConnectionError(
                address: address, phase: phase, cause: .contact(.connectionLost), code: 2013,
                message: "Lost connection to server during query")
        case .timedOut:
            ConnectionError(
                address: address, phase: phase, cause: .contact(.readTimeout), message: "no answer came in time")
        }
    }
}
