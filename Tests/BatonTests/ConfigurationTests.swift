import Discovery
import Servers
import Settings
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("A configuration file")
struct ConfigurationTests {
    private func read(_ text: String) throws -> Configuration {
        try Configuration(SettingsFile(text: text, path: "baton.toml"))
    }

    private func complaints(_ text: String) throws -> String {
        let error = #expect(throws: SettingsError.self) { try read(text) }
        return try #require(error).description
    }

    @Test("that is empty leaves every default")
    func empty() throws {
        var expected = Configuration()
        expected.file = "baton.toml"
        #expect(try read("") == expected)
        #expect(try read("# nothing\n\n[connection]\n[store]\n") == expected)
    }

    @Test("that says everything is read back from what is shown of it")
    func roundTrip() throws {
        let text =
            ConfigurationSamples.file + """

                [[access]]
                pattern = '^shop-"db"\\d+\\.'
                defaults-file = "/etc/baton/shop.cnf"
                user = "shop\\twatcher\\u0001"
                ssl-mode = "REQUIRED"

                [[access]]
                pattern = "stock"
                defaults-extra-file = "a"
                defaults-group-suffix = "b"
                password-variable = "C"
                ssl-ca = "d"
                ssl-cert = "e"
                ssl-key = "f"

                [[clusters]]
                name = "the \\"shop\\""
                pattern = '^shop-'
                recover = ["primary", "intermediate-source"]
                accept-split-brain = true
                without-majority = true
                """
        let configuration = try read(text)
        #expect(configuration.accessRules.count == 2 && configuration.discovery.attributes.clusterAliases.count == 1)
        #expect(try read(ConfigurationText.toml(configuration)) == configuration)
    }

    @Test("with the defaults is read back from what is shown of them")
    func defaultsRoundTrip() throws {
        let defaults = try read("")
        #expect(try read(ConfigurationText.toml(defaults)) == defaults)
    }

    @Test("with a heartbeat table is read back from what is shown of it")
    func heartbeat() throws {
        let configuration = try read("[lag]\nheartbeat-table = \"percona.heartbeat\"\nheartbeat-clock = \"utc\"")
        #expect(
            configuration.probe.lagSource
                == .heartbeatTable(HeartbeatTable(schema: "percona", table: "heartbeat", clock: .utc)))
        #expect(try read(ConfigurationText.toml(configuration)) == configuration)
    }

    @Test("has access that differs for some servers, and takes the rest from [connection]")
    func access() throws {
        let configuration = try read(
            """
            [connection]
            user = "watcher"
            ssl-mode = "REQUIRED"

            [[access]]
            pattern = 'shop'
            user = "shopper"

            [[access]]
            pattern = 'stock'
            ssl-mode = "DISABLED"
            """)
        #expect(configuration.accessRules.map(\.access.user) == ["shopper", "watcher"])
        #expect(configuration.accessRules.map(\.access.tlsMode) == [.required, .disabled])
        #expect(configuration.accessRules[0].pattern.isFound(in: "shop-db1"))
    }

    @Test("knows the same keys in [[access]] as in [connection], besides the timeouts, which are everyone's")
    func accessKeys() {
        let connection = ConfigurationKey.connection.map(\.name).filter { !$0.hasSuffix("-timeout") }
        #expect(connection == Configuration.Access().values.map(\.key))
    }

    @Test("names clusters")
    func clusters() throws {
        let rules = try read("[[clusters]]\nname = \"shop\"\npattern = '^shop-'").discovery.attributes.clusterAliases
        #expect(rules.map(\.alias) == ["shop"])
        #expect(rules.first?.pattern.isFound(in: "shop-db1") == true)
    }

    @Test("is refused with every problem at once, in the order of the lines")
    func problems() throws {
        #expect(
            try complaints(
                """
                seeds = ["db1", "db2:port"]
                [conection]
                user = "x"
                [discovery]
                poll-interval = "1ms"
                concurrent-probes = 0
                ignore = ["("]
                [names]
                identity = "host-name"
                """
            ).split(separator: "\n").map { $0.prefix { $0 != "(" } }.map(String.init) == [
                "baton.toml:1:17: seeds: `db2:port` is not the address of an instance: "
                    + "the port `port` is not a number from 1 to 65535",
                "baton.toml:2:1: conection: unknown key ",
                "baton.toml:5:1: discovery.poll-interval: 1ms is below the least allowed, 100ms",
                "baton.toml:6:1: discovery.concurrent-probes: 0 is below the least allowed, 1",
                "baton.toml:7:11: discovery.ignore: the pattern \"",
                #"baton.toml:9:1: names.identity: "host-name" is not one of "as-reached", "hostname", "report-host" "#,
            ])
    }

    @Test(
        "does not take a password, and says where one goes", arguments: ["[connection]", "[[access]]\npattern = 'a'"])
    func password(_ table: String) throws {
        let text = try complaints("\(table)\npassword = \"hunter2\"")
        #expect(text.contains("password: no password stands in this file; put it in an option file"))
        #expect(!text.contains("hunter2"))
    }

    @Test(
        "is refused where its tables are not whole",
        arguments: [
            ("[[access]]\nuser = \"x\"", "access.0.pattern: is missing"),
            ("[[access]]\npattern = \"(\"", "access.0.pattern: "),
            ("[[access]]\npattern = \"a\"\nusr = \"x\"", #"access.0.usr: unknown key (did you mean "user"?)"#),
            (
                "[[clusters]]\nname = \"a\"\npattern = \"a\"\nrecover = [\"all\"]",
                "clusters.0.recover: must be one of \"primary\", \"intermediate-source\""
            ),
            ("[[clusters]]\npattern = \"a\"", "clusters.0.name: is missing"),
            ("[[clusters]]\nname = \"a\"", "clusters.0.pattern: is missing"),
            ("[lag]\nwarning = \"1m\"\ncritical = \"1s\"", "lag.critical: must not be below lag.warning"),
            ("[lag]\nheartbeat-clock = \"utc\"", "lag.heartbeat-clock: has no meaning without heartbeat-table"),
            ("[lag]\nheartbeat-table = \"heartbeat\"", "lag.heartbeat-table: must be written as \"schema.table\""),
            ("[lag]\nquery = \"SELECT 1; DROP TABLE t\"", "lag.query: "),
            ("[store]\nhistory-size = \"12 parsecs\"", "store.history-size: must be a size such as"),
        ])
    func incomplete(_ text: String, _ complaint: String) throws {
        #expect(try complaints(text).contains(complaint))
    }

    @Test(
        "has sizes as people write them",
        arguments: [
            ("64KiB", 65536), ("256MiB", 268_435_456), ("2GiB", 2_147_483_648), ("1048577", 1_048_577),
        ])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(SizeText.parse(text) == bytes)
        #expect(SizeText.print(bytes) == text)
    }

    @Test(
        "refuses what is no size",
        arguments: ["", "0", "-1", "MiB", "1.5GiB", "0MiB", "9223372036854775807GiB", "1 MiB"])
    func noSizes(_ text: String) {
        #expect(SizeText.parse(text) == nil)
    }
}
