import TestSupport
import Testing
import Topology

@Suite("The address of an instance")
struct InstanceAddressTests {
    @Test(
        "host and port are read in every usual notation",
        arguments: [
            ("db1", "db1", 3306), ("db1:3307", "db1", 3307), ("DB1.Example.COM.", "db1.example.com", 3306),
            ("10.0.0.1:65535", "10.0.0.1", 65535), ("[::1]", "::1", 3306), ("[::1]:3307", "::1", 3307),
            ("::1", "::1", 3306), (" db1 ", "db1", 3306), ("my_host:1", "my_host", 1),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1", 3306), ("bücher.example", "bücher.example", 3306),
        ])
    func notations(text: String, host: String, port: UInt16) throws {
        let address = try InstanceAddress(parsing: text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "what is no address is refused with the reason",
        arguments: [
            ("", .emptyHost), ("   ", .emptyHost), (":3306", .emptyHost), (".", .emptyHost), ("db1:", .badPort("")),
            ("db1:0", .badPort("0")), ("db1:65536", .badPort("65536")), ("db1:+1", .badPort("+1")),
            ("db1:abc", .badPort("abc")), ("db 1", .badCharacter(" ")), ("db1\n", .badCharacter("\n")),
            ("db\u{1B}1", .badCharacter("\u{1B}")), ("//db1:3306", .detached), ("a,b", .badCharacter(",")),
            ("user@db1", .badCharacter("@")), ("1:2:3", .badIPv6), ("[db1]:3306", .badIPv6), ("[::1]x", .badIPv6),
            ("[::1", .badIPv6), ("::1::", .badIPv6), ("db\u{202E}1", .badCharacter("\u{202E}")),
            ("db1/x", .badCharacter("/")),
            ("db1..", .emptyLabel), ("a..b", .emptyLabel), (".a", .emptyLabel),
        ] as [(String, InstanceAddress.ParsingError.Reason)])
    func refusals(text: String, reason: InstanceAddress.ParsingError.Reason) {
        let error = #expect(throws: InstanceAddress.ParsingError.self) { try InstanceAddress(parsing: text) }
        #expect(error?.reason == reason)
    }

    @Test("a host of more than 255 characters is refused")
    func longHost() {
        let text = String(repeating: "a", count: 256)
        let error = #expect(throws: InstanceAddress.ParsingError.self) { try InstanceAddress(parsing: text) }
        #expect(error?.reason == .hostTooLong)
        #expect(error?.description.count ?? 0 < 200)
    }

    @Test("the default port stands in where the text names none")
    func defaultPort() throws {
        #expect(try InstanceAddress(parsing: "db1", defaultPort: 4000).port == 4000)
        #expect(try InstanceAddress(parsing: "db1:3307", defaultPort: 4000).port == 3307)
    }

    @Test(
        "equal IPv6 addresses compare equal, in the form of RFC 5952",
        arguments: [
            ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"), ("0:0:0:0:0:0:0:0", "::"),
            ("1:0:0:0:0:0:0:0", "1::"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::FFFF:10.0.0.1", "::ffff:10.0.0.1"), ("::ffff:a00:1", "::ffff:10.0.0.1"),
            ("fe80::1%ETH0", "fe80::1%eth0"),
            ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
        ])
    func canonicalIPv6(text: String, canonical: String) throws {
        #expect(try InstanceAddress(parsing: text).host == canonical)
        #expect(InstanceAddress(host: text).host == canonical)
        #expect(InstanceAddress(host: "[\(text)]").host == canonical)
    }

    @Test("random IPv6 addresses come back from their printed form")
    func ipv6RoundTrip() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<2_000 {
            let groups = (0..<8).map { _ in
                Bool.random(using: &generator) ? 0 : UInt16.random(in: 0...0xFFFF, using: &generator)
            }
            let written = groups.map { String($0, radix: 16) }.joined(separator: ":")
            let address = try InstanceAddress(parsing: "[\(written)]:3307")
            #expect(try InstanceAddress(parsing: address.description) == address)
            #expect(try InstanceAddress(parsing: written).host == address.host)
        }
    }

    @Test("no text crashes the parser, and what it accepts comes back from its printed form")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 1)
        let pieces = ["db", "1", ":", "::", "[", "]", ".", "%", "3306", "ffff", "0", "//", "-", " ", "ß", "İ", "K"]
        var accepted = 0
        for _ in 0..<20_000 {
            guard let address = try? InstanceAddress(parsing: generator.text(from: pieces)) else { continue }
            accepted += 1
            #expect(try InstanceAddress(parsing: address.description) == address)
        }
        #expect(accepted > 500)
    }

    @Test("addresses sort by host and then by the number of the port")
    func order() {
        let sorted: [InstanceAddress] = ["db1:900", "db1:3306", "db10:3306", "db2:3306"]
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test("a channel's source host is read with the marks that orchestrator leaves")
    func configuredSource() throws {
        #expect(try ConfiguredSource(host: "", port: 0) == .none)
        #expect(try ConfiguredSource(host: "_", port: 3306) == .none)
        #expect(try ConfiguredSource(host: "db1", port: 3307) == .source("db1:3307"))
        #expect(try ConfiguredSource(host: "//db1", port: 3306) == .detached(from: "db1:3306"))
        #expect(try ConfiguredSource(host: "FE80::1", port: 3306) == .source("[fe80::1]:3306"))
        #expect(throws: InstanceAddress.ParsingError.self) { try ConfiguredSource(host: "a b", port: 3306) }
    }
}
