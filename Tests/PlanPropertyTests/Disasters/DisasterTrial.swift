import Operations
import Recovery
import Refactoring
import Servers
import Simulation
import TestSupport
import Topology

@testable import Operations

/// One disaster, and one way to get over it.
struct DisasterTrial {
    /// What happens to the one who carries the plan out.
    enum Mishap: CaseIterable {
        case none
        /// baton is killed at a random moment.
        case death
        /// Something else breaks midway.
        case secondFault
    }

    let seed: UInt64
    let disaster: RandomDisaster
    let planner: RecoveryPlanner
    let mishap: Mishap
    let policy: FailoverPolicy
    let thread: OneThread
    private(set) var random: SeededGenerator

    init(seed: UInt64, on thread: OneThread) throws {
        self.seed = seed
        self.thread = thread
        disaster = try RandomDisaster(seed: seed)
        var random = SeededGenerator(seed: seed ^ 0x5EED)
        let limits = PlanLimits(statement: .seconds(10), catchUp: .seconds(60), delay: .seconds(30))
        let candidates = CandidatePolicy(waitsForDelayed: Int.random(in: 0..<3, using: &random) == 0)
        planner = RecoveryPlanner(limits: limits, candidates: candidates)
        mishap = Mishap.allCases.randomElement(using: &random) ?? .none
        policy = FailoverPolicy(
            unapplied: Int.random(in: 0..<5, using: &random) == 0 ? .lose : .wait,
            lostReplicas: Int.random(in: 0..<3, using: &random) == 0 ? .leave : .detach, livingSource: .fence)
        self.random = random
    }

    /// For a message: enough to see it again.
    func told(_ what: String) -> String {
        "BATON_SEED=\(seed) \(disaster.family) \(mishap) \(policy.unapplied) \(policy.lostReplicas) waits for delayed \(planner.candidates.waitsForDelayed) [\(disaster.story.joined(separator: "; "))]: \(what)"
    }

    /// A plan, and what was said with it.
    struct Proposal {
        let answer: PlanAnswer
        let plan: Plan
        /// Who is to be promoted, with what is lost; `nil` where nobody is.
        let chosen: Candidate?
        let fleet: Fleet
    }

    /// - Parameter wanted: a random one of those that may be chosen, where it is not left to the planner.
    func propose(_ fleet: SimulatedFleet, _ random: inout SeededGenerator) -> (Proposal?, [Reason]) {
        let read = disaster.read(fleet)
        let scene = RuleScene(read, now: fleet.now)
        var wish = RecoveryWish(about: disaster.lost, to: nil, policy, in: read)
        var chosen: Candidate?
        if case .failover = wish {
            let ranking = planner.ranking(of: disaster.lost, in: scene)
            let others = ranking.eligible.filter { $0.role == .replica }
            let other = Int.random(in: 0..<4, using: &random) == 0 ? others.randomElement(using: &random) : nil
            chosen = other ?? ranking.best
            wish = .failover(of: disaster.lost, to: chosen?.instance, policy)
        }
        let answer = planner.plan(wish, in: scene)
        guard let plan = answer.plan else { return (nil, answer.reasons) }
        return (Proposal(answer: answer, plan: plan, chosen: chosen, fleet: read), answer.reasons)
    }

    /// A baton with what it meets.
    struct Baton {
        let access: WatchedAccess
        let mortality: Mortality
        let executor: Executor
    }

    func baton(
        _ servers: SimulatedServers, _ pages: Pages, _ fleet: Fleet, _ end: Mortality.End = .never,
        generation: UInt64
    ) -> Baton {
        let mortality = Mortality(end)
        let access = WatchedAccess(MortalAccess(servers: servers, mortality: mortality))
        let live = LiveServers(access) { _ in Secret("secret") }
        let executor = Executor(
            servers: live, journal: MemoryJournal(pages: pages, mortality: mortality, generation: generation),
            fleet: fleet, clock: servers.clock, on: thread)
        return Baton(access: access, mortality: mortality, executor: executor)
    }
}
