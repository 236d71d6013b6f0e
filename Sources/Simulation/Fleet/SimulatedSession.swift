import Servers
import Topology

/// A client's connection to a simulated server.
public struct SessionID: Hashable, Sendable {
    /// The server's number for the connection, as in its process list.
    public let number: UInt64
}

/// What a server remembers of a connection.
struct SimulatedSession: Hashable, Sendable {
    let id: UInt64
    let address: InstanceAddress
    let process: Int
    /// An account without privileges beside those on tables, which `read_only` keeps from writing.
    let isOrdinary: Bool
    /// Whether its changes are logged (`sql_log_bin`).
    var isLogging = true
    var defaultConnection = ""
    var nextName = NextName.automatic
    /// Changes of the open transaction, and the data before it.
    var transaction: OpenTransaction?

    /// `GTID_NEXT`
    enum NextName: Hashable, Sendable {
        case automatic
        case given(GTIDSet.Origin, UInt64)
        /// A given GTID was used, and the next transaction must say which is its own (error 1837).
        case used
    }

    struct OpenTransaction: Hashable, Sendable {
        var changes: [DataChange] = []
        var before: SimulatedData
    }
}

/// Why a statement was not answered as asked.
public enum SimulatedFailure: Error, Hashable, Sendable {
    /// The server refuses it; the connection goes on.
    case refused(code: Int, message: String)
    /// Nobody listens: the server is dead or unknown.
    case connectionRefused
    /// The connection is gone; whether the statement took effect can't be told from this.
    case connectionLost
    /// The server is frozen: no answer came in the time that was allowed.
    case timedOut
}

/// What a server answered to one statement.
public struct SimulatedAnswer: Hashable, Sendable {
    /// Rows, none for a statement that gives none.
    public var rows: ResultSet
    /// How many rows were changed.
    public var affectedRows: UInt64

    init(_ rows: ResultSet = ResultSet(columns: [], rows: []), affectedRows: UInt64 = 0) {
        self.rows = rows
        self.affectedRows = affectedRows
    }

    /// The first value of the first row.
    public var value: String? { rows.rowCount > 0 ? rows.text(row: 0, column: 0) : nil }
}

extension SimulatedFleet {
    /// Connects to a server.
    ///
    /// - Parameter isOrdinary: whether the account has no privileges beside those on tables.
    /// - Throws: ``SimulatedFailure/connectionRefused``, ``SimulatedFailure/timedOut``.
    public mutating func connect(
        to name: InstanceAddress, isOrdinary: Bool = false
    ) throws(SimulatedFailure) -> SessionID {
        let address = canonical(name)
        guard let server = servers[address], server.condition != .down else { throw .connectionRefused }
        guard server.condition == .up else { throw .timedOut }
        lastSession += 1
        sessions[lastSession] = SimulatedSession(
            id: lastSession, address: address, process: server.process, isOrdinary: isOrdinary)
        return SessionID(number: lastSession)
    }

    /// Ends a connection: its locks are let go, its open transaction is rolled back. One in which a statement waits goes on
    /// on the server.
    public mutating func close(_ session: SessionID) {
        guard !stalled.contains(where: { $0.session == session }) else { return }
        // A frozen server goes on holding what the session held.
        if let address = sessions[session.number]?.address, servers[address]?.condition == .frozen {
            servers[address]?.unread.append(.goodbye(session: session.number))
            return
        }
        guard let ended = sessions.removeValue(forKey: session.number) else { return }
        if servers[ended.address]?.readLock == ended.id { servers[ended.address]?.readLock = nil }
        if let open = ended.transaction { servers[ended.address]?.data = open.before }
        if let locks = servers[ended.address]?.locks, locks.values.contains(ended.id) {
            servers[ended.address]?.locks = locks.filter { $0.value != ended.id }
        }
    }

    /// Ends every connection, as the death of their client does.
    public mutating func closeAll() {
        for number in sessions.keys.sorted() { close(SessionID(number: number)) }
    }

    /// Runs one statement; a statement that waits lets time pass.
    ///
    /// - Parameter rest: what came in the same packet and is to be run after it. It is run here only where nobody can send
    ///   it any more: a server goes on with the packet that it has when the client has gone, up to the first error.
    /// - Throws: ``SimulatedFailure``.
    @discardableResult
    public mutating func execute(
        _ text: String, in session: SessionID, before rest: [String] = []
    ) throws(SimulatedFailure) -> SimulatedAnswer {
        let number = statementCount
        statementCount += 1
        guard let open = sessions[session.number], let version = servers[open.address]?.options.version,
            servers[open.address]?.condition != .down, servers[open.address]?.process == open.process
        else { throw .connectionLost }
        let fault = faults[number]
        if let failure = interrupt(text, rest, fault, session, open.address) { throw failure }
        let answer: SimulatedAnswer
        do throws(SimulatedRefusal) {
            let statement = try StatementParser(version: version).parse(text)
            answer = try answerTo(statement, in: open)
        } catch {
            guard let fault, !fault.isStalled else { throw .refused(code: error.code, message: error.message) }
            // Nothing follows an error.
            lose(fault, session, open.address, rest: [])
            throw fault == .freezeAfter ? .timedOut : .refused(code: error.code, message: error.message)
        }
        guard let fault, !fault.isStalled else { return answer }
        lose(fault, session, open.address, rest: rest)
        throw fault == .freezeAfter ? .timedOut : .connectionLost
    }

    /// What comes between a statement and the server.
    private mutating func interrupt(
        _ text: String, _ rest: [String], _ fault: StatementFault?, _ session: SessionID, _ address: InstanceAddress
    ) -> SimulatedFailure? {
        if fault == .freezeBefore { freeze(address) }
        guard servers[address]?.condition == .up else {
            servers[address]?.unread.append(.statements([text] + rest, session: session.number))
            return .timedOut
        }
        switch fault {
        case .connectionLostBefore:
            close(session)
            return .connectionLost
        case .deathBefore:
            kill(address)
            return .connectionLost
        case .stalled(let wait)? where !text.hasPrefix("SELECT") && !text.hasPrefix("SHOW"):
            stalled.append(StalledStatement(texts: [text] + rest, session: session, due: now + wait))
            return .timedOut
        default: return nil
        }
    }

    private mutating func lose(
        _ fault: StatementFault, _ session: SessionID, _ address: InstanceAddress, rest: [String]
    ) {
        switch fault {
        case .deathAfter: kill(address)
        case .freezeAfter:
            freeze(address)
            if !rest.isEmpty { servers[address]?.unread.append(.statements(rest, session: session.number)) }
        default:
            carryOn(rest, in: session)
            close(session)
        }
    }

    /// Runs statements in one session of their own, up to the first that fails.
    ///
    /// - Throws: ``SimulatedFailure`` of the first that fails; what came before it is done.
    @discardableResult
    public mutating func run(
        _ statements: [String], on address: InstanceAddress, isOrdinary: Bool = false
    ) throws(SimulatedFailure) -> [SimulatedAnswer] {
        let session = try connect(to: address, isOrdinary: isOrdinary)
        defer { close(session) }
        var answers: [SimulatedAnswer] = []
        for statement in statements { answers.append(try execute(statement, in: session)) }
        return answers
    }
}
