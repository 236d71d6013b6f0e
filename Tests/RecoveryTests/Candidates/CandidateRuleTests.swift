import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// A fleet in which one rule speaks of `db2`, and one in which it is silent is the untouched one.
struct CandidateRuleCase: Sendable, CustomTestStringConvertible {
    let rule: RuleID
    let gravity: Gravity
    var marks = OperatorMarks()
    var policy = CandidatePolicy()
    /// A word of the sentence.
    let says: String
    var change: @Sendable (inout RankingFleet) -> Void = { _ in }

    var testDescription: String { rule.rawValue }

    private static func facts(_ change: @escaping @Sendable (inout InstanceFacts) -> Void)
        -> @Sendable (inout RankingFleet) -> Void
    {
        { fleet in fleet.change("db2") { $0 = $0.changed(change) } }
    }

    private static func channel(
        _ change: @escaping @Sendable (inout ReplicationChannel) -> Void
    ) -> @Sendable (inout RankingFleet) -> Void {
        { fleet in fleet.change("db2") { $0 = $0.withChannel(change) } }
    }

    private static func mark<Meaning>(_ meaning: Meaning) -> Mark<Meaning> {
        Mark(meaning, owner: "anna", reason: "disk", begins: .testNow - .seconds(60))
    }

    static let all: [CandidateRuleCase] = [
        .init(rule: "rec.contact", gravity: .refuse, says: "has not answered") { fleet in
            fleet.change("db2") { $0 = $0.unreachable() }
        },
        .init(rule: "rec.stale", gravity: .refuse, says: "60 s ago") { fleet in
            fleet.change("db2") { $0.contact = .remembered(lastSeen: .testNow - .seconds(60)) }
        },
        .init(rule: "rec.proxy", gravity: .refuse, says: "proxy", change: facts { $0.proxy = .named("ProxySQL") }),
        .init(
            rule: "rec.member", gravity: .refuse, says: "elects its primary itself",
            change: facts { facts in
                let own = GroupReplicationMembership.Member(
                    uuid: .test(2), address: "db2", state: "ONLINE", isPrimary: true)
                facts.groupReplication = GroupReplicationMembership(
                    groupName: "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", isSinglePrimary: true, members: [own], own: own)
            }),
        .init(rule: "rec.must-not", gravity: .refuse, marks: .rules(["db2": .mustNot]), says: "anna said so"),
        .init(
            rule: "rec.maintenance", gravity: .refuse, marks: OperatorMarks(maintenances: ["db2": mark(Maintenance())]),
            says: "anna, disk"),
        .init(
            rule: "rec.downtime", gravity: .warn, marks: OperatorMarks(downtimes: ["db2": mark(Downtime.planned)]),
            says: "planned"),
        .init(
            rule: "rec.replaced", gravity: .refuse,
            marks: OperatorMarks(
                downtimes: ["db2": mark(Downtime.lostInRecovery)],
                replaced: ["db2": ReplacedPrimary(recovery: 4, successor: "db9", identity: nil)]),
            says: "db9:3306 took its place in recovery 4"),
        .init(rule: "rec.log-off", gravity: .refuse, says: "no binary log", change: facts { $0.binaryLog = nil }),
        .init(
            rule: "rec.log-updates", gravity: .refuse, says: "does not log what it applies",
            change: facts { $0.binaryLog?.logsReplicaUpdates = false }),
        .init(
            rule: "rec.filters", gravity: .refuse, says: "do-db=shop",
            change: channel { $0.filters = [ReplicationFilter(kind: "do-db", value: "shop")] }),
        .init(
            rule: "rec.applier", gravity: .refuse, says: "error 1062",
            change: channel { channel in
                channel.applier = .stopped
                channel.applierError = ReplicationError(code: 1062, message: "Duplicate entry")
            }),
        .init(rule: "rec.stopped", gravity: .warn, says: "is stopped", change: channel { $0.applier = .stopped }),
        .init(
            rule: "rec.data-center", gravity: .refuse, policy: CandidatePolicy(dataCenter: .require),
            says: "stands in fra, and db1:3306 in ams"
        ) { fleet in
            fleet.change("db1") { $0.location.dataCenter = "ams" }
            fleet.change("db2") { $0.location.dataCenter = "fra" }
        },
        .init(
            rule: "rec.region", gravity: .refuse, policy: CandidatePolicy(region: .require), says: "not known"
        ) { fleet in fleet.change("db1") { $0.location.region = "eu" } },
        .init(
            rule: "rec.sources", gravity: .confirm, says: "db9:3306",
            change: facts { $0.channels.append(.healthy(name: "other", from: "db9")) }),
        .init(rule: "rec.delay", gravity: .confirm, says: "60 s", change: channel { $0.delay = .seconds(60) }),
        .init(
            rule: "rec.lag", gravity: .confirm, policy: CandidatePolicy(lagLimit: .seconds(30)), says: "40 s behind",
            change: channel { $0.lag = Lag(measured: .seconds(40)) }),
        .init(
            rule: "rec.errant", gravity: .confirm, says: "errant transactions",
            change: facts { facts in
                facts.identity.serverUUID = .test(77)
                facts.gtid = .mysql(
                    MySQLGTIDState(
                        mode: .on,
                        executed: .test("\(RankingFleet.one):1-100,00000000-0000-0000-0000-00000000004d:1")))
            }),
        .init(rule: "rec.behind", gravity: .confirm, says: "misses 10 transactions") { fleet in
            // Who has more has purged something that `db2` lacks, so that it cannot give it.
            fleet.change("db2") { instance in
                instance = instance.changed { facts in
                    facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test("\(RankingFleet.one):1-90")))
                }.withChannel { $0.retrieved = .test("\(RankingFleet.one):1-90") }
            }
            fleet.change("db3") { instance in
                instance = instance.changed { facts in
                    let all: GTIDSet = .test("\(RankingFleet.one):1-100")
                    facts.gtid = .mysql(
                        MySQLGTIDState(mode: .on, executed: all, purged: .test("\(RankingFleet.one):1-95")))
                }
            }
        },
        .init(
            rule: "rec.unknown", gravity: .confirm, says: "cannot be said", change: facts { $0.gtid = .none }),
        .init(rule: "rec.cannot-follow", gravity: .warn, says: "db3:3306") { fleet in
            fleet.change("db3") {
                $0 = $0.changed { $0.version = ServerVersion(flavor: .mysql, major: 5, minor: 7, patch: 44) }
            }
        },
        .init(
            rule: "rec.newer", gravity: .warn, says: "9.1.0",
            change: facts { $0.version = ServerVersion(flavor: .mysql, major: 9, minor: 1, patch: 0) }),
        .init(rule: "rec.account", gravity: .warn, says: "db3:3306") { fleet in
            fleet.change("db3") { $0 = $0.withChannel { $0.user = nil } }
        },
        .init(rule: "rec.semi-sync", gravity: .warn, says: "not installed") { fleet in
            let side = SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(10), clients: 2)
            fleet.change("db1") { $0 = $0.changed { $0.semiSync.source = side } }
        },
    ]
}

@Suite("What may be said against a candidate")
struct CandidateRuleTests {
    private let healthy = RankingFleet([("db2", executed: 100, received: 100), ("db3", executed: 100, received: 100)])

    @Test("each rule speaks where it should, with its gravity and what helps", arguments: CandidateRuleCase.all)
    func speaks(_ example: CandidateRuleCase) throws {
        var fleet = healthy
        example.change(&fleet)
        let ranking = fleet.ranking(marks: example.marks, policy: example.policy)
        let candidate = try #require(ranking["db2"])
        let reason = try #require(
            candidate.verdict.reasons.first { $0.rule == example.rule }, "\(candidate.verdict.reasons)")
        #expect(reason.gravity == example.gravity)
        #expect(reason.sentence.contains(example.says), "\(reason.sentence)")
    }

    @Test("nothing is said against a good one")
    func silent() {
        #expect(healthy.ranking()["db2"]?.verdict == .allowed)
    }

    @Test("nothing is said of semi-sync that is installed and off: the plan switches it on")
    func semiSyncIsSwitchedOn() throws {
        var fleet = healthy
        let side = SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(10), clients: 2)
        fleet.change("db1") { $0 = $0.changed { $0.semiSync.source = side } }
        for address in ["db2", "db3"] as [InstanceAddress] {
            fleet.change(address) { instance in
                instance = instance.changed { facts in
                    facts.semiSync.source = side
                    facts.semiSync.source?.isEnabled = false
                    facts.semiSync.replica = SemiSync.ReplicaSide(isEnabled: true, isActive: true)
                }
            }
        }
        #expect(fleet.ranking()["db2"]?.verdict == .allowed)
        let answer = RecoveryPlanner().plan(.failover(of: "db1", to: "db2", FailoverPolicy()), in: fleet.scene)
        let commands = try #require(answer.plan).steps.filter { $0.instance == "db2" }.flatMap(\.commands)
        #expect(commands.contains(.setVariable(.semiSyncSource, to: "ON")), "\(commands)")
    }

    @Test("every rule has a case here, and a page of its own")
    func complete() {
        #expect(Set(CandidateRuleCase.all.map(\.rule)) == Set(CandidateRule.all.map(\.id)))
        let pages = CandidateRule.explanations + Explanation.all
        #expect(Set(pages.map(\.id)).count == pages.count)
    }
}
