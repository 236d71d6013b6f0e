import Diagnosis
import Discovery
import Engine
import Foundation
import Lab
import Servers
import Storage
import Synchronization
import TestSupport
import Topology

/// An engine at work with a store of its own, and ways to wait for what it tells.
struct Watch: Sendable {
    let engine: Engine
    let store: Store
    let probers: Probers

    /// How it watches; everything not said is as users have it.
    struct Setup {
        var settings: ConnectionSettings
        var probe = ProbeOptions()
        var discovery = DiscoverySettings()
        var limits = DiagnosisLimits()
    }

    /// Watches for the time of `body`.
    static func on(
        _ lab: Lab, from seeds: [InstanceAddress], _ change: (inout Setup) -> Void = { _ in },
        _ body: (Watch) async throws -> Void
    ) async throws {
        var setup = Setup(settings: try lab.settings())
        change(&setup)
        let store = try await Store.open(at: try lab.scratchFolder() + "/\(UUID().uuidString).db")
        let probers = Probers(settings: setup.settings, options: setup.probe)
        let configuration = EngineConfiguration(
            seeds: seeds, discovery: setup.discovery, limits: setup.limits, recordingInterval: .milliseconds(100))
        let engine = Engine(configuration, recorder: StoreRecorder(store)) { probers($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            defer { group.cancelAll() }
            try await body(Watch(engine: engine, store: store, probers: probers))
        }
        try store.close()
    }

    /// Waits for an update, from the latest one on, for which `holds` is true.
    @discardableResult
    func until(
        _ what: String, within limit: Duration = .seconds(30), _ holds: @escaping @Sendable (EngineUpdate) -> Bool
    ) async throws -> EngineUpdate {
        let latest = Mutex<EngineUpdate?>(nil)
        do {
            return try await first(of: await engine.updates(), within: limit, what) { update in
                latest.withLock { $0 = update }
                return holds(update)
            }
        } catch is DeadlineExceeded {
            let seen = latest.withLock { $0?.inWords ?? "nothing" }
            throw DeadlineExceeded(limit: limit, what: "\(what) (last seen: \(seen))")
        }
    }

    /// Waits until all of these answer and nobody has a problem.
    @discardableResult
    func untilWell(_ servers: [LabServer]) async throws -> EngineUpdate {
        let addresses = servers.map(\.address)
        return try await until("\(servers.map(\.name)) are well") { update in
            addresses.allSatisfy { update.fleet[$0]?.contact.isReachable == true } && update.problems.isEmpty
        }
    }

    /// Waits for a problem, and gives it.
    @discardableResult
    func problem(
        _ kind: ProblemKind, of server: LabServer, within limit: Duration = .seconds(30)
    ) async throws -> Problem {
        let what = "\(kind.rawValue) of \(server.name)"
        let update = try await until(what, within: limit) { $0.problem(kind, of: server.address) != nil }
        guard let problem = update.problem(kind, of: server.address) else {
            throw DeadlineExceeded(limit: limit, what: what)
        }
        return problem
    }

    /// Waits until a server has no problem of that kind.
    func noProblem(_ kind: ProblemKind, of server: LabServer) async throws {
        try await until("the end of \(kind.rawValue) of \(server.name)") {
            $0.problem(kind, of: server.address) == nil
        }
    }

    /// Waits until the store has an event, and gives the texts of all of its kind.
    @discardableResult
    func event(_ kind: Event.Kind, of server: LabServer) async throws -> [String] {
        var filter = EventFilter()
        filter.kinds = [kind]
        filter.address = server.address
        return try await eventually("the event \(kind.rawValue) of \(server.name) is in the store") {
            let events = try await store.events(filter)
            return events.isEmpty ? nil : events.map(\.text)
        }
    }
}

/// Makes probers and keeps them, for their statistics.
final class Probers: Sendable {
    private let make: InstanceProbers
    private let made = Mutex<[InstanceAddress: InstanceProber]>([:])

    init(settings: ConnectionSettings, options: ProbeOptions) {
        make = InstanceProbers(options: options) { _ in settings }
    }

    func callAsFunction(_ address: InstanceAddress) -> any Prober {
        let prober = make(address)
        made.withLock { $0[address] = prober as? InstanceProber }
        return prober
    }

    func statistics(of server: LabServer) async throws -> ProbeStatistics {
        guard let prober = made.withLock({ $0[server.address] }) else { return ProbeStatistics() }
        return await prober.statistics
    }
}

extension EngineUpdate {
    func problem(_ kind: ProblemKind, of address: InstanceAddress) -> Problem? {
        diagnosis.problems(of: address).first { $0.kind == kind }
    }

    func channel(_ name: String = "", of server: LabServer) -> ReplicationChannel? {
        fleet[server.address]?.channels.first { $0.name == name }
    }

    /// Who does not answer, and every problem, for a test that waited in vain.
    fileprivate var inWords: String {
        let contacts = fleet.instances.filter { !$0.contact.isReachable }.map { "\($0.address) \($0.contact)" }
        return (["\(fleet.count) servers"] + contacts + problems.map { "\($0.id): \($0.summary) \($0.evidence)" })
            .joined(separator: "; ")
    }
}
