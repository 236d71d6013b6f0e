import Operations
import Refactoring
import Simulation
import TestSupport
import Topology

@testable import Operations

/// How a trial went.
struct Outcome: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case refused
        case done
        case undone
        case notUndoable
        case resumed
        case rolledBack
        case left
        case failedAsForetold
        /// It failed with a reason, because somebody else came between.
        case failed
        /// Refused with a reason when it was to begin.
        case notBegun
        /// Plans that are legal each and would make a ring together.
        case threatened
        /// Something else was done between.
        case interfered
        /// Something else was done after it had been left.
        case doneAfterwards
        case atOnce
        case inTurn
    }

    var kinds: [Kind] = []
    var verb = ""
    var method = ""
    /// Deaths at boundaries, each with one decision.
    var boundaries = 0
    var violations: [String] = []
}

extension Trial {
    /// Plans, runs, and takes back where that is possible.
    func run() async -> Outcome {
        var outcome = Outcome(verb: intent.verb)
        let answer = intent.plan(planner, in: scene)
        guard let plan = answer.plan else {
            outcome.kinds.append(.refused)
            if answer.reasons.isEmpty || answer.reasons.contains(where: { $0.remedies.isEmpty }) {
                outcome.violations.append(told("refused without a remedy"))
            }
            return outcome
        }
        outcome.method = plan.method
        let safety = Safety(world.fleet, writers: world.writers)
        let servers = SimulatedServers(world.fleet)
        let baton = baton(servers)
        guard let report = await carryOut(&outcome, { try await baton.executor.run(plan) }) else { return outcome }
        guard report.isDone else {
            await judgeFailure(of: plan, answer.reasons, report, baton, safety, &outcome)
            return outcome
        }
        outcome.kinds.append(.done)
        if breaksBelowOthers { return outcome }
        let after = servers.current
        outcome.violations += violationsWhenDone(after, plan, safety).map { told("\($0)\n\(plan.inWords)") }
        if !report.changedOptions.isEmpty {
            outcome.violations.append(told("options changed: \(report.changedOptions)"))
        }
        if breaksAnew { return outcome }
        await undo(baton, report.operation, safety, &outcome)
        return outcome
    }

    /// A legal plan may fail only where something was broken that did not show yet, or where it was said that it might;
    /// and then it can be taken back.
    private func judgeFailure(
        of plan: Plan, _ reasons: [Reason], _ report: OperationReport, _ baton: Baton, _ safety: Safety,
        _ outcome: inout Outcome
    ) async {
        let isDoomed = plan.instances.contains { address in
            fleet[address]?.channels.contains { safety.doomed.contains("\(address.host)/\($0.name)") } ?? false
        }
        // Whoever starts an applier that stopped with an error tries whether the error is gone.
        let wasBroken = plan.instances.contains { address in
            fleet[address]?.channels.contains { $0.applierError != nil } ?? false
        }
        let isForetold = reasons.contains { $0.rule == "gtid.purged" }
        guard isDoomed || isForetold || wasBroken && intent.verb == "start-replica" else {
            outcome.violations.append(told("failed: \(report.ending) \(reasons.map(\.sentence))\n\(plan.inWords)"))
            return
        }
        outcome.kinds.append(.failedAsForetold)
        guard isForetold else { return }
        await decide(.rollBack, report.operation, baton, plan, safety, &outcome) { told("failed, \($0)") }
    }

    private func undo(_ baton: Baton, _ id: Int64, _ safety: Safety, _ outcome: inout Outcome) async {
        let scene = RuleScene(baton.servers.current.fleet(), now: baton.servers.current.now)
        do throws(OperationError) {
            guard let done = baton.pages.all.first(where: { $0.id == id }) else { return }
            let answer = planner.undo(done.plan, in: scene)
            guard let plan = answer.plan else {
                outcome.kinds.append(.notUndoable)
                if answer.reasons.isEmpty || answer.reasons.contains(where: { $0.remedies.isEmpty }) {
                    outcome.violations.append(told("undo refused without a remedy"))
                }
                return
            }
            let report = try await baton.executor.undo(id, by: plan)
            guard report.isDone else {
                outcome.violations.append(told("undo failed: \(report.ending)"))
                return
            }
            outcome.kinds.append(.undone)
            outcome.violations += violationsWhenBack(baton.servers.current, safety).map { told("undone: \($0)") }
        } catch {
            outcome.violations.append(told("undo: \(error)"))
        }
    }

    func carryOut(
        _ outcome: inout Outcome, _ body: () async throws -> OperationReport
    ) async -> OperationReport? {
        do {
            return try await body()
        } catch {
            outcome.violations.append(told("\(error)"))
            return nil
        }
    }
}

extension Plan {
    /// One line a step.
    var inWords: String {
        steps.map { "  \($0.stage) \($0.instance.host): \($0.purpose) \($0.commands)" }.joined(separator: "\n")
    }
}
