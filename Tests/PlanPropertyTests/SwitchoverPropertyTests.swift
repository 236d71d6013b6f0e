import Operations
import Recovery
import Refactoring
import Servers
import Simulation
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@testable import Operations

/// Switchovers of simulated fleets whose clients write wherever a server takes writes, so that two writable servers at a time,
/// and what one of them loses, show in the data.
@Suite("Whole switchovers on random fleets")
struct SwitchoverPropertyTests {
    @Test("they lose and double nothing, never is more than one server writable, and all follow the new primary")
    func run() async throws {
        var done = 0
        for seed in UInt64(1)...120 {
            let trial = try SwitchoverTrial(seed: seed)
            guard let plan = trial.plan else { continue }
            let servers = SimulatedServers(trial.fleet)
            let report = try await trial.executor(servers, watching: { trial.expectOneWriterAtMost(servers) })
                .run(plan)
            #expect(report.isDone, "seed \(seed) \(trial.family): \(report.ending)")
            let blocked = try #require(report.writesBlocked, "seed \(seed)")
            #expect(blocked.end == .handedOver && blocked.duration < .seconds(2), "seed \(seed): \(blocked)")
            trial.expectHealthy(servers.current, primary: trial.candidate, "done")
            done += 1
        }
        #expect(done > 100)
    }

    @Test("killed at every boundary, they are resumed to the end or rolled back to the beginning")
    func killed() async throws {
        var decided: [Decision: Int] = [:]
        var families: Set<Family> = []
        for seed in UInt64(1_000)...1_011 {
            let family = Family.allCases[Int(seed) % Family.allCases.count]
            let trial = try SwitchoverTrial(seed: seed, family: family)
            guard let plan = trial.plan else { continue }
            families.insert(family)
            let servers = SimulatedServers(trial.fleet)
            let pages = Pages()
            let remains = Mutex<[Remains]>([])
            let executor = trial.executor(servers, pages, .counted) {
                remains.withLock { $0.append(Remains(servers, pages)) }
            }
            #expect(try await executor.run(plan).isDone)
            for (boundary, left) in remains.withLock({ $0 }).enumerated() {
                for decision in [Decision.resume, .rollBack] {
                    let what = "seed \(seed) \(trial.family), dead at boundary \(boundary), \(decision)"
                    if try await trial.decide(decision, on: left, what) { decided[decision, default: 0] += 1 }
                }
            }
        }
        #expect(families == Set(Family.allCases))
        #expect(decided[.resume, default: 0] > 100 && decided[.rollBack, default: 0] > 50, "\(decided)")
    }
}

/// One fleet, one switchover.
private struct SwitchoverTrial {
    let seed: UInt64
    let family: Family
    let fleet: SimulatedFleet
    let candidate: InstanceAddress = "db1"

    private let thread = OneThread()

    /// - Parameter family: any, where none is named.
    init(seed: UInt64, family: Family? = nil) throws {
        self.seed = seed
        var random = SeededGenerator(seed: seed)
        let family = family ?? Family.allCases[Int.random(in: 0..<Family.allCases.count, using: &random)]
        self.family = family
        var fleet = SimulatedFleet(seed: seed, at: .testNow)
        let addresses = (0..<Int.random(in: 2...5, using: &random)).map { InstanceAddress(host: "db\($0)") }
        let version = family.versions.randomElement(using: &random) ?? family.versions[0]
        for (number, address) in addresses.enumerated() {
            var options = SimulatedServerOptions(version: version, serverID: UInt32(number + 1))
            options.gtidMode = family == .mysqlWithoutGTIDs ? .off : .on
            options.format = .row
            if number > 0 { options.writability = family.isMariaDB ? .readOnly : .superReadOnly }
            fleet.add(address, options)
        }
        for (number, address) in addresses.enumerated().dropFirst() {
            // The candidate is db0's own; the others are siblings, or below it.
            let isDeep = number > 1 && Int.random(in: 0..<4, using: &random) == 0
            try fleet.carryOut(
                [
                    .changeSource(
                        channel: "",
                        SourceChange(
                            source: isDeep ? addresses[1] : addresses[0], positioning: family.positioning, user: "repl")
                    ),
                    .startReplication(channel: ""),
                ], on: address)
            if family == .mariadbByCurrentPosition {
                try fleet.run(
                    ["STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID = current_pos", "START SLAVE"], on: address)
            }
        }
        try fleet.run(
            ["CREATE DATABASE s", "CREATE TABLE s.t (id BIGINT PRIMARY KEY, v VARCHAR(40))"], on: "db0")
        fleet.advance(by: .milliseconds(500))
        for address in addresses { fleet.write(to: "s.t", on: address, every: .milliseconds(30)) }
        fleet.advance(by: .milliseconds(Int.random(in: 100...600, using: &random)))
        self.fleet = fleet
    }

    var plan: Plan? {
        let scene = RuleScene(fleet.fleet(), now: fleet.now)
        return SwitchoverPlanner().plan(Switchover(of: "db0", to: .named(candidate)), in: scene).plan
    }

    func executor(
        _ servers: SimulatedServers, _ pages: Pages = Pages(), _ end: Mortality.End = .counted,
        generation: UInt64 = 1, watching: @escaping @Sendable () -> Void
    ) -> Executor {
        let mortality = Mortality(end, witness: watching)
        let live = LiveServers(MortalAccess(servers: servers, mortality: mortality)) { _ in Secret("secret") }
        return Executor(
            servers: live, journal: MemoryJournal(pages: pages, mortality: mortality, generation: generation),
            fleet: fleet.fleet(), clock: servers.clock, on: thread)
    }

    func expectOneWriterAtMost(_ servers: SimulatedServers) {
        let writers = writers(servers.current)
        if writers.count > 1 { Issue.record("seed \(seed) \(family): \(writers) are writable at once") }
    }

    private func writers(_ fleet: SimulatedFleet) -> [InstanceAddress] {
        fleet.addresses.filter { fleet.facts(of: $0)?.writability.isWritable == true }
    }

    /// One primary, which everybody follows over any number of servers, and the same transactions, once, everywhere.
    func expectHealthy(_ after: SimulatedFleet, primary: InstanceAddress, _ what: String) {
        var after = after
        after.endWorkloads()
        after.settle()
        #expect(writers(after) == [primary], "seed \(seed) \(family), \(what)")
        let all = Set(after.effects(on: primary).keys)
        for address in after.addresses {
            let own = after.effects(on: address)
            #expect(Set(own.keys) == all, "seed \(seed) \(family), \(what): \(address)")
            #expect(after.doubled(on: address).isEmpty, "seed \(seed) \(family), \(what): \(address)")
            guard address != primary else {
                #expect(after.facts(of: address)?.channels.allSatisfy { $0.source == nil } == true, "\(what)")
                continue
            }
            #expect(
                after.facts(of: address)?.channels.contains { $0.isReplicating } == true,
                "seed \(seed) \(family), \(what): \(address) follows nobody")
        }
    }

    /// - Returns: whether there was something to decide.
    func decide(_ decision: Decision, on left: Remains, _ what: String) async throws -> Bool {
        var fleet = left.fleet
        fleet.closeAll()
        fleet.advance(by: .milliseconds(300))
        let servers = SimulatedServers(fleet)
        let pages = Pages(left.operations)
        let next = executor(servers, pages, generation: 2) { expectOneWriterAtMost(servers) }
        guard let open = pages.all.first, [.running, .failed, .stopped].contains(open.record.outcome) else {
            expectHealthy(servers.current, primary: writers(servers.current).first ?? "nobody", what)
            return false
        }
        var wentBack = decision == .rollBack
        do {
            let report =
                wentBack ? try await next.rollBack(open.id) : try await next.resume(open.id)
            #expect(report.isDone, "\(what): \(report.ending) \(pages.inWords)")
        } catch {
            guard case .notPossible = error, wentBack else {
                Issue.record("\(what): \(error)")
                return true
            }
            wentBack = false
            // Nothing was begun yet, or the new primary takes writes.
            if open.begunSteps.isEmpty {
                expectHealthy(servers.current, primary: "db0", what)
                return true
            }
            let report = try await next.resume(open.id)
            #expect(report.isDone, "\(what), then resumed: \(report.ending) \(pages.inWords)")
        }
        expectHealthy(servers.current, primary: wentBack ? "db0" : candidate, what)
        return true
    }
}
