import Servers
import Simulation
import Synchronization
import TestSupport
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

    /// What becomes of statements that were sent together with the one at which a baton died.
    enum Packet: CaseIterable, Sendable {
        /// The server ends the session before it comes to them, as `KILL` by the next baton makes it.
        case isCutOff
        /// The server goes on with them.
        case goesOn
    }

    /// When a baton dies.
    enum End: Sendable {
        case never
        /// Never; its moments are counted.
        case counted
        /// At that moment, from 1.
        case moment(Int, Packet)
        /// While it waits for an answer that does not come.
        case waiting
    }

    private let state: Mutex<State>
    private let end: End
    private let pauses: Mutex<SeededGenerator?>
    private let witness: @Sendable () -> Void

    /// - Parameters:
    ///   - pauses: decides how often others come first between its questions; without it it only waits its turn.
    ///   - witness: is called before each change. What stands then stood since the end of the change before.
    init(_ end: End = .never, pauses: SeededGenerator? = nil, witness: @escaping @Sendable () -> Void = {}) {
        if case .moment(let last, _) = end { state = Mutex(State(last: last)) } else { state = Mutex(State(last: nil)) }
        self.end = end
        self.pauses = Mutex(pauses)
        self.witness = witness
    }

    /// Whether statements go one by one, so that there is a moment between two of them.
    var countsMoments: Bool {
        switch end {
        case .counted, .moment: true
        case .never, .waiting: false
        }
    }

    /// Lets others come first.
    func linger() async {
        let count = pauses.withLock { pauses in
            guard var random = pauses else { return 0 }
            defer { pauses = random }
            return Int.random(in: 0...12, using: &random)
        }
        for _ in 0..<count { await Task.yield() }
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// How many moments it has lived through.
    var moments: Int { state.withLock { $0.passed } }

    func pass(_ side: Side) throws(Dead) {
        if live(through: side) { return }
        abandon()
        throw Dead()
    }

    /// - Parameter rest: carries out what the server has of the packet, where it goes on with that.
    func pass(_ side: Side, rest: () async -> Void) async throws(Dead) {
        let wasDead = isDead
        if live(through: side) { return }
        if !wasDead, case .moment(_, .goesOn) = end { await rest() }
        abandon()
        throw Dead()
    }

    /// No answer came in time.
    func wait() {
        guard case .waiting = end else { return }
        state.withLock { $0.isDead = true }
        abandon()
    }

    private func live(through side: Side) -> Bool {
        if side == .before { witness() }
        return state.withLock { state in
            if state.isDead { return false }
            state.passed += 1
            state.isDead = state.passed == state.last
            return !state.isDead
        }
    }

    /// A dead process's connections end, and the locks that they hold.
    private func abandon() {
        let sessions = state.withLock { state in
            defer { state.sessions = [] }
            return state.sessions
        }
        for session in sessions { session.close() }
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
        await mortality.linger()
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
        guard mortality.countsMoments else { return try await queryAtOnce(batch, timeout) }
        var results: [ResultSet] = []
        for (index, statement) in batch.statements.enumerated() {
            guard !mortality.isDead else { throw .ofTheDead(address) }
            // Looking changes nothing: dying there is dying before the next change.
            let isLook = statement.hasPrefix("SELECT") || statement.hasPrefix("SET SESSION")
            // Before the first of them nothing was sent.
            if !isLook { try await pass(.before, leaving: index == 0 ? [] : batch.statements[index...], timeout) }
            var answer = try await session.query([statement], timeout: timeout)
            let rest = answer.failure == nil ? batch.statements[(index + 1)...] : []
            if !isLook { try await pass(.after, leaving: rest, timeout) }
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

    private func queryAtOnce(_ batch: StatementBatch, _ timeout: Duration) async throws(ConnectionError) -> BatchAnswer
    {
        guard !mortality.isDead else { throw .ofTheDead(address) }
        await mortality.linger()
        do throws(ConnectionError) {
            return try await session.query(batch, timeout: timeout)
        } catch {
            if error.cause == .contact(.readTimeout) { mortality.wait() }
            throw mortality.isDead ? .ofTheDead(address) : error
        }
    }

    private func pass(
        _ side: Mortality.Side, leaving rest: ArraySlice<String>, _ timeout: Duration
    ) async throws(ConnectionError) {
        do {
            try await mortality.pass(side) {
                if !rest.isEmpty { _ = try? await session.query(StatementBatch(Array(rest)), timeout: timeout) }
            }
        } catch {
            throw .ofTheDead(address)
        }
    }

    func close() { session.close() }
}

private struct MortalProber: Prober {
    let prober: any Prober
    let mortality: Mortality

    func probe() async -> ProbeOutcome {
        await mortality.linger()
        return mortality.isDead
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
