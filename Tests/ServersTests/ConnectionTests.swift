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
            #expect(answer.results[0].text(row: 1, column: 0) == nil)
            #expect(answer.results[0].text(row: 0, column: 9) == nil)
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

    @Test("gives up a frozen server at its deadline, and one in the middle of an answer too")
    func givesUpAFrozenServer() async throws {
        try await TestServer.with { server in
            let frozen = try await server.connect()
            let sleeping = try await server.connect()
            try await server.freeze()
            let start = ContinuousClock.now
            let error = await #expect(throws: ConnectionError.self) {
                try await frozen.query(["SELECT 1"], timeout: .milliseconds(200))
            }
            #expect(error?.cause == .contact(.readTimeout))
            #expect(error?.phase == .querying)
            #expect(ContinuousClock.now - start < .seconds(2))
            server.signal(SIGCONT)
            let partial = await #expect(throws: ConnectionError.self) {
                try await sleeping.query(["SELECT 1", "SELECT SLEEP(30)", "SELECT 3"], timeout: .milliseconds(300))
            }
            #expect(partial?.cause == .contact(.readTimeout))
            let later = await #expect(throws: ConnectionError.self) {
                try await sleeping.query(["SELECT 1"], timeout: .seconds(1))
            }
            #expect(later?.cause == .contact(.readTimeout))
        }
    }

    @Test("gives up connecting to a frozen server at its deadline, to the fraction of a second")
    func givesUpConnecting() async throws {
        try await TestServer.with { server in
            try await server.freeze()
            let start = ContinuousClock.now
            let error = await #expect(throws: ConnectionError.self) {
                try await Connection.open(
                    to: server.address, settings: server.settings(connectTimeout: .milliseconds(150)))
            }
            #expect(error?.cause == .contact(.connectTimeout))
            #expect(error?.phase == .connecting)
            #expect((.milliseconds(140)...(.milliseconds(900))).contains(ContinuousClock.now - start))
            server.signal(SIGCONT)
        }
    }

    @Test("hundreds of queries wait for a frozen server while another one answers at once")
    func frozenServerDelaysNobody() async throws {
        try await TestServer.with { frozen in
            try await TestServer.with { healthy in
                let good = try await healthy.connect()
                var stuck: [Connection] = []
                for _ in 0..<40 { stuck.append(try await frozen.connect()) }
                try await frozen.freeze()
                try await withThrowingTaskGroup { group in
                    for connection in stuck {
                        group.addTask {
                            _ = await #expect(throws: ConnectionError.self) {
                                try await connection.query(["SELECT 1"], timeout: .seconds(1))
                            }
                        }
                        group.addTask {
                            _ = await #expect(throws: ConnectionError.self) {
                                try await Connection.open(
                                    to: frozen.address, settings: frozen.settings(connectTimeout: .seconds(1)))
                            }
                        }
                    }
                    group.addTask {
                        let start = ContinuousClock.now
                        for _ in 0..<20 { try await good.execute("SELECT 1", timeout: .seconds(1)) }
                        #expect(ContinuousClock.now - start < .milliseconds(800))
                    }
                    try await group.waitForAll()
                }
                frozen.signal(SIGCONT)
            }
        }
    }

    @Test("notices at once when the server dies between two queries")
    func noticesDeath() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            try await connection.execute("SELECT 1", timeout: .seconds(5))
            let start = ContinuousClock.now
            server.signal(SIGKILL)
            var seen: [ConnectionError] = []
            for await error in connection.end { seen.append(error) }
            #expect(seen.map(\.cause) == [.contact(.connectionLost)])
            #expect(seen.first?.phase == .idle)
            #expect(ContinuousClock.now - start < .milliseconds(500))
            let error = await #expect(throws: ConnectionError.self) {
                try await Connection.open(to: server.address, settings: server.settings())
            }
            #expect(error?.cause == .contact(.connectionRefused))
        }
    }

    @Test("notices that it was killed on the server")
    func noticesKill() async throws {
        try await TestServer.with { server in
            let victim = try await server.connect()
            let killer = try await server.connect()
            let answer = Task { try await victim.query(["SELECT SLEEP(20)"], timeout: .seconds(10)) }
            try await untilSleepIsSeen(by: killer)
            try await killer.execute("KILL \(victim.id)", timeout: .seconds(5))
            let error = await #expect(throws: ConnectionError.self) { try await answer.value }
            #expect(error?.cause == .contact(.connectionLost))
            let idle = try await server.connect()
            try await killer.execute("KILL \(idle.id)", timeout: .seconds(5))
            for await error in idle.end { #expect(error.cause == .contact(.connectionLost)) }
        }
    }

    private func untilSleepIsSeen(by watcher: Connection) async throws {
        try await eventually("the sleep is seen") {
            let list = try await watcher.execute(
                "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'", timeout: .seconds(5))
            return list.rowCount == 1
        }
    }

    @Test("ends when the asking task is cancelled, and at once")
    func endsOnCancellation() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            let watcher = try await server.connect()
            let asking = Task { try await connection.query(["SELECT SLEEP(20)"], timeout: .seconds(20)) }
            try await untilSleepIsSeen(by: watcher)
            let start = ContinuousClock.now
            asking.cancel()
            let error = await #expect(throws: ConnectionError.self) { try await asking.value }
            #expect(error?.cause == .cancelled)
            try await server.freeze()
            let opening = Task { try await Connection.open(to: server.address, settings: server.settings()) }
            opening.cancel()
            let second = await #expect(throws: ConnectionError.self) { try await opening.value }
            #expect(second?.cause == .cancelled)
            server.signal(SIGCONT)
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }

    @Test("gives up an answer that is larger than allowed, whether in one cell or in many rows")
    func givesUpHugeAnswers() async throws {
        try await TestServer.with { server in
            var settings = server.settings()
            settings.largestAnswer = 1 << 20
            for statement in [
                "SELECT REPEAT('x', 1000), seq FROM mysql.seq_1_to_100000000",
                "SELECT '' FROM mysql.seq_1_to_100000000",
                "SELECT REPEAT('x', 1500000)",
            ] {
                let connection = try await Connection.open(to: server.address, settings: settings)
                let error = await #expect(throws: ConnectionError.self) {
                    try await connection.query([statement], timeout: .seconds(20))
                }
                #expect(error?.cause == .answerTooLarge, "\(statement): \(error as Any)")
            }
            // Beyond twice the limit the client library itself gives up, and only knows that the connection is lost.
            let connection = try await Connection.open(to: server.address, settings: settings)
            let error = await #expect(throws: ConnectionError.self) {
                try await connection.query(["SELECT REPEAT('x', 5000000)"], timeout: .seconds(20))
            }
            #expect(error?.phase == .querying)
        }
    }

    @Test(
        "is given up, and says why, when one statement's text holds several, with rows or without",
        arguments: [
            ["SELECT 1; SELECT 2"], ["SET @a = 1; SET @b = 2"], ["SELECT 1; SET @b = 2"], ["SET @a = 1; SELECT 2"],
            ["SELECT 1", "SELECT 2; SELECT seq FROM mysql.seq_1_to_5000"], ["SELECT 1; SELECT nonsense"],
        ])
    func givesUpMoreAnswersThanStatements(_ statements: [String]) async throws {
        try await TestServer.with { server in
            // A result that is freed twice is not noticed every time.
            for _ in 0..<100 {
                let connection = try await server.connect()
                let error = await #expect(throws: ConnectionError.self) {
                    try await connection.query(StatementBatch(statements), timeout: .seconds(20))
                }
                #expect(error?.cause == .tooManyAnswers)
                #expect(error?.message.contains("more answers than there were statements") == true)
            }
        }
    }

    @Test("keeps large answers whole")
    func keepsLargeAnswers() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            let result = try await connection.execute(
                "SELECT seq, REPEAT('y', 5000) FROM mysql.seq_1_to_4000", timeout: .seconds(30))
            #expect(result.rowCount == 4000)
            #expect(result.text(row: 3999, column: 0) == "4000")
            #expect(result.text(row: 3999, column: 1) == String(repeating: "y", count: 5000))
        }
    }

    @Test("is refused with the reason and without the password")
    func isRefused() async throws {
        try await TestServer.with { server in
            let wrong = server.settings(password: Secret("very-secret"))
            let error = await #expect(throws: ConnectionError.self) {
                try await Connection.open(to: server.address, settings: wrong)
            }
            #expect(error?.cause == .contact(.accessDenied))
            #expect(error?.code == 1045)
            #expect(error?.description.contains("very-secret") == false)
            #expect(!"\(wrong)".contains("very-secret"))
            var text = ""
            dump(wrong, to: &text)
            #expect(!text.contains("very-secret"))
        }
    }
}
