import Refactoring
import TestSupport
import Topology

extension RuleCases {
    static let threads: [RuleCase] = [
        RuleCase("repl.stopped", nil, "both run", Trio.mysql),
        RuleCase("repl.stopped", .warn, "stopped on purpose, by GTID", Trio.with(stopped)),
        RuleCase("repl.stopped", .warn, "MariaDB, stopped on purpose, by GTID", MariaTrio.with(stopped(MariaTrio.db2))),
        RuleCase("repl.stopped", .confirm, "stopped by an error, by GTID", Trio.with(broken)) { $0.says = "1062" },
        RuleCase("repl.stopped", .refuse, "stopped, by position", Trio.byPosition { $0.applier = .stopped }),
        RuleCase("repl.stopped", nil, "stopped, in a recovery", Trio.with(stopped)) { $0.context = .recovery },
        RuleCase("repl.lag", nil, "none", Trio.mysql),
        RuleCase("repl.lag", .confirm, "by position", Trio.byPosition { $0.lag = Lag(measured: .seconds(90)) }) {
            $0.says = "90 s"
        },
        RuleCase("repl.lag", .warn, "by GTID", Trio.with { $0.withChannel { $0.lag = Lag(measured: .seconds(90)) } }),
        RuleCase(
            "repl.lag", nil, "as delayed as configured",
            Trio.byPosition { $0.lag = Lag(measured: .seconds(90), delay: .seconds(90)) }),
        RuleCase("repl.lag-unknown", nil, "known", Trio.byPosition()),
        RuleCase("repl.lag-unknown", .refuse, "NULL, by position", Trio.byPosition { $0.lag = nil }),
        RuleCase("repl.lag-unknown", nil, "NULL, by GTID", Trio.with { $0.withChannel { $0.lag = nil } }),
        RuleCase("repl.gaps", nil, "order is kept", gaps(ParallelApplier())),
        RuleCase("repl.gaps", nil, "by GTID", Trio.with { $0.changed { $0.parallelApplier = unordered } }),
        RuleCase("repl.gaps", .warn, "filled first", gaps(unordered)) { $0.says = "4 appliers" },
        RuleCase("repl.gaps", .refuse, "stopped with gaps", gaps(unordered).map(stopped)),
        RuleCase("repl.gaps", .confirm, "MariaDB with two domains by position", MariaTrio.with(twoDomains)),
        RuleCase("repl.target", nil, "it replicates", Trio.mysql),
        RuleCase("repl.target", .confirm, "it does not", Trio.with(target: stopped)),
    ]

    static let places: [RuleCase] = [
        RuleCase("semi.last", nil, "none", Trio.mysql),
        RuleCase("semi.last", .confirm, "the last one leaves", semiSync(clients: 1)) { $0.says = "waits for 1" },
        RuleCase("semi.last", nil, "another one stays", semiSync(clients: 2)),
        RuleCase("cand.last", nil, "another one stays", Trio.mysql),
        RuleCase(
            "cand.last", .warn, "the other does not log", Trio.with(target: { $0.changed { $0.binaryLog = nil } })),
        RuleCase("fan.out", nil, "few", Trio.mysql),
        RuleCase("fan.out", .warn, "many", Trio.mysql) { $0.limits.fanOut = 0 },
        RuleCase("cred.repl", nil, "an account", Trio.mysql),
        RuleCase("cred.repl", .confirm, "none to be seen", Trio.with { $0.withChannel { $0.user = nil } }),
    ]

    private static let unordered = ParallelApplier(workers: 4, preservesCommitOrder: false)
    private static let twoDomains = MariaTrio.replica(
        "db2",
        MariaTrio.state(
            GTIDPosition(MariaTrio.position(100).gtids + MariaTrio.position(3, domain: 5, server: 77).gtids))
    ).withChannel { $0.positioning = .binlogPosition }
        .changed { $0.parallelApplier = ParallelApplier(workers: 8, mode: "optimistic") }

    private static func gaps(_ applier: ParallelApplier) -> [Instance] {
        Trio.with {
            $0.withChannel { $0.positioning = .binlogPosition }.changed { $0.parallelApplier = applier }
        }
    }

    private static func stopped(_ instance: Instance) -> Instance {
        instance.withChannel {
            $0.receiver = .stopped
            $0.applier = .stopped
        }
    }

    private static func broken(_ instance: Instance) -> Instance {
        instance.withChannel {
            $0.applier = .stopped
            $0.applierError = ReplicationError(code: 1062, message: "Duplicate entry '1'")
        }
    }

    private static func semiSync(clients: Int) -> [Instance] {
        Trio.with(
            { $0.changed { $0.semiSync.replica = .init(isEnabled: true, isActive: true) } },
            primary: {
                $0.changed {
                    $0.semiSync.source = .init(isEnabled: true, isActive: true, timeout: .seconds(10), clients: clients)
                }
            })
    }
}
