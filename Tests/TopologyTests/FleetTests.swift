import TestSupport
import Testing
import Topology

@Suite("The fleet")
struct FleetTests {
    @Test("replicas are found by every name of their source, whenever the name became known")
    func namesBeforeAndAfter() {
        var fleet = Fleet([.replica("db2", of: "10.0.0.1"), .source("db1")])
        #expect(fleet.unseenSources == ["10.0.0.1"])
        fleet.addName("10.0.0.1", of: "db1")
        #expect(fleet.replicas(of: "db1") == ["db2"])
        #expect(fleet.unseenSources.isEmpty)
        fleet.update(.replica("db3", of: "10.0.0.1"))
        #expect(fleet.replicas(of: "10.0.0.1") == ["db2", "db3"])
        fleet.update(.source("10.0.0.1"))
        #expect(fleet.replicas(of: "10.0.0.1") == ["db2", "db3"], "the address turned out to be a server of its own")
        #expect(fleet.replicas(of: "db1").isEmpty)
    }

    @Test("names of names lead to the server")
    func chainedNames() {
        var fleet = Fleet([.source("db1"), .replica("db2", of: "a")])
        fleet.addName("a", of: "b")
        fleet.addName("b", of: "db1")
        #expect(fleet.canonical("a") == "db1")
        #expect(fleet.replicas(of: "db1") == ["db2"])
        fleet.addName("db1", of: "a")
        #expect(fleet.canonical("a") == "db1", "a server does not become a name of its own name")
    }

    @Test("an update without news leaves the fleet as it is")
    func unchanged() {
        var fleet = Fleet([.source("db1")])
        let version = fleet.version
        let isChanged = fleet.update(.source("db1"))
        #expect(!isChanged)
        #expect(fleet.version == version)
    }

    @Test("lag changes no structure; a source, a role or a lost contact does")
    func structureVersion() {
        var fleet = Fleet([.source("db1"), .replica("db2", of: "db1")])
        let before = fleet.structureVersion
        fleet.update(.replica("db2", of: "db1", lag: .seconds(5)))
        #expect(fleet.structureVersion == before)
        #expect(fleet.version > before)
        let changes: [Instance] = [
            .replica("db2", of: "db9"), .replica("db2", of: "db1"), .replica("db2", of: "db1", writability: .writable),
            .replica("db2", of: "db1").unreachable(),
            .replica("db2", of: "db1").inGroup("g", primary: "db1"),
        ]
        for change in changes {
            let structure = fleet.structureVersion
            fleet.update(change)
            #expect(fleet.structureVersion > structure)
        }
    }

    @Test("the index of replicas stays right through any course of changes")
    func indexProperty() {
        for seed in UInt64(0)..<40 {
            var generator = SeededGenerator(seed: seed)
            let all = (0..<8).map { InstanceAddress(host: "db\($0)") }
            var fleet = Fleet()
            for _ in 0..<60 {
                let (one, other) = (all.randomElement(using: &generator), all.randomElement(using: &generator))
                guard let one, let other else { continue }
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: fleet.remove(one)
                case 1: fleet.addName(one, of: other)
                case 2: fleet.update(.source(one))
                case 3: fleet.update(.multiSourceReplica(one, of: all.shuffled(using: &generator).suffix(2)))
                default: fleet.update(.replica(one, of: other))
                }
                expectConsistentIndex(fleet, all)
            }
        }
    }

    private func expectConsistentIndex(_ fleet: Fleet, _ all: [InstanceAddress]) {
        var replicas: [InstanceAddress: Set<InstanceAddress>] = [:]
        for instance in fleet.instances {
            for channel in instance.channels {
                guard let source = fleet.source(of: channel) else { continue }
                replicas[source, default: []].insert(instance.address)
            }
        }
        for address in all {
            #expect(fleet.canonical(fleet.canonical(address)) == fleet.canonical(address))
            #expect(fleet.replicas(of: address) == (replicas[fleet.canonical(address)] ?? []).sorted())
        }
        #expect(fleet.unseenSources == replicas.keys.filter { fleet[$0] == nil }.sorted())
        for (name, address) in fleet.knownNames {
            #expect(fleet.canonical(name) == address && name != address)
        }
    }
}
