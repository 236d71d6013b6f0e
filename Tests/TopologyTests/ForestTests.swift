import TestSupport
import Testing
import Topology

@Suite("Trees and clusters")
struct ForestTests {
    /// The tree as text: two spaces a level, the relation where it is not plain.
    private func drawing(_ cluster: Cluster) -> [String] {
        cluster.rows().map { row in
            let mark =
                switch row.relation {
                case .root, .replica: ""
                case .reference(let channel): " <- \(channel)"
                case .coPrimary(let partner): " <> \(partner.host)"
                case .ringMember: " ring"
                case .groupSecondary: " group"
                case .galeraMember: " galera"
                }
            return String(repeating: "  ", count: row.depth) + row.address.host + mark
        }
    }

    @Test("a tree of three levels is drawn from its source, siblings by address")
    func threeLevels() {
        let fleet = Fleet([
            .replica("db4", of: "db2"), .replica("db3", of: "db1"), .source("db1"), .replica("db2", of: "db1"),
        ])
        let forest = fleet.forest()
        #expect(forest.clusters.map(drawing) == [["db1", "  db2", "    db4", "  db3"]])
        #expect(forest.clusters[0].primary == "db1")
        #expect(forest.clusters[0].name == "db1:3306")
        #expect(forest.depth(of: "db4") == 2)
        #expect(forest.sourceChain(of: "db4") == ["db2", "db1"])
        #expect(forest.parent(of: "db1") == nil)
        #expect(forest.cluster(of: "db3")?.id == "db1")
        #expect(forest.cluster(of: "nobody") == nil)
    }

    @Test("co-primaries are both roots, the writable one first, whatever their names")
    func coPrimaries() {
        let fleet = Fleet([
            .replica("db1", of: "db2"), .replica("db2", of: "db1", writability: .writable), .replica("db3", of: "db1"),
        ])
        #expect(fleet.clusters().map(drawing) == [["db2 <> db1", "db1 <> db2", "  db3"]])
        #expect(fleet.clusters()[0].primary == "db2")
        var both = fleet
        both.update(.replica("db1", of: "db2", writability: .writable))
        #expect(both.clusters().map(drawing) == [["db1 <> db2", "  db3", "db2 <> db1"]])
        #expect(both.clusters()[0].primary == nil, "two writable ones: not clear")
    }

    @Test("a ring of three is drawn once, from its writable server")
    func ring() {
        let fleet = Fleet([
            .replica("db1", of: "db3"), .replica("db2", of: "db1", writability: .writable), .replica("db3", of: "db2"),
            .replica("db9", of: "db3"),
        ])
        #expect(fleet.clusters().map(drawing) == [["db2", "  db3", "    db1 ring", "    db9"]])
    }

    @Test("a source that was never seen heads its replicas")
    func unseenSource() {
        let fleet = Fleet([.replica("db2", of: "db1"), .replica("db3", of: "db1")])
        #expect(fleet.clusters().map(drawing) == [["db1", "  db2", "  db3"]])
        #expect(fleet.clusters()[0].members == ["db1", "db2", "db3"])
    }

    @Test("a replica of several sources is drawn under the first, and referred to under the others")
    func multiSource() {
        let fleet = Fleet([
            .source("a"), .source("b"), .multiSourceReplica("c", of: ["b", "a"]), .replica("d", of: "c"),
        ])
        #expect(fleet.clusters().map(drawing) == [["a", "  c <- from_a", "b", "  c", "    d"]])
        #expect(fleet.clusters()[0].primary == nil)
        #expect(fleet.forest().depth(of: "d") == 2)
    }

    @Test("a server that replicates from itself is a root")
    func selfReplication() {
        #expect(Fleet([.replica("a", of: "a")]).clusters().map(drawing) == [["a"]])
    }

    @Test("group secondaries stand under their primary, above its other replicas")
    func group() {
        let fleet = Fleet([
            .source("b").inGroup("g", primary: "b"),
            .source("a", writability: .superReadOnly).inGroup("g", primary: "b"),
            .source("c", writability: .superReadOnly).inGroup("g", primary: "b"),
            .replica("a2", of: "b"), .replica("d", of: "c"),
        ])
        #expect(fleet.clusters().map(drawing) == [["b", "  a group", "  c group", "    d", "  a2"]])
        #expect(fleet.clusters()[0].primary == "b")
    }

    @Test("Galera members stand under the one that replicates from outside, or under the first")
    func galera() {
        func member(_ address: InstanceAddress) -> Instance {
            Instance.source(address).changed { $0.galera = .test("g", members: ["a", "b", "c"]) }
        }
        let outside = Instance.replica("b", of: "x").changed { $0.galera = .test("g", members: ["a", "b", "c"]) }
        #expect(
            Fleet([member("a"), member("b"), member("c")]).clusters().map(drawing) == [
                ["a", "  b galera", "  c galera"]
            ])
        #expect(
            Fleet([member("a"), outside, .source("x")]).clusters().map(drawing) == [["x", "  b", "    a galera"]])
    }

    @Test("clusters are sorted by name, an alias goes before the address")
    func severalClusters() {
        var fleet = Fleet([.source("db1"), .source("db2"), .source("db3"), .replica("db4", of: "db3")])
        fleet.setClusterAlias("aaa", of: "db4")
        fleet.update(Instance.source("db2").changed { $0.attributes.clusterAlias = "zzz" })
        #expect(fleet.clusters().map(\.name) == ["aaa", "db1:3306", "zzz"])
    }

    @Test("a source under another name belongs to the same cluster")
    func names() {
        var fleet = Fleet([.source("db1"), .replica("db2", of: "10.0.0.1")])
        #expect(fleet.clusters().count == 2)
        fleet.addName("10.0.0.1", of: "db1")
        #expect(fleet.clusters().map(drawing) == [["db1", "  db2"]])
    }

    @Test("rows know what lines to draw, and fold")
    func rows() {
        let cluster = Fleet([
            .source("a"), .replica("b", of: "a"), .replica("c", of: "b"), .replica("d", of: "a"),
        ]).clusters()[0]
        let rows = cluster.rows()
        #expect(rows.map(\.isLastSibling) == [true, false, true, true])
        #expect(rows.map(\.continuations) == [[], [], [true], []])
        #expect(rows.map(\.parent) == [nil, "a", "b", "a"])
        let folded = cluster.rows(folding: ["b"])
        #expect(folded.map(\.address) == ["a", "b", "d"])
        #expect(folded.map(\.isFolded) == [false, true, false])
        #expect(folded[1].childCount == 1)
    }

    @Test("in any fleet every server stands exactly once in a tree, and no channel is lost")
    func randomFleets() {
        for seed in UInt64(0)..<150 {
            var generator = SeededGenerator(seed: seed)
            let fleet = Fleet.random(count: Int.random(in: 1...14, using: &generator), using: &generator)
            let forest = fleet.forest()
            let rows = forest.clusters.flatMap { $0.rows() }
            let standing = rows.filter { !$0.relation.isReference }
            let expected = (Array(fleet.addresses) + fleet.unseenSources).sorted()
            #expect(standing.map(\.address).sorted() == expected, "seed \(seed)")
            #expect(forest.addresses == expected)
            for row in standing {
                #expect(forest.depth(of: row.address) == row.depth)
                #expect(forest.parent(of: row.address) == row.parent)
            }
            expectChannelsDrawn(fleet, rows, seed: seed)
            expectConnectedClusters(fleet, forest, seed: seed)
        }
    }

    /// Each channel is a row under its source, or a mark on a root: of a co-primary, or of a ring that was cut there.
    private func expectChannelsDrawn(_ fleet: Fleet, _ rows: [TreeRow], seed: UInt64) {
        for instance in fleet.instances {
            for channel in instance.channels {
                guard let source = fleet.source(of: channel), source != instance.address else { continue }
                let isDrawn = rows.contains { row in
                    if row.address == instance.address, row.parent == source { return true }
                    if row.address == instance.address, row.relation == .coPrimary(with: source) { return true }
                    guard case .ringMember = row.relation else { return false }
                    return row.address == source
                }
                #expect(isDrawn, "\(instance.address) <- \(source), seed \(seed)")
            }
        }
    }

    private func expectConnectedClusters(_ fleet: Fleet, _ forest: Forest, seed: UInt64) {
        for instance in fleet.instances {
            for channel in instance.channels {
                guard let source = fleet.source(of: channel) else { continue }
                #expect(forest.cluster(of: source)?.id == forest.cluster(of: instance.address)?.id, "seed \(seed)")
            }
        }
        for cluster in forest.clusters {
            #expect(cluster.id == cluster.roots.first?.address)
            if let primary = cluster.primary { #expect(cluster.id == primary) }
        }
        #expect(forest.clusters.map(\.name) == forest.clusters.map(\.name).sorted())
    }

    @Test("a chain of thousands of servers needs no deep recursion to be planted and drawn")
    func longChain() {
        let count = 1_000
        let fleet = Fleet(
            (0..<count).map { number in
                .replica(InstanceAddress(host: "db\(number)"), of: InstanceAddress(host: "db\((number + 1) % count)"))
            })
        let rows = fleet.clusters()[0].rows()
        #expect(rows.count == count)
        #expect(rows.last?.depth == count - 1)
    }
}
