import Operations
import Refactoring
import Simulation
import TestSupport
import Topology

@testable import Operations

/// A plan, and what was asked for.
struct Wish: Sendable {
    let intent: Intent
    let plan: Plan
}

extension Trial {
    /// Several operators look at the same fleet, plan something legal each, and run their plans at once or one after
    /// another: the later ones find servers that are no longer as their plans expect.
    func together() async -> Outcome {
        var trial = self
        var outcome = Outcome(verb: intent.verb)
        let wishes = trial.wishes()
        guard wishes.count > 1 else {
            outcome.kinds.append(.refused)
            return outcome
        }
        outcome.method = wishes[0].plan.method
        if threatens(wishes) { outcome.kinds.append(.threatened) }
        let servers = SimulatedServers(world.fleet)
        let safety = Safety(world.fleet, writers: world.writers)
        let areAtOnce = Bool.random(using: &trial.random)
        let shared = Bool.random(using: &trial.random) ? Pages(writers: .atOnce) : nil
        let batons = wishes.indices.map { index in
            baton(
                servers, shared ?? Pages(writers: .atOnce), generation: UInt64(index + 1),
                pauses: areAtOnce ? SeededGenerator(seed: trial.random.next()) : nil)
        }
        func told(_ what: String) -> String {
            let plans = zip(wishes, batons).map { "  -- \($0.intent)\n\($0.plan.inWords)\n\($1.pages.inWords)" }
            let way =
                "\(areAtOnce ? "at once" : "one after another"), \(shared == nil ? "two journals" : "one journal")"
            return self.told("\(way): \(what)\n\(plans.joined(separator: "\n"))")
        }
        let endings = await run(wishes, by: batons, atOnce: areAtOnce)
        outcome.kinds.append(areAtOnce ? .atOnce : .inTurn)
        var disturbed: Set<InstanceAddress> = []
        for (index, ending) in endings.enumerated() {
            outcome.violations += ending.untold.map(told)
            outcome.kinds.append(ending.kind)
            if ending.kind == .done {
                if wishes[index].intent.stops { disturbed.formUnion(wishes[index].plan.instances) }
            } else if let id = ending.id {
                // What can't be taken back now is left as it is, which the operator is told.
                let ending = await Ending { try await batons[index].executor.rollBack(id) }
                outcome.violations += ending.untold.map { told("rolled back: \($0)") }
                if ending.kind == .done { outcome.kinds.append(.rolledBack) }
                if ending.kind != .done { disturbed.formUnion(wishes[index].plan.instances) }
            }
        }
        outcome.violations += violations(of: servers.current, after: wishes, safety, except: disturbed).map(told)
        return outcome
    }

    /// Whether the plans make a ring of servers when each is carried out as it is, though none makes one alone.
    private func threatens(_ wishes: [Wish]) -> Bool {
        !wishes.reduce(fleet) { $1.plan.preview(on: $0) }.circling.isSubset(of: circlesAskedFor(wishes))
    }

    /// Servers in rings that were there, or that a plan is meant to make.
    func circlesAskedFor(_ wishes: [Wish]) -> Set<InstanceAddress> {
        wishes.reduce(fleet.circling) { $0.union($1.plan.preview(on: fleet).circling) }
    }

    /// Two or three, most of them moves of single replicas: these depend on each other.
    private mutating func wishes() -> [Wish] {
        var wishes: [Wish] = []
        let count = Int.random(in: 2...3, using: &random)
        for _ in 0..<20 where wishes.count < count {
            let intent =
                Int.random(in: 0..<3, using: &random) == 0
                ? Intent.random(in: fleet, using: &random) : Intent.randomMove(in: fleet, using: &random)
            // For these nobody may write.
            if case .operation(.injectErrant) = intent { continue }
            let answer = intent.plan(planner, in: scene)
            // One that is foretold to fail may do so.
            guard let plan = answer.plan, !answer.reasons.contains(where: { $0.rule == "gtid.purged" }) else {
                continue
            }
            wishes.append(Wish(intent: intent, plan: plan))
        }
        return wishes
    }

    private func run(_ wishes: [Wish], by batons: [Baton], atOnce: Bool) async -> [Ending] {
        guard atOnce else {
            var endings: [Ending] = []
            for (wish, baton) in zip(wishes, batons) {
                endings.append(await Ending { try await baton.executor.run(wish.plan) })
            }
            return endings
        }
        return await withTaskGroup(of: (Int, Ending).self) { group in
            for (index, (wish, baton)) in zip(wishes, batons).enumerated() {
                group.addTask(executorPreference: thread) {
                    (index, await Ending { try await baton.executor.run(wish.plan) })
                }
            }
            let endings = await group.reduce(into: [Int: Ending]()) { $0[$1.0] = $1.1 }
            return endings.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func violations(
        of after: SimulatedFleet, after wishes: [Wish], _ safety: Safety, except disturbed: Set<InstanceAddress>
    ) -> [String] {
        var violations: [String] = []
        let circles = after.fleet().circling.subtracting(circlesAskedFor(wishes))
        if !circles.isEmpty { violations.append("a ring: \(circles.map(\.host).sorted())") }
        if breaksBelowOthers || breaksAnew { return violations }
        let lacking = wishes.reduce(into: Set<InstanceAddress>()) { $0.formUnion($1.intent.mayLack(in: fleet)) }
        violations += safety.violations(of: after, mayRing: true, mayLack: lacking)
        let stopped = runningChannels(fleet).subtracting(runningChannels(after.fleet())).subtracting(safety.doomed)
            .filter { name in !disturbed.contains { name.hasPrefix("\($0.host)/") } }
        if !stopped.isEmpty { violations.append("stopped: \(stopped.sorted())") }
        return violations
    }
}

/// How one operation ended, as its operator hears it.
struct Ending: Sendable {
    let kind: Outcome.Kind
    /// The operation that waits for a decision.
    let id: Int64?
    /// Where it is not told why it did not come to its end.
    let untold: [String]
    let words: String

    init(_ body: () async throws -> OperationReport) async {
        do {
            let report = try await body()
            words = "\(report.ending)"
            switch report.ending {
            case .done: (kind, id, untold) = (.done, nil, [])
            case .failed(let failures):
                let isTold = !failures.isEmpty && failures.allSatisfy { !$0.message.isEmpty }
                (kind, id, untold) = (.failed, report.operation, isTold ? [] : ["failed without a reason"])
            case .stopped: (kind, id, untold) = (.failed, report.operation, ["stopped, and nobody asked for it"])
            }
        } catch {
            words = "\(error)"
            (kind, id, untold) = (.notBegun, nil, words.isEmpty ? ["refused without a reason"] : [])
        }
    }
}
