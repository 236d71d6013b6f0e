import Operations
import Recovery
import Refactoring
import Simulation
import Storage
import TestSupport
import Topology

@testable import Simulation

/// What must hold of every recovery, whatever went wrong; in words in `docs/recovery-proof.md`.
struct RecoveryInvariants {
    private let disaster: RandomDisaster
    private let first: DisasterTrial.Proposal
    /// Replicas that could be written to before, by somebody's choice or mistake.
    private let writableBefore: Set<InstanceAddress>
    /// What each server had when the first plan was made.
    private let held: [InstanceAddress: Set<TransactionIdentity>]
    private let doubled: [InstanceAddress: Set<TransactionIdentity>]

    init(_ disaster: RandomDisaster, _ first: DisasterTrial.Proposal) {
        self.disaster = disaster
        self.first = first
        let fleet = disaster.fleet
        writableBefore = Self.writable(fleet).subtracting([disaster.lost])
        held = Dictionary(uniqueKeysWithValues: fleet.addresses.map { ($0, fleet.held(by: $0)) })
        let alone = fleet.settled()
        doubled = Dictionary(uniqueKeysWithValues: fleet.addresses.map { ($0, alone.doubled(on: $0)) })
    }

    private static func writable(_ fleet: SimulatedFleet) -> Set<InstanceAddress> {
        Set(fleet.addresses.filter { fleet.facts(of: $0)?.writability.isWritable == true })
    }

    // MARK: At every moment

    /// At most one writable server, and nobody speaks to the one that is lost.
    func always(
        _ fleet: SimulatedFleet, asked: Set<InstanceAddress>, _ proposal: DisasterTrial.Proposal
    ) -> [String] {
        var violations: [String] = []
        let writable = Self.writable(fleet).subtracting(writableBefore)
        if proposal.chosen != nil, writable.count > 1 {
            violations.append("several can be written to: \(writable.map(\.host).sorted())")
        }
        if proposal.chosen == nil, !writable.subtracting(Self.writable(disaster.fleet)).isEmpty {
            violations.append("an adoption made \(writable.map(\.host).sorted()) writable")
        }
        if proposal.plan.givenUp?.contains(disaster.lost) == true, asked.contains(disaster.lost) {
            violations.append("\(disaster.lost.host) is lost and was asked")
        }
        if let violation = giveUp(proposal) { violations.append(violation) }
        return violations
    }

    private func giveUp(_ proposal: DisasterTrial.Proposal) -> String? {
        let answers = proposal.fleet[disaster.lost]?.contact.isReachable == true
        if answers == (proposal.plan.givenUp == nil) { return nil }
        return "given up though it answers, or asked though it does not"
    }

    // MARK: When it is done

    /// What is wrong when a plan has come to its end.
    func atTheEnd(_ fleet: SimulatedFleet, _ proposal: DisasterTrial.Proposal) -> [String] {
        let settled = fleet.settled()
        var violations = fleet.addresses.compactMap { address -> String? in
            let twice = settled.doubled(on: address).subtracting(doubled[address] ?? [])
            return twice.isEmpty ? nil : "\(address.host) has \(twice.count) transactions twice"
        }
        if let chosen = proposal.chosen {
            if let facts = fleet.facts(of: chosen.instance), !facts.writability.isWritable {
                violations.append("nobody can write on \(chosen.instance.host)")
            }
            violations += losses(fleet, chosen.instance, proposal)
            violations += followers(fleet, settled, of: chosen.instance, proposal)
        } else {
            violations += adopted(fleet, settled, proposal)
        }
        return violations
    }

    /// The replicas that answered, and still do.
    private func orphans(_ fleet: SimulatedFleet, _ proposal: DisasterTrial.Proposal) -> [InstanceAddress] {
        proposal.fleet.replicas(of: disaster.lost).filter {
            proposal.fleet[$0]?.contact.isReachable == true && fleet.facts(of: $0) != nil
        }
    }

    /// What the lost source had and one of those has that answer, and the new primary has not, is at most what was said.
    private func losses(
        _ fleet: SimulatedFleet, _ primary: InstanceAddress, _ proposal: DisasterTrial.Proposal
    ) -> [String] {
        let proper = Set(fleet.effects(on: disaster.lost).keys)
        let had = orphans(fleet, proposal).filter { first.fleet[$0]?.contact.isReachable == true }
            .reduce(into: Set<TransactionIdentity>()) { $0.formUnion(held[$1] ?? []) }
        let lost = had.intersection(proper).subtracting(fleet.effects(on: primary).keys).subtracting(unseen(fleet))
        guard !lost.isEmpty else { return [] }
        let told = Told(first).adding(Told(proposal))
        guard told.covers(lost.count) else {
            return ["\(primary.host) lost \(lost.count) transactions \(lost.map(\.number).sorted()), \(told) were told"]
        }
        return []
    }

    /// What is not lost, or what nobody can know of: the writes of a co-primary that answers, which still has them, and, by
    /// position, an errant row of the lost source, which has no name that could be missed.
    private func unseen(_ fleet: SimulatedFleet) -> Set<TransactionIdentity> {
        let feeders = first.fleet[disaster.lost]?.channels.compactMap(\.source) ?? []
        let own = feeders.filter { fleet.facts(of: $0) != nil }.flatMap { fleet.written(by: $0) }
        let isErrant = !disaster.family.byGTID && disaster.story.contains("\(disaster.lost.host): errant row")
        return Set(own + (isErrant ? fleet.written(by: disaster.lost) : []))
    }

    /// All replicas follow the new primary with the same data, or were told as lost.
    private func followers(
        _ fleet: SimulatedFleet, _ settled: SimulatedFleet, of primary: InstanceAddress,
        _ proposal: DisasterTrial.Proposal
    ) -> [String] {
        let proper = Set(fleet.effects(on: disaster.lost).keys)
        return orphans(fleet, proposal).filter { $0 != primary }.flatMap { replica -> [String] in
            let channel = fleet.facts(of: replica)?.channels.first { $0.source == primary }
            if isTold(replica, proposal) {
                return channel == nil ? [] : ["\(replica.host) was told as lost and follows \(primary.host)"]
            }
            guard let channel else { return ["\(replica.host) is left behind, and nobody was told"] }
            var violations: [String] = []
            let more = Set(fleet.effects(on: replica).keys).intersection(proper)
                .subtracting(fleet.effects(on: primary).keys)
            if !more.isEmpty {
                violations.append("\(replica.host) has \(more.count) transactions more than \(primary.host)")
            }
            let wasWell = proposal.fleet[replica]?.channels.allSatisfy {
                $0.applierError == nil && $0.receiverError == nil
            }
            let old = proposal.fleet[replica]?.channels.first { $0.name == channel.name }
            if let old, old.delay != channel.delay {
                violations.append("\(replica.host) was delayed by \(old.delay) and is by \(channel.delay)")
            }
            guard wasWell == true, fleet.facts(of: primary) != nil else { return violations }
            return violations + divergence(settled, replica, primary)
        }
    }

    private func divergence(
        _ settled: SimulatedFleet, _ replica: InstanceAddress, _ primary: InstanceAddress
    ) -> [String] {
        if isDisturbed { return [] }
        let channel = settled.facts(of: replica)?.channels.first { $0.source == primary }
        if let error = channel?.applierError ?? channel?.receiverError {
            return ["\(replica.host) no longer replicates: \(error.code) \(error.message)"]
        }
        let missing = settled.missing(on: replica, of: primary)
        return missing.isEmpty ? [] : ["\(replica.host) lacks \(missing.count) transactions of \(primary.host)"]
    }

    /// What was done to a fleet that keeps servers from having the same data, whatever a recovery does.
    private var isDisturbed: Bool {
        disaster.story.contains { $0.hasSuffix("errant row") || $0.hasSuffix("applier broken") }
    }

    private func adopted(
        _ fleet: SimulatedFleet, _ settled: SimulatedFleet, _ proposal: DisasterTrial.Proposal
    ) -> [String] {
        orphans(fleet, proposal).flatMap { replica -> [String] in
            let sources = (fleet.facts(of: replica)?.channels ?? []).compactMap(\.source)
            if isTold(replica, proposal) { return [] }
            guard !sources.contains(disaster.lost) else { return ["\(replica.host) still follows the lost source"] }
            let wasWell = proposal.fleet[replica]?.channels.allSatisfy { $0.applierError == nil }
            guard wasWell == true, !isDisturbed else { return [] }
            return sources.filter { fleet.facts(of: $0) != nil }.flatMap { divergence(settled, replica, $0) }
        }
    }

    private func isTold(_ replica: InstanceAddress, _ proposal: DisasterTrial.Proposal) -> Bool {
        proposal.answer.reasons.contains { reason in
            reason.rule == FailoverCondition.lostReplica.id && reason.sentence.hasPrefix("\(replica) ")
        }
    }

    // MARK: When it is not

    /// Without a second mishap, a plan that was not refused comes to its end, unless an applier does not move.
    func excused(_ pages: Pages, _ fleet: SimulatedFleet, _ proposal: DisasterTrial.Proposal) -> [String] {
        let reports = pages.all.compactMap(\.record.report)
        let stuck = fleet.addresses.contains { fleet.applierStands($0) }
        let isDelayed = proposal.fleet.instances.contains { $0.channels.contains { $0.delay > .zero } }
        let wasBroken = disaster.story.contains { $0.hasSuffix("applier broken") || $0.hasSuffix("errant row") }
        return stuck || isDelayed || wasBroken ? [] : ["it did not come to its end: \(reports)\n\(pages.inWords)"]
    }
}

/// How much an answer said would be lost against the servers that answer.
private struct Told: CustomStringConvertible {
    /// `nil` where it was said that nobody can count it.
    var most: UInt64?

    init(_ proposal: DisasterTrial.Proposal) {
        let rules = Set(proposal.answer.reasons.map(\.rule))
        let uncounted: Set<RuleID> = [
            FailoverCondition.unapplied.id, FailoverCondition.behind.id, "rec.behind", "rec.unknown",
        ]
        guard let loss = proposal.chosen?.loss.againstReachable else {
            most = 0
            return
        }
        most = loss.transactionCount
        if rules.contains(FailoverCondition.unapplied.id) { most = nil }
        // Where nobody waits, nobody fetches what others have either.
        if most == 0, rules.contains(FailoverCondition.behind.id) { most = proposal.chosen?.missing.transactionCount }
        // A stretch of a log has no number, and has to be objected to.
        if most == nil, rules.isDisjoint(with: uncounted) { most = 0 }
    }

    func adding(_ other: Told) -> Told {
        var sum = self
        sum.most = most.flatMap { own in other.most.map { own + $0 } }
        return sum
    }

    func covers(_ count: Int) -> Bool { most.map { count <= $0 } ?? true }

    var description: String { most.map { "\($0)" } ?? "uncounted ones" }
}

extension SimulatedFleet {
    /// The transactions in its log that its own clients wrote.
    fileprivate func written(by address: InstanceAddress) -> [TransactionIdentity] {
        guard let server = servers[address] else { return [] }
        return server.log.files.flatMap(\.transactions).filter { $0.serverID == server.options.serverID }.map(
            \.identity)
    }

    /// Whether its applier never commits anything.
    fileprivate func applierStands(_ address: InstanceAddress) -> Bool { servers[address]?.applierSpeed == 0 }
}
