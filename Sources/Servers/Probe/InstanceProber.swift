import Topology

/// Looks at one real server again and again over one connection, which it opens when it is first asked and again after
/// it was lost.
///
/// In the steady state a probe is one round trip. It ends within ``ProbeOptions/probeTimeout`` whatever the server does.
/// When to try again after a failure is the caller's to decide (``ProbeStatistics/consecutiveFailures`` helps).
public actor InstanceProber: Prober {
    public nonisolated var unownedExecutor: UnownedSerialExecutor { ServersExecutor.shared.asUnownedSerialExecutor() }
    public nonisolated let address: InstanceAddress
    public nonisolated let disconnections: AsyncStream<Void>

    private let settings: ConnectionSettings
    private let options: ProbeOptions
    private let disconnected: AsyncStream<Void>.Continuation

    /// An open connection, what it taught so far, and the task that waits for its end.
    private struct Link {
        let connection: Connection
        let session: ProbeSession
        let watch: Task<Void, Never>
    }

    private var link: Link?
    private var lastFacts: InstanceFacts?
    private let writeChecker: WriteChecker?
    private var silenceTracker = SilenceTracker()
    private var lastSilences: [String: SourceSilence] = [:]
    private var lastConnectionID: UInt64?
    private var history = IdentityHistory()
    private var isProbing = false
    private var isClosed = false
    /// Connections made only to see whether the same server answers.
    private var verificationsLeft = 2
    private var counts = ProbeStatistics()

    /// Prepares a prober; it connects when it is first asked to probe.
    public init(address: InstanceAddress, settings: ConnectionSettings, options: ProbeOptions = ProbeOptions()) {
        self.address = address
        self.settings = settings
        self.options = options
        writeChecker = options.writeProbe.map { WriteChecker(address: address, settings: settings, probe: $0) }
        (disconnections, disconnected) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    deinit {
        // A connection that nobody holds any more closes itself, and that ends its watch.
        disconnected.finish()
    }

    /// What probing has cost so far.
    public var statistics: ProbeStatistics { counts }

    /// Looks once. While a probe is under way another one is not begun: it answers ``ProbeOutcome/unchanged``, and the
    /// first tells what there is.
    public func probe() async -> ProbeOutcome {
        guard !isProbing else { return .unchanged }
        isProbing = true
        defer { isProbing = false }
        let outcome = await look()
        counts.probes += 1
        switch outcome {
        case .facts: counts.changed += 1
        case .unchanged: counts.unchanged += 1
        case .noAccess, .unreachable:
            counts.failed += 1
            counts.consecutiveFailures += 1
            return outcome
        }
        counts.consecutiveFailures = 0
        await checkWrites()
        return outcome
    }

    public func close() {
        isClosed = true
        drop()
        if let writeChecker { Task { await writeChecker.stop() } }
        disconnected.finish()
    }

    private func look() async -> ProbeOutcome {
        guard !isClosed else { return .unreachable(ContactFailure(kind: .other, message: "the prober was closed")) }
        var start = ContinuousClock.now
        let deadline = start + options.probeTimeout
        if link?.session.needsNewConnection(at: .now) == true { drop() }
        do {
            var isNew = link == nil
            do {
                try await connectAndPoll(before: deadline)
            } catch  where !isNew && error.cause == .contact(.connectionLost) {
                // The connection was killed, the server need not be: a new one tells.
                drop()
                isNew = true
                start = .now
                try await connectAndPoll(before: deadline)
            }
            if isNew { await verifyIdentity(before: deadline) }
            return outcome(isFirst: isNew, startedAt: start)
        } catch {
            drop()
            return Self.outcome(of: error)
        }
    }

    /// The outcome of a poll that came to its end.
    private func outcome(isFirst: Bool, startedAt start: ContinuousClock.Instant) -> ProbeOutcome {
        guard let session = link?.session else {
            return .unreachable(ContactFailure(kind: .connectionLost, message: "the connection was closed"))
        }
        if case .refused(let refusal) = session.acquaintance {
            drop()
            let isDenied = refusal.reason == .missingPrivilege
            return .noAccess(
                ContactFailure(
                    kind: isDenied ? .accessDenied : .protocolViolation, code: refusal.code,
                    message: "the server does not tell who it is: \(refusal.message.sanitized)"))
        }
        var found = isFirst || session.isChanged || lastFacts == nil ? session.facts : nil
        let silences = silences(of: found?.channels, clock: session.clock, startedAt: start)
        if found == nil, silences != lastSilences { found = session.facts }
        guard var facts = found else { return .unchanged }
        lastSilences = silences
        for index in facts.channels.indices { facts.channels[index].silence = silences[facts.channels[index].name] }
        if let proxy = history.proxy, facts.proxy == nil { facts.proxy = proxy }
        // Heartbeats come every second or two from a source at rest; that they came is no news.
        if facts.withoutHeartbeats == lastFacts?.withoutHeartbeats { return .unchanged }
        lastFacts = facts
        return .facts(facts)
    }

    /// - Parameter channels: what the look found, `nil` where that is nothing new.
    private func silences(
        of channels: [ReplicationChannel]?, clock: ServerClock?, startedAt start: ContinuousClock.Instant
    ) -> [String: SourceSilence] {
        let now = ContinuousClock.now
        if let channels {
            silenceTracker.note(channels, clock: clock, from: start, to: now)
        } else {
            silenceTracker.noteNothing(at: start)
        }
        return silenceTracker.silences(at: start, wallClock: .now() - (now - start))
    }

    public func notes() async -> ProbeNotes {
        ProbeNotes(nextDue: link == nil ? nil : silenceTracker.nextDue, writeCheck: await writeChecker?.state)
    }

    /// Has a test write begun where one is due, on a primary only: it is writable, follows nobody and has replicas.
    private func checkWrites() async {
        guard let writeChecker, let facts = lastFacts else { return }
        if facts.isPlainPrimary {
            await writeChecker.writeIfDue(serverID: facts.identity.serverID, at: .now)
        } else {
            await writeChecker.stop()
        }
    }

    private static func outcome(of error: ConnectionError) -> ProbeOutcome {
        error.isNoAccess ? .noAccess(error.contactFailure) : .unreachable(error.contactFailure)
    }
}

extension InstanceProber {
    private func connectAndPoll(before deadline: ContinuousClock.Instant) async throws(ConnectionError) {
        let isNew = link == nil
        if isNew { try await connect(before: deadline) }
        try await poll(before: deadline)
        // Who a server is cannot change without a change.
        guard isNew || link?.session.isChanged == true, let facts = link?.session.facts, facts.proxy == nil
        else { return }
        history.record(IdentityHistory.Identity(facts.identity), isNewConnection: isNew, at: .now)
    }

    private func connect(before deadline: ContinuousClock.Instant) async throws(ConnectionError) {
        let connection = try await open(before: deadline)
        // Servers number their connections from their start: a lower number than before is another process.
        let isSameProcess = lastConnectionID.map { connection.id > $0 } ?? true
        lastConnectionID = connection.id
        if !isSameProcess { silenceTracker.reset() }
        let session = ProbeSession(
            address: address, options: options, greeting: connection.serverVersion,
            startedAt: isSameProcess ? lastFacts?.identity.startedAt : nil)
        let watch = Task { [weak self, end = connection.end, id = connection.id] in
            for await _ in end { await self?.ended(id) }
        }
        link = Link(connection: connection, session: session, watch: watch)
        if isClosed { drop() }
    }

    private func open(before deadline: ContinuousClock.Instant) async throws(ConnectionError) -> Connection {
        var settings = settings
        settings.connectTimeout = min(settings.connectTimeout, deadline - .now)
        let connection = try await Connection.open(to: address, settings: settings)
        counts.connects += 1
        return connection
    }

    /// Runs the session's batches until it has all answers.
    private func poll(before deadline: ContinuousClock.Instant) async throws(ConnectionError) {
        guard let connection = link?.connection else { return }
        link?.session.begin(at: .now)
        while let batch = link?.session.nextBatch() {
            let answer = try await ask(batch, of: connection, before: deadline)
            link?.session.take(answer, at: .now)
        }
    }

    private func ask(
        _ batch: StatementBatch, of connection: Connection, before deadline: ContinuousClock.Instant
    ) async throws(ConnectionError) -> BatchAnswer {
        counts.roundTrips += 1
        return try await connection.query(batch, timeout: min(options.readTimeout, deadline - .now))
    }

    /// A server whose own port is not the one we asked stands behind something that forwards. Whether that is always
    /// to the same server is seen by connecting again.
    private func verifyIdentity(before deadline: ContinuousClock.Instant) async {
        guard let profile = link?.session.profile, profile.port != address.port else { return }
        while verificationsLeft > 0, deadline > .now {
            verificationsLeft -= 1
            guard let connection = try? await open(before: deadline) else { return }
            defer { connection.close() }
            let session = ProbeSession(address: address, options: options, greeting: connection.serverVersion)
            session.begin(at: .now)
            while let batch = session.nextBatch() {
                guard let answer = try? await ask(batch, of: connection, before: deadline) else { return }
                session.take(answer, at: .now)
            }
            guard let facts = session.facts else { return }
            history.record(IdentityHistory.Identity(facts.identity), isNewConnection: true, at: .now)
        }
    }

    private func drop() {
        link?.watch.cancel()
        link?.connection.close()
        link = nil
    }

    /// The server closed a connection: between probes that is news, during one the probe itself finds out.
    private func ended(_ id: UInt64) {
        guard let link, link.connection.id == id, !isProbing else { return }
        self.link = nil
        disconnected.yield()
    }
}

extension InstanceFacts {
    /// Whether the server is the writable end of a plain tree: no replica, no member of a cluster that writes by itself,
    /// no proxy, and somebody follows it.
    fileprivate var isPlainPrimary: Bool {
        writability.isWritable && proxy == nil && galera == nil && channels.allSatisfy { $0.source == nil }
            && !(reportedReplicas.isEmpty && guessedReplicas.isEmpty)
    }
}
