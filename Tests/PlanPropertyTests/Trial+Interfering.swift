import Operations
import Refactoring
import Simulation
import TestSupport
import Topology

@testable import Operations

extension Trial {
    /// Carries a plan out, then another one as somebody else would, and takes the first back: that restores what the
    /// first changed and touches nothing else, or is refused with a reason.
    func interfere() async -> Outcome {
        var trial = self
        var outcome = Outcome(verb: intent.verb)
        guard let plan = intent.plan(planner, in: scene).plan else {
            outcome.kinds.append(.refused)
            return outcome
        }
        outcome.method = plan.method
        let servers = SimulatedServers(world.fleet)
        let first = baton(servers)
        // What is wrong with one operation alone is found by other tests.
        guard let report = try? await first.executor.run(plan), report.isDone, !breaksBelowOthers, !breaksAnew else {
            return outcome
        }
        let middle = servers.current
        guard let wish = trial.anotherWish(servers) else { return outcome }
        let (second, other) = (wish.intent, wish.plan)
        func told(_ what: String) -> String {
            self.told("then \(second): \(what)\n\(plan.inWords)\n  --\n\(other.inWords)")
        }
        let between = Safety(servers.current, writers: world.writers)
        guard let done = try? await baton(servers, generation: 2).executor.run(other), done.isDone else {
            return outcome
        }
        let isLacking = second.mayLack(in: middle.fleet())
        outcome.violations += between.violations(of: servers.current, mayRing: second.mayRing, mayLack: isLacking)
            .map(told)
        outcome.kinds += [.done, .interfered]
        await undo(report.operation, first, after: middle, &outcome, told)
        return outcome
    }

    /// Something that is legal now, mostly.
    ///
    /// - Parameter dice: any intent about that fleet.
    mutating func anotherWish(
        _ servers: SimulatedServers,
        _ dice: (Fleet, inout SeededGenerator) -> Intent = { Intent.random(in: $0, using: &$1) }
    ) -> Wish? {
        let scene = RuleScene(servers.current.fleet(), now: servers.current.now)
        for _ in 0..<8 {
            let intent = dice(scene.fleet, &random)
            guard let plan = intent.plan(planner, in: scene).plan else { continue }
            if case .operation(.injectErrant) = intent {
                servers.change { $0.endWorkloads() }
                let scene = RuleScene(servers.current.fleet(), now: servers.current.now)
                return intent.plan(planner, in: scene).plan.map { Wish(intent: intent, plan: $0) }
            }
            return Wish(intent: intent, plan: plan)
        }
        return nil
    }

    private func undo(
        _ id: Int64, _ baton: Baton, after middle: SimulatedFleet, _ outcome: inout Outcome,
        _ said: (String) -> String
    ) async {
        let before = baton.servers.current
        let safety = Safety(before, writers: world.writers)
        guard let done = baton.pages.all.first(where: { $0.id == id }) else { return }
        let answer = planner.undo(done.plan, in: RuleScene(before.fleet(), now: before.now))
        guard let back = answer.plan else {
            outcome.kinds.append(.notUndoable)
            if answer.reasons.isEmpty || answer.reasons.contains(where: { $0.remedies.isEmpty }) {
                outcome.violations.append(said("undo refused without a remedy: \(answer.reasons)"))
            }
            return
        }
        func told(_ what: String) -> String { said("\(what)\n  -- undone by\n\(back.inWords)") }
        do throws(OperationError) {
            let report = try await baton.executor.undo(id, by: back)
            guard report.isDone else {
                outcome.violations.append(told("undo failed: \(report.ending)"))
                return
            }
        } catch {
            outcome.violations.append(told("undo: \(error)"))
            return
        }
        outcome.kinds.append(.undone)
        let after = baton.servers.current
        outcome.violations += safety.violations(of: after, mayRing: true).map { told("undone: \($0)") }
        let rings = Set(after.fleet().rings).subtracting(before.fleet().rings).subtracting(fleet.rings)
        if !rings.isEmpty { outcome.violations.append(told("undone: a ring: \(rings)")) }
        let doomed = safety.doomed.union(Safety(world.fleet, writers: world.writers).doomed)
        outcome.violations += Standing.untruths(
            from: Standing(fleet, doomed: doomed), first: Standing(middle.fleet(), doomed: doomed),
            second: Standing(before.fleet(), doomed: doomed), undone: Standing(after.fleet(), doomed: doomed)
        ).map { told("undone: \($0)") }
    }
}

extension Standing {
    /// What is wrong with a way back: it must restore what the first operation changed, and leave all else as the second
    /// one left it.
    static func untruths(
        from start: Standing, first: Standing, second: Standing, undone: Standing
    ) -> [String] {
        Set(start.parts.keys).union(second.parts.keys).union(undone.parts.keys).sorted().compactMap { key in
            let (was, then) = (start.parts[key], first.parts[key])
            let (expected, found) = (was == then ? second.parts[key] : was, undone.parts[key])
            guard expected != found else { return nil }
            return "\(key): \(found ?? "none"), not \(expected ?? "none") (was \(was ?? "none"), after the first "
                + "\(then ?? "none"), after the second \(second.parts[key] ?? "none"))"
        }
    }
}
