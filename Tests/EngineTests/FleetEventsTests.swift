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
