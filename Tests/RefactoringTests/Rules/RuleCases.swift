import Refactoring
import TestSupport
import Topology

/// Every rule with placements that it objects to and some that it lets pass.
enum RuleCases {
    static let all = placing + seeing + servers + gtids + threads + places

    private static let hidden = UnavailableFact(
        fact: "replica status", code: 1227, message: "denied", remedy: "GRANT REPLICATION CLIENT ON *.* TO `baton`@`%`")

    static let placing: [RuleCase] = [
        RuleCase("ro.mode", nil, "nobody holds anything", Trio.mysql),
        RuleCase("ro.mode", .refuse, "baton is read-only", Trio.mysql) {
            $0.holds = Holds(everything: "started with --read-only")
            $0.says = "--read-only"
        },
        RuleCase("ro.mode", .refuse, "the cluster is", Trio.mysql) { $0.holds = Holds(clusters: ["db1": "frozen"]) },
        RuleCase("ro.mode", nil, "another cluster is", Trio.mysql) { $0.holds = Holds(clusters: ["x1": "frozen"]) },
        RuleCase("lock.other", nil, "a lock elsewhere", Trio.mysql) { $0.holds = Holds(locks: ["db9": "anna"]) },
        RuleCase("lock.other", .refuse, "a lock on the target", Trio.mysql) {
            $0.holds = Holds(locks: ["db3": "anna"])
            $0.says = "anna"
        },
        RuleCase("lock.other", .refuse, "a lock on the present source", Trio.mysql) {
            $0.holds = Holds(locks: ["db1": "anna"])
        },
        RuleCase("move.self", .refuse, "itself", Trio.mysql) { $0.target = "db2" },
        RuleCase("move.self", nil, "a sibling", Trio.mysql),
        RuleCase("move.noop", .refuse, "the present source", Trio.mysql) { $0.target = "db1" },
        RuleCase("move.noop", .refuse, "the source of another channel", multiSource) {
            $0.channel = "from_db1"
            $0.target = "db3"
            $0.says = "twice"
        },
        RuleCase("move.noop", nil, "a sibling", Trio.mysql),
        RuleCase("move.cycle", nil, "a sibling", Trio.mysql),
        RuleCase("move.cycle", .refuse, "a direct replica", chain) { $0.target = "db3" },
        RuleCase("move.cycle", .refuse, "a replica's replica", chain) {
            $0.target = "db4"
            $0.says = "ring"
        },
        RuleCase("move.cycle", nil, "its replica, in a takeover", chain) {
            $0.target = "db3"
            $0.context = .takeover
        },
        RuleCase("move.cycle", .refuse, "a replica's replica, in a takeover", chain) {
            $0.target = "db4"
            $0.context = .takeover
        },
        RuleCase("move.cycle", .refuse, "below a partner in a ring", ring) { $0.target = "db3" },
        RuleCase("move.cycle", .refuse, "below it by a second channel", secondChannel) { $0.target = "db4" },
        RuleCase("move.cycle", .refuse, "fed through a group", throughGroup) { $0.target = "db5" },
        RuleCase("move.cycle", .refuse, "on MariaDB, without UUIDs", mariaChain) { $0.target = "db4" },
        RuleCase("move.group-cycle", .refuse, "one that moves along", Trio.mysql) { $0.moving = ["db2", "db3"] },
        RuleCase("move.group-cycle", nil, "others move along", Trio.mysql) { $0.moving = ["db2", "db4"] },
        RuleCase("move.primary", .refuse, "a server without source", Trio.mysql) { $0.replica = "db1" },
        RuleCase("move.primary", nil, "a replica", Trio.mysql),
        RuleCase("move.primary", nil, "in a takeover", Trio.mysql) {
            $0.replica = "db1"
            $0.target = "db2"
            $0.context = .takeover
        },
        RuleCase("chan.multi", .refuse, "several, none named", multiSource) { $0.says = "from_db1" },
        RuleCase("chan.multi", nil, "several, one named", multiSource) { $0.channel = "from_db1" },
        RuleCase("chan.multi", .refuse, "no such channel", multiSource) { $0.channel = "from_db7" },
        RuleCase("chan.multi", nil, "the only one", Trio.mysql),
        RuleCase("move.cluster", nil, "the same cluster", Trio.mysql),
        RuleCase("move.cluster", .refuse, "other data", Trio.mysql + [other]) { $0.target = "x1" },
        RuleCase("move.cluster", .warn, "the same data", Trio.mysql + [.source("x1", executed: Trio.set)]) {
            $0.target = "x1"
        },
        RuleCase("move.cluster", .refuse, "other data on MariaDB", MariaTrio.all + [mariaOther]) { $0.target = "x1" },
        RuleCase("move.cluster", .refuse, "the same data, by position", byPositionElsewhere) { $0.target = "x1" },
    ]

    private static let other = Instance.source("x1", executed: "\(InstanceAddress("x1").testUUID):1-7")
    private static let mariaOther = MariaTrio.server(
        .source("x1", version: MariaTrio.release), MariaTrio.state(MariaTrio.position(7, server: 9)))
    private static let byPositionElsewhere = Trio.byPosition() + [.source("x1", executed: Trio.set)]
    private static let chain: [Instance] = [
        Trio.db1, Trio.db2, .replica("db3", of: "db2", executed: Trio.set),
        .replica("db4", of: "db3", executed: Trio.set),
    ]
    private static let mariaChain: [Instance] = [
        MariaTrio.db1, MariaTrio.db2, MariaTrio.db3.withChannel { $0.source = "db2" },
        MariaTrio.replica("db4", MariaTrio.state(MariaTrio.position(100))).withChannel { $0.source = "db3" },
    ]
    private static let ring: [Instance] = [
        .replica("db1", of: "db2", executed: Trio.set), Trio.db2, .replica("db3", of: "db1", executed: Trio.set),
    ]
    private static let secondChannel = Trio.mysql + [.multiSourceReplica("db4", of: ["db1", "db2"])]
    private static let throughGroup: [Instance] = [
        Trio.db1, Trio.db2.inGroup("g", primary: "db2"), .source("db4").inGroup("g", primary: "db2"),
        .replica("db5", of: "db4"),
    ]
    static let multiSource: [Instance] = [
        Trio.db1, .source("db3"), .multiSourceReplica("db2", of: ["db1", "db3"]), .source("db4"),
    ]

    static let seeing: [RuleCase] = [
        RuleCase("conn.down-d", nil, "both answer", Trio.mysql),
        RuleCase("conn.down-d", .refuse, "it does not answer", Trio.with { $0.unreachable() }) { $0.says = "10 s" },
        RuleCase("conn.down-t", nil, "both answer", Trio.mysql),
        RuleCase("conn.down-t", .refuse, "it does not answer", Trio.with(target: { $0.unreachable() })),
        RuleCase("conn.down-t", .refuse, "it was never read", Trio.mysql + [.unprobed("db4")]) { $0.target = "db4" },
        RuleCase("conn.down-t", .refuse, "nobody knows it", Trio.mysql) { $0.target = "db9" },
        RuleCase("conn.down-t", .refuse, "no access", Trio.with(target: noAccess)),
        RuleCase("seen.stale-d", nil, "fresh", Trio.mysql) { $0.lastReads = ["db2": .testNow - .seconds(1)] },
        RuleCase("seen.stale-d", .refuse, "read ten seconds ago", Trio.mysql) {
            $0.lastReads = ["db2": .testNow - .seconds(10)]
            $0.says = "10 s ago"
        },
        RuleCase("seen.stale-d", .refuse, "remembered", Trio.with(remembered)),
        RuleCase("seen.stale-d", nil, "silent, which another rule tells", Trio.with { $0.unreachable() }) {
            $0.lastReads = ["db2": .testNow - .seconds(10)]
        },
        RuleCase("seen.stale-t", nil, "the replica is remembered", Trio.with(remembered)),
        RuleCase("seen.stale-t", .refuse, "remembered", Trio.with(target: remembered)),
        RuleCase("priv.see", nil, "all is to be seen", Trio.mysql),
        RuleCase("priv.see", .refuse, "no replica status", Trio.with(target: hides(hidden))) { $0.says = "1227" },
        RuleCase("priv.see", .refuse, "an unreadable GTID set", Trio.with(hides(fact("gtid_executed")))),
        RuleCase("priv.see", .confirm, "no group members", Trio.with(hides(fact("group members")))),
        RuleCase("priv.see", nil, "a fact that no rule needs", Trio.with(hides(fact("process list")))),
        RuleCase("id.proxy", nil, "servers", Trio.mysql),
        RuleCase(
            "id.proxy", .refuse, "a proxy", Trio.with(target: { $0.changed { $0.proxy = .named("ProxySQL") } })
        ) { $0.says = "ProxySQL" },
    ]

    private static func fact(_ name: String) -> UnavailableFact {
        UnavailableFact(fact: name, code: 0, message: "in a form that baton does not know")
    }

    private static func hides(_ fact: UnavailableFact) -> (Instance) -> Instance {
        { $0.changed { $0.unavailable = [fact] } }
    }

    private static func remembered(_ instance: Instance) -> Instance {
        var copy = instance
        copy.contact = .remembered(lastSeen: .testNow - .seconds(60))
        return copy
    }

    private static func noAccess(_ instance: Instance) -> Instance {
        var copy = instance
        copy.contact = .noAccess(
            since: .testNow, lastSeen: nil, ContactFailure(kind: .accessDenied, code: 1045, message: "Access denied"))
        return copy
    }
}
