import Topology

/// A statement that the server refused, and how long it stays out of the batch.
struct Refusal: Hashable {
    enum Reason: Hashable {
        case missingPrivilege
        case unknownStatement
        /// A lock, a full disk, a timeout: likely to pass.
        case passing
    }

    var code: Int
    var message: String
    var reason: Reason
    var retryAt: ContinuousClock.Instant

    init(_ error: StatementError, at now: ContinuousClock.Instant, interval: Duration) {
        code = error.code
        message = error.message
        if ServerErrorCode.missingPrivilege.contains(error.code) {
            reason = .missingPrivilege
        } else if ServerErrorCode.unknownStatement.contains(error.code) {
            reason = .unknownStatement
        } else {
            reason = .passing
        }
        retryAt = now + (reason == .passing ? min(interval, Self.passingInterval) : interval)
    }

    /// Each retry of a statement that fails costs a round trip more than one.
    private static let passingInterval = Duration.seconds(10)
}
