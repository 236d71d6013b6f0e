import Operations
import Storage
import Topology

/// What the console knows of operations: those of the journal, and those that it runs itself.
struct KnownOperations: Sendable {
    /// What the journal holds, the newest first.
    private(set) var records: [OperationRecord] = []
    /// Those for which somebody has to decide.
    private(set) var open: Set<Int64> = []
    /// Why the journal cannot be read; `nil` while it can.
    private(set) var trouble: String?
    /// Those of this console, by its own numbers.
    var live: [Int: LiveOperation] = [:]
    /// Operations of the journal with their plans, as far as they were looked at.
    var read: [Int64: JournaledOperation] = [:]

    /// The one of this console that runs now; it runs one at a time.
    var running: LiveOperation? { live.values.first(where: \.isRunning) }

    /// Takes what the journal holds.
    mutating func take(_ reading: OperationsReading) {
        switch reading {
        case .read(let records, let open):
            self.records = records
            self.open = open
            trouble = nil
        case .unreadable(let reason): trouble = reason
        }
    }

    func record(_ id: Int64) -> OperationRecord? { records.first { $0.id == id } }

    /// Whether somebody has to decide about it.
    func isOpen(_ record: OperationRecord) -> Bool { open.contains(record.id) }

    /// What `u` takes back: the newest that came to its end and was not a taking back itself.
    var undoable: OperationRecord? { records.first { $0.outcome == .done && $0.undoes == nil } }

    /// The step names and the like of an operation that this console runs under that number.
    func live(numbered id: Int64) -> LiveOperation? { live.values.first { $0.number == id } }
}

/// A look into the journal.
public enum OperationsReading: Hashable, Sendable {
    /// The newest first, and those for which somebody has to decide.
    case read([OperationRecord], open: Set<Int64>)
    case unreadable(String)
}
