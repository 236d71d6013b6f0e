import Foundation
import Servers
import Topology

/// One server of a lab: its address, its process, and statements for it.
public struct LabServer: Sendable {
    /// Its name in the shape, for example `a`.
    public let name: String
    /// Where it listens: a port of 127.0.0.1 that it keeps for the life of the lab.
    public let address: InstanceAddress
    /// The family that decides on its statements.
    public let flavour: Shape.Flavour
    /// The version as the server program gave it.
    public let version: String
    /// The names of the servers it was made a replica of when the lab came up.
    public let sources: [String]

    let record: ServerRecord
    let stateFile: LabStateFile

    init(_ record: ServerRecord, stateFile: LabStateFile) {
        self.record = record
        self.stateFile = stateFile
        name = record.name
        address = record.address
        flavour = record.flavour
        version = record.version
        sources = record.sources
    }

    /// Its own folder, with `data` and `server.log`.
    public var folder: String { Self.folder(of: name, in: stateFile.folder) }

    /// What the server program says while it runs.
    public var log: String { folder + "/server.log" }

    var data: String { folder + "/data" }

    static func folder(of name: String, in lab: String) -> String { lab + "/servers/" + name }

    /// The process that it runs in now; `nil` when it does not run.
    public var process: ProcessIdentity? {
        guard let identity = try? stateFile.read().servers.first(where: { $0.name == name })?.process,
            identity.isAlive, identity.arguments.contains("--datadir=\(data)")
        else { return nil }
        return identity
    }

    /// What its process is doing.
    public enum Condition: String, Sendable, Codable {
        case running
        case frozen
        case down
    }

    /// Looked up each time: nothing tells when a process ends or is frozen.
    public var condition: Condition {
        guard let process else { return .down }
        return process.isFrozen ? .frozen : .running
    }

    // MARK: Process

    /// Starts the server's program and waits until it answers.
    ///
    /// - Throws: ``LabError`` with the end of its log when it does not come up.
    public func start() async throws {
        guard process == nil else { return }
        // A killed MySQL leaves the lock of its socket, and refuses to start where another process has got its id since.
        try? FileManager.default.removeItem(atPath: data + "/server.sock.lock")
        let identity = try DetachedProcess.start(record.command, log: log)
        try await stateFile.update(server: name) { $0.process = identity }
        Guardian.watch(identity, lab: stateFile.folder)
        try await waitUntilAnswering(identity)
    }

    /// Ends the process at once, as a crash would.
    public func kill() async throws {
        guard let process else { return }
        process.send(SIGKILL)
        try await waitForEnd(of: process, seconds: 10)
    }

    /// Lets the server shut down in order; one that does not in time is killed.
    public func stop() async throws {
        guard let process else { return }
        process.send(SIGCONT)
        process.send(SIGTERM)
        let ended = try await Patience.wait(within: .seconds(20)) { !process.isAlive }
        if !ended {
            process.send(SIGKILL)
            try await waitForEnd(of: process, seconds: 10)
        }
        try await stateFile.update(server: name) { $0.process = nil }
    }

    /// Stops the process without ending it (SIGSTOP): connections stay open, nothing answers.
    public func freeze() async throws {
        let process = try running("it does not run, so it can't be frozen")
        process.send(SIGSTOP)
        guard try await Patience.wait(within: .seconds(5), pause: .milliseconds(2), until: { process.isFrozen }) else {
            throw LabError.timeout(server: name, waitingFor: "the process to stop", seconds: 5, found: "")
        }
    }

    /// Lets a frozen process go on.
    public func thaw() async throws {
        let process = try running("it does not run, so it can't be thawed")
        process.send(SIGCONT)
        guard try await Patience.wait(within: .seconds(5), pause: .milliseconds(2), until: { !process.isFrozen }) else {
            throw LabError.timeout(server: name, waitingFor: "the process to go on", seconds: 5, found: "")
        }
    }

    func running(_ reason: String) throws -> ProcessIdentity {
        guard let process else { throw LabError.unsuitable(server: name, reason: reason) }
        return process
    }

    private func waitForEnd(of process: ProcessIdentity, seconds: Int) async throws {
        guard try await Patience.wait(within: .seconds(seconds), pause: .milliseconds(5), until: { !process.isAlive })
        else {
            throw LabError.timeout(
                server: name, waitingFor: "process \(process.pid) to end", seconds: seconds, found: "")
        }
    }

    /// MySQL takes 1 to 3 s on two cores, and on a busy machine many times that.
    private static let startLimit = 60

    private func waitUntilAnswering(_ identity: ProcessIdentity) async throws {
        let answering = try await Patience.wait(within: .seconds(Self.startLimit)) {
            guard identity.isAlive else {
                throw LabError.serverDied(server: name, log: log, lastLines: Command.lastLines(ofFile: log))
            }
            guard let session = try? await Connection.open(to: address, settings: Self.administrator) else {
                return false
            }
            session.close()
            return true
        }
        guard answering else {
            throw LabError.serverSilent(
                server: name, seconds: Self.startLimit, log: log, lastLines: Command.lastLines(ofFile: log))
        }
    }

    // MARK: Statements

    private static let administrator = ConnectionSettings(
        credentials: Credentials(user: "root"), tls: TLSSettings(mode: .disabled), connectTimeout: .seconds(5))

    /// A connection as root.
    ///
    /// - Throws: ``LabError/statementFailed(server:during:reason:)``.
    public func connect() async throws -> Connection {
        do {
            return try await Connection.open(to: address, settings: Self.administrator)
        } catch {
            throw LabError.statementFailed(server: name, during: "connecting", reason: "\(error)")
        }
    }

    /// A connection as the application that a workload stands for.
    ///
    /// - Parameter proxy: where it connects instead of to the server itself.
    /// - Throws: ``LabError/statementFailed(server:during:reason:)``.
    func connectAsApplication(
        by proxy: InstanceAddress? = nil, within limit: Duration = .seconds(5)
    ) async throws -> Connection {
        let account = LabAccounts.application
        let settings = ConnectionSettings(
            credentials: Credentials(user: account.user, password: Secret(account.password)),
            connectTimeout: limit)
        do {
            return try await Connection.open(to: proxy ?? address, settings: settings)
        } catch {
            throw LabError.statementFailed(server: name, during: "connecting", reason: "\(error)")
        }
    }

    /// Runs statements as root, each on its own, and returns their answers.
    ///
    /// - Parameter timeout: for each statement.
    /// - Throws: ``LabError/statementFailed(server:during:reason:)`` at the first that fails; what came before it is
    ///   done.
    @discardableResult
    public func execute(_ statements: String..., timeout: Duration = .seconds(30)) async throws -> [ResultSet] {
        try await execute(statements, timeout: timeout)
    }

    /// Runs statements as root in one session.
    @discardableResult
    public func execute(_ statements: [String], timeout: Duration = .seconds(30)) async throws -> [ResultSet] {
        let session = try await connect()
        defer { session.close() }
        return try await execute(statements, in: session, timeout: timeout)
    }

    @discardableResult
    func execute(_ statements: [String], in session: Connection, timeout: Duration = .seconds(30)) async throws
        -> [ResultSet]
    {
        var results: [ResultSet] = []
        for statement in statements {
            let answer: BatchAnswer
            do {
                answer = try await session.query(StatementBatch([statement]), timeout: timeout)
            } catch {
                let advice = error.cause == .tooManyAnswers ? "; give each statement separately" : ""
                throw LabError.statementFailed(server: name, during: Self.shown(statement), reason: "\(error)\(advice)")
            }
            if let failure = answer.failure {
                throw LabError.statementFailed(server: name, during: Self.shown(statement), reason: failure.message)
            }
            results += answer.results
        }
        return results
    }

    /// The first words of a statement: the rest may hold a password.
    private static func shown(_ statement: String) -> String {
        let words = statement.split(whereSeparator: \.isWhitespace).prefix(4).joined(separator: " ")
        return words == statement ? words : words + " …"
    }
}
