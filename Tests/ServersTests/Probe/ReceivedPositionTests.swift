import Lab
import Servers
import TestSupport
import Testing
import Topology

/// On which servers' words about what they received a recovery relies.
@Suite("What a real replica says it has received", .serialized)
struct ReceivedPositionTests {
    @Test("MariaDB: it stays when the source dies, and is gone with the relay log where both threads were stopped")
    func mariadb() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let replica = lab["b"]
            try await Self.write(lab["a"], rows: 1, creating: true)
            try await Self.waitUntilApplied(replica)
            _ = try await replica.execute("STOP SLAVE SQL_THREAD")
            try await Self.write(lab["a"], rows: 3)
            let sent = try await Self.position(of: lab["a"])
            try await eventually("all of it arrived") { try await Self.channel(of: replica).receivedGTIDs == sent }
            #expect(try await Self.applied(by: replica).transactionsBehind(sent) == 3)

            try await lab["a"].kill()
            try await eventually("the receiver has noticed") {
                try await Self.channel(of: replica).receiver == .connecting
            }
            #expect(try await Self.channel(of: replica).receivedGTIDs == sent)

            // The receiver's thread is there still, so that the applier applies what came.
            _ = try await replica.execute("STOP SLAVE IO_THREAD")
            #expect(try await Self.channel(of: replica).receivedGTIDs == sent)
            _ = try await replica.execute("START SLAVE SQL_THREAD")
            let channel = try await Self.channel(of: replica)
            #expect(channel.receivedGTIDs != sent, "it was dropped with the relay log")
            #expect(try await Self.applied(by: replica).transactionsBehind(sent) == 3)
        }
    }

    @Test("MariaDB: an applier that is started before the receiver is stopped applies all that came")
    func mariadbInOrder() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let replica = lab["b"]
            try await Self.write(lab["a"], rows: 1, creating: true)
            try await Self.waitUntilApplied(replica)
            _ = try await replica.execute("STOP SLAVE SQL_THREAD")
            try await Self.write(lab["a"], rows: 3)
            let sent = try await Self.position(of: lab["a"])
            try await eventually("all of it arrived") { try await Self.channel(of: replica).receivedGTIDs == sent }
            try await lab["a"].kill()
            _ = try await replica.execute("START SLAVE SQL_THREAD", "STOP SLAVE IO_THREAD")
            try await eventually("all of it is applied") { try await Self.applied(by: replica) == sent }
        }
    }

    @Test(
        "MySQL: what was received stays through the source's death and both threads' stop, and is applied",
        .enabled { await LabServers.hasMySQL() })
    func mysql() async throws {
        try await LabServers.with("mysql: a(b)") { lab in
            let replica = lab["b"]
            try await Self.write(lab["a"], rows: 1, creating: true)
            try await Self.waitUntilApplied(replica)
            _ = try await replica.execute("STOP REPLICA SQL_THREAD")
            try await Self.write(lab["a"], rows: 3)
            let sent = try await Self.executed(by: lab["a"])
            func received() async throws -> GTIDSet {
                let retrieved = try await Self.channel(of: replica).retrieved ?? GTIDSet()
                return try await Self.executed(by: replica).union(retrieved)
            }
            try await eventually("all of it arrived") { try await received() == sent }
            try await lab["a"].kill()
            _ = try await replica.execute("STOP REPLICA")
            #expect(try await received() == sent)
            _ = try await replica.execute("START REPLICA SQL_THREAD")
            try await eventually("all of it is applied") { try await Self.executed(by: replica) == sent }
        }
    }

    private static func write(_ server: LabServer, rows: Int, creating: Bool = false) async throws {
        if creating {
            _ = try await server.execute("CREATE DATABASE d", "CREATE TABLE d.t (a INT AUTO_INCREMENT PRIMARY KEY)")
        }
        for _ in 0..<rows { _ = try await server.execute("INSERT INTO d.t VALUES ()") }
    }

    private static func waitUntilApplied(_ replica: LabServer) async throws {
        try await eventually("the replica applied the first row") {
            (try? await replica.execute("SELECT a FROM d.t"))?.first?.rowCount == 1
        }
    }

    private static func facts(of server: LabServer) async throws -> InstanceFacts {
        try #require(await server.prober().probe().facts)
    }

    private static func channel(of server: LabServer) async throws -> ReplicationChannel {
        try #require(try await facts(of: server).channels.first)
    }

    private static func position(of server: LabServer) async throws -> GTIDPosition {
        guard case .mariadb(let state) = try await facts(of: server).gtid else { return GTIDPosition() }
        return state.binlogPosition
    }

    private static func applied(by server: LabServer) async throws -> GTIDPosition {
        guard case .mariadb(let state) = try await facts(of: server).gtid else { return GTIDPosition() }
        return state.replicaPosition
    }

    private static func executed(by server: LabServer) async throws -> GTIDSet {
        guard case .mysql(let state) = try await facts(of: server).gtid else { return GTIDSet() }
        return state.executed
    }
}
