import Discovery
import Engine
import Foundation
import Lab
import Servers
import Storage
import Synchronization
import Topology

/// Figures of the engine in this process: probing, publishing and storing, without a screen.
struct EngineFigures {
    let lab: Lab
    let runs: Int
    let baton: String
    let note: (String) -> Void
    private let settings: ConnectionSettings

    init(lab: Lab, runs: Int, baton: String, note: @escaping (String) -> Void) throws {
        self.lab = lab
        self.baton = FileManager.default.currentDirectoryPath + "/" + baton
        self.runs = runs
        self.note = note
        let options = try OptionFiles(defaultsFile: lab.clientOptionFile).read()
        settings = ConnectionSettings(credentials: options.credentials, tls: options.tls)
    }

    private var addresses: [InstanceAddress] { lab.servers.map(\.address) }

    /// From nothing known but the primary to all eleven servers read.
    func seedToTree() async throws -> Figure {
        note("crawling from a seed")
        var times: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            let settings = settings
            let reading = await FleetReading.crawl(from: [addresses[0]]) { address in
                InstanceProber(address: address, settings: settings)
            }
            let reached = reading.fleet.instances.count { $0.contact.isReachable }
            guard reached == addresses.count else {
                throw PtyProcess.Failure(description: "the crawl reached \(reached) of \(addresses.count) servers")
            }
            times.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        return Figure("seed to whole tree, 3 levels, 11 servers", unit: "ms", times, target: "under 500")
    }

    /// What one poll costs, the store's share included, with servers at rest or under a workload.
    func pollCost(underLoad: Bool) async throws -> [Figure] {
        note("polling for 20 s, \(underLoad ? "with a workload" : "servers at rest")")
        // As a process of its own, so that its work is not counted as ours.
        if underLoad { try run([baton, "lab", "workload", "start", "--dir", lab.folder]) }
        let probers = Probers(settings)
        var figures: [Figure] = []
        try await withEngine(probers) { engine in
            try await self.settle(engine)
            let before = await probers.statistics()
            let cpu = ProcessMeter.ownCPU
            try await Task.sleep(for: .seconds(20))
            let spent = ProcessMeter.ownCPU - cpu
            let after = await probers.statistics()
            let probes = Double(after.probes - before.probes)
            let trips = Double(after.roundTrips - before.roundTrips)
            let situation = underLoad ? "under load" : "at rest"
            figures.append(
                Figure(
                    "CPU per poll, store included, \(situation)", unit: "ms", [spent * 1000 / probes],
                    target: "under 0.5"))
            figures.append(Figure("round trips per poll, \(situation)", unit: "", [trips / probes], target: "1"))
            let kept = await probers.intervals(of: self.addresses)
            figures.append(
                Figure("poll interval kept, 1 s asked, \(situation)", unit: "s", kept, target: "within 5%"))
        }
        if underLoad { try run([baton, "lab", "workload", "stop", "--dir", lab.folder]) }
        return figures
    }

    /// The interval that the other servers' polls keep while some are frozen.
    func intervalOfOthers(frozen count: Int) async throws -> Figure {
        note("polling for 20 s with \(count) servers frozen")
        let frozen = lab.servers.suffix(count)
        let probers = Probers(settings)
        var kept: [Double] = []
        for server in frozen { try await server.freeze() }
        do {
            try await withEngine(probers) { engine in
                try await Task.sleep(for: .seconds(5))
                await probers.forgetTimes()
                try await Task.sleep(for: .seconds(20))
                kept = await probers.intervals(of: self.lab.servers.dropLast(count).map(\.address))
            }
        } catch {
            for server in frozen { try? await server.thaw() }
            throw error
        }
        for server in frozen { try await server.thaw() }
        return Figure("poll interval of the others, \(count) servers frozen", unit: "s", kept, target: "within 20%")
    }

    /// From `kill -9` of a server to the fleet in which it is gone.
    func killToGone() async throws -> Figure {
        note("killing a server \(runs) times")
        let victim = lab.servers[lab.servers.count - 1]
        var times: [Double] = []
        try await withEngine(Probers(settings)) { engine in
            for _ in 0..<self.runs {
                try await self.settle(engine)
                let updates = await engine.updates()
                let start = ContinuousClock.now
                try await victim.kill()
                for await update in updates {
                    if case .unreachable = update.fleet[victim.address]?.contact { break }
                }
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                try await victim.start()
            }
        }
        return Figure("kill -9 to gone in the fleet", unit: "ms", times, target: "under 50")
    }

    private func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PtyProcess.Failure(description: "\(command.joined(separator: " ")) failed")
        }
    }

    /// Waits until every server is reachable.
    private func settle(_ engine: Engine) async throws {
        for await update in await engine.updates() {
            let reachable = addresses.count { update.fleet[$0]?.contact.isReachable == true }
            if reachable == addresses.count { return }
        }
    }

    private func withEngine(_ probers: Probers, _ body: (Engine) async throws -> Void) async throws {
        let store = lab.folder + "/bench-\(UInt32.random(in: 0 ... .max)).db"
        let engine = Engine(
            EngineConfiguration(seeds: [addresses[0]]), recorder: StoreRecorder(try await Store.open(at: store)),
            makeProber: { probers.make($0) })
        let running = Task { await engine.run() }
        do {
            try await body(engine)
        } catch {
            running.cancel()
            await running.value
            throw error
        }
        running.cancel()
        await running.value
        for suffix in ["", "-wal", "-shm"] { unlink(store + suffix) }
    }
}

/// Makes real probers, and keeps book of when each server was probed.
final class Probers: Sendable {
    private let settings: ConnectionSettings
    private let state = Mutex((probers: [InstanceProber](), times: [InstanceAddress: [ContinuousClock.Instant]]()))

    init(_ settings: ConnectionSettings) {
        self.settings = settings
    }

    func make(_ address: InstanceAddress) -> any Prober {
        let prober = InstanceProber(address: address, settings: settings)
        state.withLock { $0.probers.append(prober) }
        return TimedProber(prober) { [self] in
            state.withLock { $0.times[address, default: []].append(.now) }
        }
    }

    func statistics() async -> ProbeStatistics {
        var total = ProbeStatistics()
        for prober in state.withLock({ $0.probers }) {
            let own = await prober.statistics
            total.probes += own.probes
            total.roundTrips += own.roundTrips
        }
        return total
    }

    func forgetTimes() async { state.withLock { $0.times = [:] } }

    /// For each server the mean time from one probe to the next, in seconds.
    func intervals(of addresses: [InstanceAddress]) async -> [Double] {
        let times = state.withLock { $0.times }
        return addresses.compactMap { address in
            guard let own = times[address], own.count > 2, let first = own.dropFirst().first, let last = own.last else {
                return nil
            }
            return (last - first) / .seconds(1) / Double(own.count - 2)
        }
    }
}

/// A prober that tells when it is used.
struct TimedProber: Prober {
    private let prober: any Prober
    private let onProbe: @Sendable () -> Void

    init(_ prober: any Prober, onProbe: @escaping @Sendable () -> Void) {
        self.prober = prober
        self.onProbe = onProbe
    }

    var disconnections: AsyncStream<Void> { prober.disconnections }

    func probe() async -> ProbeOutcome {
        onProbe()
        return await prober.probe()
    }

    func close() async { await prober.close() }
}
