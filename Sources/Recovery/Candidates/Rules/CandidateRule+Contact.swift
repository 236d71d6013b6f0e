import Refactoring
import Topology

extension CandidateRule {
    static let contact = CandidateRule(
        "rec.contact", "A candidate must answer",
        why: "Nobody can promote a server that does not answer, does not let baton in, or was never read.",
        remedy: "Bring it back, or choose another.", gravity: .refuse, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        let contender = candidacy.contender
        guard !contender.answers else { return }
        let (words, measured): (String, String) =
            switch contender.instance.contact {
            case .unreachable(let since, _, let failure):
                ("has not answered for \((candidacy.now - since).inWords): \(failure.message)", failure.kind.rawValue)
            case .noAccess(_, _, let failure): ("does not let baton in: \(failure.message)", failure.kind.rawValue)
            case .remembered: ("is remembered as one that did not answer", "remembered")
            case .neverTried, .reachable: ("was never read by baton", "never")
            }
        reasons.append(
            Reason(
                "rec.contact", .refuse, "\(candidacy.address) \(words)",
                measured: [Measurement("contact", of: candidacy.address, measured)],
                remedies: [.command("baton doctor \(candidacy.address)")]))
    }

    static let freshness = CandidateRule(
        "rec.stale", "What is known of a candidate must be fresh",
        why: """
            Everything else is judged by what was read. What was read before the last poll may be true no more: who has \
            received most changes within a second.
            """,
        remedy: "Wait for the next poll.", gravity: .refuse, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        let scene = candidacy.field.scene
        guard candidacy.contender.answers else { return }
        let seen: Timestamp?
        if case .remembered(let lastSeen, _) = candidacy.contender.instance.contact {
            seen = lastSeen
        } else {
            guard !scene.lastReads.isEmpty, let read = scene.lastReads[candidacy.address] else { return }
            seen = read
        }
        if let seen, scene.now - seen <= scene.limits.staleness { return }
        let age = seen.map { (scene.now - $0).inWords + " ago" } ?? "at an unknown time"
        reasons.append(
            Reason(
                "rec.stale", .refuse,
                "\(candidacy.address) was read \(age); the limit is \(scene.limits.staleness.inWords)",
                measured: [Measurement("last read", of: candidacy.address, seen?.description ?? "unknown")],
                remedies: [.advice("wait for the next poll of \(candidacy.address)")]))
    }

    static let proxy = CandidateRule(
        "rec.proxy", "A candidate must be one server",
        why: "Behind a proxy another server may answer each time: what is promoted would not be what was judged.",
        remedy: "Let baton reach the servers themselves.", gravity: .refuse, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard candidacy.facts?.proxy != nil else { return }
        reasons.append(
            Reason(
                "rec.proxy", .refuse, "\(candidacy.address) is answered by a proxy",
                remedies: [.advice("give baton the addresses of the servers behind \(candidacy.address)")]))
    }

    static let member = CandidateRule(
        "rec.member", "Members of groups and of Galera clusters are promoted by themselves",
        why: """
            Group replication elects its primary, and every node of a Galera cluster takes writes: nobody outside decides. A \
            second authority would give two primaries. baton shows who decides and promotes nobody there.
            """,
        remedy: """
            For a group: `SELECT group_replication_set_as_primary(UUID)` on a member. For Galera: let the proxy write on \
            another node, or, where none is in the primary component, `SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'` \
            on the most advanced.
            """,
        gravity: .refuse
    ) { candidacy, reasons in
        let address = candidacy.address
        if let group = candidacy.facts?.groupReplication, let own = group.own, own.state != "OFFLINE" {
            let primary = group.members.first(where: \.isPrimary)?.address
            reasons.append(
                Reason(
                    "rec.member", .refuse,
                    "\(address) is a member of the group \(group.groupName), which elects its primary itself"
                        + (primary.map { ": now \($0)" } ?? ""),
                    measured: [Measurement("MEMBER_STATE", of: address, own.state)],
                    remedies: [
                        .statement("SELECT group_replication_set_as_primary('\(own.uuid)')", on: primary ?? address)
                    ]))
        }
        if let galera = candidacy.facts?.galera {
            reasons.append(
                Reason(
                    "rec.member", .refuse,
                    "\(address) is a node of the Galera cluster \(galera.clusterName), all of whose nodes take writes",
                    measured: [Measurement("wsrep_local_state_comment", of: address, galera.state)],
                    remedies: [.advice("let clients write on another node of \(galera.clusterName)")]))
        }
    }
}
