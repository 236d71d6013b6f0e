import Refactoring
import Topology

/// The servers, as an operation needs them: real ones, or a simulation that takes the same statements.
public protocol OperationsServers: Sendable {
    /// Gets ready to be asked about these servers, all at once; what fails here fails again, and with words, when it is
    /// needed.
    func prepare(_ addresses: [InstanceAddress]) async

    /// Looks at a server now; never an older answer.
    func probe(_ address: InstanceAddress) async throws(ServerTrouble) -> InstanceFacts

    /// Runs statements in order on one session, until the first that fails. Where an answer does not come, the session is
    /// ended on the server before this throws, as far as that is possible.
    ///
    /// - Returns: for each statement the first cell of its answer, `nil` for NULL and where it gives no rows.
    func run(
        _ statements: [Statement], on address: InstanceAddress, limit: Duration
    ) async throws(ServerTrouble) -> [String?]

    /// All options of a channel's connection that the server tells, by its own names, to compare before and after a change;
    /// neither source nor place are among them.
    func connectionOptions(
        of address: InstanceAddress, channel: String
    ) async throws(ServerTrouble) -> [String: String]

    /// By what a server's binary log is recognized later, so that a reset in between is noticed; `nil` where it does not tell,
    /// or has not run for long enough.
    func binaryLogSeries(of address: InstanceAddress) async throws(ServerTrouble) -> BinaryLogSeries?

    /// Keeps other batons away from a server, as long as the lock is held.
    ///
    /// - Throws: ``ServerTrouble/locked(_:by:)`` where somebody else has it.
    func lock(_ address: InstanceAddress) async throws(ServerTrouble) -> any ServerLock

    /// Ends what is open; nothing is asked afterwards.
    func close() async
}

extension OperationsServers {
    /// Servers that need no connection are always ready.
    public func prepare(_ addresses: [InstanceAddress]) async {}

    /// Servers that count nothing prove nothing.
    public func binaryLogSeries(of address: InstanceAddress) async throws(ServerTrouble) -> BinaryLogSeries? { nil }

    /// Nor is there anything to close.
    public func close() async {}
}

/// An advisory lock on one server.
public protocol ServerLock: Sendable {
    /// Asks the server whether it is still ours, and ours alone.
    func standing() async -> LockStanding
    /// Gives it back.
    func release() async
}

/// What has become of a lock.
public enum LockStanding: Hashable, Sendable {
    /// It is ours.
    case held
    /// It is not ours any more, or the server does not say.
    case lost
    /// It is ours, but another tool has said since by a lock of its own that it is at work there.
    case joined(by: String)
}

/// Why a server did not do what an operation asked.
public enum ServerTrouble: Error, Hashable, Sendable {
    /// It cannot be asked; nothing was run.
    case unreachable(InstanceAddress, String)
    /// It refused a statement; those before it took effect, it and those after did not.
    case refused(InstanceAddress, statement: String, code: Int, message: String)
    /// The connection ended or the time was up while a statement ran: whether it took effect is not known.
    case lost(InstanceAddress, statement: String, message: String, Aftermath)
    /// There are no words for it on this server, or a value is missing; nothing was run.
    case unsayable(InstanceAddress, CommandError)
    /// Another baton, or another tool, has a lock on it.
    case locked(InstanceAddress, by: String)
}

/// What may still come of a statement whose answer did not come.
public enum Aftermath: Hashable, Sendable {
    /// Nothing: the server has ended its session. What it did until then can be seen.
    case ended
    /// It may still take effect, and why that could not be prevented.
    case open(String)
}

extension ServerTrouble: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let address, let message): "\(address) does not answer: \(message)"
        case .refused(let address, let statement, let code, let message):
            "\(address) refused \(statement): \(message) (error \(code))" + Self.wayOut(of: code)
        case .lost(let address, let statement, let message, .ended):
            "\(address) was lost during \(statement): \(message); its session was ended there, so that nothing more comes "
                + "of it, and what it did can be seen"
        case .lost(let address, let statement, let message, .open(let reason)):
            "\(address) was lost during \(statement): \(message). That statement may still take effect there, because "
                + "\(reason). Resuming and rolling back end it first, and go on only when it has ended; before leaving "
                + "things as they are, look for it with SHOW PROCESSLIST on \(address) and end it with KILL"
        case .unsayable(let address, let error): "\(address): \(error)"
        case .locked(let address, let holder): "\(address) is locked by \(holder)"
        }
    }

    /// What the server's own words leave out.
    ///
    /// 1201, `ER_MASTER_INFO`: a MariaDB that is killed just after it began to replicate finds a relay log named that is gone
    /// (measured on 10.11).
    private static func wayOut(of code: Int) -> String {
        guard code == 1201 else { return "" }
        return ". What it has written down of its relay logs is no more true, as after a kill. Where it follows by "
            + "GTID, RESET SLAVE and then START SLAVE on it mend that, and lose nothing: it goes on from what it has "
            + "applied"
    }
}
