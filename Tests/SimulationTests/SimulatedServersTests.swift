import Servers
import Simulation
import TestSupport
import Testing
import Topology

@Suite("Simulated servers as the program meets them")
struct SimulatedServersTests {
    @Test("a probe tells what a statement did, and errors are those of real connections")
    func statements() throws {
        let servers = SimulatedServers(try .cluster(.mysql, ["a", "b"]))
        _ = try servers.run(["STOP REPLICA FOR CHANNEL ''"], on: "b")
        guard case .facts(let facts) = servers.probe("b") else {
            Issue.record("b was not read")
            return
        }
        #expect(facts.channels.first?.receiver == .stopped)
        #expect(throws: StatementError.self) { try servers.run(["SELECT 1", "STOP SLAVE"], on: "b") }
        servers.change { $0.kill("b") }
        #expect(throws: ConnectionError.self) { try servers.run(["SELECT 1"], on: "b") }
        guard case .unreachable(let failure) = servers.probe("b") else {
            Issue.record("a dead server answered")
            return
        }
        #expect(failure.kind == .connectionRefused)
    }
}
