import Recovery
import Refactoring
import TestSupport
import Topology

/// Something that is wanted of a recovery, and the condition that is to speak.
struct RecoveryConditionCase: Sendable, CustomStringConvertible {
    let condition: RuleID
    /// What is special about it.
    let description: String
    /// How grave it is here; `nil` for as grave as its page says.
    let gravity: Gravity?
    /// What comes of the wish.
    let answer: @Sendable () -> PlanAnswer

    init(
        _ condition: some PlanCondition, _ description: String, as gravity: Gravity? = nil,
        _ answer: @escaping @Sendable () -> PlanAnswer
    ) {
        self.condition = condition.id
        self.description = "\(condition.id): \(description)"
        self.gravity = gravity
        self.answer = answer
    }

    /// A failover of `db1`.
    init(
        _ condition: FailoverCondition, _ description: String, as gravity: Gravity? = nil, _ fleet: RankingFleet,
        to candidate: InstanceAddress? = "db2", _ policy: FailoverPolicy = FailoverPolicy()
    ) {
        self.init(condition, description, as: gravity) {
            RecoveryPlanner().plan(.failover(of: "db1", to: candidate, policy), in: fleet.scene)
        }
    }

    /// A switchover from `db1` to `db2`.
    init(
        _ condition: SwitchoverCondition, _ description: String, to candidate: CandidateChoice = .named("db2"),
        marks: OperatorMarks = OperatorMarks(), on fleet: Fleet = .handingOver()
    ) {
        self.init(condition, description) {
            SwitchoverPlanner().plan(
                Switchover(of: "db1", to: candidate), in: RuleScene(fleet, now: .testNow, marks: marks))
        }
    }

    /// `db1` comes back.
    init(_ condition: RejoinCondition, _ description: String, after fleet: Fleet, _ wish: Rejoin = Rejoin("db1")) {
        self.init(condition, description) {
            RecoveryPlanner().plan(.rejoin(wish), in: RuleScene(fleet, now: .testNow))
        }
    }
}

enum RecoveryConditionCases {
    static let all = failovers + switchovers + rejoins

    private static let level = RankingFleet([("db2", 100, 100), ("db3", 100, 100)])
    private static let uneven = RankingFleet([("db2", 95, 96), ("db3", 99, 100)])

    private static let failovers: [RecoveryConditionCase] = [
        RecoveryConditionCase(.sourceAnswers, "a living primary", level.answering("db1")),
        RecoveryConditionCase(
            .sourceAnswers, "one that is given up all the same", as: .confirm, level.answering("db1"),
            FailoverPolicy(livingSource: .fence)),
        RecoveryConditionCase(.noReplica, "the last one is down", RankingFleet([("db2", 100, 100)]).without("db2")),
        RecoveryConditionCase(.unreadSource, "nobody has ever read it", level.unread("db1")),
        RecoveryConditionCase(.unknownCandidate, "one of another cluster", level, to: "db9"),
        RecoveryConditionCase(
            .groupDecides, "a member of Galera", level.with("db1", facts: { $0.galera = .ofThree })),
        RecoveryConditionCase(
            .behind, "what another has is not waited for", uneven, FailoverPolicy(unapplied: .lose)),
        RecoveryConditionCase(
            .unapplied, "what it has itself is not waited for", uneven, FailoverPolicy(unapplied: .lose)),
        RecoveryConditionCase(
            .lostReplica, "by position one that has more", .byPosition([("db2", 700, 800), ("db3", 900, 900)])),
        RecoveryConditionCase(
            .lostReplica, "by position one that is late on purpose",
            RankingFleet.byPosition([("db2", 900, 900), ("db3", 700, 900)]).with(
                "db3", channel: { $0.delay = .seconds(3_600) })),
        RecoveryConditionCase(
            .silentReplica, "one is down",
            RankingFleet([("db2", 100, 100), ("db3", 100, 100), ("db4", 100, 100)]).without("db4")),
        RecoveryConditionCase(
            .receivesStill, "one replica hears from it", level.with("db3", channel: { $0.receiver = .running })),
        RecoveryConditionCase(.sourceAnswers, "one that turns baton away", level.turningAway("db1")),
        RecoveryConditionCase(
            .sourceAnswers, "one that turns baton away, and is given up all the same", as: .confirm,
            level.turningAway("db1"), FailoverPolicy(livingSource: .fence)),
        RecoveryConditionCase(FailoverCondition.replaced, "another took its place before") {
            let lost = Mark(Downtime.lostInRecovery, owner: "ann", reason: "", begins: .testNow - .seconds(60))
            let marks = OperatorMarks(
                downtimes: ["db1": lost],
                replaced: ["db1": ReplacedPrimary(recovery: 4, successor: "db9", identity: nil)])
            return RecoveryPlanner().plan(
                .failover(of: "db1", to: nil, FailoverPolicy()), in: level.scene(marks: marks))
        },
        RecoveryConditionCase(
            .knownLoss, "five were seen there", RankingFleet(written: 105, [("db2", 100, 100), ("db3", 100, 100)])),
        RecoveryConditionCase(
            .unconfirmed, "somebody has stopped all receivers",
            level.with("db2", channel: { ($0.receiver, $0.receiverError) = (.stopped, nil) })
                .with("db3", channel: { ($0.receiver, $0.receiverError) = (.stopped, nil) })),
        RecoveryConditionCase(FailoverCondition.preferred, "one that must be, and is late on purpose") {
            let late = level.with("db3", channel: { $0.delay = .seconds(3_600) })
            return RecoveryPlanner().plan(
                .failover(of: "db1", to: "db2", FailoverPolicy()), in: late.scene(marks: .rules(["db3": .must])))
        },
        RecoveryConditionCase(.restart, "it was read-only", level),
        RecoveryConditionCase(
            .brokenApplier, "it met a row twice",
            level.with(
                "db3",
                channel: {
                    ($0.applier, $0.applierError) = (.stopped, ReplicationError(code: 1062, message: "Duplicate entry"))
                })),
        RecoveryConditionCase(
            .eventScheduler, "MariaDB's ran events",
            RankingFleet.mariadb([("db2", 100, 100), ("db3", 100, 100)]).with(
                "db1", facts: { $0.provisions.eventScheduler = .on })),
    ]

    private static func rule(_ rule: PromotionRule) -> OperatorMarks { .rules(["db2": rule]) }

    private static let maintenance = OperatorMarks(
        maintenances: ["db2": Mark(Maintenance(), owner: "ann", reason: "disk", begins: .testNow - .seconds(1))])

    private static let switchovers: [RecoveryConditionCase] = [
        RecoveryConditionCase(.noPrimary, "it is down", on: .handingOver { $0.update(.source("db1").unreachable()) }),
        RecoveryConditionCase(
            .primaryReadOnly, "nobody writes on it",
            on: .handingOver { $0.update(.source("db1", writability: .readOnly)) }),
        RecoveryConditionCase(
            .primaryIsReplica, "one of a ring",
            on: Fleet([
                .replica("db1", of: "db4", writability: .writable), .replica("db4", of: "db1"),
                .replica("db2", of: "db1"),
            ])),
        RecoveryConditionCase(
            .member, "of Galera",
            on: .handingOver { $0.update(Instance.source("db1").changed { $0.galera = .ofThree }) }),
        RecoveryConditionCase(.alreadyPrimary, "itself", to: .named("db1")),
        RecoveryConditionCase(.noCandidate, "it has none", to: .best, on: Fleet([.source("db1")])),
        RecoveryConditionCase(.candidateUnnamed, "there are two", to: .only),
        RecoveryConditionCase(
            .notDirect, "one further down", to: .named("db4"),
            on: .handingOver { $0.update(.replica("db4", of: "db2")) }),
        RecoveryConditionCase(
            .otherSources, "two channels",
            on: Fleet([
                .source("db1"), .multiSourceReplica("db2", of: ["db1", "db3"]), .replica("db3", of: "db1"),
            ])),
        RecoveryConditionCase(
            .notReplicating, "its applier stands",
            on: .handingOver { $0.change("db2") { $0.channels[0].applier = .stopped } }
        ),
        RecoveryConditionCase(
            .lag, "a minute",
            on: .handingOver { $0.change("db2") { $0.channels[0].lag = Lag(measured: .seconds(60)) } }),
        RecoveryConditionCase(
            .delayed, "an hour", on: .handingOver { $0.change("db2") { $0.channels[0].delay = .seconds(3_600) } }),
        RecoveryConditionCase(
            .candidateWritable, "already", on: .handingOver { $0.change("db2") { $0.writability = .writable } }),
        RecoveryConditionCase(
            .otherWritable, "a sibling", on: .handingOver { $0.change("db3") { $0.writability = .writable } }),
        RecoveryConditionCase(
            .noBinaryLog, "of what it replicates",
            on: .handingOver { $0.change("db2") { $0.binaryLog?.logsReplicaUpdates = false } }),
        RecoveryConditionCase(.promotion, "must-not", marks: rule(.mustNot)),
        RecoveryConditionCase(.unwanted, "prefer-not", marks: rule(.preferNot)),
        RecoveryConditionCase(.maintenance, "of the candidate", marks: maintenance),
        RecoveryConditionCase(
            .siblingStays, "one is down",
            on: .handingOver { $0.update(Instance.replica("db3", of: "db1").unreachable()) }),
        RecoveryConditionCase(.restart, "a healthy pair"),
    ]

    private static let rejoins: [RecoveryConditionCase] = [
        RecoveryConditionCase(
            .noPrimary, "another history", after: .returned(old: "00000000-0000-0000-0000-0000000000dd:1-3")),
        RecoveryConditionCase(.follows, "a replica", after: .returned(), Rejoin("db3", below: "db2")),
        RecoveryConditionCase(.feeds, "the primary of the other", after: .returned(), Rejoin("db2", below: "db3")),
        RecoveryConditionCase(
            .member, "of Galera", after: .returned { $0.change("db1") { $0.galera = .ofThree } },
            Rejoin("db1", below: "db2")),
        RecoveryConditionCase(
            .noGTIDs, "one without", after: .returned { $0.change("db1") { $0.gtid = GTIDState.none } },
            Rejoin("db1", below: "db2")),
        RecoveryConditionCase(
            .diverged, "three transactions of its own",
            after: .returned(old: Fleet.shared + ",00000000-0000-0000-0000-0000000000cc:1-3")),
        RecoveryConditionCase(
            .forgotten, "a log that was reset", after: .returned(mariadb: "", new: "0-1-100,0-2-107"),
            Rejoin("db1", below: "db2")),
        RecoveryConditionCase(
            .nothingInCommon, "one that never wrote", after: .returned(mariadb: "", new: "0-2-7"),
            Rejoin("db1", below: "db2")),
        RecoveryConditionCase(.noAccount, "nobody follows the primary", after: .returned { $0.remove("db3") }),
        RecoveryConditionCase(
            .primaryReadOnly, "a failover that has not ended",
            after: .returned { $0.change("db2") { $0.writability = .readOnly } }),
    ]
}

extension RankingFleet {
    /// The fleet with a server of which only the address is known.
    fileprivate func unread(_ address: InstanceAddress) -> RankingFleet {
        var copy = self
        copy.change(address) { $0.facts = nil }
        return copy
    }
}

extension GaleraMembership {
    static let ofThree = GaleraMembership(
        clusterID: "g", clusterName: "g", state: "Synced", isInPrimaryComponent: true, size: 3, members: [])
}

extension Fleet {
    fileprivate static let shared = "00000000-0000-0000-0000-0000000000aa:1-100"

    /// `db1` with two replicas, all well.
    static func handingOver(_ change: (inout Fleet) -> Void = { _ in }) -> Fleet {
        var fleet = Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")])
        change(&fleet)
        return fleet
    }

    /// `db1` was the primary; `db2` took its place, and `db3` follows it.
    fileprivate static func returned(old: String? = nil, _ change: (inout Fleet) -> Void = { _ in }) -> Fleet {
        let new = shared + ",00000000-0000-0000-0000-0000000000bb:1-7"
        var fleet = Fleet([
            .source("db1", executed: old ?? shared), .source("db2", executed: new),
            .replica("db3", of: "db2", executed: new),
        ])
        change(&fleet)
        return fleet
    }

    /// The same on MariaDB, with what the logs of the two hold.
    fileprivate static func returned(mariadb old: String, new: String) -> Fleet {
        let version = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
        var fleet = Fleet([
            .source("db1", version: version), .source("db2", version: version),
            .replica("db3", of: "db2", version: version, writability: .readOnly),
        ])
        for address: InstanceAddress in ["db1", "db2", "db3"] {
            let state = (try? GTIDBinlogState(parsing: address == "db1" ? old : new)) ?? GTIDBinlogState()
            let position = GTIDPosition(state.gtids)
            fleet.change(address) { facts in
                if address == "db1" { facts.identity.serverID = 1 }
                facts.gtid = .mariadb(
                    MariaDBGTIDState(
                        binlogPosition: position, currentPosition: position, binlogState: state, isStrict: true))
                for index in facts.channels.indices { facts.channels[index].positioning = .replicaPosition }
            }
        }
        return fleet
    }

    /// Changes the facts of a server.
    fileprivate mutating func change(_ address: InstanceAddress, _ change: (inout InstanceFacts) -> Void) {
        if let server = self[address] { update(server.changed(change)) }
    }
}
