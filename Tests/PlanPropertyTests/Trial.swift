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
        _ servers: SimulatedServers, _ pages: Pages = Pages(), _ end: Mortality.End = .never, generation: UInt64 = 1,
        pauses: SeededGenerator? = nil, witness: @escaping @Sendable () -> Void = {}
    ) -> Baton {
        let mortality = Mortality(end, pauses: pauses, witness: witness)
        let live = LiveServers(MortalAccess(servers: servers, mortality: mortality)) { _ in Secret("secret") }
        let executor = Executor(
            servers: live, journal: MemoryJournal(pages: pages, mortality: mortality, generation: generation),
            fleet: fleet, clock: servers.clock, on: thread)
        return Baton(servers: servers, pages: pages, mortality: mortality, executor: executor)
    }

    /// Whether a replica wrote itself where GTIDs are strict: it breaks whoever goes below it, sooner or later (MariaDB).
    var breaksBelowOthers: Bool {
        world.family.isMariaDB && hasErrantRow
            && fleet.instances.contains {
                if case .mariadb(let state)? = $0.facts?.gtid { state.isStrict } else { false }
            }
    }

    /// Whether a replica that goes by `current_pos` wrote itself: it can't connect to its source again, whatever is done.
    var breaksAnew: Bool { world.family == .mariadbByCurrentPosition && hasErrantRow }

    private var hasErrantRow: Bool { world.story.contains { $0.hasSuffix("errant row") } }

    var mayRing: Bool { intent.mayRing }

    var mayLack: Set<InstanceAddress> { intent.mayLack(in: fleet) }

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
        let (options, old) = (after.connectionOptions(), world.fleet.connectionOptions())
        for (name, value) in old.sorted(by: { $0.key < $1.key }) where options[name] != value {
            if restarted.contains(where: { name.hasPrefix("\($0.host)/") }) { continue }
            violations.append("not as before: \(name) is \(options[name] ?? "none"), was \(value)")
        }
        return violations
    }
}
