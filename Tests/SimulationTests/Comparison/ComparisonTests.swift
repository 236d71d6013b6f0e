import Foundation
import Lab
import Servers
import Simulation
import TestSupport
import Testing
import Topology

/// The simulation is worth what it has in common with real servers: the same random scripts are said to both, and after
/// each statement both must have given the same answer and come to the same state.
///
/// Not compared, because the real ones differ from run to run or the simulation is known to: positions while a channel
/// goes by GTID; files of a log that a replica has just left; and `UNTIL` a position on a MariaDB server to which its own
/// transactions come home, whose GTID position then stays where it was.
@Suite("Simulation and real servers", .serialized, .timeLimit(.minutes(20)))
struct ComparisonTests {
    /// How many statements a script has; `BATON_SOAK=1` makes it, and the number of scripts, many times
    /// that; `BATON_SEED` plays one script alone.
    private static let isSoak = ProcessInfo.processInfo.environment["BATON_SOAK"] != nil
    private static let length = isSoak ? 250 : 60
    private static let seeds: [UInt64] =
        if let chosen = ProcessInfo.processInfo.environment["BATON_SEED"].flatMap({ UInt64($0) }) {
            [chosen]
        } else {
            isSoak ? Array(1...12) : [1]
        }

    @Test("MariaDB by GTID and by position")
    func mariadb() async throws {
        for seed in Self.seeds {
            let shape = "mariadb[binlog-format=row --gtid-domain-id=0]: a b c; mariadb[binlog-format=row]: d e f"
            try await play(shape, seed: seed)
        }
    }

    @Test("MySQL by GTID and by position", .enabled("no MySQL here") { await LabServers.hasMySQL() })
    func mysql() async throws {
        for seed in Self.seeds { try await play("mysql: a b c; mysql[positions]: d e f", seed: seed) }
    }

    /// One script by GTID on the first three servers, one by position on the others, both at once.
    private func play(_ shape: String, seed: UInt64) async throws {
        try await LabServers.with(shape) { lab in
            async let byGTID = differs(["a", "b", "c"].map { lab[$0] }, byGTID: true, seed: seed)
            async let byPosition = differs(["d", "e", "f"].map { lab[$0] }, byGTID: false, seed: seed)
            let differences = try await (byGTID, byPosition)
            #expect(differences.0 == nil, "seed \(seed) by GTID:\n\(differences.0 ?? "")")
            #expect(differences.1 == nil, "seed \(seed) by position:\n\(differences.1 ?? "")")
        }
    }

    /// The first difference, `nil` where there is none.
    private func differs(_ servers: [LabServer], byGTID: Bool, seed: UInt64) async throws -> String? {
        var worlds = try await TwoWorlds(servers, byGTID: byGTID, seed: seed)
        var script = RandomScript(seed: seed, worlds)
        var difference: String?
        for saying in script.opening() where difference == nil { difference = try await worlds.say(saying) }
        for _ in 0..<Self.length where difference == nil {
            difference = try await worlds.say(script.next(worlds))
        }
        await worlds.close()
        return difference
    }
}
