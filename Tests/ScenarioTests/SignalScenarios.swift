import Discovery
import Engine
import Lab
import Servers
import TestSupport
import Testing
import Topology

/// How soon it is known what became of a source, on real servers with heartbeats every second.
///
/// The figures are printed, because the speed of a recovery begins with them.
@Suite(
    "Signals", .serialized, .timeLimit(.minutes(3)),
    .realLabs { "\($0.rawValue)[heartbeat]: a(b c d)" })
struct SignalScenarios {
    private static let replicas = ["b", "c", "d"]

    /// Watches the lab as users do, from when everybody is well.
    private func watching(_ lab: Lab, _ body: (Discovery) async throws -> Void) async throws {
        let settings = try lab.settings()
        let make = InstanceProbers { _ in settings }
        let discovery = Discovery(seeds: [lab["a"].address]) { make($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await discovery.run() }
            defer { group.cancelAll() }
            try await untilWell(discovery, lab)
            try await body(discovery)
        }
    }

    /// Waits for a published fleet in which the source is like this, and the channel of every replica like that.
    @discardableResult
    private func until(
        _ what: String, _ discovery: Discovery, _ lab: Lab,
        source isSource: @escaping @Sendable (Contact) -> Bool,
        channels isChannel: @escaping @Sendable (ReplicationChannel) -> Bool
    ) async throws -> Fleet {
        let source = lab["a"].address
        let replicas = Self.replicas.map { lab[$0].address }
        return try await first(of: await discovery.fleets(), within: .seconds(40), what) { fleet in
            guard let contact = fleet[source]?.contact, isSource(contact) else { return false }
            return replicas.allSatisfy { replica in
                fleet[replica]?.contact.isReachable == true && fleet[replica]?.channels.first.map(isChannel) == true
            }
        }
    }

    private func untilWell(_ discovery: Discovery, _ lab: Lab) async throws {
        try await until("all replicate", discovery, lab, source: \.isReachable) {
            $0.isReplicating && $0.silence == nil
        }
    }

    @Test("a killed source is gone, and lost by all its replicas, at once", arguments: Shape.Flavour.allCases)
    func killed(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await watching(lab) { discovery in
            var times: [Duration] = []
            for _ in 0..<3 {
                let start = ContinuousClock.now
                try await lab["a"].kill()
                try await until("the source is lost", discovery, lab, source: { !$0.isReachable }) {
                    $0.receiver != .running
                }
                times.append(ContinuousClock.now - start)
                try await lab["a"].start()
                try await untilWell(discovery, lab)
            }
            print("\(flavour.rawValue): killed to known by all: \(times)")
            // The best of three, because machines that test are busy; polls come once a second.
            #expect(try #require(times.min()) < .milliseconds(500))
        }
    }

    @Test(
        "of a frozen source all replicas are known to hear nothing, long before their net timeout",
        arguments: Shape.Flavour.allCases)
    func frozen(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await watching(lab) { discovery in
            var times: [Duration] = []
            for _ in 0..<3 {
                let start = ContinuousClock.now
                try await lab["a"].freeze()
                try await until("the source is silent", discovery, lab, source: { !$0.isReachable }) {
                    $0.silence != nil
                }
                times.append(ContinuousClock.now - start)
                try await lab["a"].thaw()
                try await untilWell(discovery, lab)
            }
            print("\(flavour.rawValue): frozen to silent on all: \(times)")
            // Two periods, and what a busy machine adds; the net timeout of a lab's replicas is 4 s.
            #expect(try #require(times.min()) < .milliseconds(3500))
        }
    }

    @Test(
        "a replica's restart, a stall of half a second and a source's restart in order are no silence, and settle",
        arguments: Shape.Flavour.allCases)
    func falseAlarms(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await watching(lab) { discovery in
            let silences = Task {
                var seen = 0
                for await fleet in await discovery.fleets() {
                    seen += fleet.instances.count { $0.channels.contains { $0.silence != nil } }
                }
                return seen
            }
            try await lab["b"].stop()
            try await lab["b"].start()
            try await untilWell(discovery, lab)
            try await lab["a"].freeze()
            let thawAt = ContinuousClock.now + .milliseconds(500)
            try await eventually("half a second has passed") { ContinuousClock.now >= thawAt }
            try await lab["a"].thaw()
            // Three more periods, in which something would come of it.
            let later = thawAt + .seconds(3)
            try await eventually("three periods have passed") { ContinuousClock.now >= later }
            try await untilWell(discovery, lab)
            try await lab["a"].stop()
            try await lab["a"].start()
            try await untilWell(discovery, lab)
            silences.cancel()
            #expect(await silences.value == 0)
        }
    }

    @Test("looks at all servers give what they say now, within milliseconds", arguments: Shape.Flavour.allCases)
    func looks(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await watching(lab) { discovery in
            let all = ["a"] + Self.replicas
            var times: [Duration] = []
            for _ in 0..<10 {
                let start = ContinuousClock.now
                let look = await discovery.look(at: all.map { lab[$0].address }, within: .seconds(5))
                times.append(ContinuousClock.now - start)
                #expect(look.unanswered.isEmpty)
            }
            // A setting that was just made is there.
            let isReadOnly = { (fleet: Fleet) in fleet[lab["a"].address]?.facts?.writability != .writable }
            try await lab["a"].execute("SET GLOBAL read_only = 1")
            #expect(isReadOnly(await discovery.look(at: [lab["a"].address], within: .seconds(5)).fleet))
            try await lab["a"].execute("SET GLOBAL read_only = 0")
            #expect(!isReadOnly(await discovery.look(at: [lab["a"].address], within: .seconds(5)).fleet))
            print("\(flavour.rawValue): looks at four servers: \(times.sorted())")
            #expect(times.sorted()[5] < .milliseconds(200))
        }
    }
}
