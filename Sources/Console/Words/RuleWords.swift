import Refactoring

/// What a rule objects to, in the few words that a row of the tree has room for; the sentence with the values stands
/// beside the tree.
enum RuleWords {
    /// The words for an objection; a rule that has none here is called by its name.
    static func objection(_ rule: RuleID) -> String { words[rule] ?? rule.rawValue }

    /// Whether a rule looks at the place alone, so that its words would say of a replica what is true of the place.
    static func isOfPlace(_ rule: RuleID) -> Bool { ofPlace.contains(rule) }

    private static let ofPlace: Set<RuleID> = [
        "conn.down-t", "seen.stale-t", "log.off-t", "log.updates-t", "gtid.errant-t", "repl.target", "delay.t",
        "filt.t",
    ]

    private static let words: [RuleID: String] = [
        "ro.mode": "read-only here",
        "lock.other": "held by another",
        "move.self": "is itself",
        "move.noop": "follows it now",
        "move.cycle": "is below it",
        "move.group-cycle": "is being moved",
        "move.primary": "it is the primary",
        "chan.multi": "has several channels",
        "conn.down-d": "it does not answer",
        "conn.down-t": "does not answer",
        "seen.stale-d": "it was not read lately",
        "seen.stale-t": "was not read lately",
        "priv.see": "not all is readable",
        "id.proxy": "is a proxy",
        "id.server-id": "same server id",
        "id.uuid": "same server uuid",
        "id.name": "reports another name",
        "log.off-t": "binary log is off",
        "log.updates-t": "logs no replica updates",
        "gtid.flavour": "another family",
        "ver.major": "newer release series",
        "ver.minor": "newer release",
        "fmt.binlog": "binlog formats differ",
        "group.member": "is in a group",
        "galera.member": "is in Galera",
        "move.cluster": "another cluster",
        "gtid.mode-mix": "GTID modes differ",
        "gtid.purged": "has purged what it needs",
        "gtid.errant-d": "it has errant transactions",
        "gtid.errant-t": "has errant transactions",
        "gtid.domain": "GTID domains differ",
        "gtid.strict": "not strict on GTIDs",
        "repl.stopped": "it does not replicate",
        "repl.lag": "it lags",
        "repl.lag-unknown": "its lag is unknown",
        "repl.gaps": "its applier left gaps",
        "repl.target": "does not replicate",
        "delay.t": "is delayed more",
        "filt.t": "leaves something out",
        "semi.last": "semi-sync would wait",
        "cand.last": "it is the last candidate",
        "fan.out": "has many replicas",
        "cred.repl": "no account to replicate by",
    ]
}
