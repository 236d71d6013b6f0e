import Diagnosis
import TestSupport
import Testing
import Topology

@Suite("Detectors")
struct DetectorTests {
    private func problems(_ instances: Instance...) -> [Problem] { Diagnosis(of: Fleet(instances)).problems }

    private func only(_ kind: ProblemKind, _ severity: Severity, _ problems: [Problem]) throws -> Problem {
        #expect(problems.map(\.kind) == [kind])
        let problem = try #require(problems.first)
        #expect(problem.severity == severity)
        #expect(
            problem.summary.hasPrefix("\(problem.subject) "), "beside the name the summary is told without it")
        return problem
    }

    private let error = ReplicationError(code: 1062, message: "Duplicate entry '1'", at: .testNow)

    @Test("an unreachable source is shown with what its replicas say")
    func unreachable() throws {
        let problem = try only(
            .primaryUnreachable, .broken,
            problems(.source("db1").unreachable(.readTimeout), .replica("db2", of: "db1"), .replica("db3", of: "db1")))
        #expect(
            problem.summary
                == "db1:3306 is the primary of its cluster and cannot be reached from here, but 2 of 2 replicas "
                + "still hear from it")
        #expect(problem.evidence.first?.contains("connected, but no answer within the deadline") == true)
        #expect(problem.evidence.last == "db3:3306: receives from it")
        #expect(problem.since == .testNow - .seconds(10))
    }

    @Test("a server that lets nobody in is a warning, not dead")
    func noAccess() throws {
        var instance = Instance.source("db1")
        let failure = ContactFailure(kind: .accessDenied, code: 1045, message: "Access denied")
        instance.contact = .noAccess(since: .testNow, lastSeen: nil, failure)
        let problem = try only(.noAccess, .warning, problems(instance))
        #expect(problem.evidence == ["error 1045: Access denied", "never seen"])
    }

    @Test("a proxy is named, and nothing behind it is judged")
    func proxy() throws {
        let instance = Instance.replica("vip", of: "db1", writability: .writable, lag: .seconds(100))
            .changed { $0.proxy = .named("ProxySQL") }
        let problem = try only(.proxy, .notice, problems(.source("db1"), instance))
        #expect(problem.summary.contains("ProxySQL"))
    }

    @Test("a missing privilege shows the GRANT once; without the replica status it is a warning")
    func missingPrivilege() throws {
        let grant = "GRANT REPLICATION CLIENT ON *.* TO `baton`@`%`"
        let facts = [
            UnavailableFact(fact: "end of the binary log", code: 1227, message: "denied", remedy: grant),
            UnavailableFact(fact: "list of replicas", code: 1227, message: "denied", remedy: grant),
            UnavailableFact(fact: "group members", code: 1142, message: "denied", remedy: grant + "; GRANT SELECT"),
        ]
        let problem = try only(
            .missingPrivilege, .notice, problems(.source("db1").changed { $0.unavailable = facts }))
        #expect(problem.remedy == grant + ";\nGRANT SELECT;")
        let blind = UnavailableFact(fact: "replica status", code: 1227, message: "denied", remedy: grant)
        _ = try only(.missingPrivilege, .warning, problems(.source("db1").changed { $0.unavailable = [blind] }))
    }

    @Test("errors of receiver and applier are separate problems with the server's text")
    func threadErrors() {
        let broken = Instance.replica("db2", of: "db1").withChannel {
            $0.receiver = .stopped
            $0.applier = .stopped
            $0.receiverError = ReplicationError(code: 1236, message: "log purged")
            $0.applierError = error
        }
        let found = problems(.source("db1"), broken)
        #expect(found.map(\.kind) == [.applierError, .receiverError])
        #expect(found.allSatisfy { $0.severity == .broken && $0.channel?.isEmpty == true })
        #expect(found[0].evidence == ["error 1062: Duplicate entry '1'"])
        #expect(found[0].since == .testNow)
    }

    @Test(
        "threads that were stopped without an error are a warning that says which",
        arguments: [
            (ReceiverState.stopped, ApplierState.stopped, "stopped"), (.stopped, .running, "receiver stopped"),
            (.running, .stopped, "applier stopped"),
        ])
    func stopped(receiver: ReceiverState, applier: ApplierState, word: String) throws {
        let replica = Instance.replica("db2", of: "db1", lag: nil).withChannel {
            $0.receiver = receiver
            $0.applier = applier
        }
        let problem = try only(.replicationStopped, .warning, problems(.source("db1"), replica))
        #expect(problem.word == word)
        #expect(problem.summaryBesideName.hasPrefix("has its ") && problem.summaryBesideName.contains(" stopped, "))
    }

    @Test("a receiver that connects is a warning, and broken once it has an error")
    func connecting() throws {
        let connecting = Instance.replica("db2", of: "db1", lag: nil).withChannel { $0.receiver = .connecting }
        _ = try only(.connecting, .warning, problems(.source("db1"), connecting))
        let failing = connecting.withChannel { $0.receiverError = ReplicationError(code: 2003, message: "refused") }
        _ = try only(.connecting, .broken, problems(.source("db1"), failing))
    }

    @Test("lag counts beyond the configured delay; a delayed replica is not red")
    func lag() throws {
        func replica(_ measured: Int, delay: Int) -> Instance {
            Instance.replica("db2", of: "db1").withChannel {
                $0.delay = .seconds(delay)
                $0.lag = Lag(measured: .seconds(measured), delay: .seconds(delay))
            }
        }
        #expect(problems(.source("db1"), replica(3605, delay: 3600)).isEmpty)
        let problem = try only(.lag, .warning, problems(.source("db1"), replica(3642, delay: 3600)))
        #expect(problem.summary == "db2:3306 is 42 s behind beyond its delay of 60 min; the limit is 10 s")
        #expect(problem.evidence.first == "measured 60 min 42 s by the replica's status (Seconds_Behind_Source)")
        _ = try only(.lag, .broken, problems(.source("db1"), replica(60, delay: 0)))
        _ = try only(.lag, .warning, problems(.source("db1"), replica(10, delay: 0)))
    }

    @Test("a running channel without a lag is a notice")
    func lagUnknown() throws {
        _ = try only(.lagUnknown, .notice, problems(.source("db1"), .replica("db2", of: "db1", lag: nil)))
    }

    @Test("a writable replica is a warning; a read-only root with replicas too")
    func writability() throws {
        let writable = Instance.replica("db2", of: "db1", writability: .writable)
        #expect(try only(.writableReplica, .warning, problems(.source("db1"), writable)).subject == "db2")
        let readOnly = Instance.source("db1", writability: .readOnly)
        #expect(try only(.readOnlyPrimary, .warning, problems(readOnly, .replica("db2", of: "db1"))).subject == "db1")
        let secondary = Instance.source("b").inGroup("g", primary: "a")
        _ = try only(.writableReplica, .warning, problems(.source("a").inGroup("g", primary: "a"), secondary))
    }

    @Test("a detached replica is called so, and nobody is told to write on it")
    func detached() throws {
        func detached(_ writability: Writability) -> Instance {
            Instance.replica("db2", of: "db1", writability: writability).withChannel {
                ($0.source, $0.detachedFrom) = (nil, "db1")
                ($0.receiver, $0.applier) = (.stopped, .stopped)
            }
        }
        let leaf = try only(.detached, .warning, problems(.source("db1"), detached(.superReadOnly)))
        #expect(leaf.word == "detached")
        #expect(leaf.summary == "db2:3306 is detached from db1:3306 and receives nothing")
        #expect(leaf.remedy == "baton reattach-replica db2:3306 lets it follow db1:3306 again.")
        let feeding = try only(
            .detached, .warning, problems(.source("db1"), detached(.superReadOnly), .replica("db3", of: "db2")))
        #expect(feeding.evidence == ["its source's name is set to //db1", "1 replica: db3:3306"])
        // As orchestrator leaves one that has taken over.
        let promoted = try only(.detached, .notice, problems(.source("db1"), detached(.writable)))
        #expect(promoted.evidence.last == "read_only is OFF: clients can write on it")
    }

    @Test("co-primaries that are both writable are one notice, on the first of them")
    func writableCoPrimaries() throws {
        func found(_ first: InstanceAddress, _ second: InstanceAddress) -> [Problem] {
            problems(
                .replica(first, of: second, writability: .writable),
                .replica(second, of: first, writability: .writable))
        }
        for found in [found("a", "b"), found("b", "a")] {
            let problem = try only(.writableCoPrimaries, .notice, found)
            #expect(problem.subject == "a")
            #expect(problem.summary == "a:3306 is a co-primary of b:3306, and both are writable")
            #expect(problem.summaryBesideName == "is a co-primary of b:3306, and both are writable")
        }
    }

    @Test("co-primaries that are all writable have their one problem in common, however far apart they are")
    func sharedProblem() throws {
        let ring: [InstanceAddress] = ["a", "b", "c", "d", "e"]
        var fleet = Fleet(
            ring.indices.map { Instance.replica(ring[$0], of: ring[($0 + 4) % 5], writability: .writable) })
        let before = Diagnosis(of: fleet)
        for address in ring { #expect(before.problems(of: address).map(\.kind) == [.ring, .writableCoPrimaries]) }
        #expect(before.problems.count == 2)
        fleet.update(.replica("c", of: "b"))
        let after = Diagnosis(of: fleet, after: before)
        #expect(after.problems == Diagnosis(of: fleet).problems)
        let writable = try #require(after.problems.first { $0.kind == .writableCoPrimaries })
        #expect(writable.partners == ["b", "d", "e"])
        #expect(writable.summaryBesideName.hasPrefix("is in a ring with b:3306, d:3306, e:3306, and all"))
        #expect(after.problems(of: "c").map(\.kind) == [.ring])
    }

    @Test("a ring of three is told once, with its way round and a way out; that of two co-primaries is not")
    func ring() throws {
        func members(_ ring: [InstanceAddress]) -> [Instance] {
            ring.indices.map {
                .replica(
                    ring[$0], of: ring[($0 + ring.count - 1) % ring.count],
                    writability: $0 == 1 ? .writable : .superReadOnly)
            }
        }
        let found = Diagnosis(of: Fleet(members(["c", "b", "a"]) + [.replica("x", of: "b")]))
        let problem = try only(.ring, .warning, found.problems)
        #expect(problem.subject == "a")
        #expect(problem.partners == ["c", "b"])
        #expect(problem.evidence.first == "transactions go round: a:3306 → c:3306 → b:3306 → a:3306")
        #expect(problem.remedy?.hasPrefix("Let b:3306, the only writable one, follow nobody") == true)
        #expect(found.problems(of: "b") == [problem])
        #expect(found.problems(of: "x").isEmpty)
        #expect(problems(.replica("a", of: "b", writability: .writable), .replica("b", of: "a")).isEmpty)
        // Also where a member is dead, which is when it does harm.
        let dead = Fleet(members(["c", "b", "a"]).map { $0.address == "a" ? $0.unreachable() : $0 })
        #expect(Diagnosis(of: dead).problems.contains { $0.kind == .ring && $0.subject == "a" })
    }

    @Test("a ring over second channels is told too; co-primaries that share a partner are no ring of three")
    func ringOverSeveralChannels() throws {
        let ring = problems(
            .source("z"), .multiSourceReplica("a", of: ["z", "c"]), .replica("b", of: "a"), .replica("c", of: "b"))
        #expect(ring.filter { $0.kind == .ring }.map { [$0.subject] + $0.partners } == [["a", "b", "c"]])
        let pairs = problems(.replica("a", of: "b"), .multiSourceReplica("b", of: ["a", "c"]), .replica("c", of: "b"))
        #expect(!pairs.contains { $0.kind == .ring })
        let both = problems(.multiSourceReplica("a", of: ["b", "c"]), .replica("b", of: "a"), .replica("c", of: "b"))
        #expect(both.filter { $0.kind == .ring }.map { [$0.subject] + $0.partners } == [["a", "b", "c"]])
    }

    @Test("one server_id on two servers of a cluster breaks both; on one server with two names it does not")
    func duplicateServerID() {
        func replica(_ address: InstanceAddress) -> Instance {
            Instance.replica(address, of: "db1").changed { $0.identity.serverID = 7 }
        }
        let found = problems(.source("db1"), replica("db2"), replica("db3"))
        #expect(found.map(\.kind) == [.duplicateServerID, .duplicateServerID])
        #expect(found.map(\.subject) == ["db2", "db3"])
        let twin = replica("db3").changed { $0.identity.serverUUID = InstanceAddress("db2").testUUID }
        #expect(problems(.source("db1"), replica("db2"), twin).isEmpty)
        let elsewhere = Instance.source("x").changed { $0.identity.serverID = 7 }
        #expect(problems(.source("db1"), replica("db2"), elsewhere).isEmpty, "another cluster")
    }

    @Test("a source that was never seen is a notice on the source")
    func neverSeen() throws {
        let problem = try only(
            .sourceNeverSeen, .notice, problems(.replica("db2", of: "db1"), .replica("db3", of: "db1")))
        #expect(problem.subject == "db1")
        #expect(problem.summary.contains("db2:3306, db3:3306"))
    }

    @Test("a server that replicates from itself is a warning")
    func ownSource() throws {
        #expect(problems(.replica("a", of: "a")).map(\.kind) == [.ownSource])
    }

    @Test("group members that are not online are broken, a recovering one is a warning")
    func groupMember() throws {
        let primary = Instance.source("a").inGroup("g", primary: "a")
        func secondary(_ state: String) -> Instance {
            Instance.source("b", writability: .superReadOnly).inGroup("g", primary: "a", state: state)
        }
        #expect(problems(primary, secondary("ONLINE")).isEmpty)
        _ = try only(.groupMemberNotOnline, .warning, problems(primary, secondary("RECOVERING")))
        _ = try only(.groupMemberNotOnline, .broken, problems(primary, secondary("ERROR")))
        let expelled = secondary("ONLINE").changed { $0.groupReplication?.own = nil }
        _ = try only(.groupMemberNotOnline, .broken, problems(primary, expelled))
    }

    @Test("a desynced Galera member is a warning, one outside of the primary component is broken")
    func galera() throws {
        func member(_ state: String, isInPrimaryComponent: Bool = true) -> Instance {
            Instance.source("a").changed {
                $0.galera = .test("g", members: ["a"], state: state, isInPrimaryComponent: isInPrimaryComponent)
            }
        }
        _ = try only(.galeraMemberNotSynced, .warning, problems(member("Donor/Desynced")))
        _ = try only(.galeraMemberNotSynced, .broken, problems(member("Initialized", isInPrimaryComponent: false)))
    }

    @Test("a semi-sync source with too few replicas is a warning; a replica's idle source side is not")
    func semiSync() throws {
        func side(_ clients: Int, isActive: Bool) -> SemiSync {
            SemiSync(
                source: SemiSync.SourceSide(
                    isEnabled: true, isActive: isActive, timeout: .seconds(10), clients: clients))
        }
        let short = Instance.source("db1").changed { $0.semiSync = side(0, isActive: true) }
        let problem = try only(.semiSyncNotEnough, .warning, problems(short))
        #expect(problem.summary == "db1:3306 has 0 of 1 semi-sync replicas: commits wait up to 10 s")
        _ = try only(
            .semiSyncNotEnough, .warning, problems(.source("db1").changed { $0.semiSync = side(1, isActive: false) }))
        let idle = Instance.replica("db2", of: "db1").changed { $0.semiSync = side(0, isActive: false) }
        #expect(problems(.source("db1").changed { $0.semiSync = side(1, isActive: true) }, idle).isEmpty)
    }
}
