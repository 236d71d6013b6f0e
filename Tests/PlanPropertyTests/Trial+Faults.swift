import Operations
import Refactoring
import Simulation
import TestSupport
import Topology

@testable import Operations

extension Trial {
    /// Lets something go wrong at one statement, or a server freeze or die meanwhile; then the servers come back, and the
    /// operation is resumed, or taken back where it can't be.
    func fault() async -> Outcome {
        var trial = self
        guard let (plan, statements) = await statementsOfPlan() else {
            return Outcome(kinds: [.refused], verb: intent.verb)
        }
        var outcome = Outcome(verb: intent.verb, method: plan.method)
        let fault = Fault.random(statements, plan.instances, using: &trial.random)
        let safety = Safety(world.fleet, writers: world.writers)
        var fleet = world.fleet
        fleet.plan(fault.statement, atStatement: fault.number)
        let servers = SimulatedServers(fleet)
        let first = baton(servers)
        func told(_ what: String) -> String {
            self.told("\(fault): \(what)\n\(plan.inWords)\n\(first.pages.inWords)")
        }
        let report: OperationReport
        do {
            report = try await first.executor.run(plan)
        } catch {
            // Nothing was begun.
            let restarted = servers.restartAll()
            outcome.violations += violationsWhenBack(servers.current, safety, except: restarted).map(told)
            return outcome
        }
        let spent = servers.current.now - world.fleet.now
        let limit = plan.steps.map(\.timeLimit).reduce(.seconds(10), +) + .seconds(10 * plan.steps.count)
        if spent > limit { outcome.violations.append(told("it took \(spent), and may take \(limit)")) }
        let restarted = servers.restartAll()
        servers.change { $0.advance(by: .seconds(6)) }
        guard !report.isDone else {
            outcome.kinds.append(.done)
            outcome.violations += safety.violations(of: servers.current, mayRing: mayRing, mayLack: mayLack).map(told)
            return outcome
        }
        if report.choices.isEmpty { outcome.violations.append(told("it offers no choice")) }
        await recover(report.operation, first, plan, safety, &outcome, restarted, told)
        return outcome
    }

    /// Whether a restart itself leaves other threads running than ran before, as `skip_replica_start` or its absence does.
    private func hasOtherThreads(_ address: InstanceAddress) -> Bool {
        guard let channels = fleet[address]?.channels else { return false }
        return Set(channels.map { $0.receiver != .stopped }).union(channels.map { $0.applier == .running }).count > 1
            || channels.contains { $0.receiver == .stopped }
    }

    private func statementsOfPlan() async -> (plan: Plan, statements: Range<Int>)? {
        guard let plan = intent.plan(planner, in: scene).plan else { return nil }
        let servers = SimulatedServers(world.fleet)
        guard let report = try? await baton(servers).executor.run(plan), report.isDone else { return nil }
        return (plan, world.fleet.statementCount..<servers.current.statementCount)
    }

    /// Resumes, and takes back where that does not come to its end.
    private func recover(
        _ id: Int64, _ first: Baton, _ plan: Plan, _ safety: Safety, _ outcome: inout Outcome,
        _ restarted: Set<InstanceAddress>, _ told: (String) -> String
    ) async {
        let second = baton(first.servers, first.pages, generation: 2)
        var ending = ""
        do throws(OperationError) {
            let resumed = try await second.executor.resume(id)
            ending = "\(resumed.ending)"
            if resumed.isDone {
                outcome.kinds.append(.resumed)
                outcome.violations += violationsWhenDone(first.servers.current, plan, safety, except: restarted)
                    .map { told("resumed: \($0)") }
                return
            }
            let back = try await second.executor.rollBack(id)
            if back.isDone {
                outcome.kinds.append(.rolledBack)
                outcome.violations += violationsWhenBack(first.servers.current, safety, except: restarted)
                    .map { told("rolled back: \($0)") }
                return
            }
            if restarted.contains(where: hasOtherThreads) { return }
            outcome.violations.append(told("neither resumed, \(resumed.ending), nor rolled back, \(back.ending)"))
        } catch {
            outcome.violations.append(told("neither resumed, \(ending), nor rolled back: \(error)"))
        }
    }
}

/// What goes wrong.
struct Fault: CustomStringConvertible {
    let statement: StatementFault
    let number: Int

    static func random(
        _ statements: Range<Int>, _ instances: [InstanceAddress], using random: inout SeededGenerator
    ) -> Fault {
        let faults: [StatementFault] = [
            .connectionLostBefore, .connectionLostAfter, .deathBefore, .deathAfter, .freezeBefore, .freezeAfter,
        ]
        let statement = faults.randomElement(using: &random) ?? .deathAfter
        let number = Int.random(in: statements, using: &random)
        guard Int.random(in: 0..<4, using: &random) == 0 else { return Fault(statement: statement, number: number) }
        let wait = Duration.seconds(Int.random(in: 1...120, using: &random))
        return Fault(statement: .stalled(wait), number: number)
    }

    var description: String { "\(statement) at statement \(number)" }
}

extension SimulatedServers {
    /// Those that do not answer.
    var down: Set<InstanceAddress> {
        let fleet = current
        return Set(fleet.addresses.filter { fleet.facts(of: $0) == nil })
    }

    /// Brings everybody back.
    ///
    /// - Returns: those whose process is a new one.
    func restartAll() -> Set<InstanceAddress> {
        let down = down
        return change { fleet in
            for address in down { fleet.thaw(address) }
            let dead = down.filter { fleet.facts(of: $0) == nil }
            for address in dead { fleet.restart(address) }
            return dead
        }
    }
}
