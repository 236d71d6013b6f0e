import Refactoring
import Topology

extension CandidateRule {
    static let brokenApplier = CandidateRule(
        "rec.applier", "A candidate must be able to apply what it received",
        why: """
            An applier that stopped with an error has data that its source had not, or lacks some. What it received after \
            that is in its relay log only, from where nobody can fetch it.
            """,
        remedy: "Mend the error first, or choose another.", gravity: .refuse
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let channel = candidacy.contender.channel, channel.isBroken,
            let error = channel.applierError
        else { return }
        reasons.append(
            Reason(
                "rec.applier", .refuse,
                "the applier of \(candidacy.address) has stopped\(candidacy.channelPhrase), error \(error.code): "
                    + error.message,
                measured: [Measurement("Last_SQL_Errno", of: candidacy.address, String(error.code))],
                remedies: [.command("baton skip-query \(candidacy.address)")]))
    }

    static let stoppedApplier = CandidateRule(
        "rec.stopped", "A candidate's applier should run",
        why: """
            Somebody has stopped it. It is started before the promotion, so that what was received gets applied. On MariaDB by \
            GTID that helps only while the receiver still runs: where both threads are stopped, starting either drops the \
            relay log, and what was received and not applied is gone.
            """,
        remedy: "Start the applier before the receiver is stopped.", gravity: .warn
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let channel = candidacy.contender.channel, channel.applier == .stopped,
            !channel.isBroken
        else { return }
        let isGone = channel.losesBacklog(candidacy.field.method) && !candidacy.backlog.amount.isNothing
        reasons.append(
            Reason(
                "rec.stopped", .warn,
                "the applier of \(candidacy.address) is stopped\(candidacy.channelPhrase)"
                    + (isGone
                        ? ", its receiver too: \(candidacy.backlog.amount.words) in its relay log will be dropped"
                        : ""),
                measured: [Measurement("Replica_SQL_Running", of: candidacy.address, "No")],
                remedies: [.command("baton start-replica \(candidacy.address)")]))
    }

    static let delay = CandidateRule(
        "rec.delay", "A candidate should not be late on purpose",
        why: """
            A delayed replica has received what the others have and applies it later. Somebody wanted that, mostly to have \
            a way back from a mistake; its delay would have to be taken away before it is promoted.
            """,
        remedy: "Choose another, or take the delay away.", gravity: .confirm
    ) { candidacy, reasons in
        guard candidacy.isPromoted, candidacy.backlog.delay > .zero else { return }
        reasons.append(
            Reason(
                "rec.delay", .confirm, "\(candidacy.address) is delayed by \(candidacy.backlog.delay.inWords)",
                measured: [Measurement("SQL_Delay", of: candidacy.address, candidacy.backlog.delay.inWords)],
                remedies: [.advice("take the delay away: it is kept for another purpose")]))
    }

    static let lag = CandidateRule(
        "rec.lag", "A candidate should not lag more than the policy allows",
        why: "Until it has applied what it received it cannot be written on, and clients wait for it.",
        remedy: "Wait until it has caught up, or choose another.", gravity: .confirm
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let limit = candidacy.field.policy.lagLimit,
            let lag = candidacy.contender.channel?.lag?.beyondDelay, lag > limit
        else { return }
        reasons.append(
            Reason(
                "rec.lag", .confirm,
                "\(candidacy.address) is \(lag.inWords) behind; the limit of the policy is \(limit.inWords)",
                measured: [Measurement("lag", of: candidacy.address, lag.inWords)],
                remedies: [.advice("wait until \(candidacy.address) has caught up")]))
    }

    static let errant = CandidateRule(
        "rec.errant", "A candidate should have no transactions of its own",
        why: """
            What was written on it and did not come from its source becomes part of the cluster's history when it is \
            promoted, and comes to all that follow it. The same is true of a server that it is brought level from.
            """,
        remedy: "Find out what they changed; choose another.", gravity: .confirm
    ) { candidacy, reasons in
        guard candidacy.isPromoted else { return }
        let donors = candidacy.field.donors.filter { candidacy.levelling.donors.contains($0.address) }
        for server in [candidacy.contender] + donors where !server.errant.isEmpty {
            let isOwn = server.address == candidacy.address
            reasons.append(
                Reason(
                    "rec.errant", .confirm,
                    isOwn
                        ? "\(server.address) has errant transactions"
                        : "\(candidacy.address) would receive the errant transactions of \(server.address)",
                    measured: [Measurement("errant", of: server.address, server.errant.description)],
                    remedies: [.advice("find out what they changed: mysqlbinlog on \(server.address)")]))
        }
    }

    static let behind = CandidateRule(
        "rec.behind", "What servers that answer have received should be kept",
        why: """
            The candidate misses something that it cannot get any more, so that it is lost. By GTID that is so where nobody \
            who has it can give it; by position wherever another replica has received more.
            """,
        remedy: "Choose the one that has received most.", gravity: .confirm
    ) { candidacy, reasons in
        let left = candidacy.levelling.remaining
        guard candidacy.contender.answers, !left.isNothing, left != .unknown else { return }
        let most = candidacy.field.orphans.filter { orphan in
            orphan.address != candidacy.address && orphan.answers
                && !candidacy.contender.received.shortfall(against: orphan.received).isNothing
        }
        reasons.append(
            Reason(
                "rec.behind", .confirm,
                "\(candidacy.address) misses \(left.words) that other servers have: "
                    + (candidacy.levelling.obstacle ?? "it cannot be had"),
                measured: [Measurement("missing", of: candidacy.address, left.detail ?? left.words)],
                remedies: most.isEmpty
                    ? [.advice("choose another candidate")]
                    : most.map { .target($0.address, "which has received more") }))
    }

    static let unknownPosition = CandidateRule(
        "rec.unknown", "How much a candidate has received should be known",
        why: """
            Where baton may not read it, or where servers have no common measure, nobody can say what is lost with the \
            candidate.
            """,
        remedy: "Give baton's account the privileges that `baton doctor SERVER` names, or use GTID.", gravity: .confirm
    ) { candidacy, reasons in
        guard candidacy.isPromoted, candidacy.contender.answers, !candidacy.field.situation.sourceLives,
            candidacy.contender.received == .unknown || candidacy.levelling.remaining == .unknown
        else { return }
        reasons.append(
            Reason(
                "rec.unknown", .confirm, "how much \(candidacy.address) has received cannot be said",
                measured: [Measurement("received", of: candidacy.address, candidacy.contender.received.description)],
                remedies: [.command("baton doctor \(candidacy.address)")]))
    }

    static let lostReplicas = CandidateRule(
        "rec.cannot-follow", "All replicas should be able to follow a candidate",
        why: "Those that cannot stay without a source, and have to be rebuilt or mended.",
        remedy: "Choose a candidate that more can follow.", gravity: .warn,
        situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard !candidacy.lost.isEmpty else { return }
        let names = candidacy.lost.map(\.replica.description).joined(separator: ", ")
        reasons.append(
            Reason(
                "rec.cannot-follow", .warn,
                "\(candidacy.lost.count.counted("replica")) could not follow \(candidacy.address): \(names)",
                measured: candidacy.lost.compactMap { lost in
                    lost.reasons.first.map { Measurement("could not follow", of: lost.replica, $0.rule.rawValue) }
                },
                remedies: candidacy.lost.map {
                    .command("baton why \($0.replica) \(candidacy.address)")
                }))
    }

    static let account = CandidateRule(
        "rec.account", "Followers should have an account to replicate by",
        why: "A channel that names no account, or one that baton may not see, would not get in after the change.",
        remedy: "Give the channel a user.", gravity: .warn, situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard case .unnamed(let replicas) = candidacy.account else { return }
        let names = replicas.map(\.description).joined(separator: ", ")
        reasons.append(
            Reason(
                "rec.account", .warn, "no replication account is seen of \(names)",
                measured: replicas.map { Measurement("Source_User", of: $0, "none") },
                remedies: replicas.map { .command("baton doctor \($0)") }))
    }

    static let semiSync = CandidateRule(
        "rec.semi-sync", "A candidate should be able to go on with semi-synchronous replication",
        why: """
            The old source waited for acknowledgements. Where the source side is not installed on the candidate, its commits \
            are on no other server when clients see them done. Where it is installed and off, the plan switches it on.
            """,
        remedy: "Install the source side on it.", gravity: .warn
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let facts = candidacy.facts,
            candidacy.field.failedInstance?.facts?.semiSync.source?.isEnabled == true, facts.semiSync.source == nil
        else { return }
        let old = !facts.version.flavor.isMySQLFamily || !facts.version.isAtLeast(8, 0, 26)
        let variable = old ? "rpl_semi_sync_master_enabled" : "rpl_semi_sync_source_enabled"
        reasons.append(
            Reason(
                "rec.semi-sync", .warn,
                "\(candidacy.address) has semi-sync's source side not installed, and \(candidacy.field.failed) had it on",
                measured: [Measurement(variable, of: candidacy.address, "none")],
                remedies: [.advice("install the plugin of semi-sync's source side on \(candidacy.address)")]))
    }
}
