import Refactoring
import Topology

extension CandidateRule {
    static let binaryLog = CandidateRule(
        "rec.log-off", "A candidate must have a binary log",
        why: "Replicas read their source's binary log; a primary without one can have none.",
        remedy: "Turn the binary log on: `log_bin` in the option file, and a restart.", gravity: .refuse,
        situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard let facts = candidacy.facts, facts.binaryLog == nil else { return }
        reasons.append(
            Reason(
                "rec.log-off", .refuse, "\(candidacy.address) has no binary log",
                measured: [Measurement("log_bin", of: candidacy.address, "OFF")],
                remedies: [.optionFile("log_bin = binlog", on: candidacy.address)]))
    }

    static let replicaUpdates = CandidateRule(
        "rec.log-updates", "A candidate must log what it applies",
        why: """
            What it received from its source and did not log it cannot give to those that are to follow it: they would miss \
            it without any error.
            """,
        remedy: "Turn `log_replica_updates` on: option file, and a restart.", gravity: .refuse,
        situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        guard let facts = candidacy.facts, let log = facts.binaryLog, !log.logsReplicaUpdates,
            !facts.channels.isEmpty || candidacy.isPromoted
        else { return }
        let variable = facts.version.nameOfReplicaUpdates
        reasons.append(
            Reason(
                "rec.log-updates", .refuse, "\(candidacy.address) does not log what it applies",
                measured: [Measurement(variable, of: candidacy.address, "OFF")],
                remedies: [.optionFile("\(variable) = ON", on: candidacy.address)]))
    }

    static let filters = CandidateRule(
        "rec.filters", "A candidate must have a whole copy",
        why: "What replication filters leave out it does not have, and no levelling brings it.",
        remedy: "Take the filters away and rebuild the server.", gravity: .refuse,
        situations: Set(RecoverySituation.allCases)
    ) { candidacy, reasons in
        let filters = candidacy.facts?.channels.flatMap(\.filters) ?? []
        guard !filters.isEmpty else { return }
        let text = filters.map { "\($0.kind)=\($0.value)" }.joined(separator: " ")
        reasons.append(
            Reason(
                "rec.filters", .refuse, "\(candidacy.address) leaves out part of what its source has: \(text)",
                measured: [Measurement("filters", of: candidacy.address, text)],
                remedies: [.advice("rebuild \(candidacy.address) without replication filters")]))
    }

    static let severalSources = CandidateRule(
        "rec.sources", "A candidate should have one source",
        why: "What comes over its other channels goes on coming after the promotion, and to all that follow it.",
        remedy: "Choose a replica with one source.", gravity: .confirm
    ) { candidacy, reasons in
        guard candidacy.contender.role == .replica, let facts = candidacy.facts else { return }
        let sources = facts.channels.filter { !$0.isInternalToGroup }.compactMap(\.source)
        guard sources.count > 1 else { return }
        let text = sources.map(\.description).joined(separator: ", ")
        reasons.append(
            Reason(
                "rec.sources", .confirm, "\(candidacy.address) follows several sources: \(text)",
                measured: [Measurement("sources", of: candidacy.address, text)],
                remedies: [.advice("stop and reset its other channels first")]))
    }

    static let newerRelease = CandidateRule(
        "rec.newer", "The old source should be able to follow the candidate",
        why: """
            Servers follow sources of their own series or an older one. Where the candidate is newer, the old source cannot \
            come back below it without an upgrade.
            """,
        remedy: "Choose a candidate of the old release, or upgrade the old source before it comes back.", gravity: .warn
    ) { candidacy, reasons in
        guard candidacy.isPromoted, let own = candidacy.facts?.version,
            let old = candidacy.field.failedInstance?.facts?.version, old.isOlder(than: own) == true,
            (old.major, old.minor) != (own.major, own.minor)
        else { return }
        reasons.append(
            Reason(
                "rec.newer", .warn, "\(candidacy.address) is \(own), and \(candidacy.field.failed) \(old)",
                measured: [
                    Measurement("version", of: candidacy.address, own.text),
                    Measurement("version", of: candidacy.field.failed, old.text),
                ],
                remedies: [.advice("upgrade \(candidacy.field.failed) before it comes back")]))
    }
}

extension ServerVersion {
    /// The name of the variable that makes a replica log what it applies: MySQL 8.0.26 renamed it.
    var nameOfReplicaUpdates: String {
        flavor.isMySQLFamily && isAtLeast(8, 0, 26) ? "log_replica_updates" : "log_slave_updates"
    }
}
