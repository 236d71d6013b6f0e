import Lab
import Operations
import Refactoring
import Servers
import Storage
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("A baton killed between two statements")
    struct Killed {
        @Test("by GTID: resumed, rolled back or left, each works", arguments: Shape.Flavour.allCases)
        func gtid(flavour: Shape.Flavour) async throws {
            let all = OperationReport.Choice.allCases
            try await everywhere(.relocate("d", below: "c"), in: MoveLabs.byGTID, of: flavour) { _ in all }
            try await everywhere(.detach("d"), in: MoveLabs.byGTID, of: flavour) { _ in all }
        }

        @Test("by position: resumed, rolled back or left, each works", arguments: Shape.Flavour.allCases)
        func position(flavour: Shape.Flavour) async throws {
            // These have many statements: each gets one of the choices, on the other family another one.
            let all = OperationReport.Choice.allCases
            let shift = flavour == .mysql ? 0 : 1
            try await everywhere(.moveBelow("s", "t"), in: MoveLabs.byPosition, of: flavour) { statements in
                [all[(statements + shift) % all.count]]
            }
            try await everywhere(.moveUp("s"), in: MoveLabs.byPosition, of: flavour) { statements in
                [all[(statements + shift + 1) % all.count]]
            }
        }

        /// A move by the names of servers.
        private enum Wish {
            case relocate(String, below: String)
            case moveBelow(String, String)
            case moveUp(String)
            case detach(String)

            func move(_ mover: Mover) -> Move {
                switch self {
                case .relocate(let replica, let target): .relocate(mover.replica(replica), below: mover.address(target))
                case .moveBelow(let replica, let sibling):
                    .moveBelow(mover.replica(replica), sibling: mover.address(sibling))
                case .moveUp(let replica): .moveUp(mover.replica(replica))
                case .detach(let replica): .detach(mover.replica(replica))
                }
            }
        }

        private func everywhere(
            _ wish: Wish, in tree: MoveLabs.Tree, of flavour: Shape.Flavour,
            choices: (Int) -> [OperationReport.Choice]
        ) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let before = try await mover.sources(tree.all)
                try await mover.underLoad(tree.all) {
                    var statements = 0
                    var goesOn = true
                    while goesOn {
                        for choice in choices(statements) where goesOn {
                            let plan = try await mover.plan(wish.move(mover))
                            let killed = try await mover.begin(plan, killedAfter: statements)
                            if let killed {
                                try await mover.decide(choice, on: killed, "\(wish) killed after \(statements)")
                            } else {
                                goesOn = false
                            }
                            try await mover.restore(before)
                        }
                        statements += 1
                    }
                    #expect(statements > 2)
                }
            }
        }
    }
}

extension Mover {
    /// Begins a plan that is killed after so many statements.
    ///
    /// - Returns: its number, `nil` where it came to its end before.
    func begin(_ plan: Plan, killedAfter statements: Int) async throws -> Int64? {
        let fate = Fate(after: statements)
        let settings = try lab.settings()
        let doomed = LiveServers { _ in
            settings
        } secrets: { _ in
            nil
        }
        let executor = Executor(
            servers: MortalServers(live: doomed, fate: fate), journal: MortalJournal(journal: journal, fate: fate))
        let report = try await executor.run(plan)
        await doomed.close()
        return fate.isDead ? report.operation : nil
    }

    /// What the next baton does about an operation that it finds: one that comes when the first is surely gone.
    func decide(_ choice: OperationReport.Choice, on id: Int64, _ what: String) async throws {
        let later = Executor(
            servers: servers, journal: StoreJournal(store, holder: .current(), now: { Timestamp.now() + .seconds(60) }))
        let plan = try #require(try await journal.operation(id)).plan
        switch choice {
        case .resume:
            let report = try await later.resume(id)
            #expect(report.isDone && report.changedOptions.isEmpty, "\(what), resumed: \(report)")
        case .rollBack:
            let begun = try #require(try await journal.operation(id)).begunSteps
            guard !begun.isEmpty else { return try await later.leave(id) }
            if plan.objectionToRollingBack(begun) != nil {
                // It has gone too far: the way back leads over its end.
                let refusal = await #expect(throws: OperationError.self) { try await later.rollBack(id) }
                #expect(refusal?.description.contains("resume it, and undo it when it is done") == true)
                let report = try await later.resume(id)
                #expect(report.isDone, "\(what), resumed: \(report)")
                return try await takeBack(report)
            }
            let report = try await later.rollBack(id)
            #expect(report.isDone && report.changedOptions.isEmpty, "\(what), rolled back: \(report) \(plan.intent)")
        case .leave: try await later.leave(id)
        }
    }

    /// Brings everybody back to whom they followed, whatever a test left behind, by plans.
    func restore(_ sources: [String: String]) async throws {
        for name in sources.keys.sorted() {
            let channel = try await channel(of: name)
            if channel.detachedFrom != nil { try await carryOut(.reattach(replica(name))) }
            if try await !self.channel(of: name).isReplicating { try await carryOut(.restartReplica(replica(name))) }
        }
        for (name, source) in sources.sorted(by: { $0.key < $1.key }) {
            try await eventually("\(name) replicates") { try await self.channel(of: name).isReplicating }
            if try await self.source(of: name) != source {
                try await carryOut(.relocate(replica(name), below: address(source)))
            }
        }
    }
}
