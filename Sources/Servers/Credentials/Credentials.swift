/// An account on the servers.
public struct Credentials: Sendable, Hashable {
    /// The account's name, without its host part.
    public var user: String
    /// `nil` where no place said one: connecting is tried without a password then.
    public var password: Secret?

    /// Makes credentials; without a password the account must have none.
    public init(user: String, password: Secret? = nil) {
        self.user = user
        self.password = password
    }
}
