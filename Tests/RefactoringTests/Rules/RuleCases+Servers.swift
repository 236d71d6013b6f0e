import Refactoring
import TestSupport
import Topology

extension RuleCases {
    static let servers: [RuleCase] = [
        RuleCase("id.server-id", nil, "different", Trio.mysql),
        RuleCase("id.server-id", .refuse, "the same", Trio.with { $0.changed { $0.identity.serverID = db3ID } }) {
            $0.says = String(db3ID)
        },
        RuleCase("id.server-id", .refuse, "none", Trio.with { $0.changed { $0.identity.serverID = 0 } }),
        RuleCase(
            "id.server-id", .refuse, "the same on MariaDB",
            MariaTrio.with(MariaTrio.db2.changed { $0.identity.serverID = db3ID })),
        RuleCase("id.uuid", nil, "different", Trio.mysql),
        RuleCase("id.uuid", nil, "none on MariaDB", MariaTrio.all),
        RuleCase(
            "id.uuid", .refuse, "the same",
            Trio.with { $0.changed { $0.identity.serverUUID = InstanceAddress("db3").testUUID } }),
        RuleCase("id.name", nil, "no report_host", Trio.mysql),
        RuleCase(
            "id.name", .warn, "another report_host",
            Trio.with(target: { $0.changed { $0.identity.reportHost = "other" } })
        ) { $0.says = "other:3306" },
        RuleCase("id.name", .warn, "localhost", Trio.mysql + [.replica("localhost:3307", of: "db1")]) {
            $0.target = "localhost:3307"
        },
        RuleCase("log.off-t", nil, "on", Trio.mysql),
        RuleCase("log.off-t", .refuse, "off", Trio.with(target: { $0.changed { $0.binaryLog = nil } })),
        RuleCase(
            "log.off-t", .refuse, "off on MariaDB",
            MariaTrio.with(target: MariaTrio.db3.changed { $0.binaryLog = nil })),
        RuleCase("log.updates-t", nil, "logs them", Trio.mysql),
        RuleCase("log.updates-t", .refuse, "does not", Trio.with(target: logsNoUpdates)) {
            $0.says = "log_replica_updates"
        },
        RuleCase("log.updates-t", .refuse, "does not, MariaDB", MariaTrio.with(target: logsNoUpdates(MariaTrio.db3))) {
            $0.says = "log_slave_updates"
        },
        RuleCase("log.updates-t", nil, "does not, but is a source", withLooseSource) { $0.target = "db9" },
        RuleCase("gtid.flavour", nil, "two MariaDB servers", MariaTrio.all),
        RuleCase("gtid.flavour", .refuse, "MySQL under MariaDB", Trio.mysql + [maria]) { $0.target = "m1" },
        RuleCase("gtid.flavour", .refuse, "MariaDB under MySQL by GTID", MariaTrio.all + [mysql]) { $0.target = "m2" },
        RuleCase(
            "gtid.flavour", .confirm, "MariaDB under MySQL by position",
            MariaTrio.with(MariaTrio.db2.withChannel { $0.positioning = .binlogPosition }) + [mysql]
        ) { $0.target = "m2" },
        RuleCase("ver.major", nil, "the same", Trio.mysql),
        RuleCase("ver.major", nil, "a newer replica", Trio.with(Trio.version(Trio.mysqlVersion(9, 0, 1)))),
        RuleCase("ver.major", .refuse, "an older one", Trio.with(Trio.version(Trio.mysqlVersion(8, 0, 40)))) {
            $0.says = "8.0.40"
        },
        RuleCase(
            "ver.major", .refuse, "MariaDB 10.6 under 10.11: numbers, not text",
            MariaTrio.with(
                Trio.version(ServerVersion(flavor: .mariadb, major: 10, minor: 6, patch: 20))(MariaTrio.db2))),
        RuleCase("ver.minor", nil, "the same", Trio.mysql),
        RuleCase("ver.minor", .warn, "an older one", Trio.with(Trio.version(Trio.mysqlVersion(8, 4, 2)))),
        RuleCase("ver.minor", nil, "another series", Trio.with(Trio.version(Trio.mysqlVersion(8, 0, 2)))),
        RuleCase("fmt.binlog", nil, "both rows", Trio.mysql),
        RuleCase("fmt.binlog", .refuse, "statements", Trio.with { logs($0, .statement) }) { $0.says = "STATEMENT" },
        RuleCase("fmt.binlog", .confirm, "mixed", Trio.with { logs($0, .mixed) }),
        RuleCase(
            "fmt.binlog", nil, "statements, but logs nothing that it applies",
            Trio.with { logsNoUpdates(logs($0, .statement)) }),
        RuleCase("group.member", nil, "no group", Trio.mysql),
        RuleCase("group.member", .refuse, "a member is moved", Trio.with { $0.inGroup("g", primary: "db2") }),
        RuleCase("group.member", .confirm, "a secondary", Trio.with(target: { $0.inGroup("g", primary: "db1") })),
        RuleCase(
            "group.member", .refuse, "a member that recovers",
            Trio.with(target: { $0.inGroup("g", primary: "db1", state: "RECOVERING") })),
        RuleCase("group.member", nil, "the primary", Trio.with(target: { $0.inGroup("g", primary: "db3") })),
        RuleCase("galera.member", nil, "no Galera", MariaTrio.all),
        RuleCase("galera.member", .refuse, "a node is moved", MariaTrio.with(node(MariaTrio.db2))),
        RuleCase("galera.member", .warn, "a synced node", MariaTrio.with(target: node(MariaTrio.db3))),
        RuleCase("galera.member", .refuse, "a donor", MariaTrio.with(target: node(MariaTrio.db3, "Donor/Desynced"))),
        RuleCase("filt.t", nil, "no filters", Trio.mysql),
        RuleCase("filt.t", .refuse, "filters on the target", Trio.with(target: filtered)) { $0.says = "do-db=shop" },
        RuleCase("filt.t", nil, "the same on both", Trio.with(filtered, target: filtered)),
        RuleCase("filt.t", .warn, "filters where they are let pass", Trio.with(target: filtered)) {
            $0.limits.refusesFilters = false
        },
        RuleCase(
            "filt.t", .refuse, "filters above the target", Trio.with(target: filtered) + [.replica("db4", of: "db3")]
        ) { $0.target = "db4" },
        RuleCase("delay.t", nil, "no delay", Trio.mysql),
        RuleCase("delay.t", .refuse, "a delayed target", Trio.with(target: delayed(3600))) { $0.says = "60 min" },
        RuleCase("delay.t", .refuse, "a delayed one takes over", Trio.with(target: delayed(3600))) {
            $0.context = .takeover
        },
        RuleCase("delay.t", nil, "as much on both", Trio.with(delayed(3600), target: delayed(3600))),
        RuleCase("delay.t", nil, "a short one", Trio.with(target: delayed(10))),
        RuleCase(
            "delay.t", .refuse, "a delay above the target",
            Trio.with(target: delayed(3600)) + [.replica("db4", of: "db3", executed: Trio.set)]
        ) {
            $0.target = "db4"
            $0.says = "above db4:3306"
        },
        RuleCase(
            "delay.t", nil, "a delay that the replica stands below already",
            Trio.with(target: delayed(3600))
                + [.replica("db4", of: "db3", executed: Trio.set), .replica("db5", of: "db3", executed: Trio.set)]
        ) {
            $0.replica = "db4"
            $0.target = "db5"
        },
    ]

    private static let db3ID = InstanceAddress("db3").testServerID
    private static let maria = MariaTrio.server(
        .source("m1", version: MariaTrio.release), MariaTrio.state(MariaTrio.position(7, server: 9)))
    private static let mysql = Instance.source("m2", executed: Trio.set)
    private static let withLooseSource = Trio.mysql + [logsNoUpdates(.source("db9"))]

    private static func logsNoUpdates(_ instance: Instance) -> Instance {
        instance.changed { $0.binaryLog?.logsReplicaUpdates = false }
    }

    private static func logs(_ instance: Instance, _ format: BinaryLog.Format) -> Instance {
        instance.changed { $0.binaryLog?.format = format }
    }

    private static func filtered(_ instance: Instance) -> Instance {
        instance.withChannel { $0.filters = [ReplicationFilter(kind: "do-db", value: "shop")] }
    }

    private static func delayed(_ seconds: Int) -> (Instance) -> Instance {
        { $0.withChannel { $0.delay = .seconds(seconds) } }
    }

    private static func node(_ instance: Instance, _ state: String = "Synced") -> Instance {
        instance.changed { $0.galera = .test("galera", members: [], state: state) }
    }
}
