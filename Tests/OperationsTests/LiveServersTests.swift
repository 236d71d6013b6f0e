import Refactoring
import Servers
import Synchronization
import TestSupport
import Testing
import Topology

@testable import Operations

@Suite("Servers that are spoken to")
struct LiveServersTests {
    private let address = InstanceAddress(host: "db1")

    @Test("a look while another is under way waits and looks anew, neither refused nor given what was seen before")
    func concurrentLooks() async throws {
        let prober = OneAtATime()
        let servers = LiveServers(OneServer(prober: prober))
        let address = address
        async let first = servers.probe(address)
        try await eventually("the first look") { prober.isUnderWay }
        async let second = servers.probe(address)
        prober.goOn()
        let (before, after) = try await (first, second)
        #expect(before.identity.serverID == 1 && after.identity.serverID == 2)
    }
}

/// A server of which only looks are asked.
private struct OneServer: ServerAccess {
    let prober: OneAtATime

    func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession {
        preconditionFailure("no statements are asked for")
    }

    func prober(of address: InstanceAddress) async -> any Prober { prober }
}

/// Looks that end when they are told to, each seeing another server number; like a real prober it answers "nothing new" to
/// who asks meanwhile.
private final class OneAtATime: Prober {
    private struct State {
        var looks: UInt32 = 0
        var isUnderWay = false
        var mayGoOn = false
    }

    private let state = Mutex(State())
    let disconnections = AsyncStream<Void> { _ in }

    var isUnderWay: Bool { state.withLock { $0.isUnderWay } }

    func goOn() { state.withLock { $0.mayGoOn = true } }

    func probe() async -> ProbeOutcome {
        let look = state.withLock { state -> UInt32? in
            guard !state.isUnderWay else { return nil }
            state.isUnderWay = true
            state.looks += 1
            return state.looks
        }
        guard let look else { return .unchanged }
        while !state.withLock({ $0.mayGoOn }) { await Task.yield() }
        state.withLock { $0.isUnderWay = false }
        guard var facts = Instance.source(InstanceAddress(host: "db1")).facts else { return .unchanged }
        facts.identity.serverID = look
        return .facts(facts)
    }

    func close() async {}
}
