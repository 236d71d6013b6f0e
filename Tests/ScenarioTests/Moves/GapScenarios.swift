import Lab
import Refactoring
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Parallel appliers without commit order")
    struct Gaps {
        /// MySQL's applier looks for gaps only when it takes another event: at rest it would be waited for in vain.
        @Test("a replica that keeps no order is moved by position at rest and under load")
        func moved() async throws {
            let lab = try Labs.of(.mysql)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byPosition
                func setOrder(_ state: String) async throws {
                    try await lab[tree.beside].execute("STOP REPLICA SQL_THREAD")
                    try await lab[tree.beside].execute("SET GLOBAL replica_preserve_commit_order = \(state)")
                    try await lab[tree.beside].execute("START REPLICA SQL_THREAD")
                }
                func thereAndBack() async throws {
                    let move = Move.relocate(mover.replica(tree.beside), below: mover.address(tree.middle))
                    let plan = try await mover.plan(move)
                    #expect(
                        plan.steps.flatMap(\.commands).contains(
                            .startReplication(channel: "", threads: .applier, until: .gapsFilled)))
                    try await mover.takeBack(try await mover.carryOut(plan))
                    #expect(try await mover.channel(of: tree.beside).isReplicating)
                }
                try await setOrder("OFF")
                try await thereAndBack()
                try await mover.underLoad(tree.all) { try await thereAndBack() }
                try await setOrder("ON")
            }
        }
    }
}
