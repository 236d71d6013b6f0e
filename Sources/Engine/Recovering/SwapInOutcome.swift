import Operations
import Recovery

/// What became of swapping the preferred server in after a failover, which is a success whatever that is.
public enum SwapInOutcome: Sendable {
    /// It is the primary, by a switchover.
    case done(OperationReport)
    /// It was the primary already.
    case needless
    /// Everything is as the failover left it, for this reason: a sentence without its full stop.
    case notMade(String)
    /// The switchover was begun and did not come to its end: it waits for a decision.
    case unfinished(OperationReport)

    /// A sentence without its full stop, with what to do next.
    public func words(for swap: SwapIn) -> String {
        switch self {
        case .done(let report):
            "\(swap.preferred), which is preferred, took over from \(swap.primary) (operation \(report.operation))"
        case .needless: "\(swap.preferred), which is preferred, is the primary already"
        case .notMade(let reason):
            "\(swap.preferred), which is preferred, did not take over from \(swap.primary): \(reason); later: \(swap.command)"
        case .unfinished(let report):
            "the switchover from \(swap.primary) to \(swap.preferred), which is preferred, did not come to its end: "
                + "operation \(report.operation) waits for a decision (baton operations show \(report.operation))"
        }
    }
}
