import TestSupport
import Testing
import Topology

@testable import Servers

@Suite("Answers of a server that went mad")
struct DecodingFuzzTests {
    @Test("never crash a probe, nor keep it from its end")
    func fuzz() {
        var random = SeededGenerator(seed: 11)
        let cells: [String?] = [
            nil, "", "ON", "OFF", "1", "-1", "4294967296", "18446744073709551616", "nan", "inf", "-1e18", "Yes", "db1",
            "10.11.6-MariaDB", "9.7.4", "x:1-", "0-1-1,0-1", "a@b", "\u{0}\u{1B}[2J", "999999999999999999999999.5",
        ]
        var templates = [ScriptedServer.mysql("9.7.4"), .mysql("5.7.1"), .mariadb("10.11.6-MariaDB")]
        for index in templates.indices {
            templates[index].set("SHOW REPLICA STATUS", .rows(ReplicaStatusSamples.mysql()))
            templates[index].set("SHOW SLAVE STATUS", .rows(ReplicaStatusSamples.oldMySQL()))
            templates[index].set("SHOW ALL SLAVES STATUS", .rows(ReplicaStatusSamples.mariadb()))
            templates[index].rows("SHOW REPLICAS", ["Host", "Port"], [["", "1"]])
            templates[index].rows("SELECT", ["HOST"], [["a:1"]])
        }
        for round in 0..<400 {
            var server = templates[round % templates.count]
            for index in server.replies.indices where Int.random(in: 0..<3, using: &random) == 0 {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    let code = [1227, 1064, 1193, 1205, 0, -7].randomElement(using: &random) ?? 0
                    server.replies[index].reply = .failure(code: code, message: "\u{1B}]0;owned\u{7}")
                } else if case .rows(let result) = server.replies[index].reply {
                    server.replies[index].reply = .rows(Self.damage(result, with: cells, &random))
                }
            }
            var options = ProbeOptions()
            options.lagSource = .heartbeatTable(HeartbeatTable(schema: "a", table: "b"))
            let session = ProbeSession(options)
            for _ in 0..<2 {
                server.poll(session)
                let facts = session.facts
                #expect(facts?.unavailable.allSatisfy { !$0.message.contains("\u{1B}") } ?? true)
                #expect(facts?.channels.allSatisfy { $0.lag.map { $0.measured >= .zero } ?? true } ?? true)
            }
        }
    }

    private static func damage(
        _ result: ResultSet, with cells: [String?], _ random: inout SeededGenerator
    ) -> ResultSet {
        let kept = result.columns.indices.filter { _ in Int.random(in: 0..<8, using: &random) > 0 }
        let rows = (0..<min(result.rowCount, 40)).map { row in
            kept.map { column -> String? in
                guard Int.random(in: 0..<3, using: &random) == 0 else { return result.text(row: row, column: column) }
                return cells.randomElement(using: &random) ?? nil
            }
        }
        return ResultSet(columns: kept.map { result.columns[$0] }, rows: kept.isEmpty ? [] : rows)
    }
}
