import TestSupport
import Testing
import Topology

@testable import baton

@Suite("A server's name on the command line")
struct ServerNamesTests {
    private static func called(_ alias: String, _ instance: Instance) -> Instance {
        var instance = instance
        instance.alias = alias
        return instance
    }

    private let names = ServerNames(
        fleet: Fleet([
            called("shop-primary", .source("db1")), called("standby", .replica("db2", of: "db1")),
            called("Standby", .replica("db3", of: "db1")), called("db2", .replica("db4", of: "db9")),
            called("twin", .source("db5")), called("twin", .source("db6:3307")), called("The Archive", .source("db7")),
        ]))

    private func server(_ text: String) throws -> InstanceAddress {
        try names.server(ServerArgument(argument: text)).address
    }

    private func refusal(_ text: String) throws -> CommandFailure {
        try #require(#expect(throws: CommandFailure.self) { try server(text) })
    }

    @Test(
        "is an address or an alias of a known server, and an address that is known goes first",
        arguments: [
            ("db1", "db1:3306"), ("DB1:3306", "db1:3306"), ("shop-primary", "db1:3306"), ("SHOP-primary", "db1:3306"),
            ("The Archive", "db7:3306"), ("db2", "db2:3306"), ("db9", "db9:3306"), ("standby", "db2:3306"),
            ("Standby", "db3:3306"), ("shop-primary:3306", "shop-primary:3306"), ("db8:3307", "db8:3307"),
        ] as [(String, InstanceAddress)])
    func found(_ text: String, _ address: InstanceAddress) throws {
        #expect(try server(text) == address)
        #expect(try names.server(ServerArgument(argument: text)).assumption == nil)
    }

    @Test("that is the alias of several is refused with all of them", arguments: ["twin", "TWIN", "STANDBY"])
    func ambiguous(_ text: String) throws {
        let failure = try refusal(text)
        let candidates = text == "STANDBY" ? "db2:3306, db3:3306 have it" : "db5:3306, db6:3307 have it"
        #expect(failure.code == .negative)
        #expect(failure.description.contains("the alias \"\(text)\" is not one server's: \(candidates)"))
    }

    @Test("that nobody has is taken for a host name, and it is said that it was")
    func unknown() throws {
        let named = try names.server(ServerArgument(argument: "shop"))
        #expect(named.address == "shop:3306")
        #expect(named.assumption == "\"shop\" was taken for a host name: no known server has this alias")
    }

    @Test("that is a list is refused with how several are named")
    func several() throws {
        #expect(try refusal("db1,db2").description.contains("`baton relocate-replicas` and --only move several"))
    }

    @Test(
        "that is neither is refused with the reason",
        arguments: [
            ("db1:99999", "the port `99999` is not a number from 1 to 65535"),
            ("a b", "a host cannot contain the character U+20"), ("", "the host is empty"),
        ])
    func neither(_ text: String, _ reason: String) throws {
        let failure = try refusal(text)
        #expect(failure.code == .usage)
        let complaint = "`\(text)` is not the address of an instance: \(reason); nor is it the alias of a known server"
        #expect(failure.description == complaint)
    }
}
