/// How to connect, whatever the server.
public struct ConnectionSettings: Sendable {
    /// The account, unless ``reference`` names another.
    public var credentials: Credentials
    /// Where to look the account up, each time a connection is made; nothing found there is kept.
    public var reference: CredentialReference?
    /// Whether and how to encrypt.
    public var tls: TLSSettings
    /// From the name lookup to the end of authentication. Fractions of a second count.
    public var connectTimeout: Duration
    /// The most bytes of cells that one batch may return before the connection is given up: a server that goes mad, or
    /// something hostile, must not take our memory. 64 MiB unless told otherwise.
    public var largestAnswer: Int

    /// Makes settings; two seconds to connect and 64 MiB of answer unless told otherwise.
    public init(
        credentials: Credentials,
        reference: CredentialReference? = nil,
        tls: TLSSettings = TLSSettings(),
        connectTimeout: Duration = .seconds(2),
        largestAnswer: Int = 64 << 20
    ) {
        self.credentials = credentials
        self.reference = reference
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.largestAnswer = largestAnswer
    }
}
