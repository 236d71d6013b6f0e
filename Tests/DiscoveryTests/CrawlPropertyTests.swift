import Discovery
import Servers
import TestSupport
import Testing
import Topology

/// A random topology: trees, rings, several sources, aliases, dead servers.
private struct RandomTopology {
    let servers = FakeServers()
    var alive: Set<Int> = []
    /// Every address of each server; the first is the one that it gives itself.
    var names: [[InstanceAddress]] = []
    /// Whom each living server names for sure, by number.
    var certain: [[Int]] = []
    /// Whom each living server lists.
    var hinted: [[Int]] = []

    init(_ random: inout SeededGenerator) {
        let count = Int.random(in: 1...30, using: &random)
        for number in 0..<count {
            var names = [address(number)]
            for other in 0..<Int.random(in: 0...2, using: &random) {
                names.append(InstanceAddress(host: "10.\(other).0.\(number)"))
            }
            self.names.append(names)
            if Int.random(in: 0..<10, using: &random) > 0 { alive.insert(number) }
        }
        for number in 0..<count {
            let sources = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                Int.random(in: 0..<count, using: &random)
            }
            certain.append(sources.filter { $0 != number })
            hinted.append([])
        }
        // Sources list those of their replicas that are connected, and sometimes they list nobody.
        for (replica, sources) in certain.enumerated() where alive.contains(replica) {
            for source in sources where Int.random(in: 0..<5, using: &random) > 0 { hinted[source].append(replica) }
        }
        for number in 0..<count {
            let facts = InstanceFacts.server(
                UInt32(number + 1), host: "db\(number)",
                sources: certain[number].map { anyName(of: $0, &random) },
                replicas: hinted[number].map { anyName(of: $0, &random) })
            servers.add(facts, at: names[number][0])
            for name in names[number].dropFirst() { servers.route(name, to: names[number][0]) }
            if !alive.contains(number) { servers.set(.refuses, at: names[number][0]) }
        }
    }

    func anyName(of number: Int, _ random: inout SeededGenerator) -> InstanceAddress {
        names[number].randomElement(using: &random) ?? address(number)
    }

    /// The living servers that can be found from one.
    func reachable(from seed: Int) -> Set<Int> {
        var found: Set<Int> = []
        var next = [seed]
        while let number = next.popLast() {
            guard alive.contains(number), found.insert(number).inserted else { continue }
            next += certain[number] + hinted[number]
        }
        return found
    }
}

@Suite struct CrawlPropertyTests {
    @Test("whatever the topology, every living server that can be found is found exactly once", arguments: 1...100)
    func everybodyOnce(seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        let topology = RandomTopology(&random)
        let start = Int.random(in: 0..<topology.names.count, using: &random)
        let discovery = Discovery(seeds: [topology.anyName(of: start, &random)]) { topology.servers.prober(for: $0) }
        let fleet = await discovery.crawl(within: .seconds(20))

        let found = fleet.instances.filter(\.contact.isReachable).compactMap { $0.facts?.identity.serverID }
        #expect(Set(found).count == found.count, "a server was found twice")
        #expect(Set(found.map { Int($0) - 1 }) == topology.reachable(from: start))
        for (name, owner) in fleet.knownNames {
            #expect(fleet[owner]?.address == owner, "\(name) leads to \(owner), which the fleet does not hold")
        }
        #expect(topology.servers.openProbers == 0)
    }
}
