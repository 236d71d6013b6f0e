import Diagnosis
import Hooks
import Operations
import Recovery
import Topology

/// What an automatic recovery tells on its way.
public enum AutomaticEvent: Sendable {
    /// A failure is not recovered now, for these reasons; told again only when others stand in the way.
    case blocked(Failure, [AutomaticObjection])
    /// It is being recovered, by this plan.
    case began(Failure, intent: String)
    /// It was, or was not to its end.
    case ended(Failure, OperationReport)
    /// The server that is preferred to the promoted one is to take over when it can, within that time.
    case swapping(SwapIn, within: Duration)
    /// What that waits for; told when another thing is in the way.
    case awaiting(SwapIn, String)
    /// What became of that.
    case swapped(SwapIn, SwapInOutcome)
    /// A hook that wants to know of failures was run.
    case hook(Failure, HookResult)
    /// The store cannot be read or written: nothing is recovered without its records.
    case trouble(Failure, String)

    /// A line for people.
    public var line: String {
        switch self {
        case .blocked(let failure, let objections):
            "\(failure.subject): no automatic recovery [\(failure.code.rawValue)]: "
                + objections.map(\.reason).joined(separator: "; ")
        case .began(let failure, let intent): "\(failure.subject): recovery [\(failure.code.rawValue)]: \(intent)"
        case .ended(let failure, let report):
            switch report.ending {
            case .done: "\(failure.subject): recovered by operation \(report.operation)"
            case .failed(let failures):
                "\(failure.subject): operation \(report.operation) failed, and waits for a decision: "
                    + failures.map(\.description).joined(separator: "; ")
            case .stopped(let next):
                "\(failure.subject): operation \(report.operation) was stopped before step \(next + 1)"
            }
        case .swapping(let swap, let limit):
            "\(swap.primary): \(swap.preferred) is preferred, and takes over when it can, within \(limit.inWords)"
        case .awaiting(let swap, let why): "\(swap.primary): \(swap.preferred) does not take over yet: \(why)"
        case .swapped(let swap, let outcome): "\(swap.primary): \(outcome.words(for: swap))"
        case .hook(let failure, let result): "\(failure.subject): \(result.words)"
        case .trouble(let failure, let reason): "\(failure.subject): no automatic recovery: \(reason)"
        }
    }
}
