import Foundation
import Topology

extension Lab {
    /// A workload writing in this process until it is stopped; for tests.
    public final class RunningWorkload: Sendable {
        /// What it writes, and where it logs that.
        public let workload: Workload
        private let task: Task<Void, any Error>

        init(_ workload: Workload) {
            self.workload = workload
            task = Task { try await workload.write() }
        }

        /// Ends it and waits for its last row.
        ///
        /// - Throws: what made it end before.
        public func stop() async throws {
            task.cancel()
            try await task.value
        }
    }

    /// Starts a workload in this process.
    ///
    /// - Parameters:
    ///   - servers: where it may write; the primaries unless told otherwise.
    ///   - rate: rows a second.
    ///   - patience: how long it waits for an answer.
    ///   - proxy: where it connects instead of to the servers.
    ///   - hasTable: whether the servers have the table already: on replicas none may be made.
    public func startWorkload(
        on servers: [LabServer]? = nil, rate: Int = 50, patience: Duration = .seconds(5),
        by proxy: InstanceAddress? = nil,
        hasTable: Bool = false
    ) async throws -> RunningWorkload {
        let run = Workload.newRun()
        let workload = Workload(
            run: run, log: try workloadLog(run: run), targets: servers ?? Array(primaries.prefix(1)), rate: rate,
            patience: patience, proxy: proxy)
        if !hasTable { try await workload.prepare() }
        return RunningWorkload(workload)
    }

    /// Starts a workload as a process of its own.
    ///
    /// - Parameter command: the program that will write, and its arguments up to the run's number, which is appended.
    /// - Throws: ``LabError/unsuitable(server:reason:)`` when one is running already.
    public func startWorkloadProcess(command: [String]) async throws {
        if let running = try stateFile.read().workload, running.process.isAlive {
            throw LabError.unsuitable(server: name, reason: "a workload is running already; stop it first")
        }
        let run = Workload.newRun()
        _ = try workloadLog(run: run)
        let process = try DetachedProcess.start(command + ["\(run)"], log: folder + "/workload/process.log")
        Guardian.watch(process, lab: folder)
        try await stateFile.update { $0.workload = .init(process: process, run: run) }
        // One that can't write at all ends within a moment; say so here and not in a log.
        let entries = WorkloadLog(path: workloadLogPath(run: run))
        let began = try await Patience.wait(within: .seconds(10)) {
            !process.isAlive || ((try? entries.entries())?.isEmpty == false)
        }
        guard began, process.isAlive else {
            throw LabError.commandFailed(
                what: "starting the workload", output: Command.lastLines(ofFile: folder + "/workload/process.log"))
        }
    }

    /// Ends the workload that runs as a process of its own, if there is one.
    public func stopWorkloadProcess() async throws {
        guard let workload = try stateFile.read().workload, workload.process.isAlive else { return }
        workload.process.send(SIGTERM)
        workload.process.send(SIGCONT)
        _ = try await Patience.wait(within: .seconds(10)) { !workload.process.isAlive }
        workload.process.send(SIGKILL)
    }

    /// Compares what the last workload process was told with what the servers have; `nil` when there was none.
    public func workloadReport() async throws -> WorkloadReport? {
        guard let run = try stateFile.read().workload?.run else { return nil }
        let workload = Workload(run: run, log: WorkloadLog(path: workloadLogPath(run: run)), targets: servers)
        return try await workload.report(on: servers)
    }

    /// Whether a workload process is running.
    public var workloadRuns: Bool { (try? stateFile.read())?.workload?.process.isAlive ?? false }

    /// The log of a run; its folder is made when it is not there.
    public func workloadLog(run: Int64) throws -> WorkloadLog {
        try FileManager.default.createDirectory(
            atPath: folder + "/workload", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return WorkloadLog(path: workloadLogPath(run: run))
    }

    private func workloadLogPath(run: Int64) -> String { folder + "/workload/\(run).csv" }
}
