import Discovery
import Servers
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("watching") struct WatchTests {
    private let servers = FakeServers()

    /// Runs discovery while `body` looks at it, and ends it.
    private func watching(
        _ seeds: [InstanceAddress], _ settings: DiscoverySettings = DiscoverySettings(),
        wallClock: @escaping @Sendable () -> Timestamp = { .now() }, _ body: (Discovery) async throws -> Void
    ) async throws {
        let discovery = Discovery(seeds: seeds, settings: settings, wallClock: wallClock) {
            [servers] in servers.prober(for: $0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.run() }
            defer { group.cancelAll() }
            try await body(discovery)
        }
        #expect(servers.openProbers == 0)
    }

    private func isReachable(_ discovery: Discovery, _ address: InstanceAddress) async -> Bool {
        await discovery.current[address]?.contact.isReachable ?? false
    }

    /// Long enough that nothing in these tests happens because a turn has come.
    private let slow = DiscoverySettings(pollInterval: .seconds(30))

    @Test("an unchanged fleet is polled on and published no more")
    func quiet() async throws {
        tree(of: 5, in: servers) { $0 == 0 ? nil : 0 }
        try await watching([address(0)], DiscoverySettings(pollInterval: .milliseconds(20))) { discovery in
            try await eventually("everybody is found") { await discovery.statistics().unchangedPolls > 50 }
            let before = await discovery.statistics()
            let version = await discovery.current.version
            try await eventually("polls go on") {
                await discovery.statistics().unchangedPolls > before.unchangedPolls + 50
            }
            #expect(await discovery.statistics().publications == before.publications)
            #expect(await discovery.current.version == version)
        }
    }

    @Test("a killed server is shown as gone within 50 ms, between polls")
    func killed() async throws {
        tree(of: 3, in: servers) { $0 == 0 ? nil : 0 }
        try await watching([address(0)], slow) { discovery in
            try await eventually { await discovery.current.instances.filter(\.contact.isReachable).count == 3 }
            // The best of five: what the machine does besides these tests must not fail them.
            var best = Duration.seconds(60)
            for _ in 0..<5 where best >= .milliseconds(50) {
                servers.set(.answers, at: address(1))
                await discovery.refresh(address(1))
                try await eventually { await isReachable(discovery, address(1)) }
                var fleets = await discovery.fleets().makeAsyncIterator()
                let start = ContinuousClock.now
                servers.kill(address(1))
                while let fleet = await fleets.next(), fleet[address(1)]?.contact.isReachable == true {}
                best = min(best, ContinuousClock.now - start)
            }
            #expect(best < .milliseconds(50))
            #expect(await discovery.current[address(1)]?.contact.failure?.kind == .connectionRefused)
            #expect(await discovery.current[address(1)]?.contact.lastSeen != nil)
        }
    }

    @Test("a server that closes an idle connection and goes on is not shown as gone")
    func idleConnectionClosed() async throws {
        tree(of: 1, in: servers) { _ in nil }
        try await watching([address(0)], slow) { discovery in
            try await eventually { await isReachable(discovery, address(0)) }
            let version = await discovery.current.version
            let probes = servers.probes(of: address(0))
            servers.breakConnections(to: address(0))
            try await eventually("a probe out of turn") { servers.probes(of: address(0)) > probes }
            #expect(await discovery.current.version == version)
        }
    }

    @Test("a server whose connections break again and again is gone, at once")
    func losesEveryConnection() async throws {
        tree(of: 1, in: servers) { _ in nil }
        try await watching([address(0)], slow) { discovery in
            try await eventually { await isReachable(discovery, address(0)) }
            servers.set(.losesConnection, at: address(0))
            servers.breakConnections(to: address(0))
            try await eventually("it is gone") { await !isReachable(discovery, address(0)) }
            #expect(servers.probes(of: address(0)) == 4)
        }
    }

    @Test("a server that comes back is reachable again, and polled at the old pace")
    func back() async throws {
        tree(of: 1, in: servers) { _ in nil }
        let settings = DiscoverySettings(pollInterval: .milliseconds(20), longestBackoff: .milliseconds(100))
        try await watching([address(0)], settings) { discovery in
            try await eventually { await isReachable(discovery, address(0)) }
            servers.kill(address(0))
            try await eventually { await !isReachable(discovery, address(0)) }
            servers.set(.answers, at: address(0))
            try await eventually { await isReachable(discovery, address(0)) }
            let probes = servers.probes(of: address(0))
            try await eventually { servers.probes(of: address(0)) > probes + 10 }
        }
    }

    @Test("a server that does not let us in is not called unreachable")
    func noAccess() async throws {
        tree(of: 1, in: servers) { _ in nil }
        servers.set(.deniesAccess, at: address(0))
        try await watching([address(0)], slow) { discovery in
            try await eventually { await discovery.current[address(0)]?.contact.failure?.kind == .accessDenied }
            guard case .noAccess = await discovery.current[address(0)]?.contact else {
                Issue.record("the contact is \(String(describing: await discovery.current[address(0)]?.contact))")
                return
            }
        }
    }

    @Test("while three in ten servers hang, the others are polled at the pace that was asked")
    func frozen() async throws {
        tree(of: 50, in: servers) { $0 == 0 ? nil : ($0 - 1) / 4 }
        let settings = DiscoverySettings(pollInterval: .milliseconds(100), concurrentProbes: 8)
        try await watching([address(0)], settings) { discovery in
            try await eventually { await discovery.current.instances.filter(\.contact.isReachable).count == 50 }
            for number in stride(from: 1, to: 50, by: 3) { servers.set(.hangs, at: address(number)) }
            let well = stride(from: 0, to: 50, by: 3).map(address)
            try await eventually("the frozen are known") {
                await discovery.current.instances.filter { !$0.contact.isReachable }.count == 17
            }
            let before = well.map { servers.probes(of: $0) }
            let start = ContinuousClock.now
            try await eventually { servers.probes(of: well[0]) >= before[0] + 20 }
            let turns = (ContinuousClock.now - start) / .milliseconds(100)
            for (server, count) in zip(well, before) {
                #expect(Double(servers.probes(of: server) - count) >= turns / 1.2 - 1)
            }
        }
    }

    @Test("a newly named server is probed at once")
    func newServer() async throws {
        servers.add(.server(1, host: "db0"), at: address(0))
        servers.add(.server(2, host: "db1", sources: [address(0)]), at: address(1))
        try await watching([address(0)], slow) { discovery in
            try await eventually { await isReachable(discovery, address(0)) }
            servers.change(address(0)) { $0.reportedReplicas = [address(1)] }
            await discovery.refresh(address(0))
            try await eventually("the replica is found") {
                await isReachable(discovery, address(1))
            }
        }
    }

    @Test("a forgotten server stays away for a time and says so, and then is found again if others name it")
    func forgotten() async throws {
        tree(of: 2, in: servers) { $0 == 0 ? nil : 0 }
        var settings = slow
        settings.forgetPause = .milliseconds(300)
        let time = Mutex(Timestamp.testNow)
        try await watching([address(0)], settings, wallClock: { time.withLock { $0 } }) { discovery in
            try await eventually { await isReachable(discovery, address(1)) }
            guard case .forgotten(address(1), _) = await discovery.forget(address(1)) else {
                Issue.record("not forgotten")
                return
            }
            servers.change(address(0)) { $0.writability = .readOnly }
            await discovery.refresh(address(0))
            try await eventually { await discovery.current[address(0)]?.facts?.writability == .readOnly }
            #expect(await discovery.current[address(1)] == nil)
            #expect(await discovery.statistics().paused.keys.contains(address(1)))
            #expect(await discovery.forget(address(1)) == .unknown)
            time.withLock { $0 = .testNow + .seconds(1) }
            try await eventually("it is found again") { await isReachable(discovery, address(1)) }
            #expect(await discovery.statistics().paused.isEmpty)
        }
    }

    @Test("a wish to watch takes back a wish to forget")
    func discoverAfterForget() async throws {
        tree(of: 2, in: servers) { $0 == 0 ? nil : 0 }
        try await watching([address(0)], slow) { discovery in
            try await eventually { await isReachable(discovery, address(1)) }
            await discovery.forget(address(1))
            #expect(await discovery.discover(address(1)) == .watching)
            try await eventually { await isReachable(discovery, address(1)) }
            #expect(await discovery.discover(address(1)) == .known(address(1)))
        }
    }

    @Test("a server that nobody has seen for long is forgotten, a seed is not")
    func longGone() async throws {
        tree(of: 3, in: servers) { $0 == 0 ? nil : 0 }
        let settings = DiscoverySettings(
            pollInterval: .milliseconds(20), longestBackoff: .milliseconds(40), forgetAfter: .milliseconds(200))
        try await watching([address(0), address(1)], settings) { discovery in
            try await eventually { await discovery.current.instances.filter(\.contact.isReachable).count == 3 }
            servers.kill(address(1))
            servers.kill(address(2))
            try await eventually { await discovery.current[address(2)] == nil }
            #expect(await discovery.current[address(1)] != nil)
        }
    }

    @Test("another server on a known port replaces the facts of the first")
    func otherServer() async throws {
        tree(of: 1, in: servers) { _ in nil }
        try await watching([address(0)], slow) { discovery in
            try await eventually { await isReachable(discovery, address(0)) }
            servers.add(.server(9, host: "other"), at: address(0))
            servers.breakConnections(to: address(0))
            try await eventually { await discovery.current[address(0)]?.facts?.identity.serverID == 9 }
            #expect(await discovery.current.count == 1)
        }
    }

    @Test("a name that moves to another server is followed when the first fails")
    func movedName() async throws {
        let vip = InstanceAddress(host: "vip")
        servers.add(.server(1, host: "db0"), at: address(0), vip)
        servers.add(.server(2, host: "db1", sources: [vip]), at: address(1))
        try await watching([address(0), address(1)], slow) { discovery in
            try await eventually { await discovery.current.canonical(vip) == address(0) }
            servers.add(.server(3, host: "db2"), at: address(2))
            servers.route(vip, to: address(2))
            servers.kill(address(0))
            try await eventually { await discovery.current[vip]?.facts?.identity.serverID == 3 }
            #expect(await discovery.current.replicas(of: vip) == [address(1)])
        }
    }

    @Test("servers behind an address that turns out to be a proxy become servers of their own")
    func proxy() async throws {
        let proxy = InstanceAddress(host: "proxy")
        servers.add(.server(1, host: "db0", replicas: [address(1)]), at: address(0), proxy)
        servers.add(.server(2, host: "db1", sources: [address(0)]), at: address(1))
        try await watching([proxy], slow) { discovery in
            try await eventually { await discovery.current.canonical(address(0)) == proxy }
            servers.add(.server(1, host: "db0", replicas: [address(1)]), at: address(0))
            var facts = InstanceFacts.server(2, host: "db1")
            facts.proxy = .changingIdentity("1", "2")
            servers.add(facts, at: proxy)
            await discovery.refresh(proxy)
            try await eventually { await discovery.current.count == 3 }
            try await eventually { await isReachable(discovery, address(0)) }
            #expect(await discovery.current.canonical(address(0)) == address(0))
        }
    }
}
