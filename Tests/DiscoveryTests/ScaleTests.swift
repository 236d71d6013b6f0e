import Discovery
import Servers
import TestSupport
import Testing
import Topology

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("scale", .serialized) struct ScaleTests {
    /// CPU time of this process, in seconds.
    private func cpuTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    // Optimised, 10,000 servers take a quarter of a core and keep the interval within 2%; tests run unoptimised and
    // beside others, so they take fewer and look for the order of magnitude: one list walked per poll shows.
    @Test("thousands of servers are found from one, and each is polled once a second")
    func thousands() async throws {
        let servers = FakeServers()
        let count = 3_000
        let fanOut = 20
        for number in 0..<count {
            let first = number * fanOut + 1
            let replicas = first < count ? (first..<min(count, first + fanOut)).map(address) : []
            let facts = InstanceFacts.server(
                UInt32(number + 1), host: "db\(number)",
                sources: number == 0 ? [] : [address((number - 1) / fanOut)], replicas: replicas)
            servers.add(facts, at: address(number))
        }
        let discovery = Discovery(seeds: [address(0)]) { servers.prober(for: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.run() }
            defer { group.cancelAll() }
            let start = ContinuousClock.now
            try await eventually(within: .seconds(60), "all are found") {
                await discovery.statistics().servers == count
            }
            let found = ContinuousClock.now - start
            try await eventually(within: .seconds(60), "all are in step") {
                await discovery.statistics().unchangedPolls > 2 * UInt64(count)
            }
            let (before, cpu, from) = (await discovery.statistics(), cpuTime(), ContinuousClock.now)
            try await eventually(within: .seconds(60), "three more rounds") {
                await discovery.statistics().polls > before.polls + 3 * UInt64(count)
            }
            let after = await discovery.statistics()
            let seconds = (ContinuousClock.now - from).inSeconds
            let share = (cpuTime() - cpu) / seconds
            let kept = try #require(after.keptInterval)
            print(
                """
                \(count) servers: found in \(found), \(Double(after.polls - before.polls) / seconds) polls/s, \
                interval \(kept.mean) mean \(kept.maximum) max, missed \(after.missedTurns), CPU \(share) of a core
                """)
            #expect(after.publications == before.publications)
            #expect(kept.mean.inSeconds < 1.5)
        }
        #expect(servers.openProbers == 0)
    }
}
