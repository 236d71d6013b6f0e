import Diagnosis
import Engine
import Hooks
import Operations
import Recovery
import TestSupport
import Topology

@testable import Console
@testable import Storage

extension Fleet {
    private static let uuid = "00000000-0000-0000-0000-000000000001"

    private static func replica(
        _ address: InstanceAddress, executed: Int, received: Int, of source: InstanceAddress = "db1.ams"
    ) -> Instance {
        Instance.replica(address, of: source, executed: "\(uuid):1-\(executed)").withChannel { channel in
            channel.receiver = .connecting
            channel.receiverError = ReplicationError(
                code: 2003,
                message: "Error reconnecting to source 'repl@\(source)'. Can't connect to MySQL server (111)",
                at: .testNow - .seconds(9))
            channel.lag = nil
            channel.sourceUUID = .test(1)
            channel.retrieved = .test("\(uuid):1-\(received)")
        }
    }

    /// As ``lost``, with db3 level with db2, and late on purpose.
    static var lostPreferred: Fleet {
        var fleet = lost
        fleet.update(replica("db3.ams", executed: 98, received: 100).withChannel { $0.delay = .seconds(3_600) })
        return fleet
    }

    /// What comes of it: db2 is the primary, and db3 follows it.
    static var lostPreferredAfter: Fleet {
        var fleet = Fleet([
            Instance.source("db1.ams", executed: "\(uuid):1-101").unreachable(),
            .source("db2.ams", executed: "\(uuid):1-100"),
            .replica("db3.ams", of: "db2.ams", executed: "\(uuid):1-100"),
            .replica("db5.fra", of: "db2.ams", executed: "\(uuid):1-100"),
        ])
        fleet.setClusterAlias("shop", of: "db2.ams")
        return fleet
    }

    /// The cluster "shop", whose primary is dead: db2 has received most and has something to apply, db3 misses four
    /// transactions, db4 cannot be promoted, db5 follows db2.
    static var lost: Fleet { lost(more: []) }

    static func lost(more: [Instance]) -> Fleet {
        var fleet = Fleet(
            [
                Instance.source("db1.ams", executed: "\(uuid):1-101").unreachable().changed {
                    $0.identity.serverUUID = .test(1)
                },
                replica("db2.ams", executed: 98, received: 100), replica("db3.ams", executed: 96, received: 96),
                replica("db4.fra", executed: 100, received: 100).changed { $0.binaryLog = nil },
                .replica("db5.fra", of: "db2.ams", executed: "\(uuid):1-98"),
            ] + more)
        fleet.setClusterAlias("shop", of: "db1.ams")
        return fleet
    }

    /// A cluster that is well, as ``lost`` was before.
    static var shopAlive: Fleet {
        var fleet = Fleet([
            .source("db1.ams", executed: "\(uuid):1-100"),
            .replica("db2.ams", of: "db1.ams", executed: "\(uuid):1-100"),
            .replica("db3.ams", of: "db1.ams", executed: "\(uuid):1-100"),
        ])
        fleet.setClusterAlias("shop", of: "db1.ams")
        return fleet
    }

    /// The cluster "shop" after a failover: db2 is the primary, db1 is back, writable, and has two transactions of its own.
    static func returned(alone: Bool = true) -> Fleet {
        var fleet = Fleet([
            .source("db1.ams", executed: "\(uuid):1-\(alone ? 102 : 100)"),
            .source("db2.ams", executed: "\(uuid):1-100,00000000-0000-0000-0000-000000000002:1-7"),
            .replica("db3.ams", of: "db2.ams", executed: "\(uuid):1-100,00000000-0000-0000-0000-000000000002:1-7"),
        ])
        fleet.setClusterAlias("shop", of: "db2.ams")
        return fleet
    }

    /// Two co-primaries with a replica of the one that is dead.
    static var lostCoPrimary: Fleet {
        let had = "\(uuid):1-100"
        var fleet = Fleet([
            replica("db1.ams", executed: 100, received: 100, of: "db2.ams").unreachable(),
            replica("db2.ams", executed: 100, received: 100, of: "db1.ams").changed { $0.writability = .writable },
            replica("db3.ams", executed: 100, received: 100, of: "db1.ams"),
            .replica("db4.ams", of: "db2.ams", executed: had),
        ])
        fleet.setClusterAlias("shop", of: "db1.ams")
        return fleet
    }

    /// A cluster in which an intermediate source is dead.
    static var lostBelow: Fleet {
        let had = "\(uuid):1-100"
        var fleet = Fleet([
            .source("db1.ams", executed: had).changed { $0.identity.serverUUID = .test(1) },
            .replica("db2.ams", of: "db1.ams", executed: had).unreachable(),
            replica("db3.fra", executed: 100, received: 100, of: "db2.ams"),
            replica("db4.fra", executed: 100, received: 100, of: "db2.ams"),
            .replica("db5.ams", of: "db1.ams", executed: had),
        ])
        fleet.setClusterAlias("shop", of: "db1.ams")
        return fleet
    }
}

extension RecoveryRecord {
    static func test(
        _ id: Int64, _ outcome: Outcome, successor: InstanceAddress? = "db2.ams", lost: [InstanceAddress] = []
    ) -> RecoveryRecord {
        var record = RecoveryRecord(
            .failover, of: "db1.ams", in: ClusterName("db1.ams", alias: "shop"), failure: "primary.dead",
            author: Author(user: "anna", client: nil), reason: "rack 7 is dark", startedAt: .testNow - .seconds(90),
            phase: "promotes db2.ams:3306", holder: LeaseHolder(id: "other", pid: 4711, host: "ops1", user: "anna"),
            expires: .testNow + .seconds(30))
        record.id = id
        record.outcome = outcome
        record.lost = lost
        if outcome != .running {
            record.endedAt = .testNow - .seconds(80)
            record.successor = successor
        }
        record.parts = [Part("plan-1", operation: id + 10)]
        record.notes = [
            Note(at: .testNow - .seconds(90), text: "db1.ams:3306 is lost: primary.dead"),
            Note(at: .testNow - .seconds(88), text: "db2.ams:3306 is to take over"),
        ]
        return record
    }
}

extension OperatorMarks {
    /// What the failover of ``RecoveryBook/afterFailover`` says of db1.
    static var afterFailover: OperatorMarks {
        let mark = Mark(
            Downtime.lostInRecovery, owner: "anna", reason: "lost in recovery 7", begins: .testNow - .seconds(80))
        return OperatorMarks(
            downtimes: ["db1.ams": mark],
            replaced: ["db1.ams": ReplacedPrimary(recovery: 7, successor: "db2.ams", identity: nil)])
    }
}

extension RecoveryBook {
    /// One failover, done: db1 was given up for db2.
    static var afterFailover: RecoveryBook {
        var book = RecoveryBook()
        var done = RecoveryRecord.test(7, .done)
        done.loss = #"{"sentences": ["against the servers that answer: nothing is lost"]}"#
        done.hooks = JSON.hookResults
        book.recoveries = [done]
        return book
    }

    /// One whose process died.
    static var interrupted: RecoveryBook {
        var book = RecoveryBook()
        book.recoveries = [.test(7, .running)]
        return book
    }

    /// One that is at work, one that failed, one of the past, and why nothing was done in between.
    static var test: RecoveryBook {
        var book = RecoveryBook()
        var old = RecoveryRecord.test(5, .done, lost: ["db4.fra"])
        old.acknowledgement = RecoveryRecord.Acknowledgement(
            at: .testNow - .seconds(40), user: "bert", reason: "db4 is rebuilt")
        book.recoveries = [.test(7, .running), .test(6, .failed), old]
        book.atWork = [7]
        let failure = SeenFailure(
            "primary.dead", of: "db1.ams", in: ClusterName("db1.ams", alias: "shop"), role: "primary",
            began: .testNow - .seconds(120), evidence: "[]")
        book.detections = [DetectionRecord(id: 3, failure: failure, seenAt: .testNow - .seconds(2), endedAt: nil)]
        var blocked = BlockedRecovery(
            "primary.dead", of: "db1.ams", in: ClusterName("db1.ams", alias: "shop"), objection: "recent",
            blocker: 6, reason: "recovery 6 of this cluster began less than an hour ago",
            remedy: "baton ack 6 lets the next one begin", at: .testNow - .seconds(60))
        blocked.id = 2
        book.blocked = [blocked]
        return book
    }
}

extension [PlannedHooks] {
    /// Two before, of which one fences, and one after.
    static var test: [PlannedHooks] {
        [
            PlannedHooks(.preFailover, ["/usr/local/bin/tell-oncall"]), PlannedHooks(.fence, ["stonith {failedHost}"]),
            PlannedHooks(.postPrimaryFailover, ["/usr/local/bin/move-vip {successorHost}", "wall moved &"]),
            PlannedHooks(.postUnsuccessful, ["/usr/local/bin/tell-oncall"]),
        ]
    }
}

extension JSON {
    /// What a record holds of two hooks.
    fileprivate static var hookResults: String? {
        let results = [
            HookResult(
                occasion: "fence", command: "stonith {failedHost}", ending: .succeeded, output: "db1 is off\n",
                seconds: 1),
            HookResult(
                occasion: "post-primary-failover", command: "move-vip", ending: .failed(code: 3), output: "no route\n",
                seconds: 1),
        ]
        return try? JSON(encoding: results).text(.compact)
    }
}
