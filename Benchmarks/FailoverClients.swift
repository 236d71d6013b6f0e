import Lab
import Servers
import TestSupport
import Topology

extension FailoverFigures {
    /// Who writes: one client to the primary, one to the replicas, of which the first that takes a row is the new primary, and
    /// where there is a proxy one through it. None waits longer than a second, so that a silent server holds nobody up.
    struct Clients {
        let load: Lab.RunningWorkload
        let trying: Lab.RunningWorkload
        let proxied: Lab.RunningWorkload?

        init(of lab: Lab, behind proxy: HAProxy?) async throws {
            let patience = Duration.seconds(1)
            load = try await lab.startWorkload(on: [lab["a"]], rate: rate, patience: patience)
            // Replicas have no table until they have received it.
            try await Task.sleep(for: .milliseconds(500))
            trying = try await lab.startWorkload(
                on: replicas.map { lab[$0] }, rate: rate, patience: patience, hasTable: true)
            guard let proxy else {
                proxied = nil
                return
            }
            proxied = try await lab.startWorkload(
                on: [lab["a"]], rate: rate, patience: patience, by: proxy.address, hasTable: true)
        }

        /// When the first row was taken by a new primary, and the first through the proxy; ends them all.
        func firstRows(since lost: Moment) async throws -> (direct: Timestamp, byProxy: Timestamp?) {
            let direct = try await first(of: trying) { $0.first { $0.outcome == .acknowledged } }
            var byProxy: Timestamp?
            if let proxied {
                byProxy = try await first(of: proxied) { entries in
                    let failed = entries.firstIndex { $0.outcome == .failed && lost.isBefore($0.answered) }
                    return failed.flatMap { entries[$0...].first { $0.outcome == .acknowledged } }
                }
            }
            for client in [load, trying, proxied] { try await client?.stop() }
            return (direct, byProxy)
        }

        private func first(
            of client: Lab.RunningWorkload, _ find: ([WorkloadEntry]) -> WorkloadEntry?
        ) async throws -> Timestamp {
            for _ in 0..<200 {
                if let entry = find(try client.workload.log.entries()) {
                    return Timestamp(microseconds: entry.answered)
                }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw PtyProcess.Failure(description: "no row was written on a new primary")
        }
    }

    /// A moment by both clocks: records and clients tell the time of day, what was asked of servers is timed by the other.
    struct Moment {
        let timestamp = Timestamp.now()
        private let instant = ContinuousClock.now

        func milliseconds(to later: Timestamp) -> Double { (later - timestamp) / .milliseconds(1) }

        func instant(after milliseconds: Double) -> ContinuousClock.Instant {
            instant + .microseconds(Int(milliseconds * 1000))
        }

        func isBefore(_ microseconds: Int64) -> Bool { timestamp < Timestamp(microseconds: microseconds) }
    }
}
