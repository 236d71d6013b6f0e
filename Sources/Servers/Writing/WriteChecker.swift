import Topology

/// Writes to one server again and again, over a connection of its own, so that no poll waits for a write.
actor WriteChecker {
    nonisolated var unownedExecutor: UnownedSerialExecutor { ServersExecutor.shared.asUnownedSerialExecutor() }
    private let address: InstanceAddress
    private let settings: ConnectionSettings
    private let probe: WriteProbe

    private var connection: Connection?
    private var found: WriteCheck?
    private var isWriting = false
    private var nextAt: ContinuousClock.Instant?
    private var hangs = 0
    /// Grows when the server ceases to be one that is written to: what is under way then no longer counts.
    private var generation = 0

    /// The longest pause after writes that hung.
    private static let longestPause = Duration.seconds(30)

    init(address: InstanceAddress, settings: ConnectionSettings, probe: WriteProbe) {
        self.address = address
        self.settings = settings
        self.probe = probe
    }

    /// What the writes so far found.
    var state: WriteCheck? { found }

    /// Begins a write where one is due; it goes on by itself.
    func writeIfDue(serverID: UInt32, at now: ContinuousClock.Instant) {
        guard !isWriting, nextAt.map({ now >= $0 }) ?? true else { return }
        isWriting = true
        let generation = generation
        Task {
            let outcome = await self.write(serverID: serverID)
            self.took(outcome, generation)
        }
    }

    /// Ends the writes, because the server is no primary any more, or is not watched.
    func stop() {
        connection?.close()
        connection = nil
        found = nil
        hangs = 0
        generation += 1
    }

    private enum Outcome {
        case ok
        case refused(WriteFailure)
        case hung(since: Timestamp)
        /// No connection: the polls tell what that means.
        case unknown
    }

    private func write(serverID: UInt32) async -> Outcome {
        let began = Timestamp.now()
        do {
            let connection = try await openConnection()
            try await connection.execute(probe.statement(serverID: serverID), timeout: probe.deadline)
            return .ok
        } catch let error as StatementError {
            return .refused(WriteFailure(code: error.code, message: error.message.sanitized))
        } catch let error as ConnectionError {
            connection?.close()
            connection = nil
            return error.cause == .contact(.readTimeout) ? .hung(since: began) : .unknown
        } catch {
            return .unknown
        }
    }

    private func openConnection() async throws(ConnectionError) -> Connection {
        if let connection { return connection }
        var settings = settings
        settings.connectTimeout = min(settings.connectTimeout, probe.deadline)
        let opened = try await Connection.open(to: address, settings: settings)
        connection = opened
        return opened
    }

    private func took(_ outcome: Outcome, _ generation: Int) {
        isWriting = false
        var pause = probe.interval
        guard generation == self.generation else {
            connection?.close()
            connection = nil
            return
        }
        switch outcome {
        case .ok:
            hangs = 0
            if found?.isOK != true { found = .ok(since: .now()) }
        case .refused(let failure):
            hangs = 0
            if case .failed(let since, _) = found {
                found = .failed(since: since, failure)
            } else {
                found = .failed(since: .now(), failure)
            }
        case .hung(let since):
            hangs += 1
            pause = min(Self.longestPause, probe.interval * (1 << min(hangs, 5)))
            if case .hangs = found {} else { found = .hangs(since: since) }
        case .unknown: break
        }
        nextAt = .now + pause
    }
}
