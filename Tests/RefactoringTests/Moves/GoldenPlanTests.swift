import Foundation
import Refactoring
import TestSupport
import Testing
import Topology

/// Plans as they are printed, word for word, in both families and by each method.
@Suite("Plans as printed")
struct GoldenPlanTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    static let moves: [(String, Move)] = [
        ("relocate", .relocate(ReplicaChannel("db3"), below: "db2")),
        ("relocate-far", .relocate(ReplicaChannel("db4"), below: "db3")),
        ("relocate-subtree", .relocateSubtree(ReplicaChannel("db2"), below: "db3")),
        ("relocate-replicas", .relocateReplicas(of: "db2", only: nil, below: "db1")),
        ("move-up", .moveUp(ReplicaChannel("db4"))),
        ("move-below", .moveBelow(ReplicaChannel("db4"), sibling: "db5")),
        ("repoint", .repoint(ReplicaChannel("db4"), to: nil)),
        ("take-source", .takeSource(ReplicaChannel("db4"))),
        ("take-siblings", .takeSiblings(ReplicaChannel("db4"))),
        ("make-co-primary", .makeCoPrimary(ReplicaChannel("db2"))),
        ("regroup", .regroup(of: "db2")),
        ("detach", .detach(ReplicaChannel("db4"))),
        ("enable-gtid", .enableGTID(ReplicaChannel("db4"))),
        ("disable-gtid", .disableGTID(ReplicaChannel("db4"))),
    ]

    @Test("each move by each method is as it was looked at", arguments: Way.allCases)
    func plans(way: Way) throws {
        let fleet = Fleet.family(way)
        var text = ""
        for (name, move) in Self.moves {
            text += "=== \(name)\n"
            switch MovePlanner.permissive.plan(move, in: RuleScene(fleet)) {
            case .plan(let plan, _): text += try PlanDocument(plan, on: fleet).text
            case .refused(let reasons): text += reasons.map { "refused: \($0.rule) \($0.sentence)\n" }.joined()
            }
            text += "\n"
        }
        try Golden.check(text, file: Self.folder.appending(path: "moves-\(way.rawValue).txt"))
    }
}
