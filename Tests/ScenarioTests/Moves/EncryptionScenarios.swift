import Lab
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Lab

extension MoveScenarios {
    @Test("a connection over TLS goes on over TLS where nothing else is let in, with all its options (MariaDB)")
    static func encrypted() async throws {
        let certificates = try await Certificates.make()
        let options = """
            --ssl-ca=\(certificates.authority) --ssl-cert=\(certificates.serverCertificate) \
            --ssl-key=\(certificates.serverKey)
            """
        try await LabServers.with("mariadb[\(options)]: a(b(d) c)") { lab in
            try await Mover.on(lab) { mover in
                let names = ["a", "b", "c", "d"]
                try await lab["d"].set(
                    mysql: "",
                    mariadb: """
                        MASTER_SSL = 1, MASTER_SSL_CA = '\(certificates.authority)', MASTER_SSL_VERIFY_SERVER_CERT = 0, \
                        MASTER_HEARTBEAT_PERIOD = 1.5
                        """)
                for name in names {
                    try await lab[name].executeUnlogged([
                        "ALTER USER '\(LabAccounts.replication.user)'@'%' REQUIRE SSL"
                    ])
                }
                try await eventually { try await mover.channel(of: "d").isReplicating }
                let before = try await mover.options(of: "d")
                #expect(before.contains { $0.value == certificates.authority })
                try await mover.underLoad(names) {
                    let moves: [Move] = [
                        .moveUp(mover.replica("d")), .relocate(mover.replica("d"), below: mover.address("c")),
                        .detach(mover.replica("d")), .reattach(mover.replica("d")), .disableGTID(mover.replica("d")),
                        .repoint(mover.replica("d"), to: nil), .enableGTID(mover.replica("d")),
                        .relocate(mover.replica("d"), below: mover.address("b")),
                    ]
                    for move in moves {
                        try await mover.carryOut(move)
                        let channel = try await mover.channel(of: "d")
                        #expect(channel.usesTLS, "\(move.verb)")
                        var after = try await mover.options(of: "d")
                        if case .disableGTID = move { after["Using_Gtid"] = before["Using_Gtid"] }
                        if case .repoint = move { after["Using_Gtid"] = before["Using_Gtid"] }
                        #expect(after == before, "\(move.verb)")
                    }
                    let reset = try await mover.carryOut(.resetReplica(mover.replica("d")))
                    try await mover.takeBack(reset)
                    #expect(try await mover.channel(of: "d").usesTLS)
                }
            }
        }
    }
}
