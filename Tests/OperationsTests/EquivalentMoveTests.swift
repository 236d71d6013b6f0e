import Lab
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

@testable import Operations

@Suite("Moves by places that were noted before, on real servers", .serialized, .timeLimit(.minutes(3)))
struct EquivalentMoveTests {
    private func with(_ flavour: String, _ body: (Lab, LiveServers, TemporaryStore) async throws -> Void) async throws {
        if flavour == "mysql", await !LabServers.hasMySQL() { try Test.cancel("there is no MySQL here") }
        try await LabServers.with("\(flavour)[positions]: a(b c)") { lab in
            let servers = LiveServers(settings: { _ in ConnectionSettings(credentials: Credentials(user: "root")) })
            for name in ["a", "b"] {
                try await eventually(within: .seconds(30), "\(name) has counted for long enough") {
                    try await servers.binaryLogSeries(of: lab[name].address) != nil
                }
            }
            try await body(lab, servers, try await TemporaryStore())
            await servers.close()
        }
    }

    private func plan(
        _ lab: Lab, _ servers: LiveServers, below target: String, by method: String, _ known: [Equivalence] = []
    ) async throws -> Plan {
        var fleet = Fleet()
        for server in lab.servers {
            let facts = try await servers.probe(server.address)
            fleet.update(
                Instance(address: server.address, contact: .reachable(since: .now()), facts: facts, alias: server.name))
        }
        let planner = MovePlanner(equivalences: known).limited(to: [method])
        let move = Move.relocate(ReplicaChannel(lab["c"].address), below: lab[target].address)
        let answer = planner.plan(move, in: RuleScene(fleet, now: .now()))
        return try #require(answer.plan, "\(answer.reasons.map(\.sentence))")
    }

    private func reset(_ flavour: String) -> String {
        flavour == "mysql" ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER"
    }

    @Test("a log goes on over flushes and purges, and not over a reset or a restart", arguments: ["mysql", "mariadb"])
    func series(flavour: String) async throws {
        try await with(flavour) { lab, servers, _ in
            let server = lab["b"]
            let first = try #require(try await servers.binaryLogSeries(of: server.address))
            try await server.execute("FLUSH BINARY LOGS", "FLUSH BINARY LOGS")
            let later = try #require(try await servers.binaryLogSeries(of: server.address))
            #expect(first.relation(to: later) == .same)
            try await server.execute(reset(flavour))
            let reset = try #require(try await servers.binaryLogSeries(of: server.address))
            #expect(first.relation(to: reset) == .reset)
            try await server.kill()
            try await server.start()
            #expect(try await servers.binaryLogSeries(of: server.address) == nil)
            try await eventually(within: .seconds(30), "it has counted for long enough again") {
                try await servers.binaryLogSeries(of: server.address) != nil
            }
            let restarted = try #require(try await servers.binaryLogSeries(of: server.address))
            #expect(first.relation(to: restarted) == .unknown)
        }
    }

    @Test(
        "a noted place takes a replica back and there again, and no more when a log was reset by hand",
        arguments: ["mysql", "mariadb"])
    func resetByHand(flavour: String) async throws {
        try await with(flavour) { lab, servers, store in
            let journal = StoreJournal(store.store)
            let executor = Executor(servers: servers, journal: journal)
            let there = try await executor.run(try await plan(lab, servers, below: "b", by: "position"))
            try #require(there.isDone, "\(there)")
            let known = try #require(try await journal.operation(there.operation)).equivalences
            try #require(known.count == 1)
            for target in ["a", "b", "a"] {
                let report = try await executor.run(
                    try await plan(lab, servers, below: target, by: "equivalent", known))
                try #require(report.isDone, "\(report)")
            }
            // Its files begin with the first again, and then lie beyond the place that was noted.
            try await lab["b"].execute(reset(flavour))
            for _ in 0..<5 { try await lab["b"].execute("FLUSH BINARY LOGS") }
            let plan = try await plan(lab, servers, below: "b", by: "equivalent", known)
            let report = try await executor.run(plan)
            guard case .failed(let failures) = report.ending else {
                Issue.record("it ended with \(report.ending)")
                return
            }
            #expect(failures.map(\.phase) == [.precondition])
            #expect(failures[0].message.contains("reset there since"), "\(failures)")
            #expect(report.choices == [.resume, .leave])
            #expect(try await servers.probe(lab["c"].address).channels.first?.source == lab["a"].address)
        }
    }
}
