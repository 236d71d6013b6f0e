import Topology

/// One run of a plan, as the store keeps it.
public struct OperationRecord: Hashable, Sendable, Identifiable {
    /// How it, or a recovery that runs operations, stands.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// A baton works at it, or died while it did: ``OperationRecord/outcome(at:)`` and ``RecoveryRecord/outcome(at:)`` tell
        /// which.
        case running
        /// The baton that worked at it died, and it waits for somebody to decide. Never written: who dies writes nothing.
        case interrupted
        /// To its end, and proved.
        case done
        /// It stopped at something that failed, and waits for somebody to decide.
        case failed
        /// It was stopped, and waits for somebody to decide.
        case stopped
        /// What it had changed was taken back.
        case takenBack = "taken-back"
        /// Somebody decided to leave things as they are.
        case left
        /// It ended before anything was changed: its servers could not be locked, or the one that was to end a query refused
        /// that.
        case notBegun = "not-begun"

        /// For a sentence: `taken back`.
        public var words: String {
            switch self {
            case .takenBack: "taken back"
            case .left: "left as it is"
            case .notBegun: "not begun"
            case .running, .interrupted, .done, .failed, .stopped: rawValue
            }
        }
    }

    /// Given by the store; ascending.
    public var id: Int64
    public var startedAt: Timestamp
    /// `nil` while it is running.
    public var endedAt: Timestamp?
    /// The system account.
    public var user: String
    /// Where that account logged in from (`SSH_CLIENT`), `nil` on the console.
    public var client: String?
    /// Why, in the operator's words; empty where none were asked for.
    public var reason: String
    /// The command that makes the same plan.
    public var verb: String
    /// What was to be reached, in one sentence.
    public var intent: String
    /// The plan as JSON, secrets by name.
    public var plan: String
    /// What its steps read, as JSON.
    public var observed: String
    public var outcome: Outcome
    /// How it ended, in words; where it was resumed, how each attempt ended, and who resumed it when and why, a line each.
    public var report: String?
    /// The operation that this one takes back.
    public var undoes: Int64?
    /// The process that runs it, or ran it last.
    public var holder: LeaseHolder
    /// Until when that process has it without saying so again.
    public var expires: Timestamp
    /// By the step's index; steps that were never begun are not in it.
    public var steps: [Int: OperationStepRecord]

    /// Makes the record of an operation that begins; the store gives it its id.
    public init(
        startedAt: Timestamp, user: String, client: String? = nil, reason: String, verb: String, intent: String,
        plan: String, undoes: Int64? = nil, holder: LeaseHolder, expires: Timestamp
    ) {
        id = 0
        self.startedAt = startedAt
        self.user = user
        self.client = client
        self.reason = reason
        self.verb = verb
        self.intent = intent
        self.plan = plan
        observed = "{}"
        outcome = .running
        self.undoes = undoes
        self.holder = holder
        self.expires = expires
        steps = [:]
    }
}

/// How one step of an operation stands.
public struct OperationStepRecord: Hashable, Sendable {
    /// The last thing that is known of it.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Written before its first statement: what of it took effect only the server knows.
        case begun
        /// Written after its proof.
        case done
        /// It was found done when the operation was resumed.
        case skipped
        case failed
        /// Its preconditions did not hold, so that nothing of it was run.
        case refused
    }

    public var state: State
    public var at: Timestamp
    /// What went wrong, in words.
    public var note: String?

    /// Makes the record of a step.
    public init(_ state: State, at: Timestamp, note: String? = nil) {
        self.state = state
        self.at = at
        self.note = note
    }
}

/// The answer to asking for the servers of an operation.
public enum OperationClaim: Hashable, Sendable {
    case held(id: Int64)
    /// Another operation that runs has one of the servers.
    case heldBy(OperationRecord, InstanceAddress)
}
