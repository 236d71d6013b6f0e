import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// A cluster in which one check has something to say.
struct ReadinessCase: Sendable, CustomTestStringConvertible {
    let check: RuleID
    let weight: ReadinessFinding.Weight
    let says: String
    var marks = OperatorMarks()
    var switchedOff: String?
    var change: @Sendable (inout RankingFleet) -> Void = { _ in }

    var testDescription: String { "\(check): \(says)" }

    private static func each(
        _ servers: [InstanceAddress], _ change: @escaping @Sendable (inout InstanceFacts) -> Void
    ) -> @Sendable (inout RankingFleet) -> Void {
        { fleet in for server in servers { fleet.change(server) { $0 = $0.changed(change) } } }
    }

    private static func channels(
        _ servers: [InstanceAddress], _ change: @escaping @Sendable (inout ReplicationChannel) -> Void
    ) -> @Sendable (inout RankingFleet) -> Void {
        { fleet in for server in servers { fleet.change(server) { $0 = $0.withChannel(change) } } }
    }

    static let all: [ReadinessCase] = [
        .init(
            check: "ready.primary", weight: .blocks, says: "no server at the top",
            change: { fleet in
                fleet.change("db1") { $0 = $0.changed { $0.writability = .readOnly } }
                fleet.change("db3") { $0 = $0.changed { $0.channels.append(.healthy(name: "other", from: "db9")) } }
            }),
        .init(
            check: "ready.group", weight: .advice, says: "elects who takes writes",
            change: each(["db1"]) { $0.galera = .ofThree }),
        .init(check: "ready.recoveries", weight: .harms, says: "anna", switchedOff: "anna, since noon"),
        .init(
            check: "ready.candidate", weight: .blocks, says: "none of the 2",
            change: each(["db2", "db3"]) {
                $0.binaryLog = nil
            }),
        .init(
            check: "ready.candidate", weight: .harms, says: "db3:3306 alone",
            change: each(["db2"]) {
                $0.binaryLog = nil
            }),
        .init(
            check: "ready.followers", weight: .harms, says: "db3:3306 could not follow db2:3306",
            change: each(["db3"]) {
                $0.version = ServerVersion(flavor: .mysql, major: 5, minor: 7, patch: 44)
                $0.binaryLog = nil
            }),
        .init(
            check: "ready.promotion-rule", weight: .harms, says: "must", marks: .rules(["db2": .must]),
            change: each(["db2"]) { $0.binaryLog = nil }),
        .init(
            check: "ready.place", weight: .harms, says: "ams",
            change: { fleet in
                fleet.change("db1") { $0.location.dataCenter = "ams" }
                for server in ["db2", "db3"] as [InstanceAddress] {
                    fleet.change(server) { $0.location.dataCenter = "fra" }
                }
            }),
        .init(
            check: "ready.privileges", weight: .harms, says: "semi-sync status",
            change: each(["db2"]) {
                $0.unavailable = [UnavailableFact(fact: "semi-sync status", code: 1227, message: "denied")]
            }),
        .init(
            check: "ready.gtid", weight: .harms, says: "by position",
            change: channels(["db2"]) {
                $0.positioning = .binlogPosition
            }),
        .init(
            check: "ready.log-updates", weight: .harms, says: "does not log",
            change: each(["db2"]) {
                $0.binaryLog?.logsReplicaUpdates = false
            }),
        .init(
            check: "ready.errant", weight: .harms, says: "errant",
            change: each(["db2"]) { facts in
                facts.identity.serverUUID = .test(77)
                facts.gtid = .mysql(
                    MySQLGTIDState(
                        mode: .on, executed: .test("\(RankingFleet.one):1-100,00000000-0000-0000-0000-00000000004d:1")))
            }),
        .init(
            check: "ready.filters", weight: .advice, says: "leaves out",
            change: channels(["db2"]) {
                $0.filters = [ReplicationFilter(kind: "do-db", value: "shop")]
            }),
        .init(
            check: "ready.delay", weight: .harms, says: "every replica",
            change: channels(["db2", "db3"]) {
                $0.delay = .seconds(3600)
            }),
        .init(
            check: "ready.lag", weight: .harms, says: "less than 20 s",
            change: channels(["db2", "db3"]) {
                $0.lag = Lag(measured: .seconds(90))
            }),
        .init(
            check: "ready.versions", weight: .advice, says: "2 series",
            change: each(["db3"]) {
                $0.version = ServerVersion(flavor: .mysql, major: 9, minor: 1, patch: 0)
            }),
        .init(check: "ready.account", weight: .advice, says: "'repl'"),
        .init(
            check: "ready.account", weight: .harms, says: "no replication account",
            change: channels(["db3"]) {
                $0.user = nil
            }),
        .init(
            check: "ready.heartbeat", weight: .harms, says: "no heartbeats",
            change: channels(["db2"]) {
                $0.heartbeatPeriod = .zero
            }),
        .init(
            check: "ready.heartbeat", weight: .advice, says: "after 60 s",
            change: channels(["db2"]) {
                $0.heartbeatPeriod = .seconds(30)
            }),
        .init(
            check: "ready.semi-sync", weight: .harms, says: "waits for nobody",
            change: each(["db1"]) {
                $0.semiSync.source = .init(isEnabled: true, isActive: false, timeout: .seconds(10), clients: 0)
            }),
        .init(
            check: "ready.event-scheduler", weight: .harms, says: "only a restart",
            change: { fleet in
                fleet.change("db1") { $0 = $0.changed { $0.provisions.eventScheduler = .on } }
                fleet.change("db2") { $0 = $0.changed { $0.provisions.eventScheduler = .disabled } }
            }),
        .init(
            check: "ready.restart", weight: .harms, says: "super_read_only = ON",
            change: each(["db2"]) {
                $0.provisions.lostAtRestart = [SettingLostAtRestart(variable: "super_read_only", runtime: "ON")]
            }),
        .init(
            check: "ready.read-only", weight: .harms, says: "writable",
            change: each(["db2"]) {
                $0.writability = .writable
            }),
        .init(
            check: "ready.super-read-only", weight: .advice, says: "super_read_only off",
            change: each(["db2"]) {
                $0.writability = .readOnly
            }),
    ]
}

@Suite("What would block or harm a recovery today")
struct ReadinessTests {
    /// A cluster that lacks nothing but a proof that the account works.
    private func readiness(of example: ReadinessCase?) throws -> Readiness {
        var fleet = RankingFleet([("db2", executed: 100, received: 100), ("db3", executed: 100, received: 100)])
        fleet.change("db1") { $0.contact = .reachable(since: .testNow - .seconds(60)) }
        for server in ["db2", "db3"] as [InstanceAddress] {
            fleet.change(server) { instance in
                instance = instance.withChannel { channel in
                    channel.receiver = .running
                    channel.heartbeatPeriod = .seconds(1)
                }
            }
        }
        example?.change(&fleet)
        let scene = fleet.scene(marks: example?.marks ?? OperatorMarks())
        let cluster = try #require(scene.forest.cluster(of: "db1"))
        return Readiness(of: cluster, in: scene, switchedOff: example?.switchedOff)
    }

    @Test("each check speaks where it should, and says what mends it", arguments: ReadinessCase.all)
    func speaks(_ example: ReadinessCase) throws {
        let findings = try readiness(of: example).findings
        let finding = try #require(
            findings.first { $0.check == example.check && $0.sentence.contains(example.says) },
            "\(findings.map(\.sentence))")
        #expect(finding.weight == example.weight)
        #expect(!finding.remedies.isEmpty)
    }

    @Test("a good cluster has nothing but that nobody has tried the account")
    func ready() throws {
        let good = try readiness(of: nil)
        #expect(good.findings.map(\.check) == ["ready.account"])
        #expect(good.isPossible)
        #expect(good.ranking?.best?.instance == "db2")
    }

    @Test("every check has a case here")
    func complete() {
        #expect(Set(ReadinessCase.all.map(\.check)) == Set(ReadinessCheck.all.map(\.id)))
    }
}
