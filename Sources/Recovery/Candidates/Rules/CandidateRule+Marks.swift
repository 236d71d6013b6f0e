import Refactoring
import Topology

extension CandidateRule {
    static let mustNot = CandidateRule(
        "rec.must-not", "A server that must not be promoted is not",
        why: "Somebody has said `must-not` of it: a reporting server, a backup, a host that is too small.",
        remedy: "Take the rule away, or choose another.", gravity: .refuse
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let mark = candidacy.field.scene.marks.promotionRules[candidacy.address],
            mark.isActive(at: candidacy.now), mark.meaning == .mustNot
        else { return }
        reasons.append(
            Reason(
                "rec.must-not", .refuse,
                "\(candidacy.address) must not be promoted: \(mark.owner) said so"
                    + (mark.reason.isEmpty ? "" : ", \(mark.reason)"),
                measured: [Measurement("promotion rule", of: candidacy.address, mark.meaning.rawValue)],
                remedies: [.command("baton promotion-rule \(candidacy.address) neutral")]))
    }

    static let maintenance = CandidateRule(
        "rec.maintenance", "A server in maintenance is left alone",
        why: "Somebody works on it and has asked that operations leave it alone.",
        remedy: "End the maintenance, or choose another.", gravity: .refuse, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard let mark = candidacy.field.scene.marks.maintenance(of: candidacy.address, at: candidacy.now) else {
            return
        }
        reasons.append(maintenance(of: candidacy.address, mark))
    }

    /// What is said of a server on which somebody works, whoever asks.
    static func maintenance(of address: InstanceAddress, _ mark: Mark<Maintenance>) -> Reason {
        Reason(
            "rec.maintenance", .refuse,
            "\(address) is in maintenance: \(mark.owner)" + (mark.reason.isEmpty ? "" : ", \(mark.reason)"),
            measured: [Measurement("maintenance since", of: address, mark.begins.description)],
            remedies: [.command("baton end-maintenance \(address)")])
    }

    static let replaced = CandidateRule(
        "rec.replaced", "Nobody follows a primary that was given up",
        why: """
            Another server took its place in a recovery. What was written since then it lacks, and what only it has the \
            cluster has given up. Until it has come back as a replica it is no source for anybody.
            """,
        remedy: "Let it come back: `baton rejoin`. Where it is to be the source all the same, end its downtime.",
        gravity: .refuse, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard let replaced = candidacy.field.scene.replacement(of: candidacy.address),
            let facts = candidacy.field.scene.fleet[candidacy.address]?.facts,
            !facts.channels.contains(where: \.isReplicating)
        else { return }
        reasons.append(
            Reason(
                "rec.replaced", .refuse,
                "\(candidacy.address) was given up: \(replaced.words)",
                remedies: [
                    .command("baton rejoin \(candidacy.address)"),
                    .command("baton end-downtime \(candidacy.address)"),
                ]))
    }

    static let downtime = CandidateRule(
        "rec.downtime", "A server whose problems are silent may have some",
        why: """
            A downtime silences alarms. The server may be promoted, as in orchestrator, but what ails it is not shown \
            elsewhere.
            """,
        remedy: "End the downtime once the server is well.", gravity: .warn
    ) { candidacy, reasons in
        guard let mark = candidacy.field.scene.marks.downtime(of: candidacy.address, at: candidacy.now) else { return }
        reasons.append(
            Reason(
                "rec.downtime", .warn,
                "\(candidacy.address) is in a downtime (\(mark.meaning.rawValue)) of \(mark.owner)"
                    + (mark.reason.isEmpty ? "" : ": \(mark.reason)"),
                measured: [Measurement("downtime since", of: candidacy.address, mark.begins.description)],
                remedies: [.command("baton end-downtime \(candidacy.address)")]))
    }

    static let dataCenter = place(
        "rec.data-center", "Nobody in another data centre is promoted where that was asked for", word: "data centre",
        location: \.dataCenter, nearness: \.dataCenter, policy: \.dataCenter)

    static let region = place(
        "rec.region", "Nobody in another region is promoted where that was asked for", word: "region",
        location: \.region, nearness: \.region, policy: \.region)

    private static func place(
        _ id: RuleID, _ title: String, word: String, location: any KeyPath<Location, String?> & Sendable,
        nearness: any KeyPath<Candidacy, Nearness> & Sendable,
        policy: any KeyPath<CandidatePolicy, CandidatePolicy.Place> & Sendable
    ) -> CandidateRule {
        CandidateRule(
            id, title,
            why: "Clients and their proxies stand near the old one; the cluster's policy asks for the same \(word).",
            remedy: "Choose one in the same \(word), or change the policy.", gravity: .refuse
        ) { candidacy, reasons in
            guard candidacy.field.policy[keyPath: policy] == .require else { return }
            let old = candidacy.field.failedInstance?.location[keyPath: location] ?? "unknown"
            let words: String
            switch candidacy[keyPath: nearness] {
            case .same: return
            case .elsewhere(let place): words = "stands in \(place), and \(candidacy.field.failed) in \(old)"
            case .unknown: words = "and \(candidacy.field.failed): it is not known whether they share a \(word)"
            }
            reasons.append(
                Reason(
                    id, .refuse, "\(candidacy.address) \(words)",
                    measured: [Measurement(word, of: candidacy.field.failed, old)],
                    remedies: [.advice("allow promotions to another \(word) in the cluster's policy")]))
        }
    }
}
