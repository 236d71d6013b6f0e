/// How long an attempt waits that was refused before: twice as long each time that the cause is the same one.
///
/// What keeps a recovery from being begun, as a fencing hook that fails, is seldom gone seconds later, and each attempt asks
/// others anew.
public struct RetryPause: Hashable, Sendable {
    /// What the first one waits.
    public static let shortest = Duration.seconds(5)
    /// What none waits longer than: a server is lost meanwhile, and somebody may have mended the cause.
    public static let longest = Duration.seconds(60)

    /// Why it was refused last, in words.
    public private(set) var cause: String
    /// What the next attempt waits.
    public private(set) var length = shortest

    /// The pause after a first refusal.
    public init(after cause: String) {
        self.cause = cause
    }

    /// Takes note of one more refusal; another cause begins anew.
    public mutating func refuse(because cause: String) {
        length = cause == self.cause ? min(length * 2, Self.longest) : Self.shortest
        self.cause = cause
    }
}
