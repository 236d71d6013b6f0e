import Operations
import Refactoring
import Simulation
import Storage
import Synchronization
import TestSupport
import Topology

@testable import Operations

/// What a dead baton leaves behind: servers and a journal.
struct Remains: Sendable {
    let fleet: SimulatedFleet
    let operations: [JournaledOperation]

    init(_ servers: SimulatedServers, _ pages: Pages) {
        fleet = servers.current
        operations = pages.all
    }
}

/// What is done about an operation that did not come to its end.
enum Decision: CaseIterable {
    case resume
    case rollBack
    case leave
}

extension Trial {
    /// The plan, and how many moments a baton lives through that carries it out; `nil` where there is none that comes to
    /// its end.
    func rehearsal() async -> (plan: Plan, moments: Int)? {
        guard let plan = intent.plan(planner, in: scene).plan else { return nil }
        let servers = SimulatedServers(world.fleet)
        let baton = baton(servers, Pages(), .counted)
        guard let report = try? await baton.executor.run(plan), report.isDone else { return nil }
        return (plan, baton.mortality.moments)
    }

    /// Kills baton at one moment of its life, and decides in one way.
    func crashOnce() async -> Outcome {
        var trial = self
        guard let (plan, moments) = await rehearsal() else { return Outcome(kinds: [.refused], verb: intent.verb) }
        let moment = Int.random(in: 1...moments, using: &trial.random)
        let decision = Decision.allCases.randomElement(using: &trial.random) ?? .resume
        let pause = Duration.milliseconds(Int.random(in: 0...1_500, using: &trial.random))
        let packet = Mortality.Packet.allCases.randomElement(using: &trial.random) ?? .goesOn
        let safety = Safety(world.fleet, writers: world.writers)
        let first = baton(SimulatedServers(world.fleet), Pages(), .moment(moment, packet))
        _ = try? await first.executor.run(plan)
        let remains = Remains(first.servers, first.pages)
        return await goOn(from: remains, of: plan, decision, after: pause, safety, "moment \(moment) \(packet)")
    }

    /// Lets every boundary between two changes of a plan be the last, and decides in each way.
    func crashEverywhere() async -> Outcome {
        guard let plan = intent.plan(planner, in: scene).plan else {
            return Outcome(kinds: [.refused], verb: intent.verb)
        }
        let servers = SimulatedServers(world.fleet)
        let pages = Pages()
        // One run tells what each death leaves behind: a copy at each boundary, instead of a run up to each of them.
        let remains = Mutex<[Remains]>([])
        let baton = baton(servers, pages, .counted) { remains.withLock { $0.append(Remains(servers, pages)) } }
        guard let report = try? await baton.executor.run(plan), report.isDone else {
            return Outcome(kinds: [.refused], verb: intent.verb)
        }
        let safety = Safety(world.fleet, writers: world.writers)
        var all = Outcome(verb: intent.verb, method: plan.method)
        for (boundary, remains) in (remains.withLock { $0 } + [Remains(servers, pages)]).enumerated() {
            for decision in Decision.allCases {
                let outcome = await goOn(
                    from: remains, of: plan, decision, after: .milliseconds(300), safety, "boundary \(boundary)")
                all.boundaries += 1
                all.kinds += outcome.kinds
                all.violations += outcome.violations
            }
        }
        return all
    }

    /// What the next baton does about what a dead one has left.
    private func goOn(
        from remains: Remains, of plan: Plan, _ decision: Decision, after pause: Duration, _ safety: Safety,
        _ moment: String
    ) async -> Outcome {
        var outcome = Outcome(verb: intent.verb, method: plan.method)
        var fleet = remains.fleet
        fleet.closeAll()
        fleet.advance(by: pause)
        let servers = SimulatedServers(fleet)
        let pages = Pages(remains.operations)
        let second = baton(servers, pages, generation: 2)
        func told(_ what: String) -> String {
            self.told("dead at \(moment), \(decision): \(what)\n\(plan.inWords)\n\(pages.inWords)")
        }
        // Its death was its last line, or came before its first.
        guard let open = pages.all.first, [.running, .failed, .stopped].contains(open.record.outcome) else {
            outcome.violations += safety.violations(of: servers.current, mayRing: mayRing, mayLack: mayLack).map(told)
            outcome.kinds.append(.left)
            return outcome
        }
        await decide(decision, open.id, second, plan, safety, &outcome, told)
        return outcome
    }

    func decide(
        _ decision: Decision, _ id: Int64, _ baton: Baton, _ plan: Plan, _ safety: Safety, _ outcome: inout Outcome,
        except restarted: Set<InstanceAddress> = [], _ told: (String) -> String
    ) async {
        do throws(OperationError) {
            switch decision {
            case .leave:
                try await baton.executor.leave(id)
                outcome.kinds.append(.left)
                outcome.violations += safety.violations(
                    of: baton.servers.current, mayRing: mayRing, mayLack: mayLack
                ).map(told)
                expect(.left, id, baton, &outcome, told)
            case .resume:
                let report = try await baton.executor.resume(id)
                guard report.isDone else {
                    // What must not happen twice can't be gone on with when nobody knows whether it happened.
                    if case .failed(let failures) = report.ending,
                        failures.allSatisfy({ $0.message.contains("must not happen twice") })
                    {
                        return await decide(.leave, id, baton, plan, safety, &outcome, told)
                    }
                    outcome.violations.append(told("resumed: \(report.ending)"))
                    return
                }
                outcome.kinds.append(.resumed)
                outcome.violations += violationsWhenDone(baton.servers.current, plan, safety, except: restarted)
                    .map(told)
                expect(.done, id, baton, &outcome, told)
            case .rollBack:
                let report = try await baton.executor.rollBack(id)
                guard report.isDone else {
                    outcome.violations.append(told("rolled back: \(report.ending)"))
                    return
                }
                outcome.kinds.append(.rolledBack)
                outcome.violations += violationsWhenBack(baton.servers.current, safety, except: restarted).map(told)
                expect(.takenBack, id, baton, &outcome, told)
            }
        } catch {
            // What can't be taken back says why, and can be gone on with.
            guard case .notPossible = error, decision == .rollBack else {
                outcome.violations.append(told("\(decision): \(error)"))
                return
            }
            await decide(.resume, id, baton, plan, safety, &outcome, except: restarted, told)
        }
    }

    private func expect(
        _ expected: OperationRecord.Outcome, _ id: Int64, _ baton: Baton, _ outcome: inout Outcome,
        _ told: (String) -> String
    ) {
        let found = baton.pages.all.first { $0.id == id }?.record.outcome
        if found != expected {
            outcome.violations.append(
                told("the journal says \(found?.rawValue ?? "nothing"), not \(expected.rawValue)"))
        }
    }
}

extension Pages {
    /// What was written of each step.
    var inWords: String {
        all.map { operation in
            let steps = operation.record.steps.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.state.rawValue)\($0.value.note.map { " (\($0))" } ?? "")" }
            return "  \(operation.plan.verb) \(operation.record.outcome.rawValue): \(steps.joined(separator: ", "))"
        }.joined(separator: "\n")
    }
}
