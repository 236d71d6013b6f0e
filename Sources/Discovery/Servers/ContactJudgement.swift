import Servers
import Topology

/// What one outcome of a probe means for a server's contact.
///
/// One failure is enough where it is sure: a refused connection means that nobody listens, and a timeout has waited for
/// its deadline already. A *lost* connection proves nothing: the server may have been killed, but it may as well have
/// closed an idle session. A new connection tells at once.
struct ContactJudgement: Equatable {
    /// Looks that a lost connection is given before it counts as a failure, with the pause before each: a dying server
    /// can take one more connection while its socket is being closed.
    static let pausesAfterLostConnection: [Duration] = [.zero, .milliseconds(10)]

    var contact: Contact
    /// The pause after which to look again before the new contact is believed; `nil` where the look was conclusive.
    var lookAgainAfter: Duration?

    /// Judges an outcome.
    ///
    /// - Parameters:
    ///   - lostInARow: connections lost one after the other before this outcome.
    init(_ outcome: ProbeOutcome, after contact: Contact, lostInARow: Int, at now: Timestamp) {
        switch outcome {
        case .facts, .unchanged:
            self.contact = contact.isReachable ? contact : .reachable(since: now)
        case .noAccess(let failure):
            let lastSeen = contact.isReachable ? now : contact.lastSeen
            self.contact = .noAccess(since: contact.hasRefusedSince ?? now, lastSeen: lastSeen, failure)
        case .unreachable(let failure):
            if failure.kind == .connectionLost, contact.isReachable,
                lostInARow < Self.pausesAfterLostConnection.count
            {
                self.contact = contact
                lookAgainAfter = Self.pausesAfterLostConnection[lostInARow]
            } else {
                let lastSeen = contact.isReachable ? now : contact.lastSeen
                self.contact = .unreachable(since: contact.hasBeenGoneSince ?? now, lastSeen: lastSeen, failure)
            }
        }
    }
}

extension Contact {
    /// The first refusal of the unbroken run, which may have begun before this process did.
    fileprivate var hasRefusedSince: Timestamp? {
        switch self {
        case .noAccess(let since, _, _), .remembered(_, .noAccess(let since)): since
        case .neverTried, .remembered, .reachable, .unreachable: nil
        }
    }

    /// The first failure of the unbroken run, which may have begun before this process did.
    fileprivate var hasBeenGoneSince: Timestamp? {
        switch self {
        case .unreachable(let since, _, _), .remembered(_, .unreachable(let since)): since
        case .neverTried, .remembered, .reachable, .noAccess: nil
        }
    }
}
