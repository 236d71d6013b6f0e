import Recovery
import Storage
import Topology

/// What the console knows of recoveries: those of the store, whoever set them going, what failures were seen, and what was
/// not done about them, and why.
struct KnownRecoveries: Sendable {
    private(set) var book = RecoveryBook()
    /// Why the store cannot be read; `nil` while it can.
    private(set) var trouble: String?

    /// Those at which somebody works now.
    var atWork: [RecoveryRecord] { book.recoveries.filter { book.atWork.contains($0.id) } }

    /// Those whose process is gone, and about which nobody has decided, the newest first.
    var interrupted: [RecoveryRecord] {
        book.recoveries.filter { outcome($0) == .interrupted && $0.acknowledgement == nil }
    }

    /// Takes what the store holds.
    mutating func take(_ reading: RecoveriesReading) {
        switch reading {
        case .read(let book):
            self.book = book
            trouble = nil
        case .unreadable(let reason): trouble = reason
        }
    }

    func record(_ id: Int64) -> RecoveryRecord? { book.recoveries.first { $0.id == id } }

    /// How one stands: who died at it writes nothing down.
    func outcome(_ record: RecoveryRecord) -> RecoveryRecord.Outcome {
        record.outcome == .running && !book.atWork.contains(record.id) ? .interrupted : record.outcome
    }

    /// Whether somebody has to decide about it.
    func isOpen(_ record: RecoveryRecord) -> Bool {
        switch outcome(record) {
        case .interrupted, .failed, .stopped: record.acknowledgement == nil
        case .running, .done, .takenBack, .left, .notBegun: false
        }
    }
}

/// What the store holds of recoveries, each the newest first.
public struct RecoveryBook: Hashable, Sendable {
    public var recoveries: [RecoveryRecord] = []
    /// Those at which a process works.
    public var atWork: Set<Int64> = []
    public var detections: [DetectionRecord] = []
    public var blocked: [BlockedRecovery] = []

    /// Makes an empty one.
    public init() {}
}

/// A look at the store's recoveries.
public enum RecoveriesReading: Hashable, Sendable {
    case read(RecoveryBook)
    case unreadable(String)
}
