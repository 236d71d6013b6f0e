import Recovery
import Topology

/// What was done about a failure, or a switchover, as the store keeps it.
public struct RecoveryRecord: Hashable, Sendable, Identifiable {
    /// Who set it going.
    public enum Trigger: String, Hashable, Sendable, CaseIterable {
        /// An operator, by a command or on a screen.
        case manual
        /// A process that was told to recover by itself.
        case automatic
    }

    /// How it stands: as an operation does.
    public typealias Outcome = OperationRecord.Outcome

    /// An operation that it ran.
    public struct Part: Hashable, Sendable {
        /// What it was for, in a word: `plan-1`.
        public var name: String
        /// The operation's number.
        public var operation: Int64

        /// Names a part.
        public init(_ name: String, operation: Int64) {
            self.name = name
            self.operation = operation
        }
    }

    /// A line of its log: what was found, decided and done, in words.
    public struct Note: Hashable, Sendable {
        public var at: Timestamp
        public var text: String
    }

    /// That somebody has taken note of it, which ends its block.
    public struct Acknowledgement: Hashable, Sendable {
        public var at: Timestamp
        public var user: String
        public var reason: String
    }

    /// Given by the store; ascending.
    public var id: Int64
    /// A name that no other recovery of any store has, for hooks and other tools.
    public var uid: String
    /// As the cluster was called when it began.
    public var cluster: ClusterName
    public var kind: RecoveryKind
    public var trigger: Trigger
    /// The failure's code; `nil` where none was found, as for a switchover.
    public var failure: String?
    /// The detection that it answers.
    public var detection: Int64?
    /// The server that failed; for a switchover the primary that is replaced.
    public var failed: InstanceAddress
    /// What that server was, by which it is known when it comes back; `nil` where it was never read.
    public var failedIdentity: LastingIdentity?
    /// The server that took its place.
    public var successor: InstanceAddress?
    /// Replicas that were left behind.
    public var lost: [InstanceAddress]
    /// The recovery after which this one was made, as a switchover to the server that is preferred to whoever was promoted.
    public var follows: Int64?
    public var author: Author
    /// Why, in the operator's words.
    public var reason: String
    public var startedAt: Timestamp
    /// `nil` while it is running.
    public var endedAt: Timestamp?
    public var outcome: Outcome
    /// What it is at, in the words of whoever works at it.
    public var phase: String
    /// What was shown and confirmed, as JSON: what it may do without asking again.
    public var confirmed: String?
    /// What was lost, as JSON.
    public var loss: String?
    /// What hooks put out, as JSON.
    public var hooks: String?
    /// What hooks were told when it began, as JSON; `nil` where there were none.
    public var hookFacts: String?
    /// How it ended, as JSON.
    public var report: String?
    public var acknowledgement: Acknowledgement?
    /// The process that works at it, or did so last.
    public var holder: LeaseHolder
    /// Until when that process has it without saying so again.
    public var expires: Timestamp
    /// The operations that it ran, in order.
    public var parts: [Part]
    /// Its log, oldest first.
    public var notes: [Note]

    /// Makes the record of a recovery that begins; the store gives it its id.
    public init(
        _ kind: RecoveryKind, of failed: InstanceAddress, in cluster: ClusterName, trigger: Trigger = .manual,
        failure: String? = nil, detection: Int64? = nil, author: Author, reason: String, startedAt: Timestamp,
        phase: String = "begun", confirmed: String? = nil, holder: LeaseHolder, expires: Timestamp
    ) {
        id = 0
        uid = Self.uniqueName(startedAt)
        self.cluster = cluster
        self.kind = kind
        self.trigger = trigger
        self.failure = failure
        self.detection = detection
        self.failed = failed
        lost = []
        self.author = author
        self.reason = reason
        self.startedAt = startedAt
        outcome = .running
        self.phase = phase
        self.confirmed = confirmed
        self.holder = holder
        self.expires = expires
        parts = []
        notes = []
    }

    /// The time first, so that names sort, then 64 bits that nobody else draws.
    private static func uniqueName(_ time: Timestamp) -> String {
        var generator = SystemRandomNumberGenerator()
        return "\(time.microseconds / 1_000_000)-" + String(generator.next(), radix: 16)
    }
}

extension RecoveryRecord {
    /// How it stands at that moment: interrupted where it is called running and nobody holds it any more.
    public func outcome(at now: Timestamp) -> Outcome {
        outcome == .running && !isHeld(now: now) ? .interrupted : outcome
    }

    /// Whether a process works at it: it said so lately, and where it ran on this machine, it is still there.
    public func isHeld(now: Timestamp) -> Bool {
        outcome == .running && expires > now && !holder.isKnownToBeGone
    }

    /// Whether somebody has to decide about it: it failed, was stopped, or was left behind by a process that is gone.
    public func isOpen(at now: Timestamp) -> Bool {
        switch outcome(at: now) {
        case .interrupted, .failed, .stopped: acknowledgement == nil
        case .running, .done, .takenBack, .left, .notBegun: false
        }
    }

    /// It as the brakes look at it.
    public func past(at now: Timestamp) -> PastRecovery {
        let state: PastRecovery.State =
            switch outcome(at: now) {
            case .running: .atWork(by: holder.description)
            case .interrupted: .interrupted
            case .notBegun: .notBegun
            case .done, .failed, .stopped, .takenBack, .left: .over
            }
        return PastRecovery(
            id: id, cluster: cluster, kind: kind, failed: failed, successor: successor, startedAt: startedAt,
            state: state, isAcknowledged: acknowledgement != nil)
    }
}

/// The answer to asking for a cluster's recovery.
public enum RecoveryClaim: Hashable, Sendable {
    case held(id: Int64)
    /// Another process recovers the cluster.
    case heldBy(RecoveryRecord)
}

/// What whoever works at a recovery has to write down; what is `nil` stays as it is.
public struct RecoveryProgress: Hashable, Sendable {
    public var phase: String?
    public var successor: InstanceAddress?
    public var lost: [InstanceAddress]?
    /// What was confirmed, as JSON.
    public var confirmed: String?
    /// What was lost, as JSON.
    public var loss: String?
    /// What hooks put out, as JSON.
    public var hooks: String?
    /// What hooks are told, as JSON.
    public var hookFacts: String?
    /// How it ended, as JSON.
    public var report: String?
    /// One more operation that it runs.
    public var part: RecoveryRecord.Part?
    /// A line for its log.
    public var note: String?

    /// Nothing new but that somebody is still at it.
    public init() {}

    /// One more line for the log, and perhaps another phase.
    public init(phase: String? = nil, note: String?) {
        self.phase = phase
        self.note = note
    }
}
