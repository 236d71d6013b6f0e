import Foundation
import Operations
import Refactoring
import Storage
import Synchronization
import TestSupport
import Topology

/// When baton dies in a test: every statement and every line of the journal has a moment before and a moment after it.
final class Mortality: Sendable {
    struct Dead: Error {}

    private let state: Mutex<(left: Int, isDead: Bool)>

    /// - Parameter moment: which moment is the last, from 1; 0 for a baton that lives.
    init(moment: Int) {
        state = Mutex((moment, false))
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    func pass() throws(Dead) {
        let isDead = state.withLock { state in
            if state.isDead { return true }
            guard state.left > 0 else { return false }
            state.left -= 1
            state.isDead = state.left == 0
            return state.isDead
        }
        if isDead { throw Dead() }
    }
}

/// Servers as values that take the statements of MySQL 8.4 about threads, sources, executed GTIDs and the removal of binary
/// logs, and nothing else.
final class FakeFleetServers: OperationsServers {
    struct State {
        var facts: [InstanceAddress: InstanceFacts] = [:]
        var locks: [InstanceAddress: String] = [:]
        var log: [String] = []
        /// The first binary log that is left.
        var firstLog: String?
        var refusals: [String: Int] = [:]
        var unreachable: Set<InstanceAddress> = []
        /// Other tools, which came while the operation ran.
        var intruders: [InstanceAddress: String] = [:]
    }

    let state: Mutex<State>
    let mortality: Mortality

    init(_ instances: [Instance], mortality: Mortality = Mortality(moment: 0)) {
        var initial = State()
        for instance in instances { initial.facts[instance.address] = instance.facts }
        state = Mutex(initial)
        self.mortality = mortality
    }

    /// The same servers, seen by a new baton; the locks of the old one went with its connections.
    init(after other: FakeFleetServers) {
        var left = other.state.withLock { $0 }
        left.locks = [:]
        state = Mutex(left)
        mortality = Mortality(moment: 0)
    }

    var log: [String] { state.withLock { $0.log } }

    func change(_ address: InstanceAddress, _ body: (inout InstanceFacts) -> Void) {
        state.withLock { state in
            if var facts = state.facts[address] {
                body(&facts)
                state.facts[address] = facts
            }
        }
    }

    /// Whom it follows and whether it replicates.
    func standing(_ address: InstanceAddress) -> String {
        state.withLock { state in
            guard let channel = state.facts[address]?.channels.first else { return "nobody" }
            return "\(channel.source.map { "\($0)" } ?? "nobody") \(channel.isReplicating ? "runs" : "stands")"
        }
    }

    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        let facts = state.withLock { $0.unreachable.contains(address) ? nil : $0.facts[address] }
        guard let facts, !mortality.isDead else { throw .unreachable(address, "nobody listens") }
        return facts
    }

    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        for statement in statements {
            do {
                try mortality.pass()
                try take(statement.text, on: address)
                try mortality.pass()
            } catch let trouble as ServerTrouble {
                throw trouble
            } catch {
                throw .lost(address, statement: statement.text, message: "baton is dead", .ended)
            }
        }
        return statements.map { $0.text == "SHOW BINARY LOGS" ? state.withLock { $0.firstLog } : nil }
    }

    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] { [:] }

    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock {
        let isDown = state.withLock { $0.unreachable.contains(address) }
        if isDown { throw .unreachable(address, "nobody listens") }
        let holder = state.withLock { state in
            if let holder = state.locks[address] { return holder as String? }
            state.locks[address] = "this baton"
            return nil
        }
        if let holder { throw .locked(address, by: holder) }
        return FakeLock(servers: self, address: address)
    }

    private func take(_ text: String, on address: InstanceAddress) throws {
        let refusal = state.withLock { state in
            state.log.append("\(address.host): \(text)")
            return state.refusals.first { text.hasPrefix($0.key) }?.value
        }
        if let match = text.firstMatch(of: /PURGE BINARY LOGS TO '([^']*)'/) {
            state.withLock { $0.firstLog = String(match.1) }
        }
        if let refusal {
            throw ServerTrouble.refused(address, statement: text, code: refusal, message: "it will not")
        }
        change(address) { facts in
            if text.hasPrefix("STOP REPLICA") {
                (facts.channels[0].receiver, facts.channels[0].applier) = (.stopped, .stopped)
            } else if text.hasPrefix("START REPLICA") {
                (facts.channels[0].receiver, facts.channels[0].applier) = (.running, .running)
            } else if text.hasPrefix("RESET BINARY LOGS") {
                facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: GTIDSet()))
            } else if let match = text.firstMatch(of: /gtid_purged = '([^']*)'/) {
                let gtids = (try? GTIDSet(parsing: String(match.1))) ?? GTIDSet()
                facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: gtids, purged: gtids))
            } else if let match = text.firstMatch(of: /SOURCE_HOST = '(\w+)', SOURCE_PORT = (\d+)/) {
                facts.channels[0].source = InstanceAddress(host: String(match.1), port: UInt16(match.2) ?? 0)
            }
        }
    }
}

private struct FakeLock: ServerLock {
    let servers: FakeFleetServers
    let address: InstanceAddress

    func standing() async -> LockStanding {
        servers.state.withLock { state in
            if let tool = state.intruders[address] { return .joined(by: tool) }
            return state.locks[address] == "this baton" ? .held : .lost
        }
    }

    func release() async { servers.state.withLock { $0.locks[address] = nil } }
}

/// A journal that is written to as long as its baton lives.
struct MortalJournal: OperationJournal {
    let journal: StoreJournal
    let mortality: Mortality

    private func writing<Value>(
        _ body: () async throws(OperationError) -> Value
    ) async throws(OperationError) -> Value {
        do {
            try mortality.pass()
        } catch {
            throw .journal("baton is dead")
        }
        let value = try await body()
        do {
            try mortality.pass()
        } catch {
            throw .journal("baton is dead")
        }
        return value
    }

    func begin(
        _ plan: Plan, on servers: [InstanceAddress], reason: String, undoes: Int64?
    ) async throws(OperationError) -> JournaledOperation {
        try await writing { () async throws(OperationError) in
            try await journal.begin(plan, on: servers, reason: reason, undoes: undoes)
        }
    }

    func takeUp(
        _ operation: JournaledOperation, on servers: [InstanceAddress], reason: String
    ) async throws(OperationError) {
        try await writing { () async throws(OperationError) in
            try await journal.takeUp(operation, on: servers, reason: reason)
        }
    }

    func note(
        _ state: OperationStepRecord.State, step: Int, of id: Int64, note: String?, observed: Observed
    ) async throws(OperationError) {
        try await writing { () async throws(OperationError) in
            try await journal.note(state, step: step, of: id, note: note, observed: observed)
        }
    }

    func renew(_ id: Int64) async throws(OperationError) { try await journal.renew(id) }

    func end(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try await writing { () async throws(OperationError) in try await journal.end(id, outcome, report: report) }
    }

    func settle(_ id: Int64, _ outcome: OperationRecord.Outcome, report: String?) async throws(OperationError) {
        try await writing { () async throws(OperationError) in try await journal.settle(id, outcome, report: report) }
    }

    func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation? {
        try await journal.operation(id)
    }

    func openOperations() async throws(OperationError) -> [JournaledOperation] { try await journal.openOperations() }
}

/// A store in a folder of its own, gone with it.
final class TemporaryStore: Sendable {
    let store: Store
    private let folder: String

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "baton-operations-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try await Store.open(at: folder + "/baton.db")
    }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The journal of a new baton, which comes so many seconds after the first.
    func journal(after seconds: Int64 = 0) -> StoreJournal {
        let now = Timestamp.testNow + .seconds(seconds)
        return StoreJournal(store, client: "192.0.2.1 4711 22", now: { now })
    }
}
