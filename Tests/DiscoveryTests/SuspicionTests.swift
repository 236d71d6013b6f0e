import Servers
import TestSupport
import Testing
import Topology

@testable import Discovery

@Suite("suspicions") struct SuspicionTests {
    private let servers = FakeServers(deadline: .seconds(20))
    /// Long enough that nothing here happens because a turn has come.
    private let slow = DiscoverySettings(pollInterval: .seconds(30))

    private func watching(_ count: Int, _ body: (Discovery) async throws -> Void) async throws {
        tree(of: count, in: servers) { $0 == 0 ? nil : 0 }
        for number in 1..<count { servers.change(address(number)) { $0.channels[0].receiver = .running } }
        let discovery = Discovery(seeds: [address(0)], settings: slow) { [servers] in servers.prober(for: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.run() }
            defer { group.cancelAll() }
            try await eventually { await discovery.current.instances.filter(\.contact.isReachable).count == count }
            try await body(discovery)
        }
        #expect(servers.openProbers == 0)
    }

    private func lose(_ number: Int) {
        servers.change(address(number)) {
            $0.channels[0].receiver = .connecting
            $0.channels[0].receiverError = ReplicationError(code: 2003, message: "can't connect")
        }
    }

    @Test("when a source is killed its replicas are read again at once, until all have lost it, and then no more")
    func killed() async throws {
        try await watching(4) { discovery in
            let before = servers.probes(of: address(1))
            servers.kill(address(0))
            // The replicas take a moment to notice.
            try await eventually { servers.probes(of: address(1)) >= before + 3 }
            for number in 1...3 { lose(number) }
            try await eventually("all are known to have lost it") {
                await discovery.current.instances.allSatisfy { $0.channels.allSatisfy { $0.receiver == .connecting } }
            }
            #expect(await discovery.current[address(0)]?.contact.isReachable == false)
            try await eventually("the suspicion is closed") { await discovery.suspicions.open.isEmpty }
        }
    }

    @Test("a replica that loses its source has that one read, and the other replicas")
    func lostByReplica() async throws {
        try await watching(3) { discovery in
            let before = [0, 2].map { servers.probes(of: address($0)) }
            lose(1)
            await discovery.refresh(address(1))
            try await eventually("the source and the other replica are read") {
                zip([0, 2], before).allSatisfy { servers.probes(of: address($0)) > $1 }
            }
            // The source answers: only the one replica has lost it.
            try await eventually { await discovery.suspicions.open.isEmpty }
        }
    }

    @Test("a replica whose receiver somebody stopped is no reason to read anybody")
    func stoppedReplica() async throws {
        try await watching(3) { discovery in
            servers.change(address(1)) { $0.channels[0].receiver = .stopped }
            let before = servers.probes(of: address(0))
            _ = await discovery.look(at: [address(1)], within: .seconds(5))
            #expect(await discovery.current[address(1)]?.channels[0].receiver == .stopped)
            #expect(await discovery.suspicions.open.isEmpty)
            #expect(servers.probes(of: address(0)) == before)
        }
    }

    @Test("a source whose answer is overdue has its replicas read long before its deadline")
    func hangs() async throws {
        try await watching(3) { discovery in
            let before = servers.probes(of: address(1))
            servers.set(.hangs, at: address(0))
            #expect(await discovery.waiting(for: address(0)) == nil)
            await discovery.refresh(address(0))
            try await eventually("it is waited for") {
                await discovery.waiting(for: address(0)).map { $0 > .milliseconds(50) } == true
            }
            try await eventually { servers.probes(of: address(1)) > before }
            // Its replicas hear of it: that it is slow proves nothing.
            #expect(await discovery.current[address(0)]?.contact.isReachable == true)
            for number in 1...2 {
                servers.change(address(number)) {
                    $0.channels[0].silence = SourceSilence(since: .testNow, period: .seconds(1))
                }
            }
            // It is given up before its deadline, because nobody hears of it.
            try await eventually("it is known not to answer") {
                await discovery.current[address(0)]?.contact.failure?.kind == .readTimeout
            }
            #expect(await discovery.current.instances.filter { $0.channels.first?.silence != nil }.count == 2)
        }
    }

    @Test("looking at servers gives what they say now, and names those that do not answer in time")
    func looks() async throws {
        try await watching(11) { discovery in
            for number in 1...10 { servers.change(address(number)) { $0.writability = .superReadOnly } }
            let look = await discovery.look(at: (1...10).map(address), within: .seconds(5))
            #expect(look.unanswered.isEmpty)
            #expect((1...10).allSatisfy { look.fleet[address($0)]?.facts?.writability == .superReadOnly })
            servers.set(.hangs, at: address(3))
            servers.kill(address(4))
            let nobody = InstanceAddress(host: "nobody")
            let second = await discovery.look(
                at: [address(2), address(3), address(4), nobody], within: .milliseconds(300))
            #expect(second.unanswered == [nobody, address(3)])
            #expect(second.fleet[address(4)]?.contact.isReachable == false)
        }
    }

    @Test("a look that waits ends when discovery does")
    func lookEnds() async throws {
        tree(of: 1, in: servers) { _ in nil }
        let discovery = Discovery(seeds: [address(0)], settings: slow) { [servers] in servers.prober(for: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.run() }
            try await eventually { await discovery.current[address(0)]?.contact.isReachable == true }
            servers.set(.hangs, at: address(0))
            async let look = discovery.look(at: [address(0)], within: .seconds(60))
            try await eventually { await !discovery.lookers.isEmpty }
            group.cancelAll()
            #expect(await look.unanswered == [address(0)])
        }
    }

    @Test("pauses grow, a graver cause quickens, and what stays unclear is left to the polls")
    func pauses() {
        var suspicions = Suspicions()
        let start = ContinuousClock.now
        var changes: [Bool] = []
        changes.append(suspicions.suspect(7, .slow, since: start, at: start))
        changes.append(suspicions.suspect(7, .slow, since: start, at: start))
        let due = suspicions.due(at: start)
        #expect(due == [7])
        suspicions.looked(into: 7, servers: 3, at: start)
        #expect(suspicions.nextLook == start + .milliseconds(100))
        changes.append(suspicions.suspect(7, .broken, since: start, at: start))
        #expect(changes == [true, false, true])
        var looks: [Duration] = []
        while let now = suspicions.nextLook, suspicions.due(at: now) == [7] {
            looks.append(now - start)
            suspicions.looked(into: 7, servers: 3, at: now)
        }
        #expect(looks.prefix(7).map { Int($0.inSeconds * 1000 + 0.5) } == [0, 5, 15, 35, 75, 155, 255])
        #expect(looks.last.map { $0 <= Suspicions.limit } == true)
        #expect(suspicions.open.isEmpty)
        // Many replicas are looked at less often.
        _ = suspicions.suspect(8, .broken, since: start, at: start)
        suspicions.looked(into: 8, servers: 1000, at: start)
        #expect(suspicions.nextLook == start + .seconds(1))
    }
}
