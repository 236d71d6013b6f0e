/// Whether and how connections are encrypted, in the words of the mysql client.
public struct TLSSettings: Sendable, Hashable {
    /// The mysql client's `ssl-mode` (MySQL manual, "Command Options for Encrypted Connections").
    public enum Mode: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Never encrypted.
        case disabled = "DISABLED"
        /// Encrypted where the server can, in the clear where not.
        case preferred = "PREFERRED"
        /// Encrypted or not at all; whoever answers is believed.
        case required = "REQUIRED"
        /// And the server's certificate is signed by a known authority.
        case verifyCA = "VERIFY_CA"
        /// And the certificate is made out to the host's name.
        case verifyIdentity = "VERIFY_IDENTITY"

        public static func < (left: Mode, right: Mode) -> Bool {
            left.strictness < right.strictness
        }

        private var strictness: Int {
            switch self {
            case .disabled: 0
            case .preferred: 1
            case .required: 2
            case .verifyCA: 3
            case .verifyIdentity: 4
            }
        }
    }

    /// How much is insisted on, as the client's `ssl-mode`.
    public var mode: Mode
    /// Paths of PEM files and folders, as the client's `ssl-ca`, `ssl-capath`, `ssl-cert`, `ssl-key`.
    public var certificateAuthority: String?
    /// The client's `ssl-capath`: a folder of certificates of authorities, named by their hashes.
    public var certificateAuthorityFolder: String?
    /// The client's `ssl-cert`: with what baton proves who it is.
    public var clientCertificate: String?
    /// The client's `ssl-key`: the private key of ``clientCertificate``.
    public var clientKey: String?
    /// Permitted ciphers, separated by colons, as the client's `ssl-cipher`.
    public var ciphers: String?
    /// Permitted protocol versions, separated by commas, as the client's `tls-version`.
    public var versions: String?

    /// Makes settings; with nothing said TLS is used where the server offers it, unverified.
    public init(
        mode: Mode = .preferred,
        certificateAuthority: String? = nil,
        certificateAuthorityFolder: String? = nil,
        clientCertificate: String? = nil,
        clientKey: String? = nil,
        ciphers: String? = nil,
        versions: String? = nil
    ) {
        self.mode = mode
        self.certificateAuthority = certificateAuthority
        self.certificateAuthorityFolder = certificateAuthorityFolder
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.ciphers = ciphers
        self.versions = versions
    }
}
