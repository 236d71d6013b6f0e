import Refactoring
import Servers
import Topology

/// Servers that are spoken to: one session a server for statements, one prober, and one session for the lock.
public actor LiveServers: OperationsServers {
    private let access: any ServerAccess
    private let secrets: @Sendable (SecretName) -> Secret?
    private var sessions: [InstanceAddress: any StatementSession] = [:]
    private var probers: [InstanceAddress: any Prober] = [:]
    /// Sessions in which no lock is taken yet.
    private var lockSessions: [InstanceAddress: any StatementSession] = [:]
    private var facts: [InstanceAddress: InstanceFacts] = [:]
    /// Servers that are being looked at, with those who wait to look next.
    private var looks: [InstanceAddress: [CheckedContinuation<Void, Never>]] = [:]

    /// Prepares; it connects when it is first asked.
    ///
    /// - Parameters:
    ///   - settings: says how a server is logged in to.
    ///   - secrets: looks a secret up at the moment in which it is needed.
    public init(
        options: ProbeOptions = ProbeOptions(), settings: @escaping @Sendable (InstanceAddress) -> ConnectionSettings,
        secrets: @escaping @Sendable (SecretName) -> Secret? = { _ in nil }
    ) {
        self.init(ConnectionAccess(settings: settings, options: options), secrets: secrets)
    }

    /// Prepares for servers that are reached in another way, as simulated ones are.
    public init(
        _ access: any ServerAccess, secrets: @escaping @Sendable (SecretName) -> Secret? = { _ in nil }
    ) {
        self.access = access
        self.secrets = secrets
    }

    public func prepare(_ addresses: [InstanceAddress]) async {
        await withTaskGroup(of: Void.self) { group in
            // What is open already is tried out when it is used.
            for address in addresses {
                if sessions[address] == nil { group.addTask { _ = try? await self.session(with: address) } }
                if facts[address] == nil { group.addTask { _ = try? await self.probe(address) } }
                if lockSessions[address] == nil { group.addTask { await self.prepareLock(of: address) } }
            }
        }
    }

    private func prepareLock(of address: InstanceAddress) async {
        lockSessions[address] = try? await access.open(address)
    }

    public func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts {
        let prober = await prober(of: address)
        // A look that is under way began too early to be the answer, and a server is asked once at a time.
        while looks[address] != nil {
            await withCheckedContinuation { looks[address, default: []].append($0) }
        }
        looks[address] = []
        let answer = await prober.probe()
        for waiting in looks.removeValue(forKey: address) ?? [] { waiting.resume() }
        switch answer {
        case .facts(let found):
            facts[address] = found
            return found
        case .unchanged:
            guard let known = facts[address] else { throw .unreachable(address, "it was asked twice at a time") }
            return known
        case .noAccess(let failure), .unreachable(let failure): throw .unreachable(address, failure.message)
        }
    }

    private func prober(of address: InstanceAddress) async -> any Prober {
        if let prober = probers[address] { return prober }
        let prober = await access.prober(of: address)
        // Somebody else may have been faster meanwhile.
        if let other = probers[address] { return other }
        probers[address] = prober
        return prober
    }

    public func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?] {
        var texts: [String] = []
        for statement in statements { texts.append(try fill(statement, on: address)) }
        let session = try await session(with: address, isClaimed: true)
        let answer: BatchAnswer
        do {
            answer = try await session.query(StatementBatch(texts), timeout: limit)
        } catch {
            sessions[address] = nil
            let words = statements.map(\.text).joined(separator: "; ")
            throw .lost(address, statement: words, message: error.message, await aftermath(on: address))
        }
        if let failure = answer.failure {
            // What came after it was not run.
            if statements.indices.contains(failure.index),
                statements[failure.index].answer.forgivenErrors.contains(failure.code)
            {
                let rest = Array(statements[(failure.index + 1)...])
                let later = rest.isEmpty ? [] : try await run(rest, on: address, limit: limit)
                return Array(repeating: nil, count: failure.index + 1) + later
            }
            // A session may be left with a GTID of its own after a failure in the middle.
            sessions.removeValue(forKey: address)?.close()
            let statement = statements[min(failure.index, statements.count - 1)]
            throw .refused(
                address, statement: statement.text, code: failure.code, message: message(of: failure, statement))
        }
        return answer.results.map { $0.rowCount > 0 && !$0.columns.isEmpty ? $0.text(row: 0, column: 0) : nil }
    }

    public func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String] {
        let version: ServerVersion
        if let known = facts[address] { version = known.version } else { version = try await probe(address).version }
        let session = try await session(with: address)
        do {
            return try await ConnectionOptions.read(from: session, version: version, channel: channel)
        } catch let error as StatementError {
            throw .refused(
                address, statement: "reading connection options", code: error.code, message: error.message)
        } catch {
            sessions[address] = nil
            throw .unreachable(address, "\(error)")
        }
    }

    public func binaryLogSeries(of address: InstanceAddress) async throws(ServerTrouble) -> BinaryLogSeries? {
        let session = try await session(with: address)
        let answer: BatchAnswer
        do {
            answer = try await session.query(BinaryLogSeries.questions, timeout: .seconds(2))
        } catch {
            sessions[address] = nil
            throw .unreachable(address, error.message)
        }
        // What refuses to tell proves nothing.
        return answer.failure == nil ? BinaryLogSeries(answer.results) : nil
    }

    public func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock {
        do {
            let prepared = lockSessions.removeValue(forKey: address)
            let session: any StatementSession
            if let prepared {
                session = prepared
            } else {
                session = try await access.open(address)
            }
            do {
                return try await AdvisoryLock.take(in: session)
            } catch is ConnectionError where prepared != nil {
                // It was at rest for a while, and may have been closed meanwhile.
                return try await AdvisoryLock.take(in: try await access.open(address))
            }
        } catch let trouble as ServerTrouble {
            throw trouble
        } catch let error as ConnectionError {
            throw .unreachable(address, error.message)
        } catch {
            throw .unreachable(address, "\(error)")
        }
    }

    /// Closes all connections.
    public func close() async {
        for session in sessions.values { session.close() }
        for session in lockSessions.values { session.close() }
        (sessions, lockSessions) = ([:], [:])
        for prober in probers.values { await prober.close() }
        probers = [:]
    }

    private func fill(_ statement: Statement, on address: InstanceAddress) throws(ServerTrouble) -> String {
        do {
            return try statement.filled { name in secrets(name).map { $0.reveal { $0 } } }
        } catch {
            throw .unsayable(address, error)
        }
    }

    /// Ends what was left behind there. The operation has the server's lock, so that it is ours.
    private func aftermath(on address: InstanceAddress) async -> Aftermath {
        do {
            let session = try await access.open(address)
            defer { session.close() }
            try await StatementLock.clear(in: session)
            return .ended
        } catch let error as StatementLock.GoesOn {
            return .open("\(error)")
        } catch let error as ConnectionError {
            return .open("the server could not be told to end it: \(error.message)")
        } catch let error as StatementError {
            return .open("the server did not end it: \(error.message)")
        } catch {
            return .open("the server could not be told to end it: \(error)")
        }
    }

    /// - Parameter isClaimed: whether statements are to run in it, beside which no other session's may.
    private func session(
        with address: InstanceAddress, isClaimed: Bool = false
    ) async throws(ServerTrouble) -> any StatementSession {
        let greeting = StatementBatch([CommandDialect.sessionPreamble] + (isClaimed ? [StatementLock.claim] : []))
        if let session = sessions[address] {
            // A session that a restart ended while it was idle must not count as a statement that may have taken effect.
            if let answer = try? await session.query(greeting, timeout: StatementLock.claimLimit) {
                if isClaimed { try checkClaim(answer, on: address) }
                return session
            }
            sessions[address] = nil
        }
        do {
            let session = try await access.open(address)
            let answer = try await session.query(greeting, timeout: StatementLock.claimLimit)
            if let failure = answer.failure { throw ServerTrouble.unreachable(address, failure.message) }
            if isClaimed { try checkClaim(answer, on: address) }
            sessions[address] = session
            return session
        } catch let error as ConnectionError {
            throw .unreachable(address, error.message)
        } catch {
            throw error as? ServerTrouble ?? .unreachable(address, "\(error)")
        }
    }

    private func checkClaim(_ answer: BatchAnswer, on address: InstanceAddress) throws(ServerTrouble) {
        if let failure = answer.failure { throw .unreachable(address, failure.message) }
        guard answer.results.last?.text(row: 0, column: 0) != "1" else { return }
        throw .locked(address, by: "a statement of another session of baton, so that nothing was sent there")
    }

    /// What a server says of a statement with a secret may quote the secret.
    private func message(of failure: StatementError, _ statement: Statement) -> String {
        guard !statement.secrets.isEmpty else { return failure.message }
        // A syntax error quotes the rest of the statement from any place on.
        if failure.code == 1_064 { return "it takes this statement for a syntax error" }
        return statement.secrets.reduce(failure.message) { message, name in
            guard let secret = secrets(name), !secret.isEmpty else { return message }
            return secret.reveal { message.replacing($0, with: name.description) }
        }
    }
}
