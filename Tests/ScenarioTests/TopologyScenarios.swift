import Diagnosis
import Engine
import Lab
import Servers
import Storage
import TestSupport
import Testing
import Topology

extension Scenarios {
    /// What is found, and how it hangs together.
    @Suite("Topologies")
    struct TopologyScenarios {
        @Test("a tree of three levels is found from its root and from a leaf", arguments: Shape.Flavour.allCases)
        func tree(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (a, b, c, d) = (lab["a"].address, lab["b"].address, lab["c"].address, lab["d"].address)
            for seed in [a, c] {
                let reading = try await crawl(lab, from: seed)
                #expect(Set(reading.fleet.addresses) == [a, b, c, d])
                #expect(reading.problems.isEmpty, "\(reading.problems)")
                let cluster = try #require(reading.diagnosis.forest.clusters.first)
                #expect(reading.diagnosis.forest.clusters.count == 1)
                #expect(cluster.primary == a)
                let tree = TreeNode(
                    address: a, relation: .root,
                    children: [
                        TreeNode(
                            address: b, relation: .replica(channel: ""),
                            children: [TreeNode(address: c, relation: .replica(channel: ""))]),
                        TreeNode(address: d, relation: .replica(channel: "")),
                    ])
                #expect(cluster.roots == [tree])
            }
        }

        @Test("co-primaries stand side by side, and being both writable is told", arguments: Shape.Flavour.allCases)
        func coPrimaries(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (m, n) = (lab["m"].address, lab["n"].address)
            let reading = try await crawl(lab, from: lab["x"].address)
            #expect(Set(reading.fleet.addresses) == Set(lab.servers(["m", "n", "o", "x"]).map(\.address)))
            let cluster = try #require(reading.diagnosis.forest.cluster(of: m))
            let relations = Dictionary(uniqueKeysWithValues: cluster.roots.map { ($0.address, $0.relation) })
            #expect(relations[m] == .coPrimary(with: n))
            #expect(relations[n] == .coPrimary(with: m))
            #expect(relations[lab["o"].address] == .root)
            let problems = Set(reading.problems.map { "\($0.kind) \($0.subject)" })
            #expect(problems == ["writableCoPrimaries \(min(m, n))"])
        }

        @Test(
            "a replica of two sources has a channel for each, and one that stops stops alone",
            arguments: Shape.Flavour.allCases)
        func severalSources(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (n, o, x) = (lab["n"], lab["o"], lab["x"])
            try await Watch.on(lab, from: [x.address]) { watch in
                let update = try await watch.until("both channels run") { update in
                    update.channel("n", of: x)?.isReplicating == true
                        && update.channel("o", of: x)?.isReplicating == true
                }
                let channels = update.fleet[x.address]?.channels ?? []
                #expect(channels.map(\.source) == [n.address, o.address])
                #expect(channels.allSatisfy { $0.positioning.isGTID })
                #expect(update.fleet.replicas(of: o.address) == [x.address])

                try await x.stop(channel: "o")
                let stopped = try await watch.problem(.replicationStopped, of: x)
                #expect(stopped.channel == "o")
                #expect(try await watch.event(.replicationStopped, of: x).allSatisfy { $0.contains("channel o") })
                try await x.startReplica()
                try await watch.noProblem(.replicationStopped, of: x)
            }
        }

        @Test("a replica that goes by positions is followed by positions", arguments: Shape.Flavour.allCases)
        func positions(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (p, q) = (lab["p"], lab["q"])
            try await Watch.on(lab, from: [p.address]) { watch in
                let update = try await watch.untilWell([p, q])
                let before = try #require(update.channel(of: q)?.executed)
                #expect(update.channel(of: q)?.positioning == .binlogPosition)
                if case .mysql(let gtid) = update.fleet[q.address]?.facts?.gtid { #expect(gtid.mode == .off) }
                try await p.execute("CREATE DATABASE positions", "DROP DATABASE positions")
                try await watch.until("q has applied what p wrote") { update in
                    let end = update.fleet[p.address]?.facts?.binaryLog?.position
                    guard let executed = update.channel(of: q)?.executed else { return false }
                    return executed > before && executed == end
                }
            }
        }

        @Test("a semi-sync source without a replica that acknowledges is told", arguments: Shape.Flavour.allCases)
        func semiSync(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let (p, q) = (lab["p"], lab["q"])
            try await Watch.on(lab, from: [q.address]) { watch in
                let update = try await watch.untilWell([p, q])
                let source = try #require(update.fleet[p.address]?.facts?.semiSync.source)
                #expect(source.isEnabled && source.isActive)
                #expect(source.clients == 1)
                #expect(source.timeout == .seconds(2))
                #expect(update.fleet[q.address]?.facts?.semiSync.replica?.isActive == true)

                try await q.stopReplica()
                // The first write that nobody acknowledges waits, and the source goes on alone.
                try await p.execute("CREATE DATABASE alone", "DROP DATABASE alone")
                let problem = try await watch.problem(.semiSyncNotEnough, of: p)
                #expect(problem.summary.contains("0 of 1"), "\(problem)")
                try await q.startReplica()
                try await watch.untilWell([p, q])
            }
        }

        @Test("a server that is reached by two names is one server", arguments: Shape.Flavour.allCases)
        func twoNames(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let a = lab["a"]
            let other = InstanceAddress(host: "localhost", port: a.address.port)
            try await Watch.on(lab, from: [other, a.address]) { watch in
                let update = try await watch.until("all four are found, once") { update in
                    update.fleet.count == 4 && update.fleet.instances.allSatisfy(\.contact.isReachable)
                }
                #expect(update.fleet.canonical(other) == update.fleet.canonical(a.address))
                let replicas = lab.servers(["b", "d"]).map { update.fleet.canonical($0.address) }
                #expect(update.fleet.replicas(of: other) == replicas.sorted())
                #expect(update.diagnosis.forest.clusters.count == 1)
                #expect(update.problems.isEmpty, "\(update.problems)")
            }
        }

        @Test("in the steady state a poll is one round trip, whatever the server is", arguments: Shape.Flavour.allCases)
        func roundTrips(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let seeds = ["a", "m", "p", "e"].map { lab[$0].address }
            try await Watch.on(lab, from: seeds) { watch in
                try await watch.until("all servers answer") { update in
                    lab.servers.allSatisfy { update.fleet[$0.address]?.contact.isReachable == true }
                }
                let workload = try await lab.startWorkload(on: [lab["a"]], rate: 20)
                let first = try await statistics(of: lab.servers, in: watch) { _, now in now.probes >= 3 }
                let later = try await statistics(of: lab.servers, in: watch) { server, now in
                    now.probes >= (first[server]?.probes ?? 0) + 5
                }
                for server in lab.servers {
                    let (first, later) = (try #require(first[server.name]), try #require(later[server.name]))
                    #expect(later.connects == first.connects)
                    #expect(later.failed == first.failed)
                    // A poll under way has made its round trip and is not counted yet.
                    let more = (later.roundTrips - first.roundTrips) - (later.probes - first.probes)
                    #expect(abs(more) <= 1, "\(server.name): \(first) \(later)")
                }
                try await workload.stop()
            }
        }

        /// What probing has cost, by the server's name, from the moment on when enough has been probed.
        private func statistics(
            of servers: [LabServer], in watch: Watch, when isEnough: (String, ProbeStatistics) -> Bool
        ) async throws -> [String: ProbeStatistics] {
            var found: [String: ProbeStatistics] = [:]
            for server in servers {
                let enough: ProbeStatistics = try await eventually("\(server.name) is polled") {
                    let now = try await watch.probers.statistics(of: server)
                    return isEnough(server.name, now) ? now : nil
                }
                found[server.name] = enough
            }
            return found
        }

        @Test("a snapshot of a live fleet is read back as the same fleet", arguments: Shape.Flavour.allCases)
        func snapshot(flavour: Shape.Flavour) async throws {
            let lab = try Labs.of(flavour)
            let seeds = ["a", "m", "p", "e"].map { lab[$0].address }
            let reading = await FleetReading.crawl(from: seeds, makeProber: try probers(lab))
            #expect(reading.fleet.count == lab.servers.count)
            let now = Timestamp.now()
            let text = Snapshot(taken: now, fleet: reading.fleet).text()
            let read = try Snapshot(parsing: Array(text.utf8), now: now)
            #expect(read.taken == now)
            for instance in reading.fleet.instances { #expect(read.fleet[instance.address] == instance) }
            #expect(read.fleet.count == reading.fleet.count)
            #expect(read.fleet.clusters() == reading.fleet.clusters())
            let shown = FleetReading.snapshot(read, path: "live.json")
            #expect(shown.problems == reading.problems)
        }

        private func probers(_ lab: Lab) throws -> @Sendable (InstanceAddress) -> any Prober {
            let probers = Probers(settings: try lab.settings(), options: ProbeOptions())
            return { probers($0) }
        }

        private func crawl(_ lab: Lab, from seed: InstanceAddress) async throws -> FleetReading {
            await FleetReading.crawl(from: [seed], makeProber: try probers(lab))
        }
    }
}
