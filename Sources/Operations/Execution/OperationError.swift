import Refactoring
import Topology

/// Why an operation was not begun, or could not be written down.
public enum OperationError: Error, Hashable, Sendable {
    /// Another operation, another baton or another tool has one of its servers.
    case held(InstanceAddress, by: String)
    /// A server could not be locked; nothing was changed.
    case notLocked(InstanceAddress, String)
    /// The journal cannot be read or written.
    case journal(String)
    /// The journal has no operation of that number.
    case unknown(Int64)
    /// A process is at that operation, so that it can't be resumed, taken back or left yet.
    case underWay(Int64, by: String)
    /// It cannot be resumed, taken back or left, and why.
    case notPossible(Int64, String)
    /// A rule keeps changes away from its servers; nothing was changed.
    case refused([Reason])
    /// There is no store to write it down in, and why; nothing was changed.
    case noJournal(String)
    /// A hook that stands before it failed, and how; nothing was changed.
    case hook(String)
}

extension OperationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .held(let address, let holder):
            "\(address) is held by \(holder). Nothing was changed; try again when that has ended."
        case .notLocked(let address, let reason):
            "\(address) could not be locked: \(reason). Nothing was changed."
        case .journal(let reason): "the journal cannot be used, and without it nothing more is changed: \(reason)"
        case .unknown(let id): "the journal has no operation \(id); `baton operations` lists those that it has"
        case .underWay(let id, let holder):
            "operation \(id): \(holder) is still at it. Nothing was changed; try again when that has ended."
        case .notPossible(let id, let reason): "operation \(id): \(reason)"
        case .refused(let reasons): reasons.map { "\($0.rule): \($0.sentence)" }.joined(separator: "; ")
        case .hook(let words): "\(words). Nothing was changed."
        case .noJournal(let reason):
            "an operation is only begun where it can be written down, so that it can be resumed and undone: \(reason). "
                + "Nothing was changed."
        }
    }
}

extension OperationError {
    /// What a use of the journal came to, where whatever goes wrong is the journal's trouble unless it says otherwise.
    ///
    /// - Throws: ``OperationError``.
    public static func ofJournal<Value>(_ body: () async throws -> Value) async throws(OperationError) -> Value {
        do {
            return try await body()
        } catch let error as OperationError {
            throw error
        } catch {
            throw .journal("\(error)")
        }
    }
}
