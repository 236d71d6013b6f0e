extension FamiliarCommand {
    /// Every command of orchestrator 3.2.6 and of its shell client, and the synonyms that both take; those that have the
    /// same name here and do the same stand in the table with that name, so that nobody looks for them.
    public static let all: [FamiliarCommand] =
        same + moves + threads + servers + looks + keeping + marks + recoveries + pseudoGTID + absent

    private static let same: [FamiliarCommand] = [
        "relocate", "relocate-replicas", "take-siblings", "regroup-replicas", "move-up", "move-up-replicas",
        "move-below",
        "repoint", "repoint-replicas", "take-source", "make-co-primary", "enable-gtid", "disable-gtid",
        "gtid-errant-inject-empty", "skip-query", "start-replica", "stop-replica", "restart-replica", "reset-replica",
        "detach-replica", "reattach-replica", "delay-replication", "is-replicating", "set-read-only",
        "flush-binary-logs",
        "purge-binary-logs", "kill-query", "clusters", "topology", "discover", "forget",
    ].map { FamiliarCommand($0, $0) }

    private static let moves: [FamiliarCommand] = [
        FamiliarCommand("relocate-below", "relocate"),
        FamiliarCommand("relocate-slaves", "relocate-replicas"),
        FamiliarCommand("regroup-slaves", "regroup-replicas"),
        FamiliarCommand("regroup-replicas-gtid", "regroup-replicas --method gtid"),
        FamiliarCommand("regroup-slaves-gtid", "regroup-replicas --method gtid"),
        FamiliarCommand("enslave-siblings", "take-siblings"),
        FamiliarCommand("move-up-slaves", "move-up-replicas"),
        FamiliarCommand("move-equivalent", "relocate --method equivalent"),
        FamiliarCommand("move-gtid", "relocate --method gtid"),
        FamiliarCommand("move-below-gtid", "relocate --method gtid"),
        FamiliarCommand("move-replicas-gtid", "relocate-replicas --method gtid"),
        FamiliarCommand("move-slaves-gtid", "relocate-replicas --method gtid"),
        FamiliarCommand("repoint-slaves", "repoint-replicas"),
        FamiliarCommand("take-master", "take-source"),
        FamiliarCommand("enslave-master", "take-source"),
        FamiliarCommand("make-co-master", "make-co-primary"),
        FamiliarCommand(
            "graceful-master-takeover", "switchover --only --stay-stopped",
            "-d names the replica; without it there must be one only"),
        FamiliarCommand("graceful-master-takeover-auto", "switchover", "-d names the replica"),
        FamiliarCommand("detach-slave", "detach-replica"),
        FamiliarCommand("detach-replica-master-host", "detach-replica"),
        FamiliarCommand("detach-slave-master-host", "detach-replica"),
        FamiliarCommand("reattach-slave", "reattach-replica"),
        FamiliarCommand("reattach-replica-master-host", "reattach-replica"),
        FamiliarCommand("reattach-slave-master-host", "reattach-replica"),
    ]

    private static let threads: [FamiliarCommand] = [
        FamiliarCommand("start-slave", "start-replica"),
        FamiliarCommand("stop-slave", "stop-replica"),
        FamiliarCommand("stop-replica-nice", "stop-replica --nice"),
        FamiliarCommand("stop-slave-nice", "stop-replica --nice"),
        FamiliarCommand("restart-slave", "restart-replica"),
        FamiliarCommand("reset-slave", "reset-replica"),
        FamiliarCommand(
            "restart-replica-statements", "restart-replica --dry-run", "the plan has the statements; none is injected"),
        FamiliarCommand(
            "restart-slave-statements", "restart-replica --dry-run", "the plan has the statements; none is injected"),
        FamiliarCommand("gtid-errant-reset-master", "gtid-errant-reset"),
        FamiliarCommand("which-gtid-errant", "errant"),
        FamiliarCommand("locate-gtid-errant", "errant --locate"),
    ]

    private static let servers: [FamiliarCommand] = [
        FamiliarCommand("set-writeable", "set-writable"),
        FamiliarCommand("enable-semi-sync-master", "set-semi-sync --side source --on"),
        FamiliarCommand("disable-semi-sync-master", "set-semi-sync --side source --off"),
        FamiliarCommand("enable-semi-sync-replica", "set-semi-sync --side replica --on"),
        FamiliarCommand("disable-semi-sync-replica", "set-semi-sync --side replica --off"),
    ]

    private static let looks: [FamiliarCommand] = [
        FamiliarCommand("can-replicate-from", "why", "code 0 for yes, 3 for no"),
        FamiliarCommand("can-replicate-from-gtid", "why", "code 0 for yes, 3 for no"),
        FamiliarCommand("is-replication-stopped", "is-replicating --stopped", "code 0 for yes, 1 for no"),
        FamiliarCommand("which-master", "source"),
        FamiliarCommand("which-replicas", "replicas"),
        FamiliarCommand("which-slaves", "replicas"),
        FamiliarCommand("which-instance", "instance"),
        FamiliarCommand("instance-status", "instance"),
        FamiliarCommand("topology-tabulated", "topology --format table"),
        FamiliarCommand("all-instances", "topology --format table"),
        FamiliarCommand("clusters-alias", "clusters"),
        FamiliarCommand("all-clusters-masters", "clusters", "the primary is a column"),
        FamiliarCommand("which-cluster", "instance", "the cluster is among the facts"),
        FamiliarCommand("replication-analysis", "analyze"),
        FamiliarCommand("which-broken-replicas", "problems"),
        FamiliarCommand("dump-config", "config show"),
    ]

    private static let keeping: [FamiliarCommand] = [
        FamiliarCommand("async-discover", "discover"),
        FamiliarCommand("snapshot-topologies", "", "the store keeps the history; baton snapshot save writes a file"),
        FamiliarCommand("continuous", "", "the console watches, and nothing runs in the background"),
        FamiliarCommand("redeploy-internal-db", "", "the store needs no such care"),
        FamiliarCommand("access-token", "", "there is no server to be let in to"),
        FamiliarCommand("active-nodes", "", "batons that share a store find each other there"),
        FamiliarCommand("custom-command", "", "there are no agents"),
    ]

    private static let pseudoGTID: [FamiliarCommand] = [
        FamiliarCommand("match", "", "pseudo-GTID is not spoken; relocate finds the same place by GTID or by the logs"),
        FamiliarCommand(
            "match-below", "", "pseudo-GTID is not spoken; relocate finds the same place by GTID or by the logs"),
        FamiliarCommand("match-up", "", "pseudo-GTID is not spoken; see move-up"),
        FamiliarCommand("rematch", "", "pseudo-GTID is not spoken; see repoint"),
        FamiliarCommand("match-replicas", "", "pseudo-GTID is not spoken; see relocate-replicas"),
        FamiliarCommand("match-slaves", "", "pseudo-GTID is not spoken; see relocate-replicas"),
        FamiliarCommand("match-up-replicas", "", "pseudo-GTID is not spoken; see move-up-replicas"),
        FamiliarCommand("match-up-slaves", "", "pseudo-GTID is not spoken; see move-up-replicas"),
        FamiliarCommand("regroup-replicas-pgtid", "", "pseudo-GTID is not spoken; see regroup-replicas"),
        FamiliarCommand("regroup-slaves-pgtid", "", "pseudo-GTID is not spoken; see regroup-replicas"),
        FamiliarCommand("last-pseudo-gtid", "", "pseudo-GTID is not spoken"),
        FamiliarCommand("correlate-binlog-pos", "", "pseudo-GTID is not spoken"),
        FamiliarCommand("correlate-relaylog-pos", "", "pseudo-GTID is not spoken"),
        FamiliarCommand("find-binlog-entry", "", "pseudo-GTID is not spoken"),
        FamiliarCommand("last-executed-relay-entry", "", "pseudo-GTID is not spoken"),
        FamiliarCommand("regroup-replicas-bls", "", "binlog servers are not known"),
        FamiliarCommand("get-candidate-replica", "candidates", "stops no replica to find out"),
        FamiliarCommand("get-candidate-slave", "candidates", "stops no replica to find out"),
        FamiliarCommand("master-pos-wait", "", "stop-replica --nice waits; a plan waits where it has to"),
    ]

    private static let marks: [FamiliarCommand] = [
        FamiliarCommand("begin-downtime", "downtime", "`-duration` is `--for`; 10 minutes where none is given"),
        FamiliarCommand("end-downtime", "end-downtime"),
        FamiliarCommand("which-downtimed-instances", "downtimes", "of all clusters"),
        FamiliarCommand("downtimed", "downtimes", "of all clusters"),
        FamiliarCommand("which-lost-in-recovery", "downtimes --lost-in-recovery"),
        FamiliarCommand("begin-maintenance", "maintenance", "`-duration` is `--for`; 10 minutes where none is given"),
        FamiliarCommand("end-maintenance", "end-maintenance"),
        FamiliarCommand("in-maintenance", "maintenances"),
        FamiliarCommand("register-candidate", "promotion-rule", "the rule has to be named"),
        FamiliarCommand("bulk-promotion-rules", "promotion-rules"),
    ]

    private static let recoveries: [FamiliarCommand] = [
        FamiliarCommand("recover", "recover"),
        FamiliarCommand("recover-lite", "recover", "hooks run as configured"),
        FamiliarCommand(
            "force-master-failover", "failover --living-primary", "a primary that answers is made read-only first"),
        FamiliarCommand(
            "force-master-takeover", "failover --living-primary",
            "-d names the replica; a primary that answers is made read-only first"),
        FamiliarCommand("ack-all-recoveries", "ack --all"),
        FamiliarCommand("ack-cluster-recoveries", "ack", "`-i` and `-alias` name the cluster"),
        FamiliarCommand("ack-instance-recoveries", "ack"),
        FamiliarCommand("disable-global-recoveries", "disable-recoveries"),
        FamiliarCommand("enable-global-recoveries", "enable-recoveries"),
        FamiliarCommand("check-global-recoveries", "recoveries-status"),
    ]

    private static let absent: [FamiliarCommand] =
        [
            "internal-suggest-promoted-replacement"
        ].map { FamiliarCommand($0, "", "ask candidates") }
        + ["tags", "tag-value", "tagged", "tag", "untag", "untag-all", "topology-tags"]
        .map { FamiliarCommand($0, "", "there are no tags here yet") }
        + [
            "submit-pool-instances", "cluster-pool-instances", "which-heuristic-cluster-pool-instances",
            "submit-masters-to-kv-stores", "which-cluster-osc-replicas", "which-cluster-osc-slaves",
            "which-cluster-gh-ost-replicas", "which-cluster-gh-ost-slaves", "which-cluster-osc-running-replicas",
            "get-cluster-heuristic-lag", "which-heuristic-domain-instance", "set-heuristic-domain-instance",
            "which-cluster-domain",
        ].map { FamiliarCommand($0, "", "pools, key-value stores and heuristic lists are not kept here") }
        + [
            "find", "search", "which-cluster-alias", "which-cluster-master", "which-cluster-instances",
            "bulk-instances",
        ]
        .map { FamiliarCommand($0, "", "ask clusters or topology, with --format json") }
        + [
            "resolve", "reset-hostname-resolve-cache", "show-resolve-hosts", "show-unresolve-hosts",
            "register-hostname-unresolve", "deregister-hostname-unresolve",
        ].map { FamiliarCommand($0, "", "names are settled by the configuration, under names") }
        + [
            "api", "which-api", "raft-leader", "raft-health", "raft-leader-hostname", "raft-elect-leader",
            "dominant-dc",
            "forget-cluster",
        ].map { FamiliarCommand($0, "", "there is no such service here") }
}
