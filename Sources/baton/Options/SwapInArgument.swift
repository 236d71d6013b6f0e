import ArgumentParser
import Engine
import Recovery
import Settings

/// Within what time a preferred server has to be ready after a failover, as it was asked for.
enum SwapInArgument: ExpressibleByArgument, CustomStringConvertible {
    /// What the configuration says of the cluster, where it says any time.
    case asConfigured
    case within(Duration)
    /// No length of time. The parser would take the option for one without a time, and say nothing.
    case mistake(String)

    init?(argument: String) {
        let duration = DurationText.parse(argument).flatMap { $0 > .zero ? $0 : nil }
        self = duration.map { .within($0) } ?? .mistake(argument)
    }

    var description: String { "recovery.swap-in-preferred, or else \(DurationText.print(SwapIn.usualLimit))" }

    /// - Throws: `ValidationError` with what would be right.
    func validate() throws {
        guard case .mistake(let text) = self else { return }
        throw ValidationError(
            "'\(text)' is no length of time: write --swap-in-preferred=10m, or the option without a time after the servers"
        )
    }

    /// The time itself.
    func limit(_ policy: RecoveryPolicy) -> Duration {
        switch self {
        case .within(let limit): limit
        case .asConfigured, .mistake: policy.swapIn > .zero ? policy.swapIn : SwapIn.usualLimit
        }
    }
}
