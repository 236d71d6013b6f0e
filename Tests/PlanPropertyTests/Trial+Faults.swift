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
        // One that lives ends what waits on the server; one that dies meanwhile leaves it there.
        let end: Mortality.End = fault.outlastsClient && Bool.random(using: &trial.random) ? .waiting : .never
        let pause =
            fault.statement.isStalled ? Duration.seconds(Int.random(in: 0...130, using: &trial.random)) : .seconds(6)
        let safety = Safety(world.fleet, writers: world.writers)
        var fleet = world.fleet
        fleet.plan(fault.statement, atStatement: fault.number)
        let servers = SimulatedServers(fleet)
        let first = baton(servers, Pages(), end)
        func told(_ what: String) -> String {
            self.told("\(fault), \(end), \(pause): \(what)\n\(plan.inWords)\n\(first.pages.inWords)")
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
        if !report.isDone, fault.outlastsClient, Int.random(in: 0..<2, using: &trial.random) == 0 {
            await trial.leave(report.operation, first, pause, &outcome, told)
            return outcome
        }
        let restarted = servers.restartAll()
        servers.change { $0.rest(for: pause) }
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
            ending += ", nor rolled back, \(back.ending)"
        } catch {
            ending += ", nor rolled back: \(error)"
        }
        // A server that replicated on by itself when it came back may stand where no step leads to, and the way back is
        // not open to a replica that went on: then it is left, and nothing must be lost.
        guard !restarted.isEmpty else {
            outcome.violations.append(told("neither resumed, \(ending)"))
            return
        }
        await decide(.leave, id, second, plan, safety, &outcome) { told("neither resumed, \(ending), left: \($0)") }
    }

    /// Leaves things as they are, though a statement may still wait on a server, and does something else instead. No
    /// statement that was left behind may take effect on a server that the other operation has, or had.
    private mutating func leave(
        _ id: Int64, _ first: Baton, _ pause: Duration, _ outcome: inout Outcome, _ told: (String) -> String
    ) async {
        let servers = first.servers
        let second = baton(servers, first.pages, generation: 2)
        let isOver = Bool.random(using: &random)
        if isOver { _ = servers.restartAll() }
        servers.change { $0.rest(for: isOver ? pause : .seconds(1)) }
        do throws(OperationError) {
            try await second.executor.leave(id)
            outcome.kinds.append(.left)
        } catch {
            outcome.violations.append(told("not left: \(error)"))
        }
        guard let wish = anotherWish(servers) else { return }
        let start = servers.current
        let safety = Safety(start, writers: world.writers)
        let ending = await Ending { try await second.executor.run(wish.plan) }
        func told2(_ what: String) -> String {
            told("left, then \(wish.intent): \(ending.words): \(what)\n\(wish.plan.inWords)")
        }
        outcome.kinds.append(ending.kind == .done ? .doneAfterwards : ending.kind)
        outcome.violations += ending.untold.map(told2)
        let settled = Standing(servers.current.fleet(), doomed: safety.doomed)
        let had = Set(wish.plan.concerned.map(fleet.canonical))
        let others = servers.current.addresses.filter { !had.contains($0) }
        let restarted = servers.restartAll()
        servers.change { $0.rest(for: .seconds(130)) }
        let late = Standing(servers.current.fleet(), except: restarted.union(others), doomed: safety.doomed)
            .differences(from: settled.only(had.subtracting(restarted)))
        if ending.kind == .done { outcome.violations += late.map { told2("changed afterwards: \($0)") } }
        let meant = fleet.circling.union(wish.plan.preview(on: start.fleet()).circling).union(
            intent.plan(planner, in: scene).plan?.preview(on: fleet).circling ?? [])
        let circles = servers.current.fleet().circling.subtracting(meant)
        if !circles.isEmpty { outcome.violations.append(told2("a ring: \(circles.map(\.host).sorted())")) }
        if breaksBelowOthers || breaksAnew { return }
        let lacking = mayLack.union(wish.intent.mayLack(in: start.fleet()))
        outcome.violations += safety.violations(of: servers.current, mayRing: true, mayLack: lacking).map(told2)
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

    /// Whether the statement may take effect when its client has given up.
    var outlastsClient: Bool { statement.isStalled || statement == .freezeBefore }

    var description: String { "\(statement) at statement \(number)" }
}

extension StatementFault {
    /// Whether the statement waits on a server that answers.
    var isStalled: Bool { if case .stalled = self { true } else { false } }
}

extension SimulatedFleet {
    /// Lets time pass, most of it without anybody who writes: a long one costs no more than a short one.
    fileprivate mutating func rest(for duration: Duration) {
        let busy = min(duration, .seconds(6))
        advance(by: busy)
        guard duration > busy else { return }
        endWorkloads()
        advance(by: duration - busy)
    }
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
