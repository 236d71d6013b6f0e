import Diagnosis
import Discovery
import Engine
import Foundation
import Lab
import Servers
import TestSupport
import Testing
import Topology

extension Scenarios {
    /// Servers and replicas that fail.
    @Suite("Faults")
    struct FaultScenarios {
        @Test(
            "a frozen server is found out within its deadline, and holds up nobody else",
            arguments: Shape.Flavour.allCases)
        func frozen(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let tree = lab.servers(Labs.tree)
            let c = lab["c"]
            let setup = { (setup: inout Watch.Setup) in
                setup.probe.readTimeout = .seconds(2)
                setup.probe.probeTimeout = .seconds(2)
            }
            try await Watch.on(lab, from: [lab["a"].address], setup) { watch in
                try await watch.untilWell(tree)
                try await c.freeze()
                let start = ContinuousClock.now
                let update = try await watch.until("c does not answer") {
                    $0.fleet[c.address]?.contact.failure?.kind == .readTimeout
                }
                // Its next turn, the deadline, and something for a busy machine.
                #expect(ContinuousClock.now - start < .seconds(6))
                #expect(update.problem(.unreachable, of: c.address) != nil)
                // What was read last stays, with its age.
                #expect(update.fleet[c.address]?.facts != nil)
                let polls = update.statistics?.polls ?? 0
                try await watch.until("the others are polled in time") { update in
                    guard let statistics = update.statistics, let kept = statistics.keptInterval,
                        statistics.polls > polls + 15
                    else { return false }
                    return kept.mean < .milliseconds(1200)
                }
                try await c.thaw()
                try await watch.untilWell(tree)
                try await watch.event(.unreachable, of: c)
                try await watch.event(.back, of: c)
            }
        }

        @Test("a killed server is gone at once, and the same server when it is back", arguments: Shape.Flavour.allCases)
        func killed(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let tree = lab.servers(Labs.tree)
            let d = lab["d"]
            // Seconds between polls: what is seen at once was not seen by the next poll.
            let setup = { (setup: inout Watch.Setup) in setup.discovery.pollInterval = .seconds(5) }
            try await Watch.on(lab, from: [lab["a"].address], setup) { watch in
                let before = try await watch.untilWell(tree)
                let process = try #require(d.process)
                let start = ContinuousClock.now
                kill(process.pid, SIGKILL)
                let gone = try await watch.until("d is gone") { $0.fleet[d.address]?.contact.isReachable == false }
                #expect(ContinuousClock.now - start < .seconds(1), "that was a turn, not the lost connection")
                guard case .unreachable(_, let lastSeen, let failure) = gone.fleet[d.address]?.contact else {
                    Issue.record("a killed server is not unreachable")
                    return
                }
                #expect(failure.kind == .connectionRefused, "\(failure)")
                #expect(lastSeen != nil)
                #expect(gone.diagnosis.forest.depth(of: d.address) == 1, "it keeps its place in the tree")

                try await d.kill()
                try await d.start()
                let back = try await watch.untilWell(tree)
                #expect(Set(back.fleet.addresses) == Set(before.fleet.addresses))
                let started = try #require(back.fleet[d.address]?.facts?.identity.startedAt)
                let startedBefore = try #require(before.fleet[d.address]?.facts?.identity.startedAt)
                #expect(started > startedBefore)
                #expect(try await watch.event(.unreachable, of: d).count == 1)
                #expect(try await watch.event(.back, of: d).count == 1)
                #expect(try await watch.event(.restarted, of: d).count == 1)
            }
        }

        @Test("a broken replica is told with the server's error in full", arguments: Shape.Flavour.allCases)
        func broken(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let c = lab["c"]
            try await Watch.on(lab, from: [c.address]) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await c.breakReplica(in: lab)
                let problem = try await watch.problem(.applierError, of: c)
                #expect(problem.severity == .broken)
                #expect(problem.summary.contains("1062"), "\(problem)")
                // Also where workers apply in parallel, and the replica status says only that one of them stopped.
                #expect(problem.evidence.contains { $0.contains("Duplicate entry") }, "\(problem)")
                // MariaDB does not say when it was.
                #expect(problem.since != nil || flavour == .mariadb)
                #expect(try await watch.event(.replicationBroken, of: c)[0].contains("1062"))
                try await c.startReplica()
                try await watch.untilWell(lab.servers(Labs.tree))
                try await watch.event(.replicationStarted, of: c)
            }
        }

        @Test("a stopped replica is told, and is no broken one", arguments: Shape.Flavour.allCases)
        func stopped(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let d = lab["d"]
            try await Watch.on(lab, from: [d.address]) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await d.stopReplica()
                let problem = try await watch.problem(.replicationStopped, of: d)
                #expect(problem.severity == .warning)
                let update = try await watch.until("only that is told") { $0.problems.map(\.id) == [problem.id] }
                #expect(update.channel(of: d)?.lag == nil, "a stopped replica has no lag that means anything")
                try await d.startReplica()
                try await watch.untilWell(lab.servers(Labs.tree))
            }
        }

        @Test(
            "a delayed replica does what it was told: its lag beyond the delay is none",
            arguments: Shape.Flavour.allCases)
        func delayed(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let d = lab["d"]
            let setup = { (setup: inout Watch.Setup) in setup.limits.lagWarning = .seconds(2) }
            try await Watch.on(lab, from: [d.address], setup) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                try await d.delay(seconds: 600)
                try await lab["a"].execute("CREATE DATABASE late")
                let update = try await watch.until("d is behind") {
                    ($0.channel(of: d)?.lag?.measured ?? .zero) >= .seconds(3)
                }
                let channel = try #require(update.channel(of: d))
                #expect(channel.delay == .seconds(600))
                #expect(channel.lag?.beyondDelay == .zero)
                #expect(update.problems.isEmpty, "\(update.problems)")

                try await d.delay(seconds: 0)
                try await d.waits(forSchema: "late")
                try await lab["a"].execute("DROP DATABASE late")
                try await watch.until("d is up to date") { update in
                    update.channel(of: d)?.delay == .zero && update.channel(of: d)?.lag?.measured == .zero
                }
            }
        }

        @Test("a lagging replica is told with how far it is behind", arguments: Shape.Flavour.allCases)
        func lagging(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let c = lab["c"]
            let setup = { (setup: inout Watch.Setup) in setup.limits.lagWarning = .seconds(2) }
            try await Watch.on(lab, from: [c.address], setup) { watch in
                try await watch.untilWell(lab.servers(Labs.tree))
                async let load: Void = c.lag(for: .seconds(6), in: lab)
                let problem = try await watch.problem(.lag, of: c)
                #expect(problem.severity == .warning)
                #expect(problem.evidence[0].contains("Seconds_Behind_Source"), "\(problem)")
                try await load
                try await watch.untilWell(lab.servers(Labs.tree))
            }
        }
    }
}
