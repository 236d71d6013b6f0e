import Foundation
import Topology

/// Who does something, as records name them.
public struct Author: Hashable, Sendable {
    /// The system account, and whose login that was where it is another: `anna as root`; or a name that was given.
    public var user: String
    /// Where that account logged in from (`SSH_CLIENT`), `nil` on the console.
    public var client: String?

    /// Names somebody; control characters are taken out of both.
    public init(user: String, client: String? = nil) {
        self.user = user.sanitized
        self.client = client?.sanitized
    }

    /// Whoever runs this process.
    ///
    /// - Parameter owner: another name for them, where one was given.
    public static func current(named owner: String? = nil) -> Author {
        Author(
            user: owner ?? LeaseHolder.current().user, client: ProcessInfo.processInfo.environment["SSH_CLIENT"])
    }
}
