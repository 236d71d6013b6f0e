import Foundation
import Refactoring
import Servers
import Storage
import Topology

/// The journal in baton's store.
public struct StoreJournal: OperationJournal {
    /// How long a process that says nothing keeps an operation: longer than any pause between two notes.
    static let holdTime = Duration.seconds(30)

    private let store: Store
    private let holder: LeaseHolder
    private let client: String?
    private let now: @Sendable () -> Timestamp

    /// Makes the journal of this process.
    ///
    /// - Parameters:
    ///   - holder: this process, with the same id for all its operations.
    ///   - client: where the operator logged in from; the environment's `SSH_CLIENT` unless told otherwise.
    public init(
        _ store: Store, holder: LeaseHolder = .current(),
        client: String? = ProcessInfo.processInfo.environment["SSH_CLIENT"],
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.store = store
        self.holder = holder
        self.client = client?.sanitized
        self.now = now
    }

    public func begin(
        _ plan: Plan, on servers: [InstanceAddress], reason: String, undoes: Int64?
    ) async throws(OperationError) -> JournaledOperation {
        let time = now()
        return try await OperationError.ofJournal {
            var record = OperationRecord(
                startedAt: time, user: holder.user, client: client, reason: reason.sanitized, verb: plan.verb,
                intent: plan.intent, plan: try JournalText.encode(plan), undoes: undoes, holder: holder,
                expires: time + Self.holdTime)
            record.id = try claim(try await store.begin(record, on: servers, now: time))
            return JournaledOperation(record: record, plan: plan, observed: Observed())
        }
    }

    public func takeUp(
        _ operation: JournaledOperation, on servers: [InstanceAddress], reason: String
    ) async throws(OperationError) {
        let time = now()
        let who = holder.user + (client.map { " from \($0.prefix { $0 != " " })" } ?? "")
        let note = "resumed at \(time) by \(who)" + (reason.isEmpty ? "" : ": \(reason.sanitized)")
        try await OperationError.ofJournal {
            _ = try claim(
                try await store.takeUp(
                    operation.id, by: holder, on: servers, expires: time + Self.holdTime, note: note, now: time))
        }
    }

    public func note(
        _ state: OperationStepRecord.State, step: Int, of id: Int64, note: String?, observed: Observed
    ) async throws(OperationError) {
        let time = now()
        try await OperationError.ofJournal {
            try await store.note(
                OperationStepRecord(state, at: time, note: note), at: step, of: id, holder: holder,
                observed: try JournalText.encode(observed), expires: time + Self.holdTime)
        }
    }

    public func renew(_ id: Int64) async throws(OperationError) {
        let expires = now() + Self.holdTime
        try await OperationError.ofJournal { try await store.renew(id, holder: holder, expires: expires) }
    }

    public func end(
        _ id: Int64, _ outcome: OperationRecord.Outcome, report: String?
    ) async throws(OperationError) {
        let time = now()
        try await OperationError.ofJournal {
            try await store.end(id, outcome, report: report, holder: holder, at: time)
        }
    }

    public func settle(
        _ id: Int64, _ outcome: OperationRecord.Outcome, report: String?
    ) async throws(OperationError) {
        let time = now()
        try await OperationError.ofJournal { try await store.settle(id, outcome, report: report, at: time) }
    }

    public func operation(_ id: Int64) async throws(OperationError) -> JournaledOperation? {
        try await OperationError.ofJournal { try await store.operation(id).map(JournalText.read) }
    }

    public func openOperations() async throws(OperationError) -> [JournaledOperation] {
        let time = now()
        return try await OperationError.ofJournal { try await store.openOperations(now: time).map(JournalText.read) }
    }

    private func claim(_ claim: OperationClaim) throws(OperationError) -> Int64 {
        switch claim {
        case .held(let id): return id
        case .heldBy(let other, let address):
            throw .held(address, by: "operation \(other.id) of \(other.holder): \(other.intent)")
        }
    }
}

/// Plans and observed values as text of the journal.
enum JournalText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func read(_ record: OperationRecord) throws -> JournaledOperation {
        let decoder = JSONDecoder()
        let plan = try decoder.decode(Plan.self, from: Data(record.plan.utf8))
        let observed =
            record.observed == "{}" ? Observed() : try decoder.decode(Observed.self, from: Data(record.observed.utf8))
        return JournaledOperation(record: record, plan: plan, observed: observed)
    }
}
