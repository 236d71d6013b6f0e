import Diagnosis
import Discovery
import Engine
import Foundation
import Hooks
import Lab
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import TestSupport
import Topology

/// Figures of recoveries, each on a lab of its own under load: from the loss of the primary to the first row that the new one
/// has acknowledged, and to all replicas attached and verified.
///
/// What `baton watch --recover` does is done in this process: the engine, the automatic recovery, a store. The grace is 0, there
/// are no hooks but the proxy's, and nothing is left to apply.
struct FailoverFigures {
    /// How the primary is lost.
    enum Loss: String {
        case killed = "kill -9"
        case frozen = "SIGSTOP"
        /// Packets to it and from it vanish, baton's among them.
        case cutOff = "dropped packets"
    }

    /// One primary, three replicas, heartbeats each second.
    static let shape = "a(b c d)"
    static let replicas = ["b", "c", "d"]
    /// Rows a second: a row each two milliseconds is how finely a pause is measured.
    static let rate = 500

    let flavor: String
    let runs: Int
    let note: (String) -> Void

    /// What one recovery took, in milliseconds.
    private struct Times {
        var known: [Double] = []
        var decided: [Double] = []
        var promoted: [Double] = []
        var servers: [Double] = []
        var firstRow: [Double] = []
        var attached: [Double] = []
        var byProxy: [Double] = []
    }

    /// Each run on servers of its own, lost at another moment of the polls.
    func failovers(_ loss: Loss) async throws -> [Figure] {
        if loss == .cutOff {
            guard await HostNetwork.isPossible() else {
                note("left out: \(HostNetwork.reason)")
                return []
            }
        }
        var times = Times()
        for run in 1...runs {
            note("\(flavor): \(loss.rawValue) of the primary under load, \(run) of \(runs)")
            try await onNetwork(of: loss) { network in
                try await onLab(network) { lab in try await failover(lab, loss, network, &times) }
            }
        }
        let target = loss == .killed ? "under 500" : "under 3000"
        return [
            Figure("\(loss.rawValue) to the first row on the new primary", unit: "ms", times.firstRow, target: target),
            Figure("of it detection: until the failure was known", unit: "ms", times.known, target: "-"),
            Figure("of it decision: until the plan began", unit: "ms", times.decided, target: "-"),
            Figure("of it the plan, until that row", unit: "ms", times.promoted, target: "-"),
            Figure("of the plan waiting for servers", unit: "ms", times.servers, target: "-"),
            Figure("to all replicas attached and verified", unit: "ms", times.attached, target: "-"),
        ]
    }

    /// What a client sees behind a HAProxy that baton's hook tells of the new primary, when everything else is done.
    func failoversBehindProxy(_ loss: Loss) async throws -> [Figure] {
        guard await HAProxy.isInstalled() else {
            note("left out: \(HAProxy.reason)")
            return []
        }
        var times = Times()
        for run in 1...runs {
            note("\(flavor): \(loss.rawValue) of the primary behind HAProxy, \(run) of \(runs)")
            try await onLab(nil) { lab in
                try await HAProxy.with(lab["a"].address) { proxy in
                    try await failover(lab, loss, nil, behind: proxy, &times)
                }
            }
        }
        return [
            Figure("\(loss.rawValue) to the first row through HAProxy", unit: "ms", times.byProxy, target: "-"),
            Figure("of it to the first row sent directly", unit: "ms", times.firstRow, target: "-"),
        ]
    }

    private func failover(
        _ lab: Lab, _ loss: Loss, _ network: HostNetwork?, behind proxy: HAProxy? = nil, _ times: inout Times
    ) async throws {
        let store = try await Store.open(at: lab.folder + "/recovery.db")
        let log = TimedServers.Log()
        let engine = try engine(lab, store, log, proxy)
        let policies = AutomaticPolicies([
            ClusterPolicies.Entry(
                pattern: try AddressPattern("."), policy: AutomaticPolicy([.primary], grace: .zero, splitBrain: .accept)
            )
        ])
        let running = Task { await engine.run() }
        let recovery = Task { await AutomaticRecovery(engine, store: store, policies: policies).run() }
        let result: Result<Void, any Error>
        do {
            await settle(engine, lab)
            result = .success(try await lose(lab, loss, network, behind: proxy, engine, store, log, &times))
        } catch {
            result = .failure(error)
        }
        recovery.cancel()
        running.cancel()
        await recovery.value
        await running.value
        try store.close()
        try result.get()
    }

    private func lose(
        _ lab: Lab, _ loss: Loss, _ network: HostNetwork?, behind proxy: HAProxy?, _ engine: Engine, _ store: Store,
        _ log: TimedServers.Log, _ times: inout Times
    ) async throws {
        let clients = try await Clients(of: lab, behind: proxy)
        // At another moment of the polls each time.
        try await Task.sleep(for: .milliseconds(Int.random(in: 1500...2500)))
        let known = Task { await Self.whenKnown(engine) }
        let lost = Moment()
        switch loss {
        case .killed: try await lab["a"].kill()
        case .frozen: try await lab["a"].freeze()
        case .cutOff: try await network?.isolate("a")
        }
        let record = try await finished(store)
        let rows = try await clients.firstRows(since: lost)
        guard let ended = record.endedAt, let knownAt = await known.value else {
            throw PtyProcess.Failure(description: "nobody saw that the primary was lost")
        }
        let (row, begun) = (lost.milliseconds(to: rows.direct), lost.milliseconds(to: record.startedAt))
        times.known.append(lost.milliseconds(to: knownAt))
        times.decided.append(begun - lost.milliseconds(to: knownAt))
        times.promoted.append(row - begun)
        times.servers.append(log.take().within(lost.instant(after: begun), lost.instant(after: row)).milliseconds)
        times.firstRow.append(row)
        times.attached.append(lost.milliseconds(to: ended))
        if let byProxy = rows.byProxy { times.byProxy.append(lost.milliseconds(to: byProxy)) }
    }

    /// The moment at which an update tells of a primary that is to be recovered.
    private static func whenKnown(_ engine: Engine) async -> Timestamp? {
        for await update in await engine.updates()
        where update.diagnosis.failures.failures.contains(where: { $0.recovery.kind == .primary }) { return .now() }
        return nil
    }

    private func finished(_ store: Store) async throws -> RecoveryRecord {
        for _ in 0..<600 {
            if let record = try await store.recoveries().first, record.endedAt != nil {
                guard record.outcome == .done else { break }
                return record
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        let reasons = try await store.blockedRecoveries().map(\.reason)
        throw PtyProcess.Failure(description: "nothing was recovered: \(reasons)")
    }
}

extension FailoverFigures {
    /// With hosts of their own for the servers where packets are to be dropped.
    private func onNetwork(of loss: Loss, _ body: (HostNetwork?) async throws -> Void) async throws {
        guard loss == .cutOff else { return try await body(nil) }
        try await HostNetwork.with(["a"] + Self.replicas) { try await body($0) }
    }

    func onLab(_ network: HostNetwork? = nil, _ body: (Lab) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-bench-\(getpid())-failover"
        let lab = try await Lab.up(
            try Shape(parsing: "\(flavor)[heartbeat]: \(Self.shape)"), in: folder, name: "bench",
            lifetime: .thisProcess,
            at: network?.sites(of: ["a"] + Self.replicas) ?? [:])
        do {
            try await body(lab)
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func settings(_ lab: Lab) throws -> ConnectionSettings {
        let options = try OptionFiles(defaultsFile: lab.clientOptionFile).read()
        return ConnectionSettings(credentials: options.credentials, tls: options.tls)
    }

    private func engine(
        _ lab: Lab, _ store: Store, _ log: TimedServers.Log, _ proxy: HAProxy?
    ) throws -> Engine {
        let settings = try settings(lab)
        var operating = OperatingSettings()
        if let proxy {
            operating.hooks[.postPrimaryFailover] = ["HAPROXY_SOCKET=\(proxy.socket) \(Self.hook)"]
        }
        let desk = OperationDesk(operating, store: store) {
            TimedServers(LiveServers(settings: { _ in settings }), log: log)
        }
        return Engine(
            EngineConfiguration(seeds: [lab["a"].address]), recorder: StoreRecorder(store), desk: desk,
            makeProber: { InstanceProber(address: $0, settings: settings) })
    }

    private static let hook = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "examples/hooks/haproxy").path

    /// Waits until every server was read.
    private func settle(_ engine: Engine, _ lab: Lab) async {
        for await update in await engine.updates() {
            let reachable = lab.servers.count { update.fleet[$0.address]?.contact.isReachable == true }
            if reachable == lab.servers.count { return }
        }
    }
}
