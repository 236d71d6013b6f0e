import Lab
import Refactoring
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Replicas regrouped under the best of them, under load")
    struct Regrouping {
        @Test("there and back", arguments: Shape.Flavour.allCases)
        func thereAndBack(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                for tree in [MoveLabs.byGTID, MoveLabs.byPosition] {
                    let before = try await mover.sources(tree.all)
                    try await mover.underLoad(tree.all) {
                        let report = try await mover.carryOut(.regroup(of: mover.address(tree.middle)))
                        let after = try await mover.sources(tree.all)
                        let heads = tree.leaves.filter { after[$0] == tree.middle }
                        let head = try #require(heads.first)
                        #expect(heads.count == 1, "\(after)")
                        #expect(tree.leaves.allSatisfy { $0 == head || after[$0] == head }, "\(after)")
                        for leaf in tree.leaves { #expect(try await mover.channel(of: leaf).isReplicating) }
                        try await mover.takeBack(report)
                        #expect(try await mover.sources(tree.all) == before)
                    }
                }
            }
        }

        @Test("a replica that lags is not the best, and is brought along", arguments: Shape.Flavour.allCases)
        func lagging(flavour: Shape.Flavour) async throws {
            try await Mover.on(try Labs.of(flavour)) { mover in
                let tree = MoveLabs.byGTID
                let behind = tree.leaves[0]
                try await mover.underLoad(tree.all) {
                    try await mover.carryOut(.delayReplication(mover.replica(behind), .seconds(1)))
                    let report = try await mover.carryOut(.regroup(of: mover.address(tree.middle)))
                    let head = try await mover.source(of: behind)
                    #expect(head != tree.middle && tree.leaves.contains(head ?? ""), "\(head ?? "nobody")")
                    try await mover.takeBack(report)
                    try await mover.carryOut(.delayReplication(mover.replica(behind), .zero))
                }
            }
        }
    }
}
