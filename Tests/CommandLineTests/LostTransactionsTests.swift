import Lab
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("Transactions that would be lost, looked up on real servers", .serialized, .timeLimit(.minutes(3)))
struct LostTransactionsTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    private func run(_ arguments: [String], _ login: [String], code: Int32 = 0) async throws -> Sandbox.Run {
        let run = try await sandbox.baton(arguments + login)
        #expect(run.code == code, "\(arguments): \(run)")
        return run
    }

    /// What a look-up listed: for each transaction what it did to what.
    private func changes(_ look: JSON?) -> [[String]] {
        (look?["transactions"]?.elements ?? []).map { transaction in
            (transaction["changes"]?.elements ?? []).map { "\($0["kind"]?.text ?? "?") \($0["target"]?.text ?? "?")" }
        }
    }

    /// Both cut from each other; then `a` writes five transactions that `b` never receives.
    private func diverge(_ lab: Lab) async throws {
        let stop = lab["b"].flavour == .mysql ? "STOP REPLICA" : "STOP SLAVE"
        let reset = lab["b"].flavour == .mysql ? "RESET REPLICA ALL" : "RESET SLAVE ALL"
        try await lab["a"].execute(
            "CREATE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)",
            "CREATE TABLE shop.items (id INT PRIMARY KEY)", "INSERT INTO shop.orders VALUES (1)")
        try await eventually("the rows have come to b") {
            (try? await lab["b"].execute("SELECT id FROM shop.orders").first?.rowCount) == 1
        }
        try await lab["b"].execute(stop, reset)
        // MariaDB's default logs statements.
        let byRow = "SET SESSION binlog_format = ROW"
        try await lab["a"].execute(
            byRow, "INSERT INTO shop.orders VALUES (2)", "UPDATE shop.orders SET id = 20 WHERE id = 2",
            "DELETE FROM shop.orders WHERE id = 1", "CREATE TABLE shop.bills (id INT PRIMARY KEY)")
        try await lab["a"].execute(
            byRow, "BEGIN", "INSERT INTO shop.items VALUES (1)", "INSERT INTO shop.orders VALUES (3)", "COMMIT")
    }

    private static let lost = [
        ["insert shop.orders"], ["update shop.orders"], ["delete shop.orders"], ["CREATE TABLE "],
        ["insert shop.items", "insert shop.orders"],
    ]

    @Test(
        "a primary that is back names exactly what only it has, by table and statement",
        arguments: ["mysql", "mariadb"])
    func rejoining(family: String) async throws {
        let isThere = await LabServers.hasMySQL()
        guard isThere || family == "mariadb" else { return }
        try await LabServers.with("\(family): a(b)") { lab in
            try await diverge(lab)
            let (a, b) = (lab["a"].address.description, lab["b"].address.description)
            let line = ["rejoin", a, "--below", b, "--dry-run", "--transactions"]
            let login = ["--defaults-file", lab.clientOptionFile]
            let json = try await run(line + ["--format", "json"], login, code: 3).json
            #expect(json["reasons"]?.elements.map { $0["rule"]?.text } == ["rejoin.diverged"], "\(json)")
            let look = try #require(json["transactions"]?.elements.first)
            #expect(look["server"]?.text == a && look["end"]?.text == "complete", "\(look)")
            #expect(changes(look) == Self.lost, "\(look)")
            let gtids = (look["transactions"]?.elements ?? []).compactMap { $0["gtid"]?.text }
            #expect(Set(gtids).count == Self.lost.count, "\(look)")
            let text = try await run(line, login, code: 3).errors
            for gtid in gtids { #expect(text.contains("\n  \(gtid)  ") || text.contains(" \(gtid)  "), "\(text)") }
            #expect(!text.contains("VALUES"), "values are nobody's business: \(text)")
        }
    }

    @Test(
        "a candidate that lacks what another has applied names it", .enabled { await LabServers.hasMySQL() })
    func lacking() async throws {
        try await LabServers.with("mysql: a(b c)") { lab in
            let a = lab["a"].address.description
            let login = ["--defaults-file", lab.clientOptionFile]
            try await lab["a"].execute("CREATE DATABASE shop", "CREATE TABLE shop.orders (id INT PRIMARY KEY)")
            for name in ["b", "c"] {
                try await eventually("the table has come to \(name)") {
                    (try? await lab[name].execute("SELECT id FROM shop.orders").first?.rowCount) == 0
                }
            }
            _ = try await run(["discover", a], login)
            try await lab["b"].execute("STOP REPLICA")
            try await lab["a"].execute("INSERT INTO shop.orders VALUES (1)", "DELETE FROM shop.orders")
            try await eventually("c has applied both") {
                let query = "SELECT @@GLOBAL.gtid_executed"
                let written = try await lab["a"].execute(query).first?.text(row: 0, column: 0)
                let applied = try await lab["c"].execute(query).first?.text(row: 0, column: 0)
                return written == applied
            }
            try await lab["a"].kill()
            let json = try await run(["candidates", a, "--transactions", "--format", "json"], login).json
            let looks = json["transactions"]?.elements ?? []
            let lacked = looks.first { $0["which"]?.text == "that \(lab["b"].address) lacks" }
            #expect(changes(lacked) == [["insert shop.orders"], ["delete shop.orders"]], "\(json)")
            #expect(lacked?["server"]?.text == lab["c"].address.description, "\(looks)")
        }
    }
}
