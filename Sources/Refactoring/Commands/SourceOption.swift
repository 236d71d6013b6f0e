/// The options of `CHANGE REPLICATION SOURCE TO` besides address, account, place, heartbeat and delay, by the word of
/// MySQL 8.4, and since when servers have them (MySQL 8.4 manual, "CHANGE REPLICATION SOURCE TO Statement"; MariaDB
/// manual, "CHANGE MASTER TO").
public enum SourceOption: String, Hashable, Sendable, Codable, CaseIterable {
    case bind = "SOURCE_BIND"
    case connectRetry = "SOURCE_CONNECT_RETRY"
    case retryCount = "SOURCE_RETRY_COUNT"
    case tls = "SOURCE_SSL"
    case tlsCA = "SOURCE_SSL_CA"
    case tlsCAPath = "SOURCE_SSL_CAPATH"
    case tlsCertificate = "SOURCE_SSL_CERT"
    case tlsRevocations = "SOURCE_SSL_CRL"
    case tlsRevocationsPath = "SOURCE_SSL_CRLPATH"
    case tlsKey = "SOURCE_SSL_KEY"
    case tlsCipher = "SOURCE_SSL_CIPHER"
    case tlsVerify = "SOURCE_SSL_VERIFY_SERVER_CERT"
    case tlsVersion = "SOURCE_TLS_VERSION"
    case tlsCipherSuites = "SOURCE_TLS_CIPHERSUITES"
    case publicKeyPath = "SOURCE_PUBLIC_KEY_PATH"
    case getPublicKey = "GET_SOURCE_PUBLIC_KEY"
    case compression = "SOURCE_COMPRESSION_ALGORITHMS"
    case zstdLevel = "SOURCE_ZSTD_COMPRESSION_LEVEL"
    case networkNamespace = "NETWORK_NAMESPACE"
    case privilegeChecksUser = "PRIVILEGE_CHECKS_USER"
    case requireRowFormat = "REQUIRE_ROW_FORMAT"
    case requirePrimaryKey = "REQUIRE_TABLE_PRIMARY_KEY_CHECK"
    case autoFailover = "SOURCE_CONNECTION_AUTO_FAILOVER"
    case assignGTIDs = "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS"
    case gtidOnly = "GTID_ONLY"
    case ignoreServers = "IGNORE_SERVER_IDS"
    case doDomains = "DO_DOMAIN_IDS"
    case ignoreDomains = "IGNORE_DOMAIN_IDS"

    /// A release's three numbers.
    struct Release: CustomStringConvertible {
        let major: Int
        let minor: Int
        let patch: Int

        init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
            self.major = major
            self.minor = minor
            self.patch = patch
        }

        var description: String { "\(major).\(minor).\(patch)" }
    }

    /// `nil` where MySQL has none.
    var sinceMySQL: Release? {
        switch self {
        case .bind, .connectRetry, .retryCount, .tls, .tlsCA, .tlsCAPath, .tlsCertificate, .tlsRevocations,
            .tlsRevocationsPath, .tlsKey, .tlsCipher, .tlsVerify, .ignoreServers:
            Release(5, 6)
        case .tlsVersion: Release(5, 7, 10)
        case .publicKeyPath, .getPublicKey: Release(8, 0, 4)
        case .compression, .zstdLevel, .privilegeChecksUser: Release(8, 0, 18)
        case .tlsCipherSuites, .requireRowFormat: Release(8, 0, 19)
        case .requirePrimaryKey: Release(8, 0, 20)
        case .networkNamespace, .autoFailover: Release(8, 0, 22)
        case .assignGTIDs: Release(8, 0, 23)
        case .gtidOnly: Release(8, 0, 27)
        case .doDomains, .ignoreDomains: nil
        }
    }

    /// `nil` where MariaDB has none.
    var sinceMariaDB: Release? {
        switch self {
        case .connectRetry, .tls, .tlsCA, .tlsCAPath, .tlsCertificate, .tlsRevocations, .tlsRevocationsPath, .tlsKey,
            .tlsCipher, .tlsVerify, .ignoreServers:
            Release(10, 0)
        case .doDomains, .ignoreDomains: Release(10, 1, 2)
        case .retryCount: Release(12, 0, 1)
        case .bind, .tlsVersion, .tlsCipherSuites, .publicKeyPath, .getPublicKey, .compression, .zstdLevel,
            .networkNamespace, .privilegeChecksUser, .requireRowFormat, .requirePrimaryKey, .autoFailover, .assignGTIDs,
            .gtidOnly:
            nil
        }
    }
}
