import Operations
import Refactoring
import Servers
import Storage
import Synchronization
import Topology

/// How much of a baton's work is done before it is killed, and what happens before each statement.
///
/// It is killed as SIGKILL does it: of the statements that were to come none reaches a server, no line the journal, and
/// its connections end.
final class Fate: Sendable {
    private let left: Mutex<Int>
    private let wasReached = Mutex(false)

    /// - Parameter statements: how many take effect.
    init(after statements: Int) {
        left = Mutex(statements)
    }

    var isDead: Bool { wasReached.withLock { $0 } }

    /// How many of so many statements take effect; with less than all of them it dies.
    func grants(_ count: Int) -> Int {
        left.withLock { left in
            let granted = min(left, count)
            left -= granted
            if granted < count { wasReached.withLock { $0 = true } }
            return granted
        }
    }
}

/// Servers as a baton meets them whose fate it is to be killed.
struct MortalServers: OperationsServers {
    let live: LiveServers
    let fate: Fate

    private func requireLife(_ address: InstanceAddress) throws(ServerTrouble) {
        if fate.isDead { throw .unreachable(address, "this baton was killed") }
    }

    func prepare(_ addresses: [InstanceAddress]) async { await live.prepare(addresses) }

    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        try requireLife(address)
        return try await live.probe(address)
    }

    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        try requireLife(address)
        let granted = fate.grants(statements.count)
        let answers = granted > 0 ? try await live.run(Array(statements[..<granted]), on: address, limit: limit) : []
        if granted < statements.count {
            throw .lost(address, statement: statements[granted].text, message: "this baton was killed", .ended)
        }
        return answers
    }

    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] {
        try requireLife(address)
        return try await live.connectionOptions(of: address, channel: channel)
    }

    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock { try await live.lock(address) }
}

/// The journal of such a baton.
struct MortalJournal: OperationJournal {
    let journal: StoreJournal
    let fate: Fate

    private func requireLife() throws(OperationError) {
        if fate.isDead { throw .journal("this baton was killed") }
    }

    func begin(
        _ plan: Plan, on servers: [InstanceAddress], reason: String, undoes: Int64?
    ) async throws(OperationError) -> JournaledOperation {
        try requireLife()
        return try await journal.begin(plan, on: servers, reason: reason, undoes: undoes)
    }

    func takeUp(
        _ operation: JournaledOperation, on servers: [InstanceAddress], reason: String
    ) async throws(OperationError) {
        try requireLife()
        try await journal.takeUp(operation, on: servers, reason: reason)
    }

    func note(
        _ state: OperationStepRecord.State, step: Int, of id: Int64, note: String?, observed: Observed
    ) async throws(OperationError) {
        try requireLife()
        try await journal.note(state, step: step, of: id, note: note, observed: observed)
    }

    func renew(_ id: Int64) async throws(OperationError) {
        try requireLife()
        try await journal.renew(id)
    }

    func end(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try requireLife()
        try await journal.end(id, outcome, report: report)
    }

    func settle(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try requireLife()
        try await journal.settle(id, outcome, report: report)
    }

    func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation? {
        try await journal.operation(id)
    }

    func openOperations() async throws(OperationError) -> [JournaledOperation] {
        try requireLife()
        return try await journal.openOperations()
    }
}

/// Servers, and something that happens between two statements of a plan.
struct InterruptedServers: OperationsServers {
    let live: LiveServers
    /// Called before each batch of statements with its number, counted from 0, and its statements.
    let interrupt: @Sendable (Int, [Statement]) async throws -> Void
    private let batches = Counter()

    init(_ live: LiveServers, interrupt: @escaping @Sendable (Int) async throws -> Void) {
        self.init(live) { number, _ in try await interrupt(number) }
    }

    init(_ live: LiveServers, before interrupt: @escaping @Sendable (Int, [Statement]) async throws -> Void) {
        self.live = live
        self.interrupt = interrupt
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    func prepare(_ addresses: [InstanceAddress]) async { await live.prepare(addresses) }

    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        try await live.probe(address)
    }

    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        do {
            try await interrupt(batches.next(), statements)
        } catch {
            throw .unreachable(address, "the test could not interrupt: \(error)")
        }
        return try await live.run(statements, on: address, limit: limit)
    }

    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] {
        try await live.connectionOptions(of: address, channel: channel)
    }

    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock { try await live.lock(address) }
}
