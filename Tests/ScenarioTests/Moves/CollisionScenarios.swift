import Lab
import Operations
import Refactoring
import Servers
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

extension MoveScenarios {
    @Suite("Two batons, other people, dead and frozen servers")
    struct Collisions {
        @Test("of two batons on overlapping servers one acts, the other is told who", arguments: Shape.Flavour.allCases)
        func twoBatons(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                try await mover.underLoad(MoveLabs.byGTID.all) {
                    let group = try await mover.plan(
                        .relocateReplicas(of: mover.address("b"), only: nil, below: mover.address("c")))
                    let one = try await mover.plan(.relocate(mover.replica("e"), below: mover.address("a")))
                    let answers = Mutex<[String]>([])
                    let executor = mover.executor(interrupting: { batch in
                        guard batch == 0 else { return }
                        // Another process with the same store, and one with a store of its own.
                        for other in [mover, nil] {
                            try await Mover.on(lab, sharing: other) { second in
                                let journal = StoreJournal(second.store)
                                do throws(OperationError) {
                                    _ = try await Executor(servers: second.servers, journal: journal).run(one)
                                } catch {
                                    answers.withLock { $0.append(error.description) }
                                }
                            }
                        }
                    })
                    let report = try await executor.run(group)
                    try mover.requireDone(report, group)
                    let told = answers.withLock { $0 }
                    #expect(told.count == 2)
                    #expect(told.first?.contains("is held by operation \(report.operation) of") == true, "\(told)")
                    #expect(told.last?.contains("is held by another baton, baton@") == true, "\(told)")
                    try await mover.takeBack(report)
                }
            }
        }

        @Test("a lost lock stops the plan before its next step", arguments: Shape.Flavour.allCases)
        func lostLock(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byPosition
                let before = try await mover.sources(tree.all)
                try await mover.underLoad(tree.all) {
                    let plan = try await mover.plan(.moveBelow(mover.replica("s"), sibling: mover.address("t")))
                    let executor = mover.executor(interrupting: { batch in
                        guard batch == 2 else { return }
                        let holder = try await lab["s"].value("SELECT IS_USED_LOCK('baton_operation')")
                        try await lab["s"].execute("KILL \(holder ?? "")")
                    })
                    let report = try await executor.run(plan)
                    guard case .failed(let failures) = report.ending else {
                        Issue.record("it ended with \(report.ending)")
                        return
                    }
                    #expect(failures.map(\.phase) == [.lock], "\(failures)")
                    #expect(failures[0].message.contains("was lost"))
                    try mover.requireDone(try await mover.executor.resume(report.operation), plan)
                    try await mover.restore(before)
                }
            }
        }

        @Test("a change by somebody else in the middle stops it", arguments: Shape.Flavour.allCases)
        func foreignChange(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                let tree = MoveLabs.byGTID
                let before = try await mover.sources(tree.all)
                try await mover.underLoad(tree.all) {
                    let plan = try await mover.plan(.detach(mover.replica("d")))
                    let port = mover.address("e").port
                    let executor = mover.executor(interrupting: { batch in
                        guard batch == 0 else { return }
                        // Between the look and the first statement nobody can see it: the next look does.
                        try await lab["d"].execute(
                            flavour == .mysql
                                ? ["STOP REPLICA", "CHANGE REPLICATION SOURCE TO SOURCE_PORT = \(port)"]
                                : ["STOP SLAVE", "CHANGE MASTER TO MASTER_PORT = \(port)"])
                    })
                    let report = try await executor.run(plan)
                    guard case .failed(let failures) = report.ending else {
                        Issue.record("it ended with \(report.ending)")
                        return
                    }
                    #expect(failures.first?.phase == .precondition, "\(failures)")
                    #expect(failures.first?.message.contains("but it follows \(mover.address("e"))") == true)
                    try await mover.executor.leave(report.operation, reason: "somebody else is at work")
                    try await mover.restore(before)
                }
            }
        }

        @Test(
            "a server that is killed in mid-plan is told of, and what to do about it", arguments: Shape.Flavour.allCases
        )
        func killedServer(flavour: Shape.Flavour) async throws {
            try await misfortune(flavour) {
                try await $0.kill()
            } ends: {
                try await $0.start()
            }
        }

        @Test("a server that freezes in mid-plan does not hold it for ever", arguments: Shape.Flavour.allCases)
        func frozenServer(flavour: Shape.Flavour) async throws {
            try await misfortune(flavour) {
                try await $0.freeze()
            } ends: {
                try await $0.thaw()
            }
        }

        /// The replica, or the server that it is to follow, is struck in the middle of a plan.
        private func misfortune(
            _ flavour: Shape.Flavour, strikes: @escaping @Sendable (LabServer) async throws -> Void,
            ends: (LabServer) async throws -> Void
        ) async throws {
            let lab = try Labs.of(flavour)
            try await Mover.on(lab) { mover in
                var mover = mover
                mover.planner = MovePlanner(limits: PlanLimits(statement: .seconds(2), catchUp: .seconds(2)))
                let tree = MoveLabs.byGTID
                let before = try await mover.sources(tree.all)
                try await mover.underLoad(tree.all) {
                    for struck in ["d", "c"] {
                        let plan = try await mover.plan(.relocate(mover.replica("d"), below: mover.address("c")))
                        let executor = mover.executor(interrupting: { batch in
                            if batch == 0 { try await strikes(lab[struck]) }
                        })
                        let start = ContinuousClock.now
                        let report = try await executor.run(plan)
                        #expect(ContinuousClock.now - start < .seconds(12), "\(struck)")
                        guard case .failed(let failures) = report.ending else {
                            Issue.record("it ended with \(report.ending)")
                            return
                        }
                        // MariaDB's target is asked for its oldest log before its replica is changed.
                        let concerned: Set<InstanceAddress> = [mover.address("d"), mover.address(struck)]
                        #expect(Set(failures.map(\.instance)).isSubset(of: concerned), "\(failures)")
                        #expect(report.choices == [.resume, .rollBack, .leave])
                        try await ends(lab[struck])
                        try await eventually(within: .seconds(20), "\(struck) answers and replicates") {
                            (try? await mover.channel(of: struck).source) != nil
                        }
                        try mover.requireDone(try await mover.executor.resume(report.operation), plan)
                        #expect(try await mover.source(of: "d") == "c")
                        try await mover.restore(before)
                    }
                }
            }
        }
    }
}

extension Mover {
    /// An executor between whose statements something happens.
    func executor(interrupting interrupt: @escaping @Sendable (Int) async throws -> Void) -> Executor {
        Executor(servers: InterruptedServers(servers, interrupt: interrupt), journal: journal)
    }
}
