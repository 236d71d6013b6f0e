import Lab
import Operations
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Test("a move leaves every option of a connection as it was", arguments: Shape.Flavour.allCases)
    static func options(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await Mover.on(lab) { mover in
            for (tree, leaf) in [(MoveLabs.byGTID, "d"), (MoveLabs.byPosition, "s")] {
                let usual = try await mover.options(of: leaf)
                try await lab[leaf].setUnusualOptions()
                if flavour == .mariadb, tree.name == "GTID" {
                    try await lab[leaf].set(
                        mysql: "", mariadb: "IGNORE_DOMAIN_IDS = (77), MASTER_HEARTBEAT_PERIOD = 7.25")
                }
                try await eventually { try await mover.channel(of: leaf).isReplicating }
                let before = try await mover.options(of: leaf)
                #expect(before != usual)
                try await mover.underLoad(tree.all) {
                    let moves: [Move] = [
                        .moveUp(mover.replica(leaf)), .relocate(mover.replica(leaf), below: mover.address(tree.beside)),
                        .relocate(mover.replica(leaf), below: mover.address(tree.middle)),
                        .repoint(mover.replica(leaf), to: nil), .detach(mover.replica(leaf)),
                        .reattach(mover.replica(leaf)),
                    ]
                    for move in moves {
                        try await mover.carryOut(move)
                        let after = try await mover.options(of: leaf)
                        #expect(after == before, "\(move.verb)")
                    }
                    let reset = try await mover.carryOut(.delayReplication(mover.replica(leaf), .zero))
                    try await mover.takeBack(reset)
                    #expect(try await mover.options(of: leaf) == before)
                }
                try await lab[leaf].setUsualOptions()
                try await eventually { try await mover.channel(of: leaf).isReplicating }
            }
        }
    }

    @Test("a reset connection has all its options again when it is taken back", arguments: Shape.Flavour.allCases)
    static func resetOptions(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        try await Mover.on(lab) { mover in
            for leaf in ["d", "s"] {
                let usual = try await mover.options(of: leaf)
                try await lab[leaf].setUnusualOptions()
                try await eventually { try await mover.channel(of: leaf).isReplicating }
                let before = try await mover.options(of: leaf)
                #expect(before != usual)
                let report = try await mover.carryOut(.resetReplica(mover.replica(leaf)))
                #expect(try await mover.source(of: leaf) == nil)
                try await mover.takeBack(report)
                #expect(try await mover.options(of: leaf) == before)
                try await lab[leaf].setUsualOptions()
                try await eventually { try await mover.channel(of: leaf).isReplicating }
                #expect(try await mover.options(of: leaf) == usual)
            }
        }
    }
}

extension Mover {
    /// All options of a server's only connection, as the server tells them.
    func options(of name: String) async throws -> [String: String] {
        _ = try await facts(name)
        return try await servers.connectionOptions(of: address(name), channel: "")
    }
}

extension LabServer {
    /// Gives its connection options that no replica of a lab has.
    func setUnusualOptions() async throws {
        try await set(
            mysql: """
                SOURCE_HEARTBEAT_PERIOD = 7.25, SOURCE_CONNECT_RETRY = 3, SOURCE_RETRY_COUNT = 4711, SOURCE_SSL = 0, \
                SOURCE_TLS_VERSION = 'TLSv1.3', GET_SOURCE_PUBLIC_KEY = 1, SOURCE_DELAY = 1, \
                SOURCE_COMPRESSION_ALGORITHMS = 'zstd', SOURCE_ZSTD_COMPRESSION_LEVEL = 7, REQUIRE_ROW_FORMAT = 1
                """,
            mariadb: """
                MASTER_HEARTBEAT_PERIOD = 7.25, MASTER_CONNECT_RETRY = 3, MASTER_DELAY = 1, \
                IGNORE_SERVER_IDS = (4711, 4712)
                """)
    }

    /// Takes those back.
    func setUsualOptions() async throws {
        try await set(
            mysql: """
                SOURCE_HEARTBEAT_PERIOD = 2, SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 86400, SOURCE_SSL = 1, \
                SOURCE_TLS_VERSION = '', SOURCE_DELAY = 0, SOURCE_COMPRESSION_ALGORITHMS = 'uncompressed', \
                SOURCE_ZSTD_COMPRESSION_LEVEL = 3, REQUIRE_ROW_FORMAT = 0
                """,
            mariadb: """
                MASTER_HEARTBEAT_PERIOD = 2, MASTER_CONNECT_RETRY = 1, MASTER_DELAY = 0, IGNORE_SERVER_IDS = (), \
                IGNORE_DOMAIN_IDS = ()
                """)
    }

    /// Gives its connection these options, by hand.
    func set(mysql: String, mariadb: String) async throws {
        try await execute(
            flavour == .mysql
                ? ["STOP REPLICA", "CHANGE REPLICATION SOURCE TO \(mysql)", "START REPLICA"]
                : ["STOP SLAVE", "CHANGE MASTER TO \(mariadb)", "START SLAVE"])
    }
}
