import Foundation
import Lab
import Refactoring
import TestSupport
import Testing
import Topology

@testable import Lab

extension MoveScenarios {
    @Suite("Refusals for what servers are")
    struct Identities {
        @Test("a copy that has its original's UUID, and legal once it has its own (MySQL)")
        func serverUUID() async throws {
            guard await LabServers.hasMySQL() else { try Test.cancel("there is no MySQL here") }
            try await LabServers.with("mysql: a(b c)") { lab in
                let (original, copy) = (lab["b"], lab["c"])
                try await copy.stop()
                try FileManager.default.removeItem(atPath: copy.data + "/auto.cnf")
                try FileManager.default.copyItem(atPath: original.data + "/auto.cnf", toPath: copy.data + "/auto.cnf")
                try await copy.start()
                try await Mover.on(lab) { mover in
                    let move = Move.relocate(mover.replica("c"), below: mover.address("b"))
                    try await mover.expectRefusal(of: move, "id.uuid")
                }
                try await copy.stop()
                try FileManager.default.removeItem(atPath: copy.data + "/auto.cnf")
                try await copy.start()
                // The source lets go of a replica for good when another one comes by its name (error 1236).
                try await original.startReplica()
                try await Mover.on(lab) { mover in
                    for name in ["b", "c"] {
                        try await eventually("\(name) replicates") { try await mover.channel(of: name).isReplicating }
                    }
                    try await mover.underLoad(["a", "b", "c"]) {
                        try await mover.carryOut(.relocate(mover.replica("c"), below: mover.address("b")))
                    }
                }
            }
        }

        /// MariaDB takes the version that it tells from an option. MySQL does not, and no second release of it is at hand.
        @Test("a replica below a server of a newer series, and legal the other way round (MariaDB)")
        func releases() async throws {
            let versions = "old[--version=10.6.99-MariaDB-log] new[--version=11.4.99-MariaDB-log]"
            try await LabServers.with("mariadb: a(b \(versions))") { lab in
                try await Mover.on(lab) { mover in
                    #expect(try await mover.facts("new").version.major == 11)
                    for (replica, target) in [("old", "b"), ("old", "new"), ("b", "new")] {
                        let move = Move.relocate(mover.replica(replica), below: mover.address(target))
                        try await mover.expectRefusal(of: move, "ver.major")
                    }
                    let before = try await mover.sources(["b", "old", "new"])
                    try await mover.underLoad(["a", "b", "old", "new"]) {
                        let first = try await mover.carryOut(
                            .relocate(mover.replica("b"), below: mover.address("old")))
                        let second = try await mover.carryOut(
                            .relocate(mover.replica("new"), below: mover.address("b")))
                        try await mover.takeBack(second)
                        try await mover.takeBack(first)
                    }
                    #expect(try await mover.sources(["b", "old", "new"]) == before)
                }
            }
        }
    }
}
