import Foundation
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

@testable import Lab

/// One baton that moves servers of a lab: it looks, plans, carries out and takes back as users' batons do, with the
/// account that the lab gives them.
struct Mover: Sendable {
    let lab: Lab
    let servers: LiveServers
    let store: Store
    let journal: StoreJournal
    var planner = MovePlanner()

    /// A baton with a store of its own, or that of another one, for the time of `body`.
    static func on<Value>(
        _ lab: Lab, sharing other: Mover? = nil, as account: Credentials? = nil,
        _ body: (Mover) async throws -> Value
    ) async throws -> Value {
        var own = try lab.settings()
        if let account { own.credentials = account }
        let settings = own
        let servers = LiveServers { _ in
            settings
        } secrets: { name in
            name == .replication ? Secret(LabAccounts.replication.password) : nil
        }
        let store: Store
        if let other {
            store = other.store
        } else {
            store = try await Store.open(at: try lab.scratchFolder() + "/\(UUID().uuidString).db")
        }
        let mover = Mover(lab: lab, servers: servers, store: store, journal: StoreJournal(store))
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(mover))
        } catch {
            result = .failure(error)
        }
        await servers.close()
        if other == nil { try store.close() }
        return try result.get()
    }

    var executor: Executor { Executor(servers: servers, journal: journal) }

    func address(_ name: String) -> InstanceAddress { lab[name].address }

    func replica(_ name: String, channel: String? = nil) -> ReplicaChannel {
        ReplicaChannel(address(name), channel: channel)
    }
}

extension Mover {
    /// What the servers that run look like now.
    func scene(holds: Holds = Holds()) async throws -> RuleScene {
        var fleet = Fleet()
        let now = Timestamp.now()
        for server in lab.servers where server.condition == .running {
            let facts = try await servers.probe(server.address)
            fleet.update(
                Instance(address: server.address, contact: .reachable(since: now), facts: facts, alias: server.name))
        }
        return RuleScene(fleet, now: now, holds: holds)
    }

    func facts(_ name: String) async throws -> InstanceFacts { try await servers.probe(address(name)) }

    func channel(of name: String) async throws -> ReplicationChannel {
        try #require(try await facts(name).channels.first, "\(name) has no channel")
    }

    /// The name of whom a server follows, `nil` where nobody.
    func source(of name: String) async throws -> String? {
        guard let source = try await facts(name).channels.first?.source else { return nil }
        return lab.servers.first { $0.address == source }?.name ?? "\(source)"
    }

    func plan(_ move: Move) async throws -> Plan {
        let answer = planner.plan(move, in: try await scene())
        return try #require(answer.plan, "\(inWords(answer.reasons))")
    }

    func plan(_ operation: ServerOperation) async throws -> Plan {
        let answer = planner.plan(operation, in: try await scene())
        return try #require(answer.plan, "\(inWords(answer.reasons))")
    }

    /// Why a move is not done.
    func refusal(of move: Move, holds: Holds = Holds()) async throws -> [Reason] {
        let answer = planner.plan(move, in: try await scene(holds: holds))
        try #require(answer.plan == nil, "it was planned: \(answer.plan?.intent ?? "")")
        return answer.reasons
    }

    func refusal(of operation: ServerOperation) async throws -> [Reason] {
        let answer = planner.plan(operation, in: try await scene())
        try #require(answer.plan == nil, "it was planned: \(answer.plan?.intent ?? "")")
        return answer.reasons
    }

    private func inWords(_ reasons: [Reason]) -> String {
        reasons.map { "\($0.rule): \($0.sentence) \($0.measured)" }.joined(separator: "; ")
    }
}

extension Mover {
    /// Plans a move on what is there now, carries it out, and expects that it came to its end and changed no option.
    @discardableResult
    func carryOut(_ move: Move) async throws -> OperationReport { try await carryOut(try await plan(move)) }

    @discardableResult
    func carryOut(_ operation: ServerOperation) async throws -> OperationReport {
        try await carryOut(try await plan(operation))
    }

    @discardableResult
    func carryOut(_ plan: Plan) async throws -> OperationReport {
        let report = try await executor.run(plan)
        try requireDone(report, plan)
        return report
    }

    /// Takes it back as the command and the key do: by its own steps where that is still right, otherwise by a new plan.
    func takeBack(_ report: OperationReport) async throws {
        let plan = try #require(try await journal.operation(report.operation)).plan
        switch plan.takingBack() {
        case .plan: try requireDone(try await executor.undo(report.operation), plan)
        case .refused:
            let answer = planner.undo(plan, in: try await scene())
            let back = try #require(answer.plan, "\(inWords(answer.reasons))")
            try requireDone(try await executor.run(back), back)
        }
    }

    func requireDone(_ report: OperationReport, _ plan: Plan) throws {
        try #require(report.isDone, "\(plan.intent) by \(plan.method): \(report.ending) \(report.states)")
        #expect(report.changedOptions.isEmpty, "\(plan.intent)")
        #expect(report.journalTrouble == nil)
    }
}
