import Diagnosis
import Foundation
import TestSupport
import Testing
import Topology

@Suite("Failure analysis")
struct FailureAnalysisTests {
    @Test(
        "each state is found from the smallest fleet that has it, and nothing else is the matter with that server",
        arguments: FailureTable.primaries + FailureTable.coPrimaries + FailureTable.others)
    func state(_ scene: FailureCase) {
        #expect(scene.analysis.failure(of: scene.subject)?.code == scene.code)
    }

    @Test("each warning of structure is found, and only the one", arguments: FailureTable.structures)
    func structure(_ scene: FailureCase) {
        let warnings = scene.analysis.failures.filter(\.code.isStructureWarning)
        #expect(warnings.map(\.code) == [scene.code])
        #expect(warnings.map(\.subject) == [scene.subject])
        #expect(warnings.first?.evidence.isEmpty == false)
        #expect(warnings.first?.recovery.kind == nil)
    }

    @Test("nothing is the matter with fleets that are well enough", arguments: FailureTable.wellEnough.indices)
    func well(_ index: Int) {
        let scene = FailureTable.wellEnough[index]
        let states = FailureAnalysis(of: Fleet(scene.instances)).failures.filter {
            !$0.code.isStructureWarning && $0.code != .firstTierReplicaFailingToConnect
        }
        #expect(states.isEmpty, "\(scene.note): \(states.map(\.code))")
    }

    @Test("every code has its case in the tables, but for the one that is never found")
    func complete() {
        let all = FailureTable.primaries + FailureTable.coPrimaries + FailureTable.others + FailureTable.structures
        #expect(Set(FailureCode.allCases).subtracting(all.map(\.code)) == [.binlogServerFailingToConnect])
    }

    @Test("the replicas decide which recovery answers")
    func recovery() {
        func kind(_ code: FailureCode) -> RecoveryCall? { code.recovery.kind }
        #expect(FailureCode.allCases.filter { kind($0) == .primary } == [.primaryDead, .primaryDeadWithSomeReplicas])
        #expect(
            FailureCode.allCases.filter { kind($0) == .coPrimary } == [.coPrimaryDead, .coPrimaryDeadWithSomeReplicas])
        #expect(
            FailureCode.allCases.filter { kind($0) == .intermediateSource } == [
                .intermediateSourceDeadWithFailingReplica, .intermediateSourceDead,
                .intermediateSourceDeadWithSomeReplicas, .intermediateSourceReplicasFailingToConnect,
            ])
        #expect(RecoveryCall.allCases.allSatisfy { kind in FailureCode.allCases.contains { $0.recovery.kind == kind } })
    }

    @Test("the evidence says what we see and what each replica sees, each with since when")
    func evidence() throws {
        let fleet = Fleet([
            .source("db1").unreachable(), .replica("db2", of: "db1").failingToConnect(),
            .replica("db3", of: "db1").stopped(), .replica("db4", of: "db1").unreachable(.connectTimeout),
        ])
        let failure = try #require(FailureAnalysis(of: fleet).failure(of: "db1"))
        #expect(failure.code == .primaryDeadWithSomeReplicas)
        #expect(failure.since == .testNow - .seconds(10))
        #expect(failure.lastSeen == .testNow - .seconds(11))
        #expect(failure.evidence.map(\.witness) == [.baton, .replica, .replica, .replica])
        let lost =
            "Error reconnecting to source 'repl@db1:3306'. This was attempt 1/86400, with a delay of 60 seconds between "
            + "attempts. Message: Can't connect to MySQL server on 'db1:3306' (111)"
        let lines: [String] = [
            "db1:3306: does not answer: the connection is refused (error 2003: Can't connect to server)",
            "db2:3306: receiver connecting: error 2003: \(lost)",
            "db3:3306: its receiver is stopped, without an error; its applier is stopped",
            "db4:3306: does not answer: no connection within the deadline (error 2003: Can't connect to server)",
        ]
        #expect(failure.evidence.map(\.line) == lines)
        let moments: [Timestamp?] = [
            .testNow - .seconds(10), .testNow - .seconds(9), nil, .testNow - .seconds(10),
        ]
        #expect(failure.evidence.map(\.since) == moments)
        let counts = failure.counts
        #expect(counts.replicas == 3 && counts.answering == 2 && counts.failingToConnect == 1)
        #expect(counts.replicating == 0 && counts.hearing == 0 && counts.logging == 3)
    }

    @Test(
        "both programs' words for a lost connection are understood, and a refusal is no loss",
        arguments: [
            (2003, "error connecting to master 'repl@db1:3306' - retry-time: 60  maximum-retries: 86400", true),
            (2013, "error reconnecting to master 'repl@db1:3306' - retry-time: 60 retries: 1", true),
            (2003, "Error connecting to source 'repl@db1:3306'. This was attempt 1/86400", true),
            (2013, "Error reconnecting to source 'repl@db1:3306'. Message: Lost connection", true),
            (1236, "Got fatal error 1236 from source when reading data from binary log", false),
            (1045, "error connecting to master 'repl@db1:3306' - Access denied", false),
        ])
    func wordings(code: Int, message: String, isLoss: Bool) {
        let replica = Instance.replica("db2", of: "db1").withChannel {
            $0.receiver = .stopped
            $0.receiverError = ReplicationError(code: code, message: message)
        }
        let analysis = FailureAnalysis(of: Fleet([.source("db1").unreachable(), replica]))
        #expect((analysis.failure(of: "db1")?.code == .primaryDead) == isLoss)
    }

    @Test("each channel counts as a replica of its own source")
    func channels() throws {
        let replica = Instance.multiSourceReplica("c", of: ["a", "b"]).changed { facts in
            facts.channels[0].receiver = .connecting
        }
        let analysis = FailureAnalysis(of: Fleet([.source("a").unreachable(), .source("b").unreachable(), replica]))
        #expect(analysis.failure(of: "a")?.code == .primaryDead)
        #expect(analysis.failure(of: "b")?.code == .primaryUnreachable)
        #expect(try #require(analysis.failure(of: "a")).evidence.last?.channel == "from_a")
    }

    @Test("a source found dead before it was ever read is the primary, and it is said that its own source is not known")
    func neverRead() throws {
        let fleet = Fleet([
            Instance(address: "db1").unreachable(), .replica("db2", of: "db1").failingToConnect(),
        ])
        let failure = try #require(FailureAnalysis(of: fleet).failure(of: "db1"))
        #expect(failure.code == .primaryDead)
        #expect(failure.evidence[0].text.contains("never read"))
    }

    @Test("Galera members are not promoted by baton")
    func galera() throws {
        let source = Instance.source("db1").changed { $0.galera = .test("g", members: ["db1"]) }
        let fleet = Fleet([source.unreachable(), .replica("db2", of: "db1").failingToConnect()])
        let failure = try #require(FailureAnalysis(of: fleet).failure(of: "db1"))
        #expect(failure.code == .primaryDead)
        #expect(failure.recovery.kind == nil)
    }
}

@Suite("Sources that hang")
struct SilenceTests {
    private func code(_ replicas: Instance...) -> FailureCode? {
        FailureAnalysis(of: Fleet([.source("db1").unreachable(.readTimeout)] + replicas)).failure(of: "db1")?.code
    }

    @Test("a source of which nobody hears any more is dead, though all are connected")
    func silent() {
        let replica = Instance.replica("db2", of: "db1").silent(for: .seconds(3))
        #expect(code(replica, .replica("db3", of: "db1").silent(for: .seconds(2))) == .primaryDead)
        #expect(code(replica, .replica("db3", of: "db1").failingToConnect()) == .primaryDead)
    }

    @Test("it is not while one hears from it, nor where heartbeats are so rare that silence says nothing")
    func notSilent() {
        let replica = Instance.replica("db2", of: "db1").silent(for: .seconds(3))
        #expect(code(replica, .replica("db3", of: "db1")) == .primaryUnreachable)
        #expect(code(.replica("db2", of: "db1").silent(for: .seconds(90), period: .seconds(30))) == .primaryUnreachable)
    }

    @Test("a source that answers is not dead, whatever replicas hear")
    func answers() {
        let fleet = Fleet([.source("db1"), .replica("db2", of: "db1").silent(for: .seconds(9))])
        #expect(FailureAnalysis(of: fleet).failure(of: "db1") == nil)
    }
}

@Suite("Silenced failures")
struct SuppressionTests {
    private static let dead: [Instance] = [
        .source("db1").unreachable(), .replica("db2", of: "db1").failingToConnect(),
    ]
    private static let downtime = Mark(
        Downtime.planned, owner: "anna", reason: "new disks", begins: .testNow - .seconds(60))

    private func found(_ inputs: FailureInputs, _ instances: [Instance] = Self.dead) -> Failure? {
        FailureAnalysis(of: Fleet(instances), inputs: inputs).failure(of: "db1")
    }

    @Test("a downtime silences while it lasts, with its owner and reason")
    func downtime() throws {
        let marks = OperatorMarks(downtimes: ["db1": Self.downtime])
        let failure = try #require(found(FailureInputs(marks: marks, now: .testNow)))
        #expect(failure.isSuppressed && failure.suppressions[0].words == "in downtime, by anna: new disks")
        var ended = marks
        ended.downtimes["db1"]?.ends = .testNow
        #expect(found(FailureInputs(marks: ended, now: .testNow))?.isSuppressed == false)
    }

    @Test("maintenance and the configuration silence too")
    func others() throws {
        let mark = Mark(Maintenance(), owner: "anna", reason: "", begins: .testNow)
        let maintained = FailureInputs(marks: OperatorMarks(maintenances: ["db1": mark]), now: .testNow)
        #expect(found(maintained)?.suppressions.map(\.id) == ["maintenance"])
        #expect(found(FailureInputs(ignored: ["db1"]))?.suppressions == [.ignored])
    }

    @Test("replicas that are all in downtime silence what is about replicas, and no dead primary")
    func replicas() {
        let inputs = FailureInputs(marks: OperatorMarks(downtimes: ["db2": Self.downtime]), now: .testNow)
        #expect(found(inputs)?.isSuppressed == false)
        let still = found(inputs, [.source("db1"), .replica("db2", of: "db1").stopped()])
        #expect(still?.suppressions == [.replicasDowntimed])
    }
}

@Suite("Failures explained and shown")
struct FailureTellingTests {
    @Test("the explanation says which condition keeps a lost primary from being dead")
    func explanation() throws {
        let fleet = Fleet([
            .source("db1").unreachable(), .replica("db2", of: "db1"), .replica("db3", of: "db1").failingToConnect(),
        ])
        let explanation = try #require(FailureAnalysis(of: fleet).explanation(of: "db1"))
        #expect(explanation.failures.map(\.code) == [.primaryUnreachable])
        let dead = try #require(explanation.answers.first { $0.code == .primaryDead })
        #expect(!dead.holds && dead.missing == 1)
        #expect(
            dead.conditions.first { !$0.holds }.map { [$0.words, $0.measured] }
                == ["no replica hears from it", "1 of the 2 that answer receive"])
        #expect(explanation.answers.contains { $0.code == .primaryUnreachable && $0.holds })
        #expect(FailureAnalysis(of: fleet).explanation(of: "db9") == nil)
    }

    @Test("a dead primary is one problem, which has the whole evidence and since when")
    func problem() throws {
        let fleet = Fleet([
            .source("db1").unreachable(), .replica("db2", of: "db1").failingToConnect(),
            .replica("db3", of: "db1").failingToConnect(),
        ])
        let problems = Diagnosis(of: fleet).problems(of: "db1")
        #expect(problems.map(\.kind) == [.primaryDead])
        let problem = try #require(problems.first)
        #expect(problem.severity == .broken && problem.since == .testNow - .seconds(10))
        #expect(
            problem.summary == "db1:3306 is the primary of its cluster and dead: it does not answer, and none of its "
                + "2 replicas hears from it any more")
        #expect(problem.evidence.count == 3)
        #expect(Diagnosis(of: fleet).status(of: "db1").word == "dead primary")
    }

    @Test("every failure that is shown has a kind of problem of the same id and word")
    func kinds() {
        for scene in FailureTable.primaries + FailureTable.coPrimaries + FailureTable.others {
            let shown = Diagnosis(of: Fleet(scene.instances), inputs: scene.inputs).problems(of: scene.subject)
            let own = shown.filter { $0.kind.rawValue == scene.code.rawValue }
            #expect(own.count <= 1)
            #expect(own.allSatisfy { $0.word == scene.code.word && $0.kind.word == scene.code.word })
            #expect(!shown.isEmpty || scene.code.isToldOfReplicas, "\(scene)")
        }
    }

    @Test("docs/failures.md is what the codes say of themselves")
    func page() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/failures.md").standardizedFileURL
        try Golden.check(FailurePages.page(), file: file)
    }
}

extension FailureCode {
    /// Whether the replicas' own problems tell it.
    fileprivate var isToldOfReplicas: Bool {
        [
            .primarySingleReplicaDead, .primarySingleReplicaNotReplicating, .intermediateSourceReplicasNotReplicating,
            .coPrimaryReplicasNotReplicating, .primaryReplicasNotReplicating, .primaryReplicasNotReplicatingOrDead,
        ].contains(self)
    }
}
