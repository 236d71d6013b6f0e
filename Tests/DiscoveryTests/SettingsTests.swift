import Discovery
import Servers
import TestSupport
import Testing
import Topology

/// A name service of three lines.
private struct FakeNames: NameResolver {
    let names: [String: String]

    func resolve(_ host: String, to form: HostNameResolution) async -> String? { names[host] }
}

@Suite("discovery's settings") struct SettingsTests {
    private let servers = FakeServers()

    private func crawl(
        _ settings: DiscoverySettings, names: [String: String] = [:], from seeds: InstanceAddress...
    ) async -> Fleet {
        let discovery = Discovery(seeds: seeds, settings: settings, resolver: FakeNames(names: names)) {
            [servers] in servers.prober(for: $0)
        }
        return await discovery.crawl(within: .seconds(5))
    }

    @Test("a filter that is an IP address must be the host, any other is searched in host and port")
    func filters() throws {
        let address = InstanceAddress(host: "10.0.0.12", port: 3307)
        #expect(try AddressFilter("10.0.0.12").matches(address))
        #expect(try !AddressFilter("10.0.0.1").matches(address))
        #expect(try AddressFilter("^10\\.").matches(address))
        #expect(try AddressFilter(":3307$").matches(address))
        #expect(try AddressFilter("::1").matches(InstanceAddress(host: "::1")))
    }

    @Test("a pattern that is no regular expression is refused with its text")
    func badPattern() {
        #expect(throws: AddressPatternError.self) { try AddressFilter("db[") }
        #expect { try AddressPattern("(") } throws: { "\($0)".contains("\"(\"") }
    }

    @Test("ignored hosts are never asked; ignored replicas and sources only not followed")
    func ignored() async throws {
        tree(of: 4, in: servers) { $0 == 0 ? nil : $0 - 1 }
        let none = try await crawl(
            DiscoverySettings(ignored: IgnoreFilters(hosts: [AddressFilter("db2")])), from: address(0))
        #expect(Set(none.addresses) == [address(0), address(1)])
        #expect(servers.probes(of: address(2)) == 0)
        let up = try await crawl(
            DiscoverySettings(ignored: IgnoreFilters(replicas: [AddressFilter("db.")])), from: address(2))
        #expect(Set(up.addresses) == [address(0), address(1), address(2)])
        let down = try await crawl(
            DiscoverySettings(ignored: IgnoreFilters(sources: [AddressFilter("db.")])), from: address(2))
        #expect(Set(down.addresses) == [address(2), address(3)])
    }

    @Test("place and aliases come from patterns, and from queries where they answered")
    func attributes() async throws {
        let seed: InstanceAddress = "shop-db1.ams.example:3306"
        var facts = InstanceFacts.server(1, host: "shop-db1")
        facts.attributes.region = "from-query"
        servers.add(facts, at: seed)
        let patterns = AttributePatterns(
            dataCenter: try AddressPattern("\\.([a-z]+)\\.example"),
            region: try AddressPattern("\\.([a-z]+)\\.example"),
            environment: try AddressPattern("prod"), alias: try AddressPattern("^([^.]+)"),
            clusterAlias: try AddressPattern("^(\\w+)-db"))
        let fleet = await crawl(DiscoverySettings(attributes: patterns), from: seed)
        let instance = try #require(fleet[seed])
        #expect(instance.location == Location(dataCenter: "ams", region: "from-query", environment: nil))
        #expect(instance.alias == "shop-db1")
        #expect(fleet.clusterAlias(of: seed) == "shop")
    }

    @Test("the map of cluster names goes before the pattern")
    func clusterMap() async throws {
        tree(of: 1, in: servers) { _ in nil }
        let patterns = AttributePatterns(
            clusterAlias: try AddressPattern("^(db)"),
            clusterAliases: [
                ClusterAliasRule(pattern: try AddressPattern("other"), alias: "Other"),
                ClusterAliasRule(pattern: try AddressPattern("^db0:"), alias: "Shop"),
            ])
        let fleet = await crawl(DiscoverySettings(attributes: patterns), from: address(0))
        #expect(fleet.clusterAlias(of: address(0)) == "Shop")
    }

    @Test("names are resolved before they are used, and stay known as other names")
    func resolution() async {
        servers.add(.server(1, host: "x"), at: "db0.example")
        servers.add(.server(2, host: "y", sources: ["db0"]), at: "db1.example")
        let names = [
            "db0": "db0.example", "db1": "db1.example", "db0.example": "db0.example", "db1.example": "db1.example",
        ]
        let fleet = await crawl(DiscoverySettings(hostNames: .canonicalName), names: names, from: "db1")
        #expect(Set(fleet.addresses) == ["db0.example", "db1.example"])
        #expect(fleet.canonical("db0") == "db0.example")
        #expect(fleet.replicas(of: "db0.example") == ["db1.example"])
    }

    @Test("a server is kept under the name that it gives itself, and reached under the one that leads to it")
    func ownNames() async {
        var facts = InstanceFacts.server(1, host: "db0-internal", port: 3306)
        facts.identity.reportHost = "db0-reported"
        facts.identity.reportPort = 3310
        servers.add(facts, at: "forwarded:13306")
        let byHost = await crawl(DiscoverySettings(instanceName: .hostName), from: "forwarded:13306")
        #expect(Array(byHost.addresses) == ["db0-internal"])
        #expect(byHost["forwarded:13306"]?.contact.isReachable == true)
        let byReport = await crawl(DiscoverySettings(instanceName: .reportHost), from: "forwarded:13306")
        #expect(Array(byReport.addresses) == ["db0-reported:3310"])
    }

    @Test("two servers that give themselves one name are kept apart")
    func sharedOwnName() async {
        servers.add(.server(1, host: "localhost", replicas: ["b"]), at: "a")
        servers.add(.server(2, host: "localhost", sources: ["a"]), at: "b")
        let fleet = await crawl(DiscoverySettings(instanceName: .hostName), from: "a")
        #expect(Set(fleet.addresses) == ["localhost", "b"])
    }

    @Test("the system's resolver finds this machine and leaves addresses alone")
    func systemResolver() async {
        let resolver = SystemNameResolver()
        #expect(await resolver.resolve("10.1.2.3", to: .canonicalName) == "10.1.2.3")
        let address = await resolver.resolve("localhost", to: .address)
        #expect(address == "127.0.0.1" || address == "::1")
        #expect(await resolver.resolve("no-such-host.invalid", to: .address) == nil)
    }
}
