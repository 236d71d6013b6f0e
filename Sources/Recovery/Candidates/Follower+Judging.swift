import Refactoring
import Topology

extension CandidateField {
    /// Who could follow a contender and who could not, of those orphans that answer.
    func company(of contender: Contender, levelling: Levelling) -> (followers: [Follower], lost: [LostReplica]) {
        var followers: [Follower] = []
        var lost: [LostReplica] = []
        guard contender.answers else { return ([], []) }
        let level = levelling.donors.reduce(contender.received) { own, donor in
            orphans.first { $0.address == donor }.map { own.union($0.received) } ?? own
        }
        for orphan in orphans where orphan.answers && orphan.address != contender.address {
            guard let channel = orphan.channel else { continue }
            let verdict = verdict(of: orphan, channel, under: contender, having: level)
            if verdict.isLegal {
                followers.append(
                    Follower(replica: orphan.address, channel: channel.name, verdict: verdict, method: method))
            } else {
                lost.append(
                    LostReplica(replica: orphan.address, channel: channel.name, reasons: verdict.reasons))
            }
        }
        return (followers, lost)
    }

    private func verdict(
        of orphan: Contender, _ channel: ReplicationChannel, under contender: Contender, having level: Received
    ) -> Verdict {
        let context: RuleContext = situation.sourceLives ? .takeover : .recovery
        let judged = scene.verdict(
            of: orphan.address, channel: channel.name, under: contender.address, context: context)
        var reasons = judged.reasons
        // What it has more than the candidate, the candidate gets before anybody follows it.
        if level.shortfall(against: orphan.received).isNothing {
            if orphan.errant.isEmpty {
                // A domain of which it has logged nothing yet it logs when it applies what it has received.
                reasons.removeAll { $0.rule == "gtid.errant-d" || $0.rule == "gtid.domain" }
            } else {
                for place in reasons.indices where reasons[place].rule == "gtid.errant-d" {
                    reasons[place].gravity = .confirm
                }
            }
        }
        // Its delay is taken away, or has passed, before anybody follows it.
        if contender.role == .replica || contender.role == .coPrimary, !situation.sourceLives {
            reasons.removeAll { $0.rule == "delay.t" }
        }
        if let ahead = ahead(orphan, of: contender, having: level) { reasons.append(ahead) }
        return Verdict(reasons)
    }

    /// By GTID the candidate is brought level, as far as somebody can give what it lacks; whoever has applied, or goes on to
    /// apply, more than that is ahead of it.
    private func aheadByGTID(_ orphan: Contender, of contender: Contender, having level: Received) -> Reason? {
        let more = level.shortfall(against: orphan.received)
        guard !more.isNothing, more != .unknown else { return nil }
        return Reason(
            "rec.ahead", .refuse,
            "\(orphan.address) has received \(more.words) that \(contender.address) cannot get, and would be ahead of it",
            measured: [
                Measurement("received", of: orphan.address, orphan.received.description),
                Measurement("received", of: contender.address, level.description),
            ],
            remedies: [
                .target(orphan.address, "which has received more"),
                .advice("rebuild \(orphan.address) from a backup of \(contender.address)"),
            ])
    }

    /// By position a replica that has received more than the candidate cannot go back behind it, and one that has received
    /// less finds no place in the candidate's log.
    private func ahead(_ orphan: Contender, of contender: Contender, having level: Received) -> Reason? {
        guard contender.role == .replica || contender.role == .coPrimary, !situation.sourceLives else { return nil }
        guard method == .position else { return aheadByGTID(orphan, of: contender, having: level) }
        if let reason = mixed(orphan, contender) { return reason }
        switch level.shortfall(against: orphan.received) {
        case .nothing:
            guard case .log(let from, let to) = orphan.received.shortfall(against: level) else { return nil }
            return Reason(
                "rec.ahead", .refuse,
                "\(orphan.address) has received less than \(contender.address), and by position it cannot find where to go on "
                    + "in its log",
                measured: [
                    Measurement("received", of: orphan.address, from.description),
                    Measurement("received", of: contender.address, to.description),
                ],
                remedies: [.advice("rebuild \(orphan.address) from a backup of \(contender.address)")])
        case .log(let from, let to):
            return Reason(
                "rec.ahead", .refuse,
                "\(orphan.address) has received more than \(contender.address), and by position it cannot go back",
                measured: [
                    Measurement("received", of: orphan.address, to.description),
                    Measurement("received", of: contender.address, from.description),
                ],
                remedies: [
                    .target(orphan.address, "which has received more"),
                    .advice("rebuild \(orphan.address) from a backup of \(contender.address)"),
                ])
        case .transactions, .domains, .unknown:
            return Reason(
                "rec.ahead", .refuse,
                "which of \(orphan.address) and \(contender.address) has received more cannot be said",
                measured: [
                    Measurement("received", of: orphan.address, orphan.received.description),
                    Measurement("received", of: contender.address, contender.received.description),
                ],
                remedies: [.advice("rebuild \(orphan.address) from a backup of \(contender.address)")])
        }
    }

    /// By position a replica goes on from the end of the candidate's log, where both have the same of the lost source's: all
    /// that the candidate has from elsewhere lies before it and would be left out for ever.
    private func mixed(_ orphan: Contender, _ contender: Contender) -> Reason? {
        let others = (contender.facts?.channels ?? []).filter { $0.name != contender.channel?.name && $0.source != nil }
        let writesItself = contender.role == .coPrimary && contender.facts?.writability.isWritable == true
        guard writesItself || !others.isEmpty else { return nil }
        let origin = writesItself ? "its own clients" : others.compactMap(\.source?.description).joined(separator: ", ")
        return Reason(
            "rec.mixed", .refuse,
            "\(contender.address) also has what comes from \(origin): by position \(orphan.address) would go on behind that "
                + "without having it",
            measured: [
                Measurement("executed", of: contender.address, contender.applied.description),
                Measurement("received", of: orphan.address, orphan.received.description),
            ],
            remedies: [
                .advice("rebuild \(orphan.address) from a backup of \(contender.address)"),
                .advice("let the servers of this cluster replicate by GTID"),
            ])
    }
}
