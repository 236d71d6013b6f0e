import Foundation
import Lab
import Servers
import Storage
import Subprocess
import TestSupport
import Testing
import Topology

@Suite("Answers from real servers", .serialized, .timeLimit(.minutes(5)))
struct LabAnswerTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func succeeds(_ arguments: [String]) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments)
        #expect(run.code == 0, "\(arguments): \(run)")
        return run
    }

    @Test("what discover finds is kept, answered from the store, saved, and forgotten")
    func store() async throws {
        try await LabServers.with("mariadb: a(b(c))") { lab in
            let names = ["a", "b", "c"].map { lab[$0].address.description }
            let login = ["--defaults-file", lab.clientOptionFile]

            let found = try await succeeds(["discover", names[2], "127.0.0.1:1"] + login)
            #expect(Set(found.lines) == Set(names + ["127.0.0.1:1"]), "\(found)")
            try await checkStored(names)
            try await checkLive(names, login)

            let file = sandbox.path("fleet.json")
            _ = try await succeeds(["snapshot", "save", file])
            let shown = try await succeeds(["snapshot", "show", file, "--format", "json"])
            #expect(Set(try shown.json.elements.compactMap { $0["address"]?.text }).isSuperset(of: names))

            #expect(try await succeeds(["forget", "127.0.0.1:1"]).output == "127.0.0.1:1\n")
            let left = try await succeeds(["topology", "--format", "json"])
            #expect(try left.json.elements.map { $0["address"]?.text } == names)
            let events = try await succeeds(["events", "--format", "json"]).json.elements
            let event = try #require(events.last)
            #expect(event.keys == ["id", "at", "kind", "address", "cluster", "text"])
            #expect(event["kind"]?.text == "forgotten" && event["address"]?.text == "127.0.0.1:1")
            #expect(try await succeeds(["events", "127.0.0.1:1", "--since", "1h"]).lines.count == 2)
            try await checkFound(names, login)
        }
    }

    /// What discover finds first is told as the console tells it, and once.
    private func checkFound(_ names: [String], _ login: [String]) async throws {
        _ = try await succeeds(["discover", names[0]] + login)
        for name in names {
            let events = try await succeeds(["events", name, "--format", "json"]).json.elements
            let found = events.filter { $0["kind"]?.text == "found" }
            #expect(found.count == 1, "\(events)")
            #expect(found.first?["text"]?.text?.hasPrefix("was found: MariaDB ") == true, "\(events)")
            #expect(found.first?["cluster"]?.text?.isEmpty == false, "\(events)")
        }
    }

    /// Without a server named, the store answers, and says how old it is.
    private func checkStored(_ names: [String]) async throws {
        let topology = try await succeeds(["topology", "--format", "json", "--cluster", names[2]])
        let rows = try topology.json.elements
        #expect(rows.map { $0["address"]?.text } == names)
        #expect(rows.map { $0["source"]?.text } == [nil, names[0], names[1]])
        #expect(rows.map { $0["depth"]?.number } == ["0", "1", "2"])
        #expect(Set(rows.map { $0["cluster"]?.text }).count == 1)
        #expect(topology.errors.hasPrefix("from the store, last written ") && topology.errors.hasSuffix(" ago\n"))
        let clusters = try await succeeds(["clusters", "--format", "json"]).json.elements
        #expect(clusters.contains { $0["primary"]?.text == names[0] && $0["instances"]?.elements.count == 3 })
        #expect(try await succeeds(["instance", names[1], "--stored"]).output.contains(names[0]))
        #expect(try await succeeds(["replicas", names[0], "--stored"]).lines == [names[1]])
        #expect(try await succeeds(["source", names[2], "--stored"]).lines == [names[1]])
        #expect(try await succeeds(["problems"]).output.contains("127.0.0.1:1"))
        let completed = try await succeeds(["---completion", "topology", "--", "positional@0", "1", "0", "127.0.0.1:"])
        #expect(Set(completed.lines).isSuperset(of: names), "\(completed)")
    }

    /// With a server named, it is asked, and so is everyone that it leads to.
    private func checkLive(_ names: [String], _ login: [String]) async throws {
        let rows = try await succeeds(["topology", names[1], "--format", "json"] + login).json.elements
        #expect(rows.map { $0["address"]?.text } == names)
        let text = try await succeeds(["topology", names[0]] + login)
        #expect(names.allSatisfy(text.output.contains) && text.errors.isEmpty, "\(text)")
        #expect(try await succeeds(["replicas", names[1]] + login).lines == [names[2]])
        #expect(try await succeeds(["source", names[1]] + login).lines == [names[0]])
        let instance = try await succeeds(["instance", names[1], "--format", "json"] + login).json
        #expect(instance["source"]?.text == names[0] && instance["version"]?.text?.contains("MariaDB") == true)
    }

    @Test("a ring that somebody made by hand is told, and left by moving back the one that was led into it")
    func ring() async throws {
        try await LabServers.with("mariadb: t(a(b(c)))") { lab in
            let (t, a, c) = (lab["t"].address.description, lab["a"].address.description, lab["c"].address)
            let login = ["--defaults-file", lab.clientOptionFile]
            // Without a transaction nothing shows whose data are whose.
            try await lab["t"].execute("CREATE DATABASE shop")
            try await eventually("the last of the chain has it") {
                try await lab["c"].execute("SHOW DATABASES LIKE 'shop'").first?.rowCount == 1
            }
            _ = try await succeeds(["discover", t] + login)
            #expect(try await succeeds(["problems", a] + login).lines == ["no problems"])
            try await lab["a"].execute("STOP SLAVE", "CHANGE MASTER TO MASTER_PORT = \(c.port)", "START SLAVE")
            let problems = try await succeeds(["problems", a] + login)
            #expect(problems.output.contains("is in a ring of 3 servers") && problems.output.contains("[cluster.ring]"))
            // The store still links them; a tree is that of the server that was asked for.
            let rows = try await succeeds(["topology", t, "--format", "json"] + login).json.elements
            #expect(rows.map { $0["address"]?.text } == [t])
            _ = try await succeeds(["relocate", a, t, "--yes"] + login)
            #expect(try await succeeds(["replicas", t] + login).lines == [a])
            #expect(try await succeeds(["problems", a] + login).lines == ["no problems"])
        }
    }

    @Test("a server is asked by the alias that the store knows, and is kept as it was while it does not answer")
    func aliases() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let (source, replica) = (lab["a"].address.description, lab["b"].address.description)
            let configuration = try sandbox.write(
                """
                [attributes]
                alias-query = "SELECT CONCAT('db-', IF(@@port = \(lab["a"].address.port), 'primary', 'standby'))"
                """, to: "config/baton/baton.toml")
            let login = ["--defaults-file", lab.clientOptionFile]
            _ = try await succeeds(["discover", source] + login)
            #expect(try await succeeds(["replicas", "db-primary"] + login).lines == [replica], "\(configuration)")
            #expect(try await succeeds(["source", "DB-Standby"] + login).lines == [source])
            let doctor = try await sandbox.baton(["doctor", "db-primary", "--format", "json"] + login)
            #expect(try doctor.json["address"]?.text == source, "\(doctor)")
            let terminal = try await sandbox.baton("console", "db-primary")
            #expect(terminal.code == 74, "\(terminal)")

            try await lab["b"].stop()
            _ = try await succeeds(["discover", "db-primary", replica] + login)
            let rows = try await succeeds(["topology", "--cluster", "db-primary", "--format", "json"]).json.elements
            #expect(rows.map { $0["alias"]?.text } == ["db-primary", "db-standby"], "\(rows)")
            #expect(rows.last?["source"]?.text == source)
            let events = try await succeeds(["events", "db-standby"])
            #expect(events.lines.count { $0.contains("\(replica) (db-standby)  cannot be reached") } == 1, "\(events)")
        }
    }

    @Test("the ways to log in, and what is refused")
    func login() async throws {
        try await LabServers.with("mariadb: a") { lab in
            let address = lab["a"].address.description
            _ = try await lab["a"].execute(
                "CREATE USER 'watcher'@'%' IDENTIFIED BY 's3cret-of-watcher'",
                "GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR, REPLICATION MASTER ADMIN ON *.* TO 'watcher'@'%'")
            let options = try sandbox.write(
                "[client_ops]\nuser=watcher\npassword=s3cret-of-watcher\n", to: "ops.cnf")
            _ = try await succeeds(["instance", address, "--defaults-file", options, "--defaults-group-suffix", "_ops"])
            let variable = try await sandbox.baton(
                ["instance", address, "--user", "watcher"], environment: ["MYSQL_PWD": "s3cret-of-watcher"])
            #expect(variable.code == 0, "\(variable)")
            let configuration = try sandbox.write(
                """
                [[access]]
                pattern = ':\(lab["a"].address.port)$'
                user = "watcher"
                password-variable = "WATCHER"
                """, to: "baton.toml")
            let rule = try await sandbox.baton(
                ["instance", address, "--config", configuration], environment: ["WATCHER": "s3cret-of-watcher"])
            #expect(rule.code == 0, "\(rule)")

            try await checkRefusals(address)
            try await checkEncryption(address, options: lab.clientOptionFile)
        }
    }

    /// A wrong password is refused by every command with 77, and shown by none.
    private func checkRefusals(_ address: String) async throws {
        let wrong = try sandbox.write("[client]\nuser=watcher\npassword=wr0ng-password\n", to: "wrong.cnf")
        for command in ["topology", "clusters", "problems", "instance", "replicas", "source", "discover", "doctor"] {
            for format in ["text", "json"] {
                let run = try await sandbox.baton(command, address, "--defaults-file", wrong, "--format", format)
                #expect(run.code == 77, "\(command): \(run)")
                #expect(run.errors.contains("Access denied for user 'watcher'"), "\(command): \(run)")
                #expect(!run.output.contains("wr0ng") && !run.errors.contains("wr0ng"), "\(command): \(run)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: sandbox.storePath), "nothing found, nothing kept")
    }

    /// A server without TLS is not spoken to where TLS is required, whoever requires it.
    private func checkEncryption(_ address: String, options: String) async throws {
        let text = try String(contentsOfFile: options, encoding: .utf8)
        let required = try sandbox.write(text + "\n[client]\nssl-mode=REQUIRED\n", to: "tls.cnf")
        let configuration = try sandbox.write("[connection]\nssl-mode = \"REQUIRED\"\n", to: "tls.toml")
        for arguments in [
            ["--defaults-file", required], ["--defaults-file", options, "--ssl-mode", "required"],
            ["--defaults-file", options, "--config", configuration],
        ] {
            for command in ["instance", "doctor"] {
                let run = try await sandbox.baton([command, address] + arguments)
                #expect(run.code == 77, "\(command) \(arguments): \(run)")
                #expect(run.errors.contains("ssl-mode REQUIRED asks for TLS"), "\(command) \(arguments): \(run)")
            }
        }
        _ = try await succeeds(["instance", address, "--defaults-file", options, "--ssl-mode", "PREFERRED"])
    }

    @Test("no password is in the process list while servers are asked")
    func processList() async throws {
        try await LabServers.with("mariadb: a") { lab in
            // A frozen server holds the program up for as long as it takes to look.
            try await lab["a"].freeze()
            let options = try sandbox.write("[client]\nuser=watcher\npassword=s3cret-of-watcher\n", to: "my.cnf")
            let result = try await Subprocess.run(
                Sandbox.program, arguments: ["topology", lab["a"].address.description, "--defaults-file", options],
                environment: sandbox.environment, platformOptions: Sandbox.detached,
                input: .none, output: .discarded, error: .discarded
            ) { execution in
                let folder = "/proc/\(execution.processIdentifier.value)"
                try await eventually("the program has connected") {
                    let descriptors = try FileManager.default.contentsOfDirectory(atPath: folder + "/fd")
                    return descriptors.contains { descriptor in
                        let target = try? FileManager.default.destinationOfSymbolicLink(
                            atPath: "\(folder)/fd/\(descriptor)")
                        return target?.hasPrefix("socket:") == true
                    }
                }
                return try Data(contentsOf: URL(fileURLWithPath: folder + "/cmdline"))
            }
            let arguments = String(decoding: result.closureResult, as: UTF8.self)
            #expect(arguments.contains("topology") && !arguments.contains("s3cret"))
            try await lab["a"].thaw()
        }
    }

    @Test("doctor tells what is missing, and ends with 1 where something blocks")
    func doctor() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let address = lab["b"].address.description
            let run = try await sandbox.baton(
                "doctor", address, "--format", "json", "--defaults-file", lab.clientOptionFile)
            let report = try run.json
            #expect(report.keys == ["address", "account", "version", "missingGrants", "findings"])
            #expect(report["address"]?.text == address)
            let findings = try #require(report["findings"]).elements
            #expect(findings.allSatisfy { $0.keys == ["id", "area", "severity", "measured", "why", "remedy"] })
            let blocks = findings.contains { $0["severity"]?.text == "blocker" }
            #expect(run.code == (blocks ? 1 : 0), "\(run)")
            #expect(!blocks || run.errors.isEmpty, "the report says it: \(run)")

            let text = try await sandbox.baton("doctor", address, "--defaults-file", lab.clientOptionFile, "--all")
            #expect(text.output.hasPrefix("\(address)  MariaDB "), "\(text)")
            for finding in findings {
                #expect(text.output.contains("[\(finding["id"]?.text ?? "?")]"), "\(finding)")
            }
        }
    }
}
