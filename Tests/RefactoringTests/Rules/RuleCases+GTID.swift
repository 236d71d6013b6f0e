import Refactoring
import TestSupport
import Topology

extension RuleCases {
    static let gtids: [RuleCase] = [
        RuleCase("gtid.mode-mix", nil, "both on", Trio.mysql),
        RuleCase("gtid.mode-mix", nil, "MariaDB", MariaTrio.all),
        RuleCase("gtid.mode-mix", .refuse, "auto-position under OFF", Trio.with(target: mode(.off))) {
            $0.says = "OFF"
        },
        RuleCase("gtid.mode-mix", .refuse, "auto-position under permissive", Trio.with(target: mode(.onPermissive))),
        RuleCase("gtid.mode-mix", .refuse, "OFF under ON", positions(.off, under: .on)),
        RuleCase("gtid.mode-mix", .refuse, "ON under OFF", positions(.on, under: .off)),
        RuleCase("gtid.mode-mix", nil, "permissive under OFF, by position", positions(.onPermissive, under: .off)),
        RuleCase("gtid.mode-mix", nil, "both off, by position", positions(.off, under: .off)),
        RuleCase("gtid.purged", nil, "nothing is missing", Trio.with(target: purged(1...50))),
        RuleCase("gtid.purged", .refuse, "the replica lacks some", Trio.with(has(1...40), target: purged(1...50))) {
            $0.says = ":41-50"
        },
        RuleCase("gtid.purged", nil, "by position", lacksByPosition),
        RuleCase("gtid.purged", nil, "MariaDB, equal", MariaTrio.all),
        RuleCase("gtid.purged", nil, "MariaDB, a little behind", MariaTrio.with(behind)),
        RuleCase("gtid.purged", .confirm, "MariaDB, stopped and behind", MariaTrio.with(stopped(behind))),
        RuleCase(
            "gtid.purged", nil, "MariaDB, stopped and behind, the first log is there",
            MariaTrio.with(stopped(behind), target: MariaTrio.replica("db3", hundred, log: 1))),
        RuleCase(
            "gtid.purged", .refuse, "MariaDB, without a position",
            MariaTrio.with(MariaTrio.replica("db2", MariaTrio.state(GTIDPosition())))),
        RuleCase("gtid.errant-d", nil, "equal", Trio.mysql),
        RuleCase("gtid.errant-d", nil, "ahead of a sibling by what will come", Trio.with(has(1...120))),
        RuleCase("gtid.errant-d", .confirm, "errant already", Trio.with(errant)) { $0.says = "db2" },
        RuleCase("gtid.errant-d", .refuse, "has what the target lacks and will not get", unlike) { $0.target = "db4" },
        RuleCase("gtid.errant-d", .refuse, "ahead of a sibling, the source being dead", deadSource) {
            $0.context = .recovery
        },
        RuleCase("gtid.errant-d", nil, "ahead of a sibling, the source being alive", aheadOfSibling),
        RuleCase("gtid.errant-d", nil, "what comes over another channel", severalSources) { $0.channel = "from_db1" },
        RuleCase("gtid.errant-d", .refuse, "what came below several sources", belowSeveral) {
            ($0.replica, $0.target) = ("db4", "db1")
        },
        RuleCase("gtid.errant-d", nil, "MariaDB, equal", MariaTrio.all),
        RuleCase(
            "gtid.errant-d", .confirm, "MariaDB, of old, which its source has not either", MariaTrio.with(wroteOnce)
        ) {
            $0.says = "0-\(InstanceAddress("db2").testServerID)-40"
        },
        RuleCase(
            "gtid.errant-d", nil, "MariaDB, ahead by what will come",
            MariaTrio.with(MariaTrio.replica("db2", MariaTrio.state(MariaTrio.position(120))))),
        RuleCase("gtid.errant-d", .refuse, "MariaDB, diverged", MariaTrio.with(diverged)),
        RuleCase("gtid.errant-t", nil, "none", Trio.mysql),
        RuleCase("gtid.errant-t", .confirm, "some", Trio.with(target: errantTarget)),
        RuleCase("gtid.errant-t", .confirm, "another source of the target", severalSources) {
            ($0.replica, $0.target, $0.says) = ("db3", "db2", "follows db9:3306 too")
        },
        RuleCase("gtid.errant-t", .confirm, "another source above the target", belowSeveral) {
            ($0.replica, $0.target, $0.says) = ("db3", "db4", "db2:3306 follows db9:3306 too")
        },
        RuleCase("gtid.errant-t", nil, "another source that feeds the replica already", belowSeveral) {
            ($0.replica, $0.target) = ("db5", "db4")
        },
        RuleCase("gtid.domain", nil, "the same domains", MariaTrio.all),
        RuleCase("gtid.domain", nil, "MySQL", Trio.mysql),
        RuleCase("gtid.domain", .refuse, "a domain is missing", MariaTrio.with(twoDomains)) { $0.says = "5" },
        RuleCase("gtid.strict", nil, "strict", MariaTrio.all),
        RuleCase("gtid.strict", nil, "MySQL", Trio.mysql),
        RuleCase(
            "gtid.strict", .warn, "not strict",
            MariaTrio.with(MariaTrio.replica("db2", MariaTrio.state(MariaTrio.position(100), isStrict: false)))),
    ]

    private static let hundred = MariaTrio.state(MariaTrio.position(100))
    private static let behind = MariaTrio.replica("db2", MariaTrio.state(MariaTrio.position(60)))
    private static let diverged = MariaTrio.replica(
        "db2", MariaTrio.state(MariaTrio.position(90, server: InstanceAddress("db2").testServerID)))
    private static let twoDomains = MariaTrio.replica(
        "db2",
        MariaTrio.state(
            GTIDPosition(MariaTrio.position(100).gtids + MariaTrio.position(3, domain: 5, server: 77).gtids)))
    private static let lacksByPosition = Trio.with(
        { has(1...40)($0).withChannel { $0.positioning = .binlogPosition } }, target: purged(1...50))
    /// `db4` hangs below an intermediate source of its own and has fewer of that one's transactions.
    private static let unlike = [
        Trio.db1, errant(Trio.db2).withChannel { $0.source = "db3" }, errantOf("db2", Trio.db3),
        Instance.replica("db4", of: "db1", executed: Trio.set),
    ]
    private static let elsewhere = "\(Trio.set),\(InstanceAddress("db9").testUUID):1-30"
    /// `db2` follows `db1` and `db9`, which has written too.
    private static let severalSources = [
        Trio.db1, Trio.db3, .source("db9", executed: "\(InstanceAddress("db9").testUUID):1-30"),
        Instance.multiSourceReplica("db2", of: ["db1", "db9"]).changed { $0.gtid = executed(elsewhere) },
    ]
    private static let belowSeveral =
        severalSources + [
            .replica("db4", of: "db2", executed: elsewhere), .replica("db5", of: "db2", executed: elsewhere),
        ]
    private static let wroteOnce = MariaTrio.replica("db2", MariaTrio.state(MariaTrio.position(100))).changed { facts in
        guard case .mariadb(var state) = facts.gtid else { return }
        let own = MariaTrio.position(40, server: InstanceAddress("db2").testServerID)
        state.binlogState = GTIDBinlogState(MariaTrio.position(100).gtids + own.gtids)
        facts.gtid = .mariadb(state)
    }
    private static let deadSource = Trio.with(has(1...120), primary: { $0.unreachable() })
    private static let aheadOfSibling = Trio.with(has(1...120), primary: has(1...130))

    private static func stopped(_ instance: Instance) -> Instance {
        instance.withChannel {
            $0.receiver = .stopped
            $0.applier = .stopped
            $0.lag = nil
        }
    }

    private static func change(_ instance: Instance, _ change: (inout MySQLGTIDState) -> Void) -> Instance {
        instance.changed { facts in
            guard case .mysql(var state) = facts.gtid else { return }
            change(&state)
            facts.gtid = .mysql(state)
        }
    }

    private static func mode(_ mode: GTIDMode) -> (Instance) -> Instance {
        { change($0) { $0.mode = mode } }
    }

    private static func positions(_ own: GTIDMode, under theirs: GTIDMode) -> [Instance] {
        Trio.with({ mode(own)($0).withChannel { $0.positioning = .binlogPosition } }, target: mode(theirs))
    }

    private static func executed(_ gtids: String) -> GTIDState {
        Instance.source("db9", executed: gtids).facts?.gtid ?? .none
    }

    private static func has(_ numbers: ClosedRange<UInt64>) -> (Instance) -> Instance {
        { change($0) { $0.executed = GTIDSet(uuid: InstanceAddress("db1").testUUID, numbers) } }
    }

    private static func purged(_ numbers: ClosedRange<UInt64>) -> (Instance) -> Instance {
        { change($0) { $0.purged = GTIDSet(uuid: InstanceAddress("db1").testUUID, numbers) } }
    }

    private static func errantOf(_ address: InstanceAddress, _ instance: Instance) -> Instance {
        change(instance) { $0.executed.formUnion(GTIDSet(uuid: address.testUUID, 1...3)) }
    }

    private static func errant(_ instance: Instance) -> Instance { errantOf("db2", instance) }

    private static func errantTarget(_ instance: Instance) -> Instance { errantOf("db3", instance) }
}
