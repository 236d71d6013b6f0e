import Refactoring
import TestSupport
import Topology

/// One wish, and the condition that is to speak.
struct ConditionCase: Sendable, CustomStringConvertible {
    let condition: RuleID
    /// What is special about it.
    let description: String
    /// What comes of the wish.
    let answer: @Sendable () -> PlanAnswer

    init(
        _ condition: some PlanCondition, _ description: String, _ answer: @escaping @Sendable () -> PlanAnswer
    ) {
        self.condition = condition.id
        self.description = "\(condition.id): \(description)"
        self.answer = answer
    }

    init(_ condition: some PlanCondition, _ description: String, _ move: Move, _ fleet: Fleet = .byGTID) {
        self.init(condition, description) { MovePlanner.permissive.plan(move, in: RuleScene(fleet)) }
    }

    init(_ condition: some PlanCondition, _ description: String, _ operation: ServerOperation, _ fleet: Fleet = .byGTID)
    {
        self.init(condition, description) { MovePlanner.permissive.plan(operation, in: RuleScene(fleet)) }
    }
}

extension Fleet {
    static let byGTID = Fleet.family(.mysqlGTID)
    static let byPosition = Fleet.family(.mysqlPosition)
    /// `db4` replicates from `db1` and from `db2` over channels of their names.
    fileprivate static let ofSeveralSources = Fleet([
        .source("db1"), .source("db2"), .source("db3"), .multiSourceReplica("db4", of: ["db1", "db2"]),
    ])
    /// `db1` and `db2` follow each other; only `db2` takes writes.
    fileprivate static let pair = Fleet([
        .replica("db1", of: "db2"), .replica("db2", of: "db1", writability: .writable),
    ])

    /// The family with a change to the facts of one server.
    fileprivate static func family(
        _ way: Way, _ address: InstanceAddress, _ change: @escaping (inout InstanceFacts) -> Void
    ) -> Fleet { Fleet.family(way).changing(address) { $0.changed(change) } }

    /// The family with an applier of `db3` that stopped on that error.
    fileprivate static func failing(
        _ way: Way, _ message: String, _ change: @escaping (inout InstanceFacts) -> Void = { _ in }
    ) -> Fleet {
        family(way, "db3") { facts in
            facts.channels[0].applier = .stopped
            facts.channels[0].applierError = ReplicationError(code: 1062, message: message)
            change(&facts)
        }
    }

    /// The family with so many transactions on `db3` that no other server has.
    fileprivate static func errant(_ count: UInt64, on address: InstanceAddress = "db3") -> Fleet {
        family(.mysqlGTID, address) { facts in
            facts.gtid = .mysql(
                MySQLGTIDState(mode: .on, executed: GTIDSet(uuid: address.testUUID, 1...count)))
        }
    }
}

/// Every condition with a wish that it speaks to.
enum ConditionCases {
    static let all = naming + moving + pairing + gtids + threads + skipping + errant + logs + servers + making

    private static let db3 = ReplicaChannel("db3")

    static let naming: [ConditionCase] = [
        ConditionCase(NamingCondition.unknownServer, "nobody knows it", .relocate(ReplicaChannel("db9"), below: "db2")),
        ConditionCase(
            NamingCondition.unreadServer, "known by its name", .startReplica(ReplicaChannel("db8")),
            Fleet([.source("db1"), .unprobed("db8")])),
        ConditionCase(NamingCondition.notReplica, "the primary", .startReplica(ReplicaChannel("db1"))),
        ConditionCase(
            NamingCondition.noChannel, "another name", .stopReplica(ReplicaChannel("db3", channel: "x"))),
        ConditionCase(
            NamingCondition.channelUnnamed, "two sources", .relocate(ReplicaChannel("db4"), below: "db3"),
            .ofSeveralSources),
    ]

    static let moving: [ConditionCase] = [
        ConditionCase(
            MoveCondition.noMethod, "by position below a stopped sibling", .relocate(db3, below: "db2"),
            Fleet.byPosition.changing("db2") { $0.stopped() }),
        ConditionCase(MoveCondition.ring, "below its own replica", .relocate(ReplicaChannel("db2"), below: "db4")),
        ConditionCase(MoveCondition.nothing, "no moves") {
            MovePlanner.permissive.plan([Move](), intent: "Nothing", in: RuleScene(.byGTID))
        },
        ConditionCase(MoveCondition.noSourceAbove, "below the primary", .moveUp(db3)),
        ConditionCase(MoveCondition.notSiblings, "of two sources", .moveBelow(ReplicaChannel("db4"), sibling: "db3")),
        ConditionCase(
            MoveCondition.noSiblings, "the only replica", .takeSiblings(ReplicaChannel("db2")),
            Fleet([.source("db1"), .replica("db2", of: "db1")])),
        ConditionCase(MoveCondition.noReplicas, "a leaf", .relocateReplicas(of: "db3", only: nil, below: "db1")),
        ConditionCase(MoveCondition.noReplicas, "a leaf, pointed again", .repointReplicas(of: "db3", only: nil)),
        ConditionCase(MoveCondition.nothingToRegroup, "a leaf", .regroup(of: "db3")),
        ConditionCase(
            MoveCondition.noLeader, "none logs", .regroup(of: "db2"),
            ["db4", "db5"].reduce(Fleet.byGTID) { fleet, address in
                fleet.changing(address) { $0.changed { $0.binaryLog?.logsReplicaUpdates = false } }
            }),
        ConditionCase(MoveCondition.sourceIsPrimary, "below the primary", .takeSource(db3)),
        ConditionCase(MoveCondition.trustedPlace, "by position", .repoint(db3, to: "db2"), .byPosition),
        ConditionCase(
            MoveCondition.detached, "once more", .detach(db3),
            .family(.mysqlGTID, "db3") {
                ($0.channels[0].source, $0.channels[0].detachedFrom) = (nil, "db1")
            }),
        ConditionCase(MoveCondition.notDetached, "an attached one", .reattach(db3)),
    ]

    static let pairing: [ConditionCase] = [
        ConditionCase(CoPrimaryCondition.already, "a pair", .makeCoPrimary(ReplicaChannel("db2")), .pair),
        ConditionCase(CoPrimaryCondition.already, "a pair that swaps", .takeSource(ReplicaChannel("db2")), .pair),
        ConditionCase(CoPrimaryCondition.sourceIsReplica, "further down", .makeCoPrimary(ReplicaChannel("db4"))),
        ConditionCase(
            CoPrimaryCondition.otherChannels, "two sources",
            .makeCoPrimary(ReplicaChannel("db4", channel: "from_db1")), .ofSeveralSources),
        ConditionCase(
            CoPrimaryCondition.writable, "a writable one", .makeCoPrimary(db3),
            .family(.mysqlGTID, "db3") { $0.writability = .writable }),
        ConditionCase(
            CoPrimaryCondition.noBinaryLog, "one without log", .makeCoPrimary(db3),
            .family(.mysqlGTID, "db3") { $0.binaryLog?.logsReplicaUpdates = false }),
        ConditionCase(CoPrimaryCondition.notOne, "a plain replica", .endCoPrimary(db3)),
        ConditionCase(CoPrimaryCondition.partnerWritable, "of two", .endCoPrimary(ReplicaChannel("db1")), .pair),
    ]

    static let gtids: [ConditionCase] = [
        ConditionCase(GTIDCondition.used, "by GTID", .enableGTID(db3)),
        ConditionCase(GTIDCondition.unused, "by position", .disableGTID(db3), .byPosition),
        ConditionCase(
            GTIDCondition.mode, "off on the source", .enableGTID(db3),
            .byPosition.changing("db1") {
                $0.changed { $0.gtid = .mysql(MySQLGTIDState(mode: .off, executed: GTIDSet())) }
            }),
        ConditionCase(
            GTIDCondition.none, "none on the source", .enableGTID(db3),
            .byPosition.changing("db1") { $0.changed { $0.gtid = .none } }),
        ConditionCase(
            GTIDCondition.emptyPosition, "no position", .enableGTID(db3),
            .family(.mariadbPosition, "db3") { $0.gtid = .mariadb(MariaDBGTIDState()) }),
        ConditionCase(
            GTIDCondition.domainFilters, "a filter", .disableGTID(db3),
            .family(.mariadbGTID, "db3") {
                $0.channels[0].filters = [ReplicationFilter(kind: "ignore-domain-ids", value: "7")]
            }),
        ConditionCase(
            GTIDCondition.ownWrites, "a write of its own", .restartReplica(db3),
            .family(.mariadbGTID, "db3") { facts in
                let own = MariaDBGTID(domain: 0, server: facts.identity.serverID, sequence: 900)
                facts.channels[0].positioning = .currentPosition
                facts.gtid = .mariadb(MariaDBGTIDState(currentPosition: GTIDPosition([own])))
            }),
    ]

    static let threads: [ConditionCase] = [
        ConditionCase(ReplicaCondition.running, "both threads run", .startReplica(db3)),
        ConditionCase(
            ReplicaCondition.stopped, "both are stopped", .stopReplica(db3), .byGTID.changing("db3") { $0.stopped() }),
        ConditionCase(
            ReplicaCondition.applierStopped, "the applier is", .stopReplicaNicely(db3),
            .family(.mysqlGTID, "db3") { $0.channels[0].applier = .stopped }),
        ConditionCase(
            ReplicaCondition.delayed, "an hour", .stopReplicaNicely(db3),
            .family(.mysqlGTID, "db3") { $0.channels[0].delay = .seconds(3_600) }),
        ConditionCase(
            ReplicaCondition.placeUnknown, "applied nothing yet", .disableGTID(db3),
            .family(.mysqlGTID, "db3") { $0.channels[0].executed = nil }),
        ConditionCase(ReplicaCondition.badDelay, "half a second", .delayReplication(db3, .milliseconds(500))),
        ConditionCase(ReplicaCondition.sameDelay, "none", .delayReplication(db3, .zero)),
        ConditionCase(ReplicaCondition.forgets, "a running one", .resetReplica(db3)),
    ]

    static let skipping: [ConditionCase] = [
        ConditionCase(ReplicaCondition.noError, "all is well", .skipTransaction(db3)),
        ConditionCase(
            ReplicaCondition.unknownTransaction, "none is named, none is missing", .skipTransaction(db3),
            .failing(.mysqlGTID, "Duplicate entry")),
        ConditionCase(
            ReplicaCondition.severalDomains, "none is named", .skipTransaction(db3),
            .failing(.mariadbGTID, "Duplicate entry") { facts in
                let gtids = [0, 1].map { MariaDBGTID(domain: $0, server: 1, sequence: 1) }
                facts.gtid = .mariadb(MariaDBGTIDState(replicaPosition: GTIDPosition(gtids)))
            }),
        ConditionCase(
            ReplicaCondition.othersRun, "another connection", .skipTransaction(ReplicaChannel("db3", channel: "")),
            .failing(.mariadbGTID, "Duplicate entry, Gtid 0-1-101, Internal") {
                $0.channels.append(.healthy(name: "other", from: "db2"))
            }),
        ConditionCase(
            ReplicaCondition.dataDiffer, "a named one", .skipTransaction(db3),
            .failing(.mariadbGTID, "Duplicate entry, Gtid 0-1-101, Internal")),
        ConditionCase(
            ReplicaCondition.needsSuper, "none is named", .skipTransaction(db3),
            .failing(.mariadbPosition, "Duplicate entry")),
        ConditionCase(
            ReplicaCondition.placeUnknown, "nothing says which is next", .skipTransaction(db3),
            .failing(.mariadbPosition, "Duplicate entry") { $0.channels[0].executed = nil }),
    ]

    static let errant: [ConditionCase] = [
        ConditionCase(ErrantCondition.none, "all is well", .injectErrant("db3")),
        ConditionCase(
            ErrantCondition.mariadb, "a write of its own", .resetErrant("db2"),
            Fleet(
                MariaTrio.with(
                    MariaTrio.replica(
                        "db2", MariaTrio.state(MariaTrio.position(101, server: InstanceAddress("db2").testServerID)))))),
        ConditionCase(
            ErrantCondition.noPrimary, "a read-only primary", .injectErrant("db3"),
            .errant(2).changing("db1") { $0.changed { $0.writability = .superReadOnly } }),
        ConditionCase(ErrantCondition.tooMany, "a million", .injectErrant("db3"), .errant(1_000_000)),
        ConditionCase(ErrantCondition.hasReplicas, "a relay", .resetErrant("db2"), .errant(2, on: "db2")),
        ConditionCase(ErrantCondition.notAtRest, "it runs", .resetErrant("db3"), .errant(2)),
        ConditionCase(ErrantCondition.dataDiffer, "two of them", .injectErrant("db3"), .errant(2)),
    ]

    static let logs: [ConditionCase] = [
        ConditionCase(
            LogCondition.off, "none", .flushBinaryLogs("db1"), .family(.mysqlGTID, "db1") { $0.binaryLog = nil }),
        ConditionCase(LogCondition.noFile, "no number", .purgeBinaryLogs("db1", to: "all of them")),
        ConditionCase(LogCondition.noFile, "not yet written", .purgeBinaryLogs("db1", to: "binlog.000002")),
        ConditionCase(
            LogCondition.placeUnknown, "applied nothing yet", .purgeBinaryLogs("db1", to: "binlog.000001"),
            .family(.mysqlGTID, "db3") { $0.channels[0].executed = nil }),
        ConditionCase(
            LogCondition.needed, "far behind", .purgeBinaryLogs("db1", to: "binlog.000008"), .longLogs),
        ConditionCase(LogCondition.purged, "none behind", .purgeBinaryLogs("db1", to: "binlog.000007"), .longLogs),
    ]

    static let servers: [ConditionCase] = [
        ConditionCase(ServerCondition.readOnly, "a replica", .setReadOnly("db3", semiSync: .leave)),
        ConditionCase(ServerCondition.writable, "the primary", .setWritable("db1", semiSync: .leave)),
        ConditionCase(ServerCondition.stopsWrites, "the primary", .setReadOnly("db1", semiSync: .leave)),
        ConditionCase(ServerCondition.replicaWritable, "a replica", .setWritable("db3", semiSync: .leave)),
        ConditionCase(ServerCondition.givenUp, "another took its place") {
            let lost = Mark(Downtime.lostInRecovery, owner: "ann", reason: "", begins: .testNow - .seconds(60))
            let marks = OperatorMarks(
                downtimes: ["db1": lost],
                replaced: ["db1": ReplacedPrimary(recovery: 4, successor: "db2", identity: nil)])
            let fleet = Fleet.family(.mysqlGTID, "db1") { $0.writability = .readOnly }
            return MovePlanner.permissive.plan(
                .setWritable("db1", semiSync: .leave), in: RuleScene(fleet, now: .testNow, marks: marks))
        },
        ConditionCase(ServerCondition.noSemiSync, "no plug-in", .setSemiSync("db1", .source, .on)),
        ConditionCase(ServerCondition.semiSync, "on already", .setSemiSync("db1", .source, .on), .semiSync),
        ConditionCase(ServerCondition.semiSyncOff, "of a source", .setSemiSync("db1", .source, .off), .semiSync),
    ]

    static let making: [ConditionCase] = [
        ConditionCase(PlanMakingCondition.unsayable, "a delay on a server that knows none") {
            let fleet = Fleet.family(.mariadbPosition, "db3") {
                $0.version = ServerVersion(flavor: .mariadb, major: 10, minor: 1, patch: 48)
            }
            return MovePlanner.permissive.plan(.delayReplication(db3, .seconds(60)), in: RuleScene(fleet))
                .feasible(on: fleet) { _ in true }
        },
        ConditionCase(PlanMakingCondition.impossible, "a picture of the past") {
            .impossible("nothing can be planned here", help: "open the console on live servers")
        },
        ConditionCase(PlanMakingCondition.secret, "a password that nobody knows") {
            MovePlanner.permissive.plan(.makeCoPrimary(db3), in: RuleScene(.byGTID))
                .feasible(on: .byGTID) { _ in false }
        },
        ConditionCase(PlanMakingCondition.changed, "stopped, and started by somebody else") {
            let answer = MovePlanner.permissive.plan(.stopReplica(db3), in: RuleScene(.byGTID))
            return answer.plan.map { MovePlanner.permissive.undo($0, in: RuleScene(.byGTID)) } ?? answer
        },
        ConditionCase(PlanMakingCondition.undecided, "one that was stopped in its middle") {
            MovePlanner.permissive.plan(.stopReplica(db3), in: RuleScene(.byGTID))
                .warning(of: [UndecidedOperation(id: 7, intent: "Move db3:3306 below db2:3306", instances: ["db3"])])
        },
        ConditionCase(PlanMakingCondition.promotionBegun, "a switchover that died in its middle") {
            let scene = RuleScene(Fleet.byGTID)
            let answer = MovePlanner.permissive.plan(.setWritable("db2", semiSync: .leave), in: scene)
            guard case .plan(var plan, let verdict) = answer else { return answer }
            plan.writeBlock = WriteBlock(from: "db1", to: "db2", first: 0, last: 0)
            let begun = BegunPromotion(id: 7, plan, begun: [0], .undecided).map { [$0] } ?? []
            return .plan(plan, verdict).refusing(secondTo: begun, in: scene)
        },
        ConditionCase(PlanMakingCondition.irreversible, "a flushed log") {
            let scene = RuleScene(Fleet.byGTID)
            let answer = MovePlanner.permissive.plan(.flushBinaryLogs("db1"), in: scene)
            return answer.plan.map { MovePlanner.permissive.undo($0, in: scene) } ?? answer
        },
    ]
}

extension Fleet {
    /// The family with a primary that has written many logs.
    fileprivate static let longLogs = family(.mysqlGTID, "db1") {
        $0.binaryLog?.position = BinlogPosition(file: "binlog.000009", offset: 4)
    }
    /// The family with the source's side of semi-sync on.
    fileprivate static let semiSync = family(.mysqlGTID, "db1") {
        $0.semiSync = SemiSync(
            source: SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(1), clients: 1))
    }
}
