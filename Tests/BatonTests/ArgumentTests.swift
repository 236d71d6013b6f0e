import ArgumentParser
import Discovery
import Engine
import Foundation
import Servers
import Settings
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("Arguments")
struct ArgumentTests {
    private func command<Command: ParsableCommand>(_ arguments: String..., as type: Command.Type) throws -> Command {
        try #require(try Baton.parseAsRoot(arguments) as? Command)
    }

    private func message(_ arguments: String...) throws -> String {
        let error = #expect(throws: (any Error).self) { try Baton.parseAsRoot(arguments) }
        return Baton.message(for: try #require(error))
    }

    @Test("that begin with a server are the console's")
    func console() throws {
        let command = try command("db1", "db2:3307", "--user", "watcher", as: ConsoleCommand.self)
        #expect(command.servers.map(\.reading) == [.success("db1:3306"), .success("db2:3307")])
        #expect(command.access.user == "watcher")
        #expect(try self.command(as: ConsoleCommand.self).servers.isEmpty)
    }

    @Test("that are no length of time are refused with what would be one")
    func durations() throws {
        #expect(try message("topology", "--within", "soon").contains("write a length of time such as 500ms"))
    }

    @Test("ask for the preferred server after a failover with a time, or without one; another word is no time")
    func swapIn() throws {
        let plain = try command("failover", "db1", "--swap-in-preferred", as: FailoverCommand.self)
        #expect(plain.failover.swapIn?.limit(RecoveryPolicy()) == .seconds(600))
        #expect(plain.failover.swapIn?.limit(RecoveryPolicy(swapIn: .seconds(90))) == .seconds(90))
        let timed = try command("recover", "--swap-in-preferred=2m", "db1", as: RecoverCommand.self)
        #expect(timed.failover.swapIn?.limit(RecoveryPolicy(swapIn: .seconds(90))) == .seconds(120))
        #expect(try command("failover", "db1", as: FailoverCommand.self).failover.swapIn == nil)
        let yes = try command("failover", "db1", "--swap-in-preferred", "--yes", as: FailoverCommand.self)
        #expect(yes.failover.swapIn?.limit(RecoveryPolicy()) == .seconds(600) && yes.options.isConfirmed)
        #expect(try message("failover", "db1", "--swap-in-preferred=soon").contains("'soon' is no length of time"))
        #expect(try message("failover", "--swap-in-preferred", "db1").contains("after the servers"))
    }

    @Test("exclude two places for one answer")
    func places() throws {
        #expect(try message("topology", "--snapshot", "f", "--stored").contains("exclude each other"))
        #expect(try message("discover", "--stored").contains("Unknown option '--stored'"))
        #expect(try message("events", "--last", "0").contains("at least 1"))
    }

    @Test("win over the configuration, and leave the rest of it")
    func merging() throws {
        var access = Configuration.Access()
        access.user = "configured"
        access.certificateAuthority = "/ca"
        access.passwordVariable = "V"
        let options = try command(
            "topology", "--user", "given", "--ssl-mode", "verify_ca", "--defaults-group-suffix", "_x",
            as: TopologyCommand.self)
        let merged = options.question.options.crawl.access.merged(over: access)
        #expect(merged.user == "given")
        #expect(merged.tlsMode == .verifyCA)
        #expect(merged.certificateAuthority == "/ca")
        #expect(merged.passwordVariable == "V")
        #expect(merged.defaultsGroupSuffix == "_x")
    }

    @Test(
        "with a password in them are refused, and the password is not repeated",
        arguments: [["topology", "--password=hunter2"], ["topology", "db1", "-phunter2"], ["-phunter2"]])
    func passwords(_ arguments: [String]) throws {
        let error = #expect(throws: CommandFailure.self) { try ArgumentScreening.check(arguments) }
        let failure = try #require(error)
        #expect(failure.code == .usage)
        #expect(failure.description.contains("-p alone"))
        #expect(!failure.description.contains("hunter2"))
    }

    @Test("that are for another program, behind --, are left alone")
    func rest() throws {
        try ArgumentScreening.check(["lab", "exec", "db1", "--", "-pwhatever"])
    }

    @Test(
        "that are nearly a command are refused with the command that was meant",
        arguments: [("topolgy", "topology"), ("cluster", "clusters"), ("hlep", "help"), ("instances", "instance")])
    func misspelt(_ word: String, _ command: String) throws {
        let error = #expect(throws: CommandFailure.self) { try ArgumentScreening.check([word]) }
        #expect(try #require(error).description.contains("did you mean \"\(command)\""))
    }

    @Test(
        "that may be servers or are commands are let through",
        arguments: ["db1", "source1", "topolgy.example.org", "cluster:3306", "topology", "shop", "help", "--version"])
    func servers(_ word: String) throws {
        try ArgumentScreening.check([word])
    }

    private struct FixedResolver: NameResolver {
        let hosts: Set<String>

        func resolve(_ host: String, to form: HostNameResolution) async -> String? {
            hosts.contains(host) ? "192.0.2.1" : nil
        }
    }

    @Test("with a dash that are nearly a command, and no server that somebody knows, are refused with the command")
    func dashed() async throws {
        let store = "/nonexistent/\(UUID().uuidString)"
        let resolver = FixedResolver(hosts: ["stop-replca"])
        let failure = await #expect(throws: CommandFailure.self) {
            try await ArgumentScreening.checkDashed(["start-replca", "d", "--store", store], resolver: resolver)
        }
        #expect(failure?.code == .usage)
        #expect(failure?.description.contains("did you mean \"start-replica\"?") == true)
        for word in [
            "stop-replca", "start-replica", "start-slave", "db-primary", "start-replca.example.org", "--version",
        ] {
            try await ArgumentScreening.checkDashed([word, "--store", store], resolver: resolver)
        }
    }

    @Test("of every command have a help text")
    func help() {
        for command in Self.commands(of: Baton.self) where command.configuration.shouldDisplay {
            let name = command.configuration.commandName ?? "\(command)"
            let lines = Baton.helpMessage(for: command, columns: 100).split(separator: "\n")
            #expect(lines.first?.hasPrefix("OVERVIEW: ") == true && !command.configuration.abstract.isEmpty, "\(name)")
            for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  -") || line.hasPrefix("  <") {
                // The text stands behind the option, or on the next line where the option is long.
                let isTold = line.dropFirst(2).contains("  ") || next.hasPrefix("          ")
                #expect(isTold, "\(name): \(line)")
            }
        }
    }

    private static func commands(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { commands(of: $0) }
    }
}
