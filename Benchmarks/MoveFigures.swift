import Engine
import Foundation
import Lab
import Operations
import Refactoring
import Servers
import Storage
import Topology

/// Figures of moves on the lab: from the confirmation of a plan to "replicates from there", verified by a fresh look, with
/// locks on the servers and every step written to a journal in a real store.
struct MoveFigures {
    let lab: Lab
    let runs: Int
    let note: (String) -> Void
    private let settings: ConnectionSettings

    init(lab: Lab, runs: Int, note: @escaping (String) -> Void) throws {
        self.lab = lab
        self.runs = runs
        self.note = note
        let options = try OptionFiles(defaultsFile: lab.clientOptionFile).read()
        settings = ConnectionSettings(credentials: options.credentials, tls: options.tls)
    }

    /// What one move took.
    private struct Times {
        var whole: [Double] = []
        var own: [Double] = []
        var standstill: [Double] = []

        mutating func add(_ whole: Duration, _ exchanges: [TimedServers.Exchange]) {
            self.whole.append(whole / .milliseconds(1))
            own.append((whole - exchanges.serversTime) / .milliseconds(1))
            standstill.append(exchanges.longestStandstill / .milliseconds(1))
        }
    }

    /// One replica by GTID, and five at once.
    func moves() async throws -> [Figure] {
        note("moving replicas \(runs) times")
        let file = lab.folder + "/moves.db"
        let store = try await Store.open(at: file)
        defer { try? store.close() }
        let log = TimedServers.Log()
        let settings = settings
        let desk = OperationDesk(OperatingSettings(), store: store) {
            TimedServers(LiveServers(settings: { _ in settings }), log: log)
        }
        var one = Times()
        var five = Times()
        let (a, b) = (lab["a"].address, lab["b"].address)
        let c = ReplicaChannel(lab["c"].address)
        let group = Set(["c", "g", "h", "i", "j"].map { lab[$0].address })
        for _ in 0..<runs {
            try await move(.relocate(c, below: b), desk, log, &one)
            try await move(.relocateReplicas(of: b, only: nil, below: a), desk, log, &five)
            try await move(.relocateReplicas(of: a, only: group, below: b), desk, log, &five)
            try await move(.relocate(c, below: a), desk, log, &one)
        }
        return [
            Figure("one replica moved by GTID, verified", unit: "ms", one.whole, target: "under 50"),
            Figure("of it baton's own time", unit: "ms", one.own, target: "under 10"),
            Figure("of it the replica stood still", unit: "ms", one.standstill, target: "-"),
            Figure("five replicas moved at once, verified", unit: "ms", five.whole, target: "under 80"),
            Figure("of it baton's own time", unit: "ms", five.own, target: "-"),
            Figure("of it the slowest replica stood still", unit: "ms", five.standstill, target: "-"),
        ]
    }

    private func move(
        _ move: Move, _ desk: OperationDesk, _ log: TimedServers.Log, _ times: inout Times
    ) async throws {
        let settings = settings
        let reading = await FleetReading.crawl(from: [lab.servers[0].address]) { address in
            InstanceProber(address: address, settings: settings)
        }
        let scene = desk.scene(of: reading.fleet, lastReads: reading.lastReads)
        guard let plan = desk.plan(.move(move), in: scene).plan else {
            let reasons = desk.plan(.move(move), in: scene).reasons.map(\.sentence).joined(separator: "; ")
            throw PtyProcess.Failure(description: "there is no plan: \(reasons)")
        }
        // As for operators: connections are opened while they read the plan.
        await desk.prepare(plan, in: scene)
        _ = log.take()
        let start = ContinuousClock.now
        let report = try await desk.run(plan, in: scene)
        let whole = ContinuousClock.now - start
        guard report.isDone else {
            throw PtyProcess.Failure(description: "\(plan.intent) ended otherwise: \(report.ending)")
        }
        times.add(whole, log.take())
    }
}
