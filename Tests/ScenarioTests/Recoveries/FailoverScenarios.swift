import Lab
import Operations
import Recovery
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

extension RecoveryScenarios {
    @Suite("A primary that is lost")
    struct Failovers {
        /// How a primary is lost.
        enum Loss: String, CaseIterable, Sendable { case killed, frozen }

        @Test(
            "a primary that dies while rows are written is replaced, and its replicas follow",
            arguments: Shape.Flavour.allCases, Loss.allCases)
        func underLoad(flavour: Shape.Flavour, loss: Loss) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b(e) c d)") { lab, mover in
                let load = try await mover.startWriting(arrivingAt: ["a", "b", "c", "d", "e"])
                let before = try await mover.scene()
                switch loss {
                case .killed:
                    try await lab["a"].kill()
                    try await mover.untilLost(by: ["b", "c", "d"])
                case .frozen: try await lab["a"].freeze()
                }
                let run = load.workload.run
                let scene = try await mover.scene(after: before, losing: ["a"])
                let received = try await ["b", "c", "d"].asyncMap { try await mover.rows(on: $0, run: run) }.max() ?? 0
                try await mover.carryOut(
                    .failover(of: mover.address("a"), to: mover.address("b"), FailoverPolicy()), in: scene)
                #expect(try await mover.rows(on: "b", run: run) >= received)
                try await eventually("rows are written again") {
                    try await mover.rows(on: "b", run: run) > received + 10
                }
                try await load.stop()
                try await mover.expectCluster("b", ["c", "d"], run: run)
                #expect(try await mover.source(of: "e") == "b")
                if loss == .frozen { try await lab["a"].thaw() }
            }
        }

        @Test(
            "the server that is wanted first fetches what another has received and it has not",
            arguments: Shape.Flavour.allCases)
        func levelled(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b c d)") { lab, mover in
                let load = try await mover.startWriting(arrivingAt: ["a", "b", "c", "d"])
                for name in ["b", "d"] {
                    try await lab[name].execute(mysql: "STOP REPLICA IO_THREAD", mariadb: "STOP SLAVE IO_THREAD")
                }
                let run = load.workload.run
                let behind = try await mover.rows(on: "b", run: run)
                try await eventually("c is ahead of b") { try await mover.rows(on: "c", run: run) > behind + 50 }
                let before = try await mover.scene()
                try await lab["a"].kill()
                try await mover.untilLost(by: ["c"])
                try await eventually("c has applied all") { try await mover.hasApplied("c") }
                let ahead = try await mover.rows(on: "c", run: run)
                let scene = try await mover.scene(after: before, losing: ["a"])
                try await mover.carryOut(
                    .failover(of: mover.address("a"), to: mover.address("b"), FailoverPolicy()), in: scene)
                #expect(try await mover.rows(on: "b", run: run) >= ahead)
                try await load.stop()
                try await mover.expectCluster("b", ["c", "d"], run: run)
            }
        }

        @Test(
            "by position the most advanced is promoted, and those at the same place follow it",
            arguments: Shape.Flavour.allCases)
        func byPosition(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue)[positions]: p(q r)") { lab, mover in
                let load = try await mover.startWriting(arrivingAt: ["p", "q", "r"])
                try await load.stop()
                try await eventually("both have received all") {
                    let end = try await mover.facts("p").binaryLog?.position
                    return try await ["q", "r"].asyncMap { try await mover.channel(of: $0).received == end }
                        .allSatisfy { $0 }
                }
                let before = try await mover.scene()
                try await lab["p"].kill()
                try await mover.untilLost(by: ["q", "r"])
                let scene = try await mover.scene(after: before, losing: ["p"])
                try await mover.carryOut(
                    .failover(of: mover.address("p"), to: nil, FailoverPolicy()), in: scene)
                let primary = try await mover.source(of: "q") == nil ? "q" : "r"
                try await lab[primary].execute(
                    "INSERT INTO baton_lab.workload VALUES (\(load.workload.run), 1000000, 0)")
                try await mover.expectCluster(primary, primary == "q" ? ["r"] : ["q"], run: load.workload.run)
            }
        }

        @Test("replicas of a lost intermediate source go to the best place", arguments: Shape.Flavour.allCases)
        func orphans(flavour: Shape.Flavour) async throws {
            try await Mover.onLab("\(flavour.rawValue): a(b(d e) c)") { lab, mover in
                let names = ["a", "b", "c", "d", "e"]
                let load = try await mover.startWriting(arrivingAt: names)
                let before = try await mover.scene()
                try await lab["b"].kill()
                try await mover.untilLost(by: ["d", "e"])
                let scene = try await mover.scene(after: before, losing: ["b"])
                try await mover.carryOut(
                    .adopt(replicasOf: mover.address("b"), below: nil), in: scene)
                for name in ["d", "e"] {
                    let source = try await mover.source(of: name)
                    #expect(source == "a" || source == "c")
                }
                try await load.stop()
                let run = load.workload.run
                try await eventually(within: .seconds(30), "d and e have all rows") {
                    let wanted = try await mover.rows(on: "a", run: run)
                    return try await ["d", "e"].asyncMap { try await mover.rows(on: $0, run: run) }
                        .allSatisfy { $0 == wanted }
                }
            }
        }

        @Test("a primary that answers is not given up without a word for it")
        func living() async throws {
            try await Mover.onLab("mariadb: a(b)") { _, mover in
                let scene = try await mover.scene()
                let wish = RecoveryWish.failover(of: mover.address("a"), to: nil, FailoverPolicy())
                let answer = RecoveryPlanner().plan(wish, in: scene)
                #expect(answer.plan == nil)
                #expect(answer.reasons.map(\.rule).contains("failover.source-answers"))
            }
        }
    }
}

extension Mover {
    /// Whether a server has applied all that it has received.
    fileprivate func hasApplied(_ name: String) async throws -> Bool {
        let channel = try await channel(of: name)
        return channel.received == channel.executed
    }
}
