import Foundation
import TestSupport
import Testing

@Suite("How the program ends")
struct ExitCodeTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func fails(
        _ code: Int32, _ arguments: [String], saying words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let run = try await sandbox.baton(arguments)
        #expect(run.code == code, "\(run)", sourceLocation: sourceLocation)
        #expect(run.errors.contains(words), "\(run)", sourceLocation: sourceLocation)
        #expect(run.errors.hasPrefix("baton: "), "\(run)", sourceLocation: sourceLocation)
        #expect(!run.errors.contains("Error:"), "\(run)", sourceLocation: sourceLocation)
        #expect(run.output.isEmpty, "\(run)", sourceLocation: sourceLocation)
    }

    @Test("64 where the arguments do not fit together")
    func usage() async throws {
        try await fails(64, ["topology", "--bogus"], saying: "Unknown option '--bogus'")
        try await fails(64, ["topology", "db1:0"], saying: "the port `0` is not a number from 1 to 65535")
        try await fails(64, ["instance"], saying: "Missing expected argument '<server>'")
        try await fails(64, ["topology", "--stored", "--snapshot", "f"], saying: "exclude each other")
        try await fails(64, ["topolgy"], saying: "did you mean \"topology\"?")
        try await fails(64, ["discover"], saying: "no server to start from")
        let file = try sandbox.write("{}", to: "there.json")
        let fleet = try sandbox.write(#"{"baton-snapshot": 1, "instances": [{"address": "db1"}]}"#, to: "fleet.json")
        try await fails(64, ["snapshot", "save", file, "--snapshot", fleet], saying: "exists and was left as it is")
    }

    @Test("65 where a snapshot or an option file is refused, with the place")
    func badData() async throws {
        let snapshot = try sandbox.write(
            """
            {"baton-snapshot": 1, "instances": [
              {"address": "db1"},
              {"address": "db2", "chanels": []}
            ]}
            """, to: "bad.json")
        try await fails(65, ["topology", "--snapshot", snapshot], saying: "bad.json:3:22: instances[1].chanels: ")
        try await fails(65, ["snapshot", "show", snapshot], saying: "did you mean \"channels\"?")
        try await fails(65, ["snapshot", "show", sandbox.path("no.json")], saying: "No such file or directory")
        try await fails(
            65, ["topology", "127.0.0.1:1", "--defaults-file", sandbox.path("no.cnf")], saying: "there is no such file")
        let options = try sandbox.write("[client]\nssl-mode=SOMETIMES\n", to: "bad.cnf")
        try await fails(65, ["topology", "127.0.0.1:1", "--defaults-file", options], saying: "bad.cnf:2")
    }

    @Test("69 where none of the servers that were named answers")
    func unreachable() async throws {
        // Nobody listens on port 1, which is kept for tcpmux.
        let run = try await sandbox.baton("topology", "127.0.0.1:1")
        #expect(run.code == 69, "\(run)")
        #expect(run.errors.hasPrefix("baton: 127.0.0.1:1: "), "\(run)")
        #expect(run.errors.contains("Check that the server process runs"), "what to do next: \(run)")
        #expect(run.output.contains("127.0.0.1:1"), "the answer says so too: \(run)")
        try await fails(69, ["instance", "127.0.0.1:1"], saying: "127.0.0.1:1: ")
        try await fails(69, ["doctor", "127.0.0.1:1"], saying: "127.0.0.1:1")
        try await fails(69, ["discover", "127.0.0.1:1"], saying: "127.0.0.1:1")
        #expect(!FileManager.default.fileExists(atPath: sandbox.storePath), "nothing found, nothing kept")
    }

    @Test("73 where the store is no store, and the file is left as it is")
    func store() async throws {
        let file = try sandbox.write(String(repeating: "this is no database\n", count: 100), to: "foreign.db")
        for arguments in [["topology"], ["events"], ["forget", "db1"], ["instance", "db1", "--stored"]] {
            try await fails(73, arguments + ["--store", file], saying: "foreign.db")
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("this is no database"))
        let fleet = try sandbox.write(#"{"baton-snapshot": 1, "instances": [{"address": "db1"}]}"#, to: "fleet.json")
        try await fails(
            73, ["snapshot", "save", sandbox.path("no/f.json"), "--snapshot", fleet],
            saying: "no/f.json cannot be written: the folder \(sandbox.path("no")) is not there")
    }

    @Test("73 where a command that only reads is told a store that is not there, and none is made by asking")
    func absentStore() async throws {
        let file = sandbox.path("no/such/x.db")
        for arguments in [["topology"], ["events"], ["forget", "db1"], ["instance", "db1", "--stored"]] {
            try await fails(73, arguments + ["--store", file], saying: "there is no store \(file): check the path")
        }
        let configured = try sandbox.write("[store]\npath = \"\(file)\"\n", to: "configured.toml")
        try await fails(73, ["problems", "--config", configured], saying: "there is no store \(file)")
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("no")))
        try await fails(1, ["topology"], saying: "\(sandbox.storePath) knows no server yet")
        try await fails(1, ["forget", "db1"], saying: "nothing was forgotten")
        let events = try await sandbox.baton("events")
        #expect(events.code == 0 && events.output == "no events\n", "\(events)")
        #expect(!FileManager.default.fileExists(atPath: sandbox.path("state")), "nor in the usual place")
    }

    @Test("74 where a terminal is needed and there is none, or the answer cannot be written")
    func terminal() async throws {
        try await fails(
            74, ["topology", "127.0.0.1:1", "-p"], saying: "there is no terminal; put it in an option file")
        try await fails(74, ["console", "127.0.0.1:1"], saying: "the console needs a terminal")
        try await fails(74, ["127.0.0.1:1"], saying: "the console needs a terminal")
        try await fails(74, [], saying: "the console needs a terminal")
        let full = try await sandbox.shell("\"$BATON\" config keys > /dev/full")
        #expect(full.code == 74 && full.errors.contains("No space left on device"), "\(full)")
    }

    @Test("78 where the configuration file is refused, with line, key and what was meant")
    func configuration() async throws {
        let file = try sandbox.write("[discovery]\npol-interval = \"1s\"\n", to: "config/baton/baton.toml")
        for arguments in [["topology"], ["config", "check"], ["config"], ["events"], ["doctor", "db1"]] {
            try await fails(
                78, arguments,
                saying: "\(file):2:1: discovery.pol-interval: unknown key (did you mean \"poll-interval\"?)")
        }
        try await fails(78, ["topology", "--config", sandbox.path("no.toml")], saying: "No such file or directory")
        let variable = try sandbox.write("[connection]\npassword-variable = \"NOT_SET\"", to: "variable.toml")
        try await fails(
            78, ["topology", "127.0.0.1:1", "--config", variable],
            saying: "the environment variable NOT_SET, which is not set")
    }

    @Test("1 where the answer is no")
    func negative() async throws {
        try await fails(1, ["topology"], saying: "knows no server yet")
        try await fails(1, ["forget", "db1"], saying: "nothing was forgotten; not in the store: db1:3306; \"db1\" was")
        let fleet = try sandbox.write(#"{"baton-snapshot": 1, "instances": [{"address": "db1"}]}"#, to: "fleet.json")
        try await fails(1, ["instance", "db2", "--snapshot", fleet], saying: "db2:3306 is not known in the snapshot")
        try await fails(
            1, ["topology", "--cluster", "shop", "--snapshot", fleet], saying: "there is no cluster shop")
    }

    @Test("0, quietly, where the reader of the answer wants no more of it")
    func brokenPipe() async throws {
        // `true` reads nothing, and is gone before the program writes.
        let run = try await sandbox.shell(
            "{ sleep 0.2; \"$BATON\" config keys; echo \"ended with $?\" >&2; } | true; echo done")
        #expect(run.errors == "ended with 0\n", "\(run)")
        let head = try await sandbox.shell("\"$BATON\" config keys | head -n 1")
        #expect(head.output == "# Configuration\n" && head.errors.isEmpty && head.code == 0, "\(head)")
    }

    @Test("with the version and the help on standard output")
    func help() async throws {
        let version = try await sandbox.baton("--version")
        #expect(version.code == 0 && version.output.hasPrefix("baton "), "\(version)")
        #expect(try await sandbox.baton("version").output == version.output)
        let help = try await sandbox.baton("--help")
        #expect(help.code == 0 && help.errors.isEmpty, "\(help)")
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/help.txt")
        try Golden.check(help.output, file: golden)
        for command in ["topology", "snapshot save", "lab up", "config check", "console"] {
            let run = try await sandbox.baton(["help"] + command.split(separator: " ").map(String.init))
            #expect(run.code == 0 && run.output.contains("USAGE: baton \(command)"), "\(run)")
            #expect(run.output.contains("--help"), "\(run)")
        }
    }
}
