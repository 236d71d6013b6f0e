import Servers
import Simulation
import Synchronization
import Topology

/// When baton dies: every statement and every line of the journal has a moment before and a moment after it.
final class Mortality: Sendable {
    struct Dead: Error {}

    private struct State {
        var passed = 0
        let last: Int?
        var isDead = false
        var sessions: [any StatementSession] = []
    }

    /// Which side of a change.
    enum Side {
        case before
        case after
    }

    private let state: Mutex<State>
    private let witness: @Sendable () -> Void

    /// - Parameters:
    ///   - last: the moment that it does not survive, from 1; `nil` for a baton that lives.
    ///   - witness: is called before each change. What stands then stood since the end of the change before.
    init(last: Int? = nil, witness: @escaping @Sendable () -> Void = {}) {
        state = Mutex(State(last: last))
        self.witness = witness
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// How many moments it has lived through.
    var moments: Int { state.withLock { $0.passed } }

    func pass(_ side: Side) throws(Dead) {
        if side == .before { witness() }
        let (isDead, abandoned) = state.withLock { state -> (Bool, [any StatementSession]) in
            if state.isDead { return (true, []) }
            state.passed += 1
            guard state.passed == state.last else { return (false, []) }
            state.isDead = true
            defer { state.sessions = [] }
            return (true, state.sessions)
        }
        // A dead process's connections end, and the locks that they hold.
        for session in abandoned { session.close() }
        if isDead { throw Dead() }
    }

    func note(_ session: any StatementSession) {
        state.withLock { $0.sessions.append(session) }
    }
}

/// Simulated servers as a baton meets them that may die.
struct MortalAccess: ServerAccess {
    let servers: SimulatedServers
    let mortality: Mortality

    func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession {
        guard !mortality.isDead else { throw .ofTheDead(address) }
        let session = MortalSession(session: try await servers.open(address), mortality: mortality)
        mortality.note(session.session)
        return session
    }

    func prober(of address: InstanceAddress) async -> any Prober {
        MortalProber(prober: await servers.prober(of: address), mortality: mortality)
    }
}

private struct MortalSession: StatementSession {
    let session: any StatementSession
    let mortality: Mortality

    var address: InstanceAddress { session.address }

    func query(_ batch: StatementBatch, timeout: Duration) async throws(ConnectionError) -> BatchAnswer {
        var results: [ResultSet] = []
        for statement in batch.statements {
            guard !mortality.isDead else { throw .ofTheDead(address) }
            // Looking changes nothing: dying there is dying before the next change.
            let isLook = statement.hasPrefix("SELECT") || statement.hasPrefix("SET SESSION")
            do {
                if !isLook { try mortality.pass(.before) }
            } catch {
                throw .ofTheDead(address)
            }
            var answer = try await session.query([statement], timeout: timeout)
            do {
                if !isLook { try mortality.pass(.after) }
            } catch {
                throw .ofTheDead(address)
            }
            results += answer.results
            if let failure = answer.failure {
                answer.failure = StatementError(
                    index: results.count, code: failure.code, sqlState: failure.sqlState, message: failure.message)
                answer.results = results
                return answer
            }
        }
        return BatchAnswer(results: results)
    }

    func close() { session.close() }
}

private struct MortalProber: Prober {
    let prober: any Prober
    let mortality: Mortality

    func probe() async -> ProbeOutcome {
        mortality.isDead
            ? .unreachable(ContactFailure(kind: .other, message: "baton is dead")) : await prober.probe()
    }

    var disconnections: AsyncStream<Void> { prober.disconnections }

    func close() async { await prober.close() }
}

extension ConnectionError {
    fileprivate static func ofTheDead(_ address: InstanceAddress) -> ConnectionError {
        ConnectionError(address: address, phase: .querying, cause: .cancelled, message: "baton is dead")
    }
}
