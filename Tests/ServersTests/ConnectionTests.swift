import Foundation
import Servers
import TestSupport
import Testing
import Topology

@Suite("A connection to a real server", .serialized)
struct ConnectionTests {
    @Test("answers a batch in one round trip, cells and NULLs as the server sent them")
    func answersABatch() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            let answer = try await connection.query(
                ["SELECT 1 AS one, NULL AS nothing, '' AS empty, 'ü' AS u", "SET @x = 3", "SELECT @x UNION SELECT 4"],
                timeout: .seconds(5))
            #expect(answer.failure == nil)
            #expect(answer.results.count == 3)
            #expect(answer.results[0].columns == ["one", "nothing", "empty", "u"])
            #expect(answer.results[0].text(row: 0, column: 0) == "1")
            #expect(answer.results[0].text(row: 0, column: 1) == nil)
            #expect(answer.results[0].text(row: 0, column: 2) == "")
            #expect(answer.results[0].text(row: 0, column: 3) == "ü")
            #expect(answer.results[1] == ResultSet(columns: [], rows: []))
            #expect(answer.results[2].rowCount == 2)
            #expect(connection.statistics.roundTrips == 1)
            #expect(connection.serverVersion.contains("MariaDB"))
        }
    }

    @Test("ends a batch at its first error and goes on with the next batch")
    func endsABatchAtItsFirstError() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            for _ in 0..<3 {
                let answer = try await connection.query(
                    ["SELECT 1", "SELECT nonsense", "SELECT 3"], timeout: .seconds(5))
                #expect(answer.results.count == 1)
                #expect(answer.failure?.index == 1)
                #expect(answer.failure?.code == 1054)
                #expect(answer.failure?.sqlState == "42S22")
            }
            await #expect(throws: StatementError.self) {
                try await connection.execute("SELECT nonsense", timeout: .seconds(5))
            }
            let result = try await connection.execute("SELECT 'still here'", timeout: .seconds(5))
            #expect(result.text(row: 0, column: 0) == "still here")
        }
    }
}
