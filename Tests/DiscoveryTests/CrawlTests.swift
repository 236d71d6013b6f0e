import Discovery
import Servers
import TestSupport
import Testing
import Topology

@Suite struct CrawlTests {
    private let servers = FakeServers()

    private func discovery(_ seeds: InstanceAddress..., settings: DiscoverySettings = DiscoverySettings()) -> Discovery
    {
        Discovery(seeds: seeds, settings: settings) { [servers] in servers.prober(for: $0) }
    }

    @Test("a tree of three levels is found from its top, its middle and its leaves")
    func fromAnywhere() async {
        tree(of: 13, in: servers) { $0 == 0 ? nil : ($0 - 1) / 3 }
        for seed in [0, 2, 12] {
            let fleet = await discovery(address(seed)).crawl(within: .seconds(5))
            #expect(Set(fleet.addresses) == Set((0..<13).map(address)))
            #expect(fleet.instances.allSatisfy { $0.contact.isReachable })
        }
        #expect(servers.openProbers == 0)
    }

    @Test("a source that does not answer is shown, and what lies beyond is found by its replicas")
    func deadSource() async {
        tree(of: 4, in: servers) { $0 == 0 ? nil : 0 }
        servers.set(.refuses, at: address(0))
        let fleet = await discovery(address(1)).crawl(within: .seconds(5))
        #expect(Set(fleet.addresses) == [address(0), address(1)])
        #expect(fleet[address(0)]?.contact.failure?.kind == .connectionRefused)
    }

    @Test("the source of a detached replica is found by the mark that tells it")
    func detached() async {
        servers.add(.server(1, host: "db0"), at: address(0))
        var replica = InstanceFacts.server(2, host: "db1", sources: [address(0)])
        (replica.channels[0].source, replica.channels[0].detachedFrom) = (nil, address(0))
        servers.add(replica, at: address(1))
        let fleet = await discovery(address(1)).crawl(within: .seconds(5))
        #expect(Set(fleet.addresses) == [address(0), address(1)])
        #expect(fleet.replicas(of: address(0)) == [])
    }

    @Test("a replica whose port is a guess is not shown where it does not answer")
    func wrongPort() async {
        var source = InstanceFacts.server(1, host: "db0")
        source.guessedReplicas = [InstanceAddress(host: "nowhere", port: 3307)]
        servers.add(source, at: address(0))
        let fleet = await discovery(address(0)).crawl(within: .seconds(5))
        #expect(Array(fleet.addresses) == [address(0)])
    }

    @Test("a replica that its source lists by name is shown below it though it does not answer")
    func listedReplica() async {
        servers.add(.server(1, host: "db0", replicas: [address(1)]), at: address(0))
        servers.add(.server(2, host: "db1", sources: [address(0)]), at: address(1))
        servers.set(.refuses, at: address(1))
        let fleet = await discovery(address(0)).crawl(within: .seconds(5))
        #expect(Set(fleet.addresses) == [address(0), address(1)])
        #expect(fleet[address(1)]?.contact.failure?.kind == .connectionRefused)
        #expect(fleet.forest().parent(of: address(1)) == address(0))
        #expect(fleet.clusters().count == 1)
    }

    @Test("a name that a replica told its source, and that leads nowhere, makes no second server")
    func listedNameOfKnownServer() async {
        let inside = InstanceAddress(host: "inside", port: 3306)
        servers.add(.server(1, host: "db0", replicas: [inside]), at: address(0))
        var replica = InstanceFacts.server(2, host: "db1", sources: [address(0)])
        replica.identity.reportHost = "inside"
        servers.add(replica, at: address(1))
        for seeds in [[address(0), address(1)], [address(1)], [address(1), address(0)]] {
            let discovery = Discovery(seeds: seeds) { [servers] in servers.prober(for: $0) }
            let fleet = await discovery.crawl(within: .seconds(5))
            #expect(Set(fleet.addresses) == [address(0), address(1)], "\(seeds)")
        }
    }

    @Test("two names of one server make one instance, and the other name leads to it")
    func twoNames() async {
        let ip = InstanceAddress(host: "10.0.0.1")
        servers.add(.server(1, host: "db0", replicas: [address(1)]), at: address(0), ip)
        servers.add(.server(2, host: "db1", sources: [ip]), at: address(1))
        let fleet = await discovery(address(0)).crawl(within: .seconds(5))
        #expect(Set(fleet.addresses) == [address(0), address(1)])
        #expect(fleet.canonical(ip) == address(0))
        #expect(fleet.replicas(of: address(0)) == [address(1)])
    }

    @Test(
        "a copied server with its twin's server_uuid stays a server of its own",
        arguments: [(host: "db1", port: UInt16(3306)), (host: "db0", port: UInt16(3307))])
    func copiedServer(copy: (host: String, port: UInt16)) async {
        let copyAddress = InstanceAddress(host: copy.host, port: copy.port)
        servers.add(.server(1, host: "db0", uuid: 7, replicas: [copyAddress]), at: address(0))
        servers.add(
            .server(2, host: copy.host, port: copy.port, uuid: 7, sources: [address(0)]), at: copyAddress)
        let fleet = await discovery(address(0)).crawl(within: .seconds(5))
        #expect(Set(fleet.addresses) == [address(0), copyAddress])
    }
}
