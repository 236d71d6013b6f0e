/// An account on the servers.
public struct Credentials: Sendable, Hashable {
    public var user: String
    /// `nil` where no place said one: connecting is tried without a password then.
    public var password: Secret?

    public init(user: String, password: Secret? = nil) {
        self.user = user
        self.password = password
    }
}
