import Topology

/// How servers are reached: over connections, or in a simulation that takes the same statements.
public protocol ServerAccess: Sendable {
    /// Opens a session with a server.
    ///
    /// - Throws: ``ConnectionError``.
    func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession

    /// Something that looks at a server.
    func prober(of address: InstanceAddress) async -> any Prober
}

/// A session with one server: what is set, locked or begun in it ends with it.
public protocol StatementSession: Sendable {
    /// The address that was asked.
    var address: InstanceAddress { get }

    /// Sends the statements and reads all their answers, up to the first that fails.
    ///
    /// - Parameter timeout: from now to the last byte of the answer; when it passes, the session is given up.
    /// - Throws: ``ConnectionError``; a statement that fails is part of the answer.
    func query(_ batch: StatementBatch, timeout: Duration) async throws(ConnectionError) -> BatchAnswer

    /// Ends the session.
    func close()
}

extension StatementSession {
    /// Sends one statement.
    ///
    /// - Throws: ``ConnectionError``, or ``StatementError`` where the server refuses it.
    @discardableResult
    public func execute(_ statement: String, timeout: Duration) async throws -> ResultSet {
        let answer = try await query([statement], timeout: timeout)
        if let failure = answer.failure { throw failure }
        return answer.results[0]
    }
}

extension Connection: StatementSession {}

/// Real connections and probers.
public struct ConnectionAccess: ServerAccess {
    private let settings: @Sendable (InstanceAddress) -> ConnectionSettings
    private let options: ProbeOptions

    /// Prepares; it connects when it is first asked.
    ///
    /// - Parameter settings: says how a server is logged in to.
    public init(
        settings: @escaping @Sendable (InstanceAddress) -> ConnectionSettings, options: ProbeOptions = ProbeOptions()
    ) {
        self.settings = settings
        self.options = options
    }

    public func open(_ address: InstanceAddress) async throws(ConnectionError) -> any StatementSession {
        try await Connection.open(to: address, settings: settings(address))
    }

    public func prober(of address: InstanceAddress) async -> any Prober {
        InstanceProber(address: address, settings: settings(address), options: options)
    }
}
