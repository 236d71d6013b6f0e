import Diagnosis
import Storage
import TestSupport
import Testing
import Topology

@testable import Engine

@Suite("events") struct FleetEventsTests {
    private let fleet = Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")])

    /// The events of one change: server and kind.
    private func events(_ change: (inout Fleet) -> Void) -> [String] {
        var after = fleet
        change(&after)
        return FleetEvents.between(
            fleet, after, changed: after.addresses(changedSince: fleet), forest: after.forest(), at: .testNow
        ).map { "\($0.address.map(\.host) ?? "-") \($0.kind.rawValue)" }
    }

    @Test("figures that always move are no event")
    func figures() {
        #expect(events { _ in }.isEmpty)
        #expect(events { $0.update(.replica("db2", of: "db1", executed: "", lag: .seconds(3))) }.isEmpty)
    }

    @Test("servers come, go, and turn out to be others under a second name")
    func comingAndGoing() {
        #expect(events { $0.update(.source("db9")) } == ["db9 found"])
        #expect(events { $0.remove("db3") } == ["db3 gone"])
        #expect(
            events {
                $0.remove("db3")
                $0.addName("db3", of: "db2")
            } == ["db3 renamed"])
    }

    @Test("a server that fails is told once, and with its time away when it is back")
    func contact() throws {
        let lost = try #require(fleet["db2"]).unreachable()
        #expect(events { $0.update(lost) } == ["db2 unreachable"])
        var gone = fleet
        gone.update(lost)
        var back = gone
        var instance = lost
        instance.contact = .reachable(since: .testNow)
        back.update(instance)
        let told = FleetEvents.between(gone, back, changed: ["db2"], forest: back.forest(), at: .testNow)
        #expect(told.map(\.text) == ["is back after 10 s"])
    }

    @Test("a server that an earlier run knew to be gone is no new event, and is told when it is back")
    func rememberedTrouble() throws {
        let lost = try #require(fleet["db2"]).unreachable()
        var memory = lost
        memory.contact = .remembered(lastSeen: nil, trouble: .unreachable(since: .testNow - .seconds(10)))
        func told(_ contact: Contact, after before: Contact) -> [String] {
            var (one, other) = (fleet, fleet)
            memory.contact = before
            one.update(memory)
            memory.contact = contact
            other.update(memory)
            return FleetEvents.between(one, other, changed: ["db2"], forest: other.forest(), at: .testNow).map(\.text)
        }
        let before = memory.contact
        #expect(told(lost.contact, after: before).isEmpty)
        #expect(told(.reachable(since: .testNow), after: before) == ["is back after 10 s"])
        #expect(told(lost.contact, after: .remembered(lastSeen: .testNow)).count == 1)
    }

    @Test("a problem is told without its server's name at the start, and what is over by its word")
    func problemTexts() throws {
        var writable = fleet
        writable.update(try #require(fleet["db2"]).changed { $0.writability = .writable })
        let (well, ill) = (Diagnosis(of: fleet), Diagnosis(of: writable))
        let raised = try #require(ProblemEvents.between(well, ill, at: .testNow).first { $0.address == "db2" })
        #expect(!raised.text.isEmpty && !raised.text.hasPrefix("db2"))
        let cleared = try #require(ProblemEvents.between(ill, well, at: .testNow).first { $0.address == "db2" })
        #expect(cleared.text.hasPrefix("over: "))
    }

    @Test("of a problem that became another the last word is what is the matter now, not what is over")
    func problemsInTurn() throws {
        var unconfirmed = fleet
        unconfirmed.update(try #require(fleet["db1"]).unreachable())
        var dead = unconfirmed
        for address in dead.replicas(of: "db1") {
            dead.update(
                try #require(dead[address]).withChannel {
                    $0.receiver = .connecting
                    $0.receiverError = ReplicationError(code: 2003, message: "refused", at: .testNow)
                })
        }
        let kinds = ProblemEvents.between(Diagnosis(of: unconfirmed), Diagnosis(of: dead), at: .testNow)
            .filter { $0.address == "db1" }.map(\.kind)
        #expect(kinds.contains(.problemRaised) && kinds.contains(.problemCleared))
        #expect(kinds.lastIndex(of: .problemCleared) ?? 0 < kinds.firstIndex(of: .problemRaised) ?? 0)
    }

    @Test("replication that moves, stops, breaks and runs again")
    func replication() throws {
        #expect(events { $0.update(.replica("db3", of: "db2")) } == ["db3 source-changed"])
        let replica = try #require(fleet["db2"])
        #expect(events { $0.update(replica.withChannel { $0.applier = .stopped }) } == ["db2 replication-stopped"])
        let broken = replica.withChannel {
            $0.applier = .stopped
            $0.applierError = ReplicationError(code: 1062, message: "Duplicate entry")
        }
        #expect(events { $0.update(broken) } == ["db2 replication-broken"])
        #expect(events { $0.update(replica.changed { $0.channels = [] }) } == ["db2 channel-removed"])
        var stopped = fleet
        stopped.update(broken)
        let told = FleetEvents.between(stopped, fleet, changed: ["db2"], forest: fleet.forest(), at: .testNow)
        #expect(told.map(\.kind) == [.replicationStarted])
    }

    @Test("another version, another writability, another server")
    func facts() throws {
        let source = try #require(fleet["db1"])
        #expect(events { $0.update(source.changed { $0.writability = .readOnly }) } == ["db1 writability-changed"])
        let upgraded = source.changed {
            $0.version = ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 9)
        }
        #expect(events { $0.update(upgraded) } == ["db1 version-changed"])
        #expect(events { $0.update(source.changed { $0.identity.serverUUID = .test(99) }) } == ["db1 replaced"])
    }

    @Test("without UUIDs another server_id is another server only where something else changed too")
    func replacedWithoutUUID() throws {
        let start = Timestamp.testNow
        let source = try #require(fleet["db1"]).changed {
            $0.identity.serverUUID = nil
            $0.identity.startedAt = start
        }
        func told(_ change: (inout ServerIdentity) -> Void) -> [Event.Kind] {
            let after = source.changed { change(&$0.identity) }
            let (old, new) = (Fleet([source]), Fleet([after]))
            return FleetEvents.between(old, new, changed: ["db1"], forest: new.forest(), at: start).map(\.kind)
        }
        #expect(told { $0.serverID += 1 } == [])
        #expect(told { $0.startedAt = start + .seconds(60) } == [.restarted])
        for change in [
            { (identity: inout ServerIdentity) in identity.startedAt = start + .seconds(60) },
            { (identity: inout ServerIdentity) in identity.hostName = "elsewhere" },
        ] {
            #expect(
                told {
                    $0.serverID += 1
                    change(&$0)
                } == [.replaced])
        }
    }
}
