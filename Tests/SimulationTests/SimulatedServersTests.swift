import Servers
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Simulated servers as the program meets them")
struct SimulatedServersTests {
    @Test("a probe tells what a statement did, and errors are those of real connections")
    func statements() async throws {
        let servers = SimulatedServers(try .cluster(.mysql, ["a", "b"]))
        _ = try await servers.run(["STOP REPLICA FOR CHANNEL ''"], on: "b")
        guard case .facts(let facts) = await servers.probe("b") else {
            Issue.record("b was not read")
            return
        }
        #expect(facts.channels.first?.receiver == .stopped)
        await #expect(throws: StatementError.self) { try await servers.run(["SELECT 1", "STOP SLAVE"], on: "b") }
        await servers.change { $0.kill("b") }
        await #expect(throws: ConnectionError.self) { try await servers.run(["SELECT 1"], on: "b") }
        guard case .unreachable(let failure) = await servers.probe("b") else {
            Issue.record("a dead server answered")
            return
        }
        #expect(failure.kind == .connectionRefused)
    }
}
