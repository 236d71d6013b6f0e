import Foundation
import Storage
import Testing
import Topology

/// A directory of its own for each test, taken away with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("baton-store-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension Store {
    /// Takes the lease, which must be free.
    func lease(_ holder: LeaseHolder = .current(), now: Timestamp) async throws -> Lease {
        let outcome = try await acquireLease(holder, now: now)
        guard case .held(let lease) = outcome else { throw LeaseIsTaken(outcome: outcome) }
        return lease
    }

    struct LeaseIsTaken: Error {
        let outcome: LeaseOutcome
    }
}

@Suite("The store")
struct StoreTests {
    let directory: TemporaryDirectory
    let start = Timestamp(seconds: 1_790_000_000)

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test("the last known fleet is loaded as it was recorded", arguments: 0..<25 as Range<UInt64>)
    func lastKnownFleet(seed: UInt64) async throws {
        var random = RandomDocuments(seed: seed)
        let fleet = random.fleet()
        let path = directory.file("baton.db")
        let store = try await Store.open(at: path)
        let lease = try await store.lease(now: start)
        try await store.record(FleetChange(from: Fleet(), to: fleet, at: start), under: lease)
        try store.close()
        let loaded = try await Store.open(at: path).loadFleet()
        #expect(loaded.fleet.content == fleet.content)
        #expect(loaded.recordedAt == start)
    }

    @Test("the fleet of any past moment is rebuilt", arguments: 0..<10 as Range<UInt64>)
    func pastFleets(seed: UInt64) async throws {
        var random = RandomDocuments(seed: seed)
        let store = try await Store.open(at: directory.file("baton.db"))
        let lease = try await store.lease(now: start)
        var fleet = Fleet()
        var past: [Fleet.Content] = []
        for step in 0..<100 {
            let old = fleet
            let address = InstanceAddress(host: "db\(random.number(3))")
            switch random.number(8) {
            case 0: fleet.remove(address)
            case 1: fleet.setClusterAlias(random.maybe { $0.text() }, of: address)
            case 2: fleet.addName(InstanceAddress(host: "name\(random.number(3))"), of: address)
            case 3: fleet.update(random.instance(address))
            default:
                var instance = fleet[address] ?? random.instance(address)
                instance.facts = instance.facts ?? random.facts()
                instance.facts?.channels = (0..<1 + random.number(2)).map { random.channel("c\($0)") }
                fleet.update(instance)
            }
            try await store.record(FleetChange(from: old, to: fleet, at: start + .seconds(step)), under: lease)
            past.append(fleet.content)
        }
        for (step, content) in past.enumerated() {
            let rebuilt = try await store.fleet(at: start + .seconds(step) + .milliseconds(500))
            #expect(rebuilt.content == content, "at step \(step)")
        }
        #expect(try await store.fleet(at: start - .seconds(1)).isEmpty)
    }
}
