import Refactoring
import TestSupport
import Testing
import Topology

/// The testing library has a type of this name too.
private typealias Expectation = Refactoring.Expectation

@Suite("Expectations")
struct ExpectationTests {
    private let replica = Instance.replica(
        "db3", of: "db1", executed: "00000000-0000-0000-0000-000000000001:1-5")

    private func finding(
        _ expectation: Expectation, _ observed: Observed = Observed(), fleet: Fleet = Fleet(),
        change: (inout InstanceFacts) -> Void = { _ in }
    ) throws -> Expectation.Finding {
        try #require(replica.changed(change).facts).finding(expectation, observed, fleet)
    }

    @Test("a source counts under any of its names, and another one is named")
    func follows() throws {
        #expect(try finding(.follows("db1", channel: "")) == .holds)
        #expect(try finding(.follows("db2", channel: "")) == .fails("it follows db1:3306"))
        #expect(try finding(.followsNobody(channel: "")) == .fails("it follows db1:3306"))
        #expect(try finding(.follows("db1", channel: "eu")) == .fails("it has no channel eu"))
        #expect(try finding(.follows("db1", channel: "")) { $0.channels = [] } == .fails("it is no replica"))
        #expect(try finding(.stopped(.both, channel: "")) { $0.channels = [] } == .holds)
    }

    @Test("a stopped thread with an error is hopeless, one that connects may come")
    func replicates() throws {
        #expect(try finding(.replicates(channel: "")) == .holds)
        let connecting = try finding(.replicates(channel: "")) { facts in
            facts.channels[0].receiver = .connecting
            facts.channels[0].receiverError = ReplicationError(code: 2003, message: "Can't connect")
        }
        #expect(connecting == .fails("its receiver is still connecting, error 2003: Can't connect"))
        let broken = try finding(.replicates(channel: "")) { facts in
            facts.channels[0].applier = .stopped
            facts.channels[0].applierError = ReplicationError(code: 1062, message: "Duplicate entry")
        }
        #expect(broken == .hopeless("its applier stopped with error 1062: Duplicate entry"))
        #expect(try finding(.stopped(.applier, channel: "")) == .fails("its applier runs"))
    }

    @Test("a position is reached exactly, and one that is passed never comes")
    func executed() throws {
        let place = Expectation.executed(.known(BinlogPosition(file: "b.000002", offset: 10)), channel: "")
        func at(_ file: String, _ offset: UInt64) throws -> Expectation.Finding {
            try finding(place) { $0.channels[0].executed = BinlogPosition(file: file, offset: offset) }
        }
        #expect(try at("b.000002", 10) == .holds)
        #expect(try at("b.000001", 99) == .fails("its applier is at b.000001:99"))
        #expect(try at("b.000010", 4) == .hopeless("its applier is beyond, at b.000010:4"))
    }

    @Test("what was received is applied when an idle applier has only a part of a transaction left")
    func appliedReceived() throws {
        func found(_ activity: String, receiver: ReceiverState = .stopped, executed: UInt64 = 10) throws
            -> Expectation.Finding
        {
            try finding(.appliedReceived(channel: "")) { facts in
                facts.channels[0].received = BinlogPosition(file: "b.000002", offset: 60)
                facts.channels[0].executed = BinlogPosition(file: "b.000002", offset: executed)
                facts.channels[0].receiver = receiver
                facts.channels[0].applierActivity = activity
            }
        }
        #expect(try found("Applying", executed: 60) == .holds)
        #expect(try !found("Applying").isHolding)
        for words in ["Replica has read all relay log; waiting for more updates", "Slave has read all relay log"] {
            #expect(try found(words) == .holds)
            #expect(try !found(words, receiver: .running).isHolding)
        }
    }

    @Test("transactions that an earlier step read are expected, once they are read")
    func late() throws {
        let observation = Observation(.executedGTIDs, of: "db1")
        let expectation = Expectation.hasExecuted(.observed(observation))
        #expect(try finding(expectation) == .fails("the transactions are not known yet"))
        var observed = Observed()
        observed.note("00000000-0000-0000-0000-000000000001:1-5", for: observation)
        #expect(try finding(expectation, observed) == .holds)
        observed.note("00000000-0000-0000-0000-000000000001:1-7", for: observation)
        #expect(
            try finding(expectation, observed)
                == .fails("it lacks 2 transactions, 00000000-0000-0000-0000-000000000001:6-7"))
    }

    @Test("exactly these transactions are neither fewer nor more of them")
    func exactly() throws {
        let origin = "00000000-0000-0000-0000-000000000001"
        func exactly(_ gtids: String) throws -> Expectation.Finding {
            try finding(.hasExecutedExactly(.known(.test(gtids))))
        }
        #expect(try exactly("\(origin):1-5") == .holds)
        #expect(try exactly("\(origin):1-6") == .fails("it lacks 1 transaction, \(origin):6"))
        #expect(try exactly("\(origin):1-3") == .fails("it has executed 2 more transactions, \(origin):4-5"))
        #expect(try exactly("") == .fails("it has executed 5 more transactions, \(origin):1-5"))
        let position = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 100)])
        func stands(_ sequence: UInt64) throws -> Expectation.Finding {
            try finding(.standsAt(.known(position))) { facts in
                let found = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: sequence)])
                facts.gtid = .mariadb(MariaDBGTIDState(replicaPosition: found))
            }
        }
        #expect(try stands(100) == .holds)
        #expect(try stands(99) == .fails("its applier is at 0-1-99"))
        #expect(try stands(101) == .fails("its applier is at 0-1-101"))
    }

    @Test("an applier that stopped elsewhere, or on another error, is not where it was seen")
    func stoppedOnError() throws {
        let place = BinlogPosition(file: "b.000002", offset: 10)
        func found(_ code: Int?, _ offset: UInt64, runs: Bool = false) throws -> Expectation.Finding {
            try finding(.stoppedOnError(code: 1062, at: place, channel: "")) { facts in
                facts.channels[0].applier = runs ? .running : .stopped
                facts.channels[0].applierError = code.map { ReplicationError(code: $0, message: "no") }
                facts.channels[0].executed = BinlogPosition(file: "b.000002", offset: offset)
            }
        }
        #expect(try found(1062, 10) == .holds)
        #expect(try found(1062, 20) == .fails("its applier stopped at b.000002:20"))
        #expect(try found(1032, 10) == .fails("its applier stopped with error 1032: no"))
        #expect(try found(nil, 10) == .fails("its applier is stopped without an error"))
        #expect(try found(1062, 10, runs: true) == .fails("its applier runs"))
    }

    @Test("another server at the address is hopeless")
    func identity() throws {
        let mine = Expectation.identity(serverID: replica.address.testServerID, replica.address.testUUID)
        #expect(try finding(mine) == .holds)
        #expect(
            try finding(mine) { $0.identity.serverUUID = .test(7) }
                == .hopeless("another server answers, with UUID 00000000-0000-0000-0000-000000000007"))
    }

    @Test("a change carries the heartbeat period over where the server would reset it, and says nothing else")
    func carryingOver() throws {
        var channel = try #require(replica.channels.first)
        channel.heartbeatPeriod = .milliseconds(7_250)
        let (mysql, mariadb) = (
            ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3),
            ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
        )
        let delay = SourceChange(delay: .seconds(5))
        #expect(delay.carryingOver(from: channel, on: mysql) == delay)
        #expect(delay.carryingOver(from: channel, on: mariadb).heartbeatPeriod == .milliseconds(7_250))
        let move = SourceChange(source: "db2")
        #expect(move.carryingOver(from: channel, on: mysql).heartbeatPeriod == .milliseconds(7_250))
        let chosen = SourceChange(source: "db2", heartbeatPeriod: .seconds(1))
        #expect(chosen.carryingOver(from: channel, on: mysql) == chosen)
    }

    @Test("the inverse takes the last step back first, after a look at what was left")
    func inverse() throws {
        func change(_ source: InstanceAddress) -> Command {
            .changeSource(channel: "", SourceChange(source: source, positioning: .autoPosition))
        }
        let stop = Step(
            stage: 0, on: "db3", "stop", preconditions: [.replicates(channel: "")],
            commands: [.stopReplication(channel: "")], proof: [.stopped(.both, channel: "")],
            inverse: [.startReplication(channel: "")])
        let follow = Step(
            stage: 1, on: "db3", "follow", preconditions: [.follows("db1", channel: ""), .stopped(.both, channel: "")],
            commands: [change("db2"), .startReplication(channel: "")],
            proof: [.follows("db2", channel: ""), .replicates(channel: "")],
            inverse: [.stopReplication(channel: ""), change("db1")])
        let plan = Plan(intent: "Move db3", verb: "relocate", method: "gtid", steps: [stop, follow])
        let inverse = plan.inverse()
        #expect(inverse.steps.map(\.commands) == [[], follow.inverse, stop.inverse])
        #expect(inverse.steps[0].preconditions == [.follows("db2", channel: ""), .replicates(channel: "")])
        #expect(plan.inverse(on: .rollBack).steps[0].preconditions == [.follows("db2", channel: "")])
        #expect(inverse.steps[1].proof == [.follows("db1", channel: ""), .stopped(.both, channel: "")])
        #expect(inverse.steps[2].proof == [.replicates(channel: "")])
        #expect(plan.inverse(of: [0, 1], begun: [1]).steps[0].preconditions.isEmpty)
        #expect(plan.inverse(of: [0]).steps.map(\.commands) == [[], stop.inverse])
        #expect(plan.inverse(of: []).steps.isEmpty)
    }
}

extension InstanceFacts {
    fileprivate func finding(
        _ expectation: Expectation, _ observed: Observed, _ fleet: Fleet
    ) -> Expectation.Finding {
        expectation.finding(in: self, fleet: fleet, observed: observed)
    }
}
