import Operations
import Recovery
import Refactoring
import Simulation
import Storage
import TestSupport
import Topology

@testable import Operations

/// How a recovery ended.
struct DisasterOutcome: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// There was no plan, with reasons.
        case refused
        /// The first plan came to its end.
        case done
        /// Done when it was gone on with.
        case resumed
        /// Done by a new plan, after the first had been left.
        case plannedAnew
        /// It stopped, and there is no other plan; nothing is broken.
        case given
    }

    var kinds: [Kind] = []
    var verb = ""
    var method = ""
    var violations: [String] = []
}

extension DisasterTrial {
    /// How often it is tried.
    private static let rounds = 5

    /// Plans, carries out, goes on or plans anew, and looks at what came of it.
    func play() async -> DisasterOutcome {
        var random = random
        var outcome = DisasterOutcome()
        let (first, reasons) = propose(disaster.fleet, &random)
        guard var proposal = first else {
            outcome.kinds.append(.refused)
            if reasons.isEmpty || reasons.contains(where: { $0.remedies.isEmpty }) {
                outcome.violations.append(told("refused without a remedy: \(reasons.map(\.sentence))"))
            }
            return outcome
        }
        outcome.verb = proposal.plan.verb
        outcome.method = proposal.plan.method
        var fleet = disaster.fleet
        if mishap == .secondFault {
            let faults: [StatementFault] = [
                .connectionLostBefore, .connectionLostAfter, .deathBefore, .deathAfter, .freezeBefore, .freezeAfter,
            ]
            fleet.plan(
                faults.randomElement(using: &random) ?? .deathAfter,
                atStatement: fleet.statementCount + Int.random(in: 0..<60, using: &random))
        }
        let servers = SimulatedServers(fleet)
        let pages = Pages()
        let invariants = RecoveryInvariants(disaster, proposal)
        let packet = Mortality.Packet.allCases.randomElement(using: &random) ?? .goesOn
        var end: Mortality.End = mishap == .death ? .moment(Int.random(in: 1...60, using: &random), packet) : .never
        for round in 0..<Self.rounds {
            let baton = baton(servers, pages, proposal.fleet, end, generation: UInt64(round + 1))
            end = .never
            func told(_ what: String) -> String {
                self.told("round \(round): \(what)\n\(proposal.inWords)\n\(pages.inWords)")
            }
            let ending = await Attempt { try await baton.executor.run(proposal.plan) }
            outcome.violations += invariants.always(servers.current, asked: baton.access.asked, proposal).map(told)
            var isDone = ending.isDone
            var kind: DisasterOutcome.Kind = round == 0 ? .done : .plannedAnew
            if !isDone, let open = pages.open {
                isDone = await goOn(open, proposal, servers, pages, round, &random)
                kind = .resumed
                outcome.violations += invariants.always(servers.current, asked: [], proposal).map(told)
            }
            if isDone {
                outcome.kinds.append(kind)
                outcome.violations += invariants.atTheEnd(servers.current, proposal).map(told)
                return outcome
            }
            if pages.hasPromoted || !outcome.violations.isEmpty { break }
            servers.change { $0.advance(by: .seconds(1)) }
            let (next, reasons) = propose(servers.current, &random)
            guard let next else {
                if reasons.isEmpty { outcome.violations.append(told("no other plan, and no reason")) }
                break
            }
            proposal = next
        }
        outcome.kinds.append(.given)
        if mishap == .none {
            outcome.violations += invariants.excused(pages, servers.current, proposal).map {
                self.told("\($0)\n\(proposal.inWords)")
            }
        }
        return outcome
    }

    /// What the next baton does about what was left: it goes on where somebody may have been promoted, or chooses.
    ///
    /// - Returns: whether the operation came to its end.
    private func goOn(
        _ id: Int64, _ proposal: Proposal, _ servers: SimulatedServers, _ pages: Pages, _ round: Int,
        _ random: inout SeededGenerator
    ) async -> Bool {
        servers.change { $0.advance(by: .seconds(1)) }
        let next = baton(servers, pages, proposal.fleet, generation: UInt64(100 + round))
        if pages.hasPromoted || Bool.random(using: &random) {
            if await Attempt({ try await next.executor.resume(id) }).isDone { return true }
        }
        if !pages.hasPromoted { try? await next.executor.leave(id) }
        return false
    }
}

extension DisasterTrial.Proposal {
    /// What was known of the replicas, what was said, and one line a step.
    fileprivate var inWords: String {
        let states = fleet.instances.map { instance -> String in
            let channels = instance.channels.map { channel in
                "\(channel.source.map(\.host) ?? "-") \(channel.receiver) \(channel.applier) received "
                    + "\(channel.received?.description ?? "-") executed \(channel.executed?.description ?? "-")"
            }
            return "  \(instance.address.host) \(instance.contact.isReachable ? "" : "away "): \(channels)"
        }
        let said = answer.reasons.map { "  \($0.gravity) \($0.rule) \($0.sentence)" }
        return (states + said + [plan.inWords]).joined(separator: "\n")
    }
}

/// What came of one attempt.
private struct Attempt {
    let isDone: Bool

    init(_ body: () async throws -> OperationReport) async {
        isDone = (try? await body())?.isDone ?? false
    }
}

extension Pages {
    /// The operation about which somebody has to decide.
    var open: Int64? {
        all.last.flatMap { [.running, .failed, .stopped].contains($0.record.outcome) ? $0.id : nil }
    }

    /// Whether somebody may have been promoted.
    var hasPromoted: Bool {
        all.contains { operation in
            operation.plan.steps.indices.contains { index in
                operation.plan.steps[index].promotes && operation.record.steps[index] != nil
            }
        }
    }
}

extension Step {
    /// Whether it makes a replica a primary.
    var promotes: Bool {
        commands.contains { if case .resetReplica(_, .everything) = $0 { true } else { false } }
    }
}
