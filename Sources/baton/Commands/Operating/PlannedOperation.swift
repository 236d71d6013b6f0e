import Console
import Diagnosis
import Engine
import Recovery
import Refactoring
import Storage
import Topology

/// A plan with what was said of it and the fleet that it was made on, for people and for scripts.
struct PlannedOperation {
    let plan: Plan
    let verdict: Verdict
    let answer: FleetAnswer
    let scene: RuleScene
    /// What it was made for; `nil` for one that the journal holds.
    var wish: Wish?
    /// What is lost with whoever takes a lost server's place; `nil` where nobody does.
    var loss: Loss?
    /// For how long the server that is preferred to the promoted one is waited for afterwards; `nil` where nobody asks for that.
    var swapInLimit: Duration?

    /// Beyond that many servers a tree tells less than the rows of those that change.
    private static let longestTree = 200

    /// With the plan that took its place on the way.
    func planned(anew plan: Plan, _ verdict: Verdict) -> PlannedOperation {
        PlannedOperation(
            plan: plan, verdict: verdict, answer: answer, scene: scene, wish: wish, loss: loss,
            swapInLimit: swapInLimit)
    }

    /// The rules whose objections ask for a confirmation, in the order of the objections.
    var rulesToConfirm: [RuleID] {
        var rules: [RuleID] = []
        for reason in verdict.reasons where reason.gravity == .confirm && !rules.contains(reason.rule) {
            rules.append(reason.rule)
        }
        return rules
    }

    /// The plan, the trees before and after, and what there is to know.
    var lines: [String] {
        get throws {
            let document = try PlanDocument(plan, on: answer.fleet)
            let text = document.text.split(separator: "\n").map(String.init)
            return text + [""] + standstillLines + lossLines + treeLines + (verdict.reasons.isEmpty ? [] : [""])
                + verdict.reasons.flatMap(\.lines) + swapInLines
        }
    }

    /// What is asked for when the failover is done.
    private var swapInLines: [String] {
        guard let swapInLimit, let successor = plan.succession?.successor else { return [] }
        guard let swap = SwapIn(after: plan.succession) else {
            return ["", "afterwards", "  nobody is preferred to \(successor): there is nobody to swap in"]
        }
        return [
            "", "afterwards",
            "  \(swap.preferred) is waited for, \(swapInLimit.inWords) at most, and takes over when it can, as by "
                + swap.command,
        ]
    }

    /// The same as JSON: the member is there where it was asked for.
    private var swapInMembers: [JSON.Member] {
        guard let swapInLimit else { return [] }
        guard let swap = SwapIn(after: plan.succession) else { return [JSON.Member("swapIn", .null)] }
        return [
            JSON.Member(
                "swapIn",
                [
                    "preferred": .string(swap.preferred.description), "primary": .string(swap.primary.description),
                    "withinSeconds": .seconds(swapInLimit),
                ])
        ]
    }

    private var standstills: [Standstill] { plan.standstills(in: scene.fleet) }

    private var standstillLines: [String] {
        let words = standstills.map { StandstillWords($0).text }
        return (words.isEmpty ? [StandstillWords.none] : words).map { "standstill: \($0)" }
    }

    private var lossLines: [String] {
        guard let loss else { return [] }
        return ["", "what is lost"] + loss.sentences.map { "  \($0)" }
    }

    private var treeLines: [String] {
        let after = preview
        let (old, new) = (clusters(of: answer), clusters(of: after))
        guard max(size(old), size(new)) <= Self.longestTree else { return changedRows(after) }
        let (before, afterwards) = (answer.treeLines(of: old), after.treeLines(of: new))
        guard before != afterwards else { return [] }
        return ["", "before"] + before + ["", "after"] + afterwards
    }

    private func size(_ clusters: [Cluster]) -> Int { clusters.reduce(0) { $0 + $1.members.count } }

    private func changedRows(_ after: FleetAnswer) -> [String] {
        plan.instances.compactMap { address in
            let (old, new) = (answer.forest.parent(of: address), after.forest.parent(of: address))
            guard old != new else { return nil }
            return "\(address): below \(old?.description ?? "nobody"), then below \(new?.description ?? "nobody")"
        }
    }

    private var preview: FleetAnswer {
        let fleet = plan.preview(on: answer.fleet)
        return answer.with(
            FleetReading(diagnosis: Diagnosis(of: fleet, after: answer.diagnosis), origin: answer.reading.origin))
    }

    /// The clusters in which the plan does something, in drawing order.
    private func clusters(of answer: FleetAnswer) -> [Cluster] {
        let concerned = Set(plan.instances.compactMap { answer.forest.clusterIndex(of: $0) })
        return concerned.sorted().map { answer.clusters[$0] }
    }

    /// The stable JSON of a plan that was not carried out.
    var json: JSON {
        get throws { .object([JSON.Member("outcome", "planned")] + (try members) + swapInMembers) }
    }

    /// What every answer says of the plan.
    var members: [JSON.Member] {
        get throws {
            let after = preview
            return [
                JSON.Member("intent", .string(plan.intent)),
                JSON.Member("verb", .string(plan.verb)),
                JSON.Member("plan", try JSON(encoding: try PlanDocument(plan, on: answer.fleet))),
                JSON.Member("standstills", .array(standstills.map(\.json))),
                JSON.Member("loss", loss?.json ?? .null),
                JSON.Member("verdict", .string(verdict.word)),
                JSON.Member("confirm", .array(rulesToConfirm.map { .string($0.rawValue) })),
                JSON.Member("reasons", .array(verdict.reasons.map(\.json))),
                JSON.Member("before", answer.places(in: clusters(of: answer))),
                JSON.Member("after", after.places(in: clusters(of: after))),
            ]
        }
    }
}

/// The answer where rules refuse what was asked.
struct RefusedOperation {
    let verb: String
    let reasons: [Reason]
    /// The transactions that it is about, where they were looked up.
    var looks: [TransactionLook] = []

    var lines: [String] { reasons.flatMap(\.lines) + looks.flatMap(\.lines) }

    /// Its stable JSON.
    var json: JSON {
        let looked: [JSON.Member] =
            looks.isEmpty ? [] : [JSON.Member("transactions", .array(looks.map(\.json)))]
        return .object(
            [
                JSON.Member("outcome", "refused"), JSON.Member("verb", .string(verb)),
                JSON.Member("verdict", .string(Verdict(reasons).word)),
                JSON.Member("reasons", .array(reasons.map(\.json))),
            ] + looked)
    }
}

extension FleetAnswer {
    /// Who follows whom, a short object for each server in the order of the trees.
    fileprivate func places(in clusters: [Cluster]) -> JSON {
        .array(
            clusters.flatMap { cluster in
                cluster.members.map { address in
                    [
                        "address": .string(address.description),
                        "source": forest.parent(of: address).map { .string($0.description) } ?? .null,
                        "depth": .number(forest.depth(of: address) ?? 0),
                        "cluster": .string(cluster.name),
                    ]
                }
            })
    }
}

extension Standstill {
    /// Its stable JSON; steps are counted from 1.
    fileprivate var json: JSON {
        [
            "address": .string(instance.description), "channel": .string(channel), "from": .number(from + 1),
            "to": to.map { .number($0 + 1) } ?? .null, "limitSeconds": to == nil ? .null : .seconds(limit),
            "waitsFor": laggard.map { .string($0.instance.description) } ?? .null,
            "behindSeconds": laggard.map { .seconds($0.behind) } ?? .null,
            "text": .string(StandstillWords(self).text),
        ]
    }
}
