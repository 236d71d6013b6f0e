import Refactoring
import Topology

/// How an operation ended, and in what state it left things.
public struct OperationReport: Hashable, Sendable {
    /// How it ended.
    public enum Ending: Hashable, Sendable {
        /// Every step is done and proved.
        case done
        /// A step failed; in a stage whose steps ran at once there may be more of them.
        case failed([StepFailure])
        /// It was asked to stop, and did between two steps.
        case stopped(before: Int)
    }

    /// What can be done about an operation that did not come to its end.
    public enum Choice: String, Hashable, Sendable, CaseIterable {
        /// Go on with the step that failed.
        case resume
        /// Take back what was done.
        case rollBack = "roll-back"
        /// Leave everything as it is.
        case leave
    }

    /// Its number in the journal.
    public var operation: Int64
    public var ending: Ending
    /// What each step took, from its precondition to its proof; `nil` for those that were not run now.
    public var durations: [Duration?]
    /// Options of connections that are not what they were before, though no step named them.
    public var changedOptions: [ChangedOption]
    /// What servers refused and was not needed for the plan to go on, each a sentence.
    public var remarks: [String] = []
    /// Each server that was touched, in words, as it was seen when the operation failed; empty where it did not.
    public var states: [InstanceAddress: String]
    /// What can be done now; empty where it is done.
    public var choices: [Choice]
    /// For how long clients could not write, where the plan stops their writes; `nil` where it does not, or had not come to
    /// that.
    public var writesBlocked: BlockedWrites?
    /// Why its end could not be written down, `nil` where it was: the next start then finds it open, and resuming it finds
    /// what is done.
    public var journalTrouble: String?

    /// Whether it came to its end.
    public var isDone: Bool { ending == .done }
}

/// For how long a plan kept clients from writing, and how that ended.
public struct BlockedWrites: Hashable, Sendable {
    /// How it ended.
    public enum End: Hashable, Sendable {
        /// The new primary takes writes.
        case handedOver
        /// The old primary takes writes again.
        case backedOut
        /// Nobody takes writes, as far as is known, and why.
        case blocked(String)
    }

    /// From when the old primary was told to take no more writes: waiting for running transactions is in it.
    public var duration: Duration
    public var end: End

    /// In one sentence.
    public var sentence: String {
        switch end {
        case .handedOver: "writes were blocked for \(milliseconds)"
        case .backedOut: "the old primary takes writes again; they were blocked for \(milliseconds)"
        case .blocked(let reason): "writes are still blocked: \(reason)"
        }
    }

    private var milliseconds: String {
        let (seconds, attoseconds) = duration.components
        let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

/// What went wrong in a step.
public struct StepFailure: Error, Hashable, Sendable {
    /// Where in the step it went wrong.
    public enum Phase: String, Hashable, Sendable {
        /// Something that must be true before is not; nothing of the step was run.
        case precondition
        /// A statement failed or was lost.
        case statements
        /// The statements ran, and what they should bring about was not seen in time.
        case proof
        /// A lock was lost; nothing of the step was run.
        case lock
        /// The journal could not be written.
        case journal
    }

    /// Its place in the plan.
    public var step: Int
    public var instance: InstanceAddress
    public var purpose: String
    public var phase: Phase
    /// What happened, the server's own error in it.
    public var message: String
    /// Whether the server itself said no, so that what it was asked last is known not to have happened.
    public var wasRefused = false
    /// Whether it said no to the first statement of the step, which then has done nothing at all.
    public var didNothing = false
    /// Whether what it was asked last can no longer take effect, so that a look tells what it did.
    public var isSettled = false
}

extension StepFailure: CustomStringConvertible {
    public var description: String { "step \(step + 1), \(purpose), on \(instance): \(message)" }
}

/// An option that a change of the source altered without being told to.
public struct ChangedOption: Hashable, Sendable, CustomStringConvertible {
    public var instance: InstanceAddress
    public var channel: String
    /// In the server's word.
    public var name: String
    public var before: String
    public var after: String

    public var description: String {
        let of = channel.isEmpty ? "\(instance)" : "\(instance) channel \(channel)"
        return "\(name) of \(of) was \(before) and is \(after)"
    }
}

/// What an operation tells while it runs.
public enum OperationEvent: Hashable, Sendable {
    /// It has its number and its locks.
    case began(Int64)
    case stepBegan(Int)
    /// What is sent to the server now, secrets by name.
    case sending(Int, [String])
    /// What a step waits for, and what was seen instead.
    case waiting(Int, String)
    case stepEnded(Int, Duration)
    /// It was found done already.
    case stepSkipped(Int)
    case stepFailed(StepFailure)
    /// A command that runs around it begins or has ended.
    case hook(HookNews)
    /// Another operation takes its place, because the servers were not as the plan expected them: what follows is told of that
    /// plan, of which that is to be known.
    case plannedAnew(Plan, Verdict, why: String)
    case ended(OperationReport)
}

/// How a command that runs around an operation stands.
public struct HookNews: Hashable, Sendable {
    /// When it runs: the occasion's key in the configuration.
    public var occasion: String
    /// As it is configured.
    public var command: String
    /// How it ended, in words; `nil` while it is at work.
    public var ending: String?
    /// Whether it failed.
    public var isFailure: Bool
    /// The beginning of what it put out.
    public var output: String

    /// Tells of one, by default that it begins.
    public init(
        _ occasion: String, _ command: String, ending: String? = nil, isFailure: Bool = false, output: String = ""
    ) {
        self.occasion = occasion
        self.command = command
        self.ending = ending
        self.isFailure = isFailure
        self.output = output
    }
}
