import Operations
import Refactoring
import Servers
import Simulation
import TestSupport
import Topology

@testable import Operations

/// One random fleet and one random intent, and everything that is tried with them.
struct Trial {
    let seed: UInt64
    let world: RandomWorld
    let intent: Intent
    let scene: RuleScene
    let planner = MovePlanner(limits: PlanLimits(statement: .seconds(10), catchUp: .seconds(60), delay: .seconds(30)))
    let thread: OneThread
    var random: SeededGenerator

    init(seed: UInt64, on thread: OneThread) throws {
        self.seed = seed
        self.thread = thread
        random = SeededGenerator(seed: seed ^ 0x5EED)
        var world = try RandomWorld(seed: seed)
        let fleet = world.fleet.fleet()
        intent = Intent.random(in: fleet, using: &random)
        if case .operation(.injectErrant) = intent { world.stopWriting() }
        self.world = world
        scene = RuleScene(fleet, now: world.fleet.now)
    }

    var fleet: Fleet { scene.fleet }

    /// For a message: enough to see it again.
    func told(_ what: String) -> String {
        "BATON_SEED=\(seed) \(world.family) \(intent) [\(world.story.joined(separator: "; "))]: \(what)"
    }

    /// A baton, and the servers and the journal that it meets.
    struct Baton {
        let servers: SimulatedServers
        let pages: Pages
        let mortality: Mortality
        let executor: Executor
    }

    func baton(
        _ servers: SimulatedServers, _ pages: Pages = Pages(), dyingAt last: Int? = nil, generation: UInt64 = 1
    ) -> Baton {
        let mortality = Mortality(last: last)
        let live = LiveServers(MortalAccess(servers: servers, mortality: mortality)) { _ in Secret("secret") }
        let executor = Executor(
            servers: live, journal: MemoryJournal(pages: pages, mortality: mortality, generation: generation),
            fleet: fleet, clock: servers.clock, on: thread)
        return Baton(servers: servers, pages: pages, mortality: mortality, executor: executor)
    }

    private var forgets: Bool {
        switch intent {
        case .operation(.resetReplica), .move(.endCoPrimary): true
        default: false
        }
    }

    var mayRing: Bool {
        if case .move(.makeCoPrimary) = intent { true } else { false }
    }

    /// Servers that the intent itself tells to leave something out, or to go without.
    var mayLack: Set<InstanceAddress> {
        switch intent {
        case .operation(.skipTransaction(let replica)): below(replica.instance)
        case .operation(.injectErrant): Set(fleet.addresses)
        default: []
        }
    }

    private func below(_ address: InstanceAddress) -> Set<InstanceAddress> {
        var found: Set<InstanceAddress> = [address]
        var pending = [address]
        while let next = pending.popLast() {
            for replica in fleet.replicas(of: next) where found.insert(replica).inserted { pending.append(replica) }
        }
        return found
    }

    /// What is wrong after the plan came to its end.
    func violationsWhenDone(
        _ after: SimulatedFleet, _ plan: Plan, _ safety: Safety, except restarted: Set<InstanceAddress> = []
    ) -> [String] {
        var violations = safety.violations(of: after, mayRing: mayRing, mayLack: mayLack)
        let preview = Standing(plan.preview(on: fleet), except: restarted, doomed: safety.doomed)
        violations += Standing(after.fleet(), except: restarted, doomed: safety.doomed).differences(from: preview)
            .map { "unlike its preview: \($0)" }
        if !intent.stops {
            let stopped = runningChannels(fleet).subtracting(runningChannels(after.fleet())).subtracting(safety.doomed)
                .filter { name in !restarted.contains { name.hasPrefix("\($0.host)/") } }
            if !stopped.isEmpty { violations.append("stopped: \(stopped.sorted())") }
        }
        return violations
    }

    /// What is wrong after everything was taken back.
    func violationsWhenBack(
        _ after: SimulatedFleet, _ safety: Safety, except restarted: Set<InstanceAddress> = []
    ) -> [String] {
        var violations = safety.violations(of: after, mayLack: mayLack)
        violations += Standing(after.fleet(), except: restarted, doomed: safety.doomed)
            .differences(from: Standing(fleet, except: restarted, doomed: safety.doomed))
            .map { "not as before: \($0)" }
        // Whom a server follows is forgotten with all options, which the plan says.
        if forgets { return violations }
        let (options, old) = (after.connectionOptions(), world.fleet.connectionOptions())
        for (name, value) in old.sorted(by: { $0.key < $1.key }) where options[name] != value {
            if restarted.contains(where: { name.hasPrefix("\($0.host)/") }) { continue }
            violations.append("not as before: \(name) is \(options[name] ?? "none"), was \(value)")
        }
        return violations
    }
}
