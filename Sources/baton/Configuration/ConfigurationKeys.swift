import Diagnosis
import Discovery
import Engine
import Hooks
import Recovery
import Refactoring
import Servers
import Settings
import Topology

extension ConfigurationKey {
    /// Every key, in the order of the documentation.
    static let all: [ConfigurationKey] =
        start + connection + discovery + names + attributes + lag + operations + rules + recovery + hooks + store
        + console

    static let start: [ConfigurationKey] = [
        .list(
            "", "seeds", kind: "list of addresses", \.seeds,
            parse: { try InstanceAddress(parsing: $0) }, print: \.description,
            "Servers to start from when `baton console` or `baton discover` is given none: `host`, `host:port` or `[ipv6]:port`."
        )
    ]

    static let connection: [ConfigurationKey] = [
        .text(
            "connection", "defaults-file", kind: "path", \.access.defaultsFile,
            "Read connection options only from this option file, as the mysql client's `--defaults-file`."),
        .text(
            "connection", "defaults-extra-file", kind: "path", \.access.defaultsExtraFile,
            "Read this option file too, after the global ones."),
        .text(
            "connection", "defaults-group-suffix", \.access.defaultsGroupSuffix,
            "Also read option groups with this suffix: `_prod` adds `[client_prod]` and `[baton_prod]`."),
        .text("connection", "user", \.access.user, "The account; wins over option files."),
        .text(
            "connection", "password-variable", kind: "name of an environment variable", \.access.passwordVariable,
            "The environment variable that holds the password. A password itself is not accepted in this file."),
        .tlsMode,
        .text(
            "connection", "ssl-ca", kind: "path", \.access.certificateAuthority,
            "The file of the certificate authorities that servers' certificates must come from."),
        .text("connection", "ssl-cert", kind: "path", \.access.clientCertificate, "The client certificate."),
        .text("connection", "ssl-key", kind: "path", \.access.clientKey, "The client certificate's private key."),
        .duration(
            "connection", "connect-timeout", in: .milliseconds(50) ... .seconds(60), \.access.connectTimeout,
            "The longest that connecting and logging in may take."),
        .duration(
            "connection", "probe-timeout", in: .milliseconds(100) ... .seconds(300), \.probe.probeTimeout,
            "The longest that a whole probe may take; a server that takes longer counts as not answering."),
    ]

    static let discovery: [ConfigurationKey] = [
        .duration(
            "discovery", "poll-interval", in: .milliseconds(100) ... .seconds(3600), \.discovery.pollInterval,
            "From one probe of a server to its next."),
        .duration(
            "discovery", "longest-backoff", in: .milliseconds(100) ... .seconds(3600), \.discovery.longestBackoff,
            "The longest wait between two tries of a server that does not answer. It is a second (±20%) at most for those whose "
                + "failure calls for a recovery, and for primaries that a recovery gave up: for 16 at a time, those that were "
                + "lost last."),
        .number(
            "discovery", "concurrent-probes", in: 1...10_000, \.discovery.concurrentProbes,
            "Probes under way at once."),
        .duration(
            "discovery", "forget-after", in: .seconds(60) ... .seconds(366 * 86400), \.discovery.forgetAfter,
            "A server that has not answered for so long is forgotten."),
        .duration(
            "discovery", "forget-pause", in: .zero ... .seconds(86400), \.discovery.forgetPause,
            "How long a server that was forgotten by hand is not discovered again."),
        .filters(
            "ignore", \.discovery.ignored.hosts,
            "Servers that are never asked: IP addresses, or regular expressions searched in `host:port`."),
        .filters(
            "ignore-replicas", \.discovery.ignored.replicas,
            "Servers that are not followed where a source lists them as its replicas."),
        .filters(
            "ignore-sources", \.discovery.ignored.sources,
            "Servers that are not followed where a replica names them as its source."),
        .writeTable,
    ]

    static let names: [ConfigurationKey] = [
        .word(
            "names", "resolve", \.discovery.hostNames,
            "What is done to a host name before it is used: nothing, its canonical name in DNS, its address in DNS."),
        .word(
            "names", "identity", \.discovery.instanceName,
            "Under which name a server is kept: as it was reached, `@@hostname`, or `report_host`."),
    ]

    static let attributes: [ConfigurationKey] = [
        .pattern(
            "data-center-pattern", \.discovery.attributes.dataCenter,
            "The data centre is the first capture group of this regular expression in `host:port`."),
        .query(
            "data-center-query", \.probe.dataCenterQuery,
            "The data centre is the answer of this query, one row and one column; wins over the pattern."),
        .pattern("region-pattern", \.discovery.attributes.region, "The region, by pattern."),
        .query(
            "region-query", \.probe.regionQuery, "The region, by query."),
        .pattern("environment-pattern", \.discovery.attributes.environment, "The environment, by pattern."),
        .query(
            "environment-query", \.probe.environmentQuery, "The environment, by query."),
        .pattern("alias-pattern", \.discovery.attributes.alias, "A server's friendly name, by pattern."),
        .query(
            "alias-query", \.probe.aliasQuery, "A server's friendly name, by query."),
        .pattern("cluster-alias-pattern", \.discovery.attributes.clusterAlias, "A cluster's name, by pattern."),
        .query(
            "cluster-alias-query", \.probe.clusterAliasQuery, "A cluster's name, by query."),
        .query(
            "promotion-rule-query", \.probe.promotionRuleQuery,
            "How much a server is wanted as a primary: `must`, `prefer`, `neutral`, `prefer-not` or `must-not`; what "
                + "`baton promotion-rule` says wins."),
        .query(
            "semi-sync-priority-query", \.probe.semiSyncPriorityQuery,
            "How early a replica is chosen to acknowledge under semi-sync, a number: the higher, the earlier; 0 for never."
        ),
    ]

    static let lag: [ConfigurationKey] = [
        .heartbeatTable,
        .heartbeatClock,
        .lagQuery,
        .duration(
            "lag", "warning", in: .zero ... .seconds(86400), \.limits.lagWarning,
            "From this lag beyond the configured delay a replica is marked."),
        .duration(
            "lag", "critical", in: .zero ... .seconds(86400), \.limits.lagCritical,
            "From this lag beyond the configured delay a replica is marked as broken."),
    ]

    static let operations: [ConfigurationKey] = [
        .flag(
            "operations", "read-only", \.operations.isReadOnly,
            "Nothing is changed on any server, by whichever way; `--read-only` does the same for one command."),
        .list(
            "operations", "read-only-clusters", kind: "list of names or regular expressions",
            \.operations.settings.readOnly.clusters, parse: { try AddressPattern($0) }, print: \.text,
            "Clusters in which nothing is changed: those of that name, and those with a member in whose `host:port` "
                + "the expression is found."),
        .duration(
            "operations", "statement-limit", in: .seconds(1) ... .seconds(3600), \.operations.settings.plans.statement,
            "The longest that a step may take that waits for nothing but the server."),
        .duration(
            "operations", "catch-up-limit", in: .seconds(1) ... .seconds(86400), \.operations.settings.plans.catchUp,
            "The longest that a step waits for an applier, besides what it is known to be behind; `--timeout` does the "
                + "same for one command."),
        .duration(
            "operations", "longest-delay", in: .zero ... .seconds(86400), \.operations.settings.plans.delay,
            "The longest configured delay of a replica that a plan still waits for."),
        .text(
            "operations", "replication-password-variable", kind: "name of an environment variable",
            \.operations.replicationPasswordVariable,
            "The environment variable that holds the password of the account that servers replicate with; needed where a "
                + "server becomes a replica that was none."),
    ]

    static let rules: [ConfigurationKey] = [
        .duration(
            "rules", "lag", in: .zero ... .seconds(86400), \.operations.settings.rules.lag,
            "From this lag beyond the configured delay a move that waits for the applier has to be confirmed."),
        .number(
            "rules", "fan-out", in: 1...10_000, \.operations.settings.rules.fanOut,
            "Direct replicas of a server above which one more is worth a warning."),
        .flag(
            "rules", "refuse-filters", \.operations.settings.rules.refusesFilters,
            "Whether a target with replication filters that the replica lacks is refused, and not only warned of."),
    ]

    static let recovery: [ConfigurationKey] = [
        .duration(
            "recovery", "grace", in: .zero ... .seconds(3600), \.recovery.grace,
            "How long a server that was lost may take to come back before `baton watch --recover` recovers."),
        .duration(
            "recovery", "block-period", in: .zero ... .seconds(86400), \.recovery.blockPeriod,
            "For so long after a recovery began, no other one of its kind begins by itself in the same cluster, unless "
                + "`baton ack` acknowledges it before."),
        .duration(
            "recovery", "promotion-rule-expiry", in: .seconds(1) ... .seconds(366 * 86400),
            \.recovery.promotionRuleExpiry,
            "For so long `baton promotion-rule` holds where it is not told for how long."),
        .word(
            "recovery", "data-center", \.recovery.policy.candidates.dataCenter,
            "Who is promoted as to data centres: rather somebody in that of the old primary, nobody in another one or where "
                + "one of the two is not known, or whoever is best otherwise."),
        .word("recovery", "region", \.recovery.policy.candidates.region, "The same for regions."),
        .longestLag,
        .flag(
            "recovery", "wait-for-delayed", \.recovery.policy.candidates.waitsForDelayed,
            "Whether a replica that is delayed on purpose is made to apply what only it has received, so that this is not lost."
        ),
        .word(
            "recovery", "unapplied", \.recovery.policy.failover.unapplied,
            "What becomes of what the new primary has received and not applied: a failover waits for it, or loses it; "
                + "`--lose-unapplied` and `--wait-unapplied` say otherwise for one failover."),
        .word(
            "recovery", "lost-replicas", \.recovery.policy.failover.lostReplicas,
            "What becomes of replicas that cannot follow the new primary: they are detached, or left as they are."),
        .duration(
            "recovery", "swap-in-preferred", in: RecoveryPolicy.swapInLimits, \.recovery.policy.swapIn,
            "After an automatic failover, for so long the server that is preferred to the promoted one is waited for, and then takes "
                + "over from it by a switchover; 0 (the default) does not, because that blocks writes once more. By hand: "
                + "`baton failover --swap-in-preferred`."),
        .word(
            "recovery", "semi-sync-count", \.semiSyncCount,
            "How many replicas are to acknowledge under semi-sync: at least as many as the primary waits for, or exactly as many; "
                + "with `exact`, more of them are a failure."),
        .duration(
            "recovery", "locked-semi-sync-after", in: .seconds(1) ... .seconds(3600), \.limits.failures.lockedSemiSync,
            "For so long the log of a primary must stand still that waits for more acknowledgements than it can get, before that is a failure."
        ),
        .word(
            "recovery", "non-writable-primary", \.limits.failures.nonWritablePrimary,
            "Whether a primary on which nobody can write is worth a warning, or a failure that is recovered from."),
    ]

    static let hooks: [ConfigurationKey] =
        HookOccasion.allCases.map { occasion in
            .list(
                "hooks", occasion.rawValue, kind: "list of shell commands",
                \.operations.settings.hooks[occasion], parse: { try hookCommand($0) }, print: { $0 },
                occasion.meaning)
        } + [
            .duration(
                "hooks", "limit", in: .milliseconds(100) ... .seconds(3600), \.operations.settings.hooks.limit,
                "How long each hook may take; one that takes longer is ended, and counts as failed.")
        ]

    static let store: [ConfigurationKey] = [
        .text(
            "store", "path", kind: "path", \.store.path,
            "The store's file. Several users may share one in a folder that their group may write to."),
        .duration(
            "store", "history-age", in: .seconds(60) ... .seconds(3660 * 86400), \.store.historyAge,
            "History and events older than this are dropped."),
        .size(
            "store", "history-size", \.store.historySize,
            "When the store's file grows above this, the oldest history is dropped."),
        .duration(
            "store", "sample-interval", in: .seconds(1) ... .seconds(3600), \.store.sampleInterval,
            "How often positions, GTID sets and lag, which always move, are written to the history of each server."),
    ]

    static let console: [ConfigurationKey] = [
        .name("theme", \.console.theme, "The name of a theme, from `themes/NAME.toml`."),
        .name("keymap", \.console.keymap, "The name of a keymap, from `keymaps/NAME.toml`."),
        .flag(
            "console", "mouse", \.console.takesMouse,
            "Whether rows can be dragged with the mouse; the terminal then selects text only with Shift."),
    ]
}
