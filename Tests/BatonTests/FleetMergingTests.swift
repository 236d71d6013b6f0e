import TestSupport
import Testing
import Topology

@testable import baton

@Suite("What a crawl found, put to what is remembered")
struct FleetMergingTests {
    private let known: Fleet = {
        var fleet = Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")])
        for var instance in [Instance.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1")] {
            instance.contact = .remembered(lastSeen: .testNow)
            instance.alias = "was-\(instance.address.host)"
            fleet.update(instance)
        }
        return fleet
    }()

    private func found(_ contact: Contact) -> Instance { Instance(address: "db2", contact: contact) }

    @Test("replaces what answered, adds what is new, and leaves the rest")
    func answers() {
        let merged = known.merging(Fleet([.source("db1", writability: .readOnly), .replica("db4", of: "db1")]))
        #expect(merged.addresses.sorted() == ["db1", "db2", "db3", "db4"])
        #expect(merged["db1"]?.facts?.writability == .readOnly)
        #expect(merged.addresses(changedSince: known).sorted() == ["db1", "db4"])
    }

    @Test("keeps the facts of a server that does not answer, and says that it doesn't")
    func silence() {
        let failure = ContactFailure(kind: .connectionRefused, message: "refused")
        let later = Timestamp.testNow + .seconds(60)
        let merged = known.merging(Fleet([found(.unreachable(since: later, lastSeen: nil, failure))]))
        #expect(merged.replicas(of: "db1") == ["db2", "db3"])
        #expect(merged["db2"]?.alias == "was-db2")
        #expect(merged["db2"]?.contact == .unreachable(since: later, lastSeen: .testNow, failure))
    }

    @Test("takes a failure that was known for the same one, since when it was known")
    func longSilence() {
        let failure = ContactFailure(kind: .connectionRefused, message: "refused")
        let later = Timestamp.testNow + .seconds(60)
        var before = known
        var gone = Instance.replica("db2", of: "db1")
        gone.contact = .remembered(lastSeen: nil, trouble: .unreachable(since: .testNow))
        before.update(gone)
        let merged = before.merging(Fleet([found(.unreachable(since: later, lastSeen: nil, failure))]))
        #expect(merged["db2"]?.contact == .unreachable(since: .testNow, lastSeen: nil, failure))
    }

    @Test("learns nothing from a server that was not asked")
    func notAsked() {
        #expect(known.merging(Fleet([found(.neverTried)])).version == known.version)
        #expect(known.merging(Fleet([.unprobed("db9")]))["db9"] != nil)
    }

    @Test("takes names, and makes one server of two that have turned out to be one")
    func names() {
        var crawled = Fleet([.source("db1")])
        crawled.addName("db3", of: "db1")
        crawled.setClusterAlias("shop", of: "db1")
        let merged = known.merging(crawled)
        #expect(merged.count == 2)
        #expect(merged.canonical("db3") == "db1")
        #expect(merged.clusterAlias(of: "db1") == "shop")
    }
}
