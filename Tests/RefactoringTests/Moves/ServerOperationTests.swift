import TestSupport
import Testing
import Topology

@testable import Refactoring

@Suite("Operations on one server")
struct ServerOperationTests {
    private func answer(_ operation: ServerOperation, _ fleet: Fleet) -> PlanAnswer {
        MovePlanner.permissive.plan(operation, in: RuleScene(fleet))
    }

    private func commands(_ operation: ServerOperation, _ fleet: Fleet) -> [Command] {
        answer(operation, fleet).plan?.steps.flatMap(\.commands) ?? []
    }

    private func rules(_ operation: ServerOperation, _ fleet: Fleet) -> [RuleID] {
        guard case .refused(let reasons) = answer(operation, fleet) else { return [] }
        return reasons.map(\.rule)
    }

    private func failing(
        _ way: Way, _ message: String, retrieved: String? = nil, executed: String = ""
    ) -> Fleet {
        Fleet.family(way).changing("db3") { replica in
            replica.changed { facts in
                facts.channels[0].applier = .stopped
                facts.channels[0].applierError = ReplicationError(code: 1062, message: message)
                facts.channels[0].retrieved = retrieved.map { .test($0) }
                if way.version.flavor.isMySQLFamily {
                    facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test(executed)))
                }
            }
        }
    }

    @Test("start and stop are refused where they change nothing, and undone where they do")
    func startAndStop() throws {
        let family = Fleet.family(.mysqlGTID)
        let resting = family.changing("db3") { $0.stopped() }
        let replica = ReplicaChannel("db3")
        #expect(rules(.startReplica(replica), family) == ["replica.running"])
        #expect(rules(.stopReplica(replica), resting) == ["replica.stopped"])
        for (operation, fleet) in [
            (ServerOperation.startReplica(replica), resting), (.stopReplica(replica), family),
            (.stopReplicaNicely(replica), family),
        ] {
            let plan = try #require(answer(operation, fleet).plan)
            let after = plan.preview(on: fleet)
            #expect(after.shape != fleet.shape)
            guard case .plan(let inverse) = plan.takingBack() else {
                Issue.record("no inverse of \(operation)")
                continue
            }
            #expect(inverse.preview(on: after).shape == fleet.shape)
        }
    }

    @Test("stopped nicely, the receiver stops first, what it received is applied, and no stopped applier is started")
    func stopNicely() {
        let family = Fleet.family(.mysqlPosition)
        let received = Observation(.receivedPosition, of: "db3")
        #expect(
            commands(.stopReplicaNicely(ReplicaChannel("db3")), family) == [
                .stopReplication(channel: "", threads: .receiver),
                .wait(channel: "", .position(.observed(received))), .stopReplication(channel: ""),
            ])
        let half = family.changing("db3") { $0.withChannel { $0.applier = .stopped } }
        #expect(rules(.stopReplicaNicely(ReplicaChannel("db3")), half) == ["replica.applier-stopped"])
    }

    @Test("the skipped transaction is the one that the error names, with its tag, not the next of some server")
    func skipNamed() {
        let (one, two) = (ServerUUID.test(1), ServerUUID.test(2))
        let fleet = failing(
            .mysqlGTID, "Worker 1 failed executing transaction '\(one):ab:23' at source log binlog.000001",
            executed: "\(one):1-22,\(two):1-900")
        #expect(
            commands(.skipTransaction(ReplicaChannel("db3")), fleet) == [
                .injectEmptyTransaction(.test("\(one):ab:23")), .startReplication(channel: ""),
            ])
    }

    @Test("where the error names none it is the first that was received and not executed, if that is one server's")
    func skipFirstMissing() {
        let (one, two) = (ServerUUID.test(1), ServerUUID.test(2))
        let clear = failing(
            .mysqlGTID, "Duplicate entry", retrieved: "\(one):5-30,\(two):1-9", executed: "\(one):1-22,\(two):1-900")
        #expect(
            commands(.skipTransaction(ReplicaChannel("db3")), clear).first
                == .injectEmptyTransaction(.test("\(one):23")))
        let unclear = failing(
            .mysqlGTID, "Duplicate entry", retrieved: "\(one):5-30,\(two):1-9", executed: "\(one):1-22,\(two):1-8")
        #expect(rules(.skipTransaction(ReplicaChannel("db3")), unclear) == ["replica.unknown-transaction"])
    }

    @Test("on MariaDB the named transaction becomes the position of its domain, otherwise one event group is skipped")
    func skipMariaDB() {
        let named = failing(.mariadbGTID, "Error 'Duplicate entry', Gtid 0-1-101, Internal MariaDB error code: 1062")
        #expect(
            commands(.skipTransaction(ReplicaChannel("db3")), named) == [
                .stopReplication(channel: ""), .setVariable(.replicaPosition, to: "0-1-101"),
                .startReplication(channel: ""),
            ])
        let unnamed = failing(.mariadbGTID, "Duplicate entry")
        #expect(
            commands(.skipTransaction(ReplicaChannel("db3")), unnamed).first == .skipEventGroup(channel: ""))
        let domains = unnamed.changing("db3") { replica in
            replica.changed { facts in
                let position = GTIDPosition([
                    MariaDBGTID(domain: 0, server: 1, sequence: 1), MariaDBGTID(domain: 1, server: 2, sequence: 1),
                ])
                facts.gtid = .mariadb(MariaDBGTIDState(replicaPosition: position))
            }
        }
        #expect(rules(.skipTransaction(ReplicaChannel("db3")), domains) == ["replica.several-domains"])
        #expect(rules(.skipTransaction(ReplicaChannel("db3")), .family(.mariadbGTID)) == ["replica.no-error"])
    }

    @Test("read-only is super_read_only on MySQL, and semi-sync sides follow the role where they are installed")
    func writability() throws {
        let sides = SemiSync(
            source: SemiSync.SourceSide(isEnabled: true, isActive: true, timeout: .seconds(1), clients: 1),
            replica: SemiSync.ReplicaSide(isEnabled: false, isActive: false))
        let fleet = Fleet.family(.mysqlGTID).changing("db1") { $0.changed { $0.semiSync = sides } }
        #expect(
            commands(.setReadOnly("db1", semiSync: .follow), fleet) == [
                .setVariable(.superReadOnly, to: "ON"), .setVariable(.semiSyncSource, to: "OFF"),
                .setVariable(.semiSyncReplica, to: "ON"),
            ])
        #expect(
            commands(.setReadOnly("db1", semiSync: .leave), .family(.mariadbGTID))
                == [.setVariable(.readOnly, to: "ON")])
        let plan = try #require(answer(.setReadOnly("db1", semiSync: .follow), fleet).plan)
        let after = plan.preview(on: fleet)
        #expect(after["db1"]?.facts?.writability == .superReadOnly)
        guard case .plan(let inverse) = plan.takingBack() else {
            Issue.record("no inverse")
            return
        }
        #expect(inverse.preview(on: after)["db1"]?.facts == fleet["db1"]?.facts)
        #expect(rules(.setWritable("db1", semiSync: .leave), fleet) == ["server.writable"])
        guard case .plan(_, .needsConfirmation(let reasons)) = answer(.setWritable("db3", semiSync: .leave), fleet)
        else {
            Issue.record("a writable replica needs no confirmation")
            return
        }
        #expect(reasons.map(\.rule) == ["server.replica-writable"])
    }

    @Test("a side of semi-sync is switched where it is installed, and a replica's receiver connects anew")
    func semiSyncSides() {
        let sides = SemiSync(replica: SemiSync.ReplicaSide(isEnabled: false, isActive: false))
        let fleet = Fleet.family(.mysqlGTID).changing("db3") { $0.changed { $0.semiSync = sides } }
        #expect(
            commands(.setSemiSync("db3", .replica, .on), fleet) == [
                .setVariable(.semiSyncReplica, to: "ON"), .stopReplication(channel: "", threads: .receiver),
                .startReplication(channel: "", threads: .receiver),
            ])
        #expect(rules(.setSemiSync("db3", .replica, .off), fleet) == ["server.semi-sync"])
        #expect(rules(.setSemiSync("db3", .source, .on), fleet) == ["server.no-semi-sync"])
        let stopped = fleet.changing("db3") { $0.stopped().changed { $0.semiSync = sides } }
        #expect(
            commands(.setSemiSync("db3", .replica, .on), stopped) == [.setVariable(.semiSyncReplica, to: "ON")])
    }

    @Test("a delay stops the applier only on MySQL, both threads on MariaDB, and only what ran is started")
    func delay() {
        let replica = ReplicaChannel("db3")
        let mysql = commands(.delayReplication(replica, .seconds(60)), .family(.mysqlGTID))
        #expect(mysql.first == .stopReplication(channel: "", threads: .applier))
        #expect(mysql.last == .startReplication(channel: ""), "a receiver that ran may have ended meanwhile")
        let mariadb = commands(.delayReplication(replica, .seconds(60)), .family(.mariadbGTID))
        #expect(mariadb.first == .stopReplication(channel: ""))
        let stopped = Fleet.family(.mysqlGTID).changing("db3") { $0.stopped() }
        #expect(commands(.delayReplication(replica, .seconds(60)), stopped).count == 1)
        #expect(rules(.delayReplication(replica, .zero), stopped) == ["replica.same-delay"])
        #expect(rules(.delayReplication(replica, .milliseconds(1_500)), stopped) == ["replica.bad-delay"])
    }

    @Test("errant transactions are injected on the primary, and the plan says that the data still differ")
    func errant() throws {
        let own = InstanceAddress("db3").testUUID
        let fleet = Fleet.family(.mysqlGTID).changing("db3") { replica in
            replica.changed { $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: GTIDSet(uuid: own, 1...2))) }
        }
        let answer = answer(.injectErrant("db3"), fleet)
        #expect(answer.plan?.instances == ["db1"])
        #expect(answer.plan?.steps[0].commands == [.injectEmptyTransaction(GTIDSet(uuid: own, 1...2))])
        #expect(answer.reasons.map(\.rule) == ["errant.data-differ"])
        #expect(rules(.injectErrant("db4"), fleet) == ["errant.none"])
        #expect(rules(.resetErrant("db3"), fleet) == ["errant.not-at-rest"])
        let resting = fleet.changing("db3") { $0.stopped() }
        #expect(
            commands(.resetErrant("db3"), resting) == [.resetBinaryLogs, .setVariable(.purgedGTIDs, to: "")])
    }

    /// What keeps the first step of an operation that was planned on `fleet` from being carried out on `later`.
    private func obstacles(_ operation: ServerOperation, _ fleet: Fleet, on later: Fleet) throws -> [String] {
        let step = try #require(answer(operation, fleet).plan?.steps.first)
        let facts = try #require(later[step.instance]?.facts)
        return step.preconditions.compactMap { $0.finding(in: facts, fleet: later).found }
    }

    @Test("GTIDs are made anew only from exactly those that were planned with, on a server that is still read-only")
    func errantLater() throws {
        let (source, own) = (InstanceAddress("db1").testUUID, InstanceAddress("db3").testUUID)
        func fleet(_ executed: String) -> Fleet {
            Fleet.family(.mysqlGTID).changing("db1") { primary in
                primary.changed { $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test("\(source):1-10"))) }
            }.changing("db3") { replica in
                replica.stopped().changed { facts in
                    facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test(executed)))
                }
            }
        }
        let planned = fleet("\(source):1-9,\(own):1-2")
        #expect(try obstacles(.resetErrant("db3"), planned, on: planned).isEmpty)
        #expect(
            try obstacles(.resetErrant("db3"), planned, on: fleet("\(source):1-10,\(own):1-2"))
                == ["it has executed 1 more transaction, \(source):10"])
        let writable = planned.changing("db3") { replica in replica.changed { $0.writability = .writable } }
        #expect(try obstacles(.resetErrant("db3"), planned, on: writable) == ["it is writable"])
        let step = try #require(answer(.resetErrant("db3"), planned).plan?.steps.first)
        func isProved(_ fleet: Fleet) -> Bool {
            step.proof.allSatisfy { proof in fleet["db3"]?.facts.map { proof.finding(in: $0) } == .holds }
        }
        #expect(step.isProofConclusive && !isProved(planned))
        #expect(isProved(fleet("\(source):1-9")) && !isProved(fleet("")))
    }

    @Test("a transaction is skipped only where the applier still stands, on the error with which it was seen")
    func skipLater() throws {
        let named = "Error 'Duplicate entry', Gtid 0-1-101, Internal MariaDB error code: 1062"
        for (way, message) in [
            (Way.mariadbGTID, named), (.mariadbGTID, "Duplicate entry"), (.mariadbPosition, "Duplicate entry"),
            (.mysqlPosition, "Worker 1 failed executing transaction '\(ServerUUID.test(1)):23' at source log b.1"),
        ] {
            let planned = failing(way, message)
            let skip = ServerOperation.skipTransaction(ReplicaChannel("db3"))
            func obstacles(_ change: @escaping (inout InstanceFacts) -> Void) throws -> [String] {
                try self.obstacles(skip, planned, on: planned.changing("db3") { $0.changed(change) })
            }
            #expect(try obstacles { _ in }.isEmpty, "\(way)")
            let moved = try obstacles {
                $0.channels[0].executed = BinlogPosition(file: "binlog.000008", offset: 4)
            }
            #expect(moved == ["its applier stopped at binlog.000008:4"], "\(way)")
            let other = try obstacles {
                $0.channels[0].applierError = ReplicationError(code: 1032, message: "no row")
            }
            #expect(other == ["its applier stopped with error 1032: no row"], "\(way)")
            guard way == .mariadbGTID else { continue }
            let beyond = try obstacles { facts in
                let position = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 900)])
                facts.gtid = .mariadb(MariaDBGTIDState(replicaPosition: position))
            }
            #expect(beyond == ["its applier is at 0-1-900"])
        }
        let nowhere = failing(.mariadbPosition, "Duplicate entry").changing("db3") { replica in
            replica.withChannel { $0.executed = nil }
        }
        #expect(rules(.skipTransaction(ReplicaChannel("db3")), nowhere) == ["replica.place-unknown"])
    }

    @Test("a detached replica keeps the logs that it needs, and each replica is looked at before they go")
    func purgeDetached() throws {
        func fleet(_ file: String) -> Fleet {
            let end = BinlogPosition(file: "binlog.000009", offset: 4)
            return Fleet([
                Instance.source("db1").changed { $0.binaryLog?.position = end },
                Instance.replica("db2", of: "db1").withChannel { channel in
                    channel.executed = BinlogPosition(file: "binlog.000009", offset: 4)
                },
                Instance.replica("db3", of: "db1").stopped().withChannel { channel in
                    (channel.source, channel.detachedFrom) = (nil, "db1")
                    channel.executed = BinlogPosition(file: file, offset: 900)
                },
            ])
        }
        let purge = ServerOperation.purgeBinaryLogs("db1", to: "binlog.000007")
        #expect(rules(purge, fleet("binlog.000006")) == ["log.needed"])
        let plan = try #require(answer(purge, fleet("binlog.000007")).plan)
        #expect(plan.steps.map(\.instance) == ["db2", "db3", "db1"])
        #expect(plan.steps.map(\.stage) == [0, 0, 1] && plan.subject == "db1")
        let first = Refactoring.Expectation.executedAtLeast(
            .known(BinlogPosition(file: "binlog.000007", offset: 0)), channel: "")
        #expect(plan.steps.map(\.proof) == [[first], [first], []])
        #expect(plan.steps[1].preconditions.contains(.followsNobody(channel: "")))
    }

    @Test("a detached replica that forgot its place by GTID needs nothing where it has all of its source's GTIDs")
    func purgeDetachedByGTID() throws {
        let source = InstanceAddress("db1").testUUID
        func fleet(_ executed: String) -> Fleet {
            Fleet.family(.mysqlGTID).changing("db1") { primary in
                primary.changed { $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test("\(source):1-10"))) }
            }.changing("db3") { replica in
                replica.stopped().withChannel { channel in
                    (channel.source, channel.detachedFrom, channel.executed) = (nil, "db1", nil)
                }.changed { $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test(executed))) }
            }
        }
        let purge = ServerOperation.purgeBinaryLogs("db1", to: "binlog.000001")
        #expect(rules(purge, fleet("\(source):1-9")) == ["log.place-unknown"])
        let steps = try #require(answer(purge, fleet("\(source):1-10")).plan).steps
        #expect(
            steps.first { $0.instance == "db3" }?.proof == [.hasExecuted(.known(.test("\(source):1-10")))])
    }

    @Test("logs are not purged while a replica needs them, by the numbers of files and not by their text")
    func purge() {
        func fleet(_ executed: String?) -> Fleet {
            let end = BinlogPosition(file: "binlog.1000001", offset: 4)
            return Fleet([
                Instance.source("db1").changed { $0.binaryLog?.position = end },
                Instance.replica("db2", of: "db1").withChannel { channel in
                    channel.executed = executed.map { BinlogPosition(file: $0, offset: 900) }
                },
            ])
        }
        let purge = ServerOperation.purgeBinaryLogs("db1", to: "binlog.1000000")
        #expect(rules(purge, fleet("binlog.999999")) == ["log.needed"])
        #expect(rules(purge, fleet("binlog.1000000")) == [])
        #expect(rules(purge, fleet(nil)) == ["log.place-unknown"])
        #expect(rules(purge, fleet("mysql-bin.1000000")) == ["log.needed"])
        #expect(commands(purge, fleet("binlog.1000001")) == [.purgeBinaryLogs(to: "binlog.1000000")])
        #expect(
            rules(.purgeBinaryLogs("db1", to: "binlog.1000002"), fleet("binlog.1000001")) == ["log.no-file"])
    }

    @Test(
        "logs are not purged, nor GTIDs made anew, while a replica that may need them does not answer or was never read"
    )
    func silentReplicas() {
        let failure = ContactFailure(kind: .connectTimeout, message: "no connection within 2 s")
        let silent = Contact.unreachable(since: .testNow, lastSeen: .testNow, failure)
        func fleet(_ file: String, _ contact: Contact) -> Fleet {
            let end = BinlogPosition(file: "binlog.000009", offset: 4)
            var replica = Instance.replica("db2", of: "db1").withChannel { channel in
                channel.executed = BinlogPosition(file: file, offset: 900)
            }
            replica.contact = contact
            return Fleet([Instance.source("db1").changed { $0.binaryLog?.position = end }, replica])
        }
        let purge = ServerOperation.purgeBinaryLogs("db1", to: "binlog.000007")
        #expect(rules(purge, fleet("binlog.000007", .reachable(since: .testNow))) == [])
        #expect(rules(purge, fleet("binlog.000006", silent)) == ["log.needed"])
        #expect(rules(purge, fleet("binlog.000007", silent)) == ["log.place-unknown"])
        let listed = fleet("binlog.000007", .reachable(since: .testNow)).changing("db1") { primary in
            primary.changed { $0.reportedReplicas = ["db8"] }
        }
        var unread = listed
        unread.update(Instance(address: "db8", contact: silent))
        #expect(rules(purge, listed) == [])
        #expect(rules(purge, unread) == ["log.place-unknown"])
        #expect(answer(purge, unread).reasons[0].sentence.contains("db8:3306 does not answer: "))

        let own = InstanceAddress("db3").testUUID
        var errant = Fleet.family(.mysqlGTID).changing("db3") { replica in
            replica.stopped().changed { facts in
                facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: GTIDSet(uuid: own, 1...2)))
                facts.reportedReplicas = ["db8"]
            }
        }
        #expect(rules(.resetErrant("db3"), errant) == [])
        errant.update(Instance(address: "db8", contact: silent))
        #expect(rules(.resetErrant("db3"), errant) == ["errant.has-replicas"])
    }

    @Test("what no command takes back is not undone")
    func irreversible() throws {
        let fleet = Fleet.family(.mysqlGTID)
        for operation in [ServerOperation.flushBinaryLogs("db1"), .killQuery("db1", connection: 7)] {
            let plan = try #require(answer(operation, fleet).plan)
            guard case .refused = plan.takingBack() else {
                Issue.record("\(operation) has an inverse")
                continue
            }
            #expect(
                MovePlanner.permissive.undo(plan, in: RuleScene(fleet)).reasons.map(\.rule) == ["undo.irreversible"])
        }
    }

    @Test("a reset replica is stopped first, and can be had back at the place where it stood")
    func reset() throws {
        let fleet = Fleet.family(.mysqlPosition)
        let plan = try #require(answer(.resetReplica(ReplicaChannel("db3")), fleet).plan)
        let after = plan.preview(on: fleet)
        #expect(after["db3"]?.isReplica == false)
        guard case .plan(let inverse) = plan.takingBack() else {
            Issue.record("no inverse")
            return
        }
        #expect(inverse.preview(on: after).shape == fleet.shape)
    }
}
