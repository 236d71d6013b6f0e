import Lab
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

/// A move, where it leads, and the way back.
struct Journey: Sendable {
    let name: String
    let move: @Sendable (MoveLabs.Tree, Mover) -> Move
    /// Who follows whom then, of those that moved.
    let leadsTo: @Sendable (MoveLabs.Tree) -> [String: String]

    init(
        _ name: String, _ move: @escaping @Sendable (MoveLabs.Tree, Mover) -> Move,
        leadsTo: @escaping @Sendable (MoveLabs.Tree) -> [String: String]
    ) {
        self.name = name
        self.move = move
        self.leadsTo = leadsTo
    }

    static let all: [Journey] = [
        Journey("relocate to another branch") { tree, mover in
            .relocate(mover.replica(tree.leaves[0]), below: mover.address(tree.beside))
        } leadsTo: {
            [$0.leaves[0]: $0.beside]
        },
        Journey("relocate down another branch") { tree, mover in
            .relocate(mover.replica(tree.beside), below: mover.address(tree.leaves[1]))
        } leadsTo: {
            [$0.beside: $0.leaves[1]]
        },
        Journey("relocate a subtree") { tree, mover in
            .relocateSubtree(mover.replica(tree.middle), below: mover.address(tree.beside))
        } leadsTo: {
            [$0.middle: $0.beside, $0.leaves[0]: $0.middle]
        },
        Journey("relocate all replicas of a server") { tree, mover in
            .relocateReplicas(of: mover.address(tree.middle), only: nil, below: mover.address(tree.beside))
        } leadsTo: { tree in
            Dictionary(uniqueKeysWithValues: tree.leaves.map { ($0, tree.beside) })
        },
        Journey("relocate one of a server's replicas") { tree, mover in
            .relocateReplicas(
                of: mover.address(tree.middle), only: [mover.address(tree.leaves[1])], below: mover.address(tree.beside)
            )
        } leadsTo: {
            [$0.leaves[0]: $0.middle, $0.leaves[1]: $0.beside]
        },
        Journey("move up") { tree, mover in
            .moveUp(mover.replica(tree.leaves[0]))
        } leadsTo: {
            [$0.leaves[0]: $0.primary]
        },
        Journey("move all replicas up") { tree, mover in
            .moveUpReplicas(of: mover.address(tree.middle), only: nil)
        } leadsTo: { tree in
            Dictionary(uniqueKeysWithValues: tree.leaves.map { ($0, tree.primary) })
        },
        Journey("move below a sibling") { tree, mover in
            .moveBelow(mover.replica(tree.leaves[0]), sibling: mover.address(tree.leaves[1]))
        } leadsTo: {
            [$0.leaves[0]: $0.leaves[1]]
        },
        Journey("take the source's place") { tree, mover in
            .takeSource(mover.replica(tree.leaves[0]))
        } leadsTo: {
            [$0.leaves[0]: $0.primary, $0.middle: $0.leaves[0], $0.leaves[1]: $0.middle]
        },
        Journey("take siblings") { tree, mover in
            .takeSiblings(mover.replica(tree.leaves[0]))
        } leadsTo: { tree in
            Dictionary(uniqueKeysWithValues: tree.leaves.dropFirst().map { ($0, tree.leaves[0]) })
        },
        Journey("detach") { tree, mover in
            .detach(mover.replica(tree.leaves[0]))
        } leadsTo: { _ in
            [:]
        },
        Journey("make co-primaries") { tree, mover in
            .makeCoPrimary(mover.replica(tree.middle))
        } leadsTo: {
            [$0.primary: $0.middle, $0.middle: $0.primary]
        },
    ]

    static let inPlace: [Journey] = [
        Journey("repoint one") { tree, mover in
            .repoint(mover.replica(tree.leaves[0]), to: nil)
        } leadsTo: {
            [$0.leaves[0]: $0.middle]
        },
        Journey("repoint all replicas of a server") { tree, mover in
            .repointReplicas(of: mover.address(tree.middle), only: nil)
        } leadsTo: { tree in
            Dictionary(uniqueKeysWithValues: tree.leaves.map { ($0, tree.middle) })
        },
    ]
}

extension MoveScenarios {
    @Suite("Each move there and back, under load")
    struct Journeys {
        @Test("by GTID", arguments: Shape.Flavour.allCases)
        func gtid(flavour: Shape.Flavour) async throws {
            let method = flavour == .mysql ? "gtid" : "mariadb-gtid"
            try await travel(Journey.all, in: MoveLabs.byGTID, of: flavour, by: method)
        }

        @Test("by position", arguments: Shape.Flavour.allCases)
        func position(flavour: Shape.Flavour) async throws {
            try await travel(Journey.all, in: MoveLabs.byPosition, of: flavour, by: "position")
        }

        @Test("in place", arguments: Shape.Flavour.allCases)
        func inPlace(flavour: Shape.Flavour) async throws {
            try await travel(Journey.inPlace, in: MoveLabs.byPosition, of: flavour, by: "in-place", andBack: false)
            let gtid = flavour == .mysql ? "gtid" : "mariadb-gtid"
            try await travel(Journey.inPlace, in: MoveLabs.byGTID, of: flavour, by: gtid, andBack: false)
        }

        func travel(
            _ journeys: [Journey], in tree: MoveLabs.Tree, of flavour: Shape.Flavour, by method: String,
            andBack: Bool = true, as account: Credentials? = nil
        ) async throws {
            try await Mover.on(try Labs.of(flavour), as: account) { mover in
                let before = try await mover.sources(tree.all)
                try await mover.underLoad(tree.all) {
                    for journey in journeys {
                        let plan = try await mover.plan(journey.move(tree, mover))
                        #expect(plan.method == method || plan.method == "-", "\(journey.name)")
                        let report = try await mover.carryOut(plan)
                        let after = try await mover.sources(tree.all)
                        #expect(
                            journey.leadsTo(tree).allSatisfy { after[$0.key] == $0.value }, "\(journey.name) \(after)")
                        guard andBack else { continue }
                        try await mover.takeBack(report)
                        #expect(try await mover.sources(tree.all) == before, "\(journey.name)")
                    }
                }
            }
        }
    }
}

extension Mover {
    /// Who follows whom.
    func sources(_ names: [String]) async throws -> [String: String] {
        var sources: [String: String] = [:]
        for name in names { sources[name] = try await source(of: name) }
        return sources
    }
}
