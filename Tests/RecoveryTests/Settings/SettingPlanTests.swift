import Diagnosis
import Recovery
import Refactoring
import TestSupport
import Testing
import Topology

/// A primary `db1` that lives, with four replicas: what is told to whom so that as many acknowledge as it waits for.
@Suite("Plans that put the settings of a primary right")
struct SettingPlanTests {
    private static let replicas: [InstanceAddress] = ["db2", "db3", "db4", "db5"]

    /// - Parameters:
    ///   - waits: for how many the primary waits.
    ///   - acknowledging: those that acknowledge now.
    private static func fleet(waits: Int, acknowledging: Set<InstanceAddress>) -> RankingFleet {
        var fleet = RankingFleet(replicas.map { ($0, 100, 100) }).answering("db1").with(
            "db1",
            facts: { facts in
                facts.semiSync.source = SemiSync.SourceSide(
                    isEnabled: true, isActive: true, timeout: .seconds(3_600), waitForReplicas: waits,
                    clients: acknowledging.count)
            })
        for replica in replicas {
            let isOn = acknowledging.contains(replica)
            fleet = fleet.with(replica, channel: { $0.receiver = .running }).with(
                replica, facts: { $0.semiSync.replica = SemiSync.ReplicaSide(isEnabled: isOn, isActive: isOn) })
        }
        return fleet
    }

    /// What is so, and who is then switched which way.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var waits = 2
        var acknowledging: Set<InstanceAddress> = []
        var wanted = FailureLimits.SemiSyncCount.atLeast
        var priorities: [InstanceAddress: Int] = [:]
        var rules: [InstanceAddress: PromotionRule] = [:]
        var without: [InstanceAddress] = []
        /// Replicas whose side is on, and whose receiver does not know.
        var unaware: [InstanceAddress] = []
        var on: [InstanceAddress] = []
        var off: [InstanceAddress] = []
        var refused: String?
    }

    static let cases = [
        Case(testDescription: "by address where nothing else decides", on: ["db2", "db3"]),
        Case(testDescription: "only as many as are missing", acknowledging: ["db4"], on: ["db2"]),
        Case(
            testDescription: "the higher priority first, and none with 0",
            priorities: ["db2": 0, "db3": 1, "db4": 9, "db5": 1], on: ["db3", "db4"]),
        Case(
            testDescription: "of equal priority those that are wanted as a primary",
            rules: ["db5": .prefer, "db2": .preferNot], on: ["db3", "db5"]),
        Case(testDescription: "nobody who must not be promoted", rules: ["db2": .mustNot], on: ["db3", "db4"]),
        Case(testDescription: "nobody who does not answer", without: ["db2", "db3"], on: ["db4", "db5"]),
        Case(
            testDescription: "a side that is on is told to the source", waits: 1, unaware: ["db2"], on: ["db2"]),
        Case(
            testDescription: "too few could", waits: 3, without: ["db2", "db3"], refused: "setting.too-few-could"),
        Case(
            testDescription: "more than are asked for are left so", waits: 1, acknowledging: ["db2", "db3"],
            refused: "setting.enough-acknowledge"),
        Case(
            testDescription: "exactly as many, the others off", waits: 1, acknowledging: ["db2", "db3", "db4"],
            wanted: .exact, off: ["db3", "db4"]),
        Case(
            testDescription: "exactly those with the highest priority", waits: 1, acknowledging: ["db2"],
            wanted: .exact, priorities: ["db5": 7], on: ["db5"], off: ["db2"]),
        Case(
            testDescription: "exactly as many already", waits: 2, acknowledging: ["db2", "db3"], wanted: .exact,
            refused: "setting.enough-acknowledge"),
    ]

    @Test("as many acknowledge as are waited for, chosen as orchestrator does", arguments: cases)
    func acknowledging(_ example: Case) throws {
        var fleet = Self.fleet(waits: example.waits, acknowledging: example.acknowledging)
        for (address, priority) in example.priorities {
            fleet = fleet.with(address, facts: { $0.attributes.semiSyncPriority = priority })
        }
        for address in example.unaware { fleet = fleet.with(address, facts: { $0.semiSync.replica?.isEnabled = true }) }
        for address in example.without { fleet = fleet.without(address) }
        let answer = RecoveryPlanner(candidates: CandidatePolicy(semiSync: example.wanted)).plan(
            .semiSync(of: "db1"), in: fleet.scene(marks: .rules(example.rules)))
        func switched(_ state: SwitchState) -> [InstanceAddress] {
            answer.plan?.steps.filter { $0.proof.contains(.acknowledges(state)) }.map(\.instance).sorted() ?? []
        }
        #expect(answer.plan == nil ? answer.reasons.first?.rule.rawValue == example.refused : example.refused == nil)
        #expect(switched(.on) == example.on)
        #expect(switched(.off) == example.off)
        guard let plan = answer.plan else { return }
        #expect(plan.succession == Succession(.semiSync, of: "db1"))
        let lastOn = plan.steps.filter { $0.proof.contains(.acknowledges(.on)) }.map(\.stage).max() ?? -1
        let firstOff = plan.steps.filter { $0.proof.contains(.acknowledges(.off)) }.map(\.stage).min() ?? .max
        #expect(lastOn < firstOff, "others are switched on before anybody is switched off")
        for step in plan.steps {
            #expect(
                step.commands.contains(.startReplication(channel: "", threads: .receiver)), "its source learns of it")
        }
    }

    /// A read-only primary, and what else is so.
    struct Writing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var change: @Sendable (RankingFleet) -> RankingFleet = { $0 }
        var marks = OperatorMarks()
        let expected: [String]
    }

    static let writings = [
        Writing(testDescription: "nobody else is writable", expected: []),
        Writing(
            testDescription: "a replica is writable", change: { $0.with("db3", facts: { $0.writability = .writable }) },
            expected: ["setting.another-writable"]),
        Writing(
            testDescription: "one that does not answer was writable",
            change: { $0.with("db3", facts: { $0.writability = .writable }).without("db3") },
            expected: ["setting.unseen-writable"]),
        Writing(
            testDescription: "the primary itself does not answer", change: { $0.without("db1") },
            expected: ["setting.silent-primary"]),
        Writing(
            testDescription: "it was given up",
            marks: OperatorMarks(downtimes: [
                "db1": Mark(
                    .lostInRecovery, owner: "baton", reason: "lost in recovery 7", begins: .testNow - .seconds(9))
            ]), expected: ["setting.lost"]),
        Writing(
            testDescription: "somebody works on it",
            marks: OperatorMarks(maintenances: [
                "db1": Mark(Maintenance(), owner: "anna", reason: "disk", begins: .testNow - .seconds(9))
            ]), expected: ["rec.maintenance"]),
        Writing(
            testDescription: "it is writable", change: { $0.with("db1", facts: { $0.writability = .writable }) },
            expected: ["any"]),
    ]

    @Test("a primary is made writable only where nobody else is", arguments: writings)
    func writability(_ example: Writing) throws {
        let fleet = example.change(
            Self.fleet(waits: 1, acknowledging: ["db2"]).with("db1", facts: { $0.writability = .superReadOnly }))
        let answer = RecoveryPlanner().plan(.writability(of: "db1"), in: fleet.scene(marks: example.marks))
        if example.expected == ["any"] {
            #expect(answer.plan == nil)
            return
        }
        #expect((answer.plan == nil ? answer.reasons.map(\.rule.rawValue) : []) == example.expected)
        guard let plan = answer.plan else { return }
        #expect(plan.steps.map(\.instance) == ["db1"])
        #expect(plan.steps[0].proof.contains(.writability(.writable)))
        // Nobody else promotes a server of this cluster while that is not decided.
        #expect(plan.promoted == "db1")
    }

    @Test("what helps is found from what is so")
    func wish() {
        let locked = Self.fleet(waits: 2, acknowledging: ["db2"])
        let many = Self.fleet(waits: 1, acknowledging: ["db2", "db3"])
        func wish(
            _ fleet: RankingFleet, _ policy: FailoverPolicy = FailoverPolicy(),
            _ count: FailureLimits.SemiSyncCount = .atLeast
        ) -> RecoveryWish {
            RecoveryWish(about: "db1", to: nil, policy, in: fleet.scene.fleet, semiSync: count)
        }
        #expect(wish(locked) == .semiSync(of: "db1"))
        #expect(wish(many, FailoverPolicy(), .exact) == .semiSync(of: "db1"))
        #expect(wish(many) == .failover(of: "db1", to: nil, FailoverPolicy()))
        let readOnly = many.with("db1", facts: { $0.writability = .superReadOnly })
        #expect(wish(readOnly) == .writability(of: "db1"))
        let giveUp = FailoverPolicy(livingSource: .fence)
        #expect(wish(locked, giveUp) == .failover(of: "db1", to: nil, giveUp))
        #expect(wish(locked.without("db1")) == .failover(of: "db1", to: nil, FailoverPolicy()))
    }

    @Test("in a group nobody is promoted or made writable, and replicas of a lost member go below another member")
    func groups() throws {
        func member(_ number: UInt64, isPrimary: Bool) -> GroupReplicationMembership {
            let own = GroupReplicationMembership.Member(
                uuid: .test(number), address: InstanceAddress(host: "db\(number)"), state: "ONLINE",
                isPrimary: isPrimary)
            return GroupReplicationMembership(groupName: "g", isSinglePrimary: true, members: [own], own: own)
        }
        var fleet = RankingFleet([("db7", 100, 100)]).with(
            "db1", facts: { $0.groupReplication = member(1, isPrimary: true) })
        fleet.add([
            Instance.source("db6", executed: "\(RankingFleet.one):1-100").changed { facts in
                facts.groupReplication = member(6, isPrimary: false)
            }
        ])
        let scene = fleet.scene
        let wish = RecoveryWish(about: "db1", to: nil, FailoverPolicy(), in: scene.fleet)
        #expect(wish == .adopt(replicasOf: "db1", below: nil))
        let answer = RecoveryPlanner().plan(wish, in: scene)
        let plan = try #require(answer.plan, "\(answer.reasons)")
        #expect(plan.steps.contains { $0.instance == "db7" && $0.newSources == ["db6"] })
        #expect(plan.promoted == nil)
        func refusals(_ wish: RecoveryWish, _ scene: RuleScene) -> [String] {
            let answer = RecoveryPlanner().plan(wish, in: scene)
            return answer.plan == nil ? answer.reasons.map(\.rule.rawValue) : []
        }
        #expect(refusals(.failover(of: "db1", to: "db7", FailoverPolicy()), scene) == ["failover.group"])
        let closed = fleet.answering("db1").with("db1", facts: { $0.writability = .superReadOnly }).scene
        #expect(refusals(.writability(of: "db1"), closed).contains("setting.group"))
    }

    /// What followers of a new primary acknowledge, and for how many it waits.
    struct Succeeding: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var waited = 1
        /// Those whose side is on.
        var enabled: Set<InstanceAddress> = []
        /// Those on which it is not installed.
        var bare: Set<InstanceAddress> = []
        var ownCount = 1
        let source: SwitchState
        var count: Int?
        var on: [InstanceAddress] = []
        var warns = false
    }

    static let successions = [
        Succeeding(testDescription: "as many are on", enabled: ["db2", "db3"], source: .on),
        Succeeding(testDescription: "none is on, and one is told", source: .on, on: ["db3"]),
        Succeeding(
            testDescription: "the old count is kept", waited: 2, enabled: ["db3", "db4"], source: .on, count: 2),
        Succeeding(
            testDescription: "and no more than there are", waited: 4, enabled: ["db2", "db3"], source: .on, count: 3,
            on: ["db4", "db5"], warns: true),
        Succeeding(
            testDescription: "its own count is lowered", waited: 1, enabled: ["db3"], ownCount: 3, source: .on, count: 1
        ),
        Succeeding(
            testDescription: "nobody could, and nobody is waited for", bare: ["db3", "db4", "db5"], source: .off,
            warns: true),
    ]

    @Test(
        "after a failover commits wait for as many as before, and never for more than there are", arguments: successions
    )
    func succession(_ example: Succeeding) throws {
        var fleet = RankingFleet(Self.replicas.map { ($0, 100, 100) }).with(
            "db1",
            facts: { facts in
                facts.semiSync.source = SemiSync.SourceSide(
                    isEnabled: true, isActive: true, timeout: .seconds(10), waitForReplicas: example.waited,
                    clients: example.enabled.count)
            })
        for replica in Self.replicas {
            fleet = fleet.with(
                replica,
                facts: { facts in
                    facts.semiSync.source = SemiSync.SourceSide(
                        isEnabled: false, isActive: false, timeout: .seconds(10), waitForReplicas: example.ownCount,
                        clients: 0)
                    guard !example.bare.contains(replica) else { return }
                    facts.semiSync.replica = SemiSync.ReplicaSide(
                        isEnabled: example.enabled.contains(replica), isActive: false)
                })
        }
        let answer = RecoveryPlanner().plan(.failover(of: "db1", to: "db2", FailoverPolicy()), in: fleet.scene)
        let plan = try #require(answer.plan, "\(answer.reasons)")
        let promotion = try #require(plan.steps.first { $0.proof.contains(.writability(.writable)) })
        // It is off already where it is to be.
        #expect(promotion.proof.contains(.semiSync(.semiSyncSource, .on)) == (example.source == .on))
        let counts = promotion.proof.compactMap { if case .semiSyncWaits(let count) = $0 { count } else { nil } }
        #expect(counts.first == example.count)
        let on = plan.steps.filter { $0.proof.contains(.semiSync(.semiSyncReplica, .on)) }.map(\.instance)
        #expect(on.sorted() == example.on)
        #expect(answer.reasons.contains { $0.rule.rawValue == "setting.fewer-acknowledge" } == example.warns)
    }
}
