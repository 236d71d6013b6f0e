/// Options of a connection to a source, with their values as SQL, as an earlier step of a plan has read them.
public struct SourceOptions: Hashable, Sendable, Codable, CustomStringConvertible {
    private(set) var values: [SourceOption: String] = [:]

    /// Reads what a server tells of a connection. What each release sets by itself is left out.
    ///
    /// - Parameters:
    ///   - columns: by the names of ``SourceOption/columns``, in any case; `NULL` where it is that.
    ///   - wanted: the options that are read.
    public init(columns: [String: String], only wanted: [SourceOption] = SourceOption.allCases) {
        let columns = Dictionary(columns.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        for option in wanted {
            let found = option.columns.compactMap { columns[$0] }
            guard let first = found.first, first != "NULL" else { continue }
            let value = first == "UUID" && option == .assignGTIDs ? found.last ?? "" : first
            if let literal = option.literal(of: value) { values[option] = literal }
        }
    }

    /// Reads ``description``; `nil` where it is none.
    public init?(parsing text: String) {
        for line in text.split(separator: "\n") {
            guard let end = line.firstIndex(of: "="), let option = SourceOption(rawValue: String(line[..<end])) else {
                return nil
            }
            values[option] = String(line[line.index(after: end)...])
        }
    }

    /// `OPTION=value`, a line each.
    public var description: String {
        values.map { "\($0.key.rawValue)=\($0.value)" }.sorted().joined(separator: "\n")
    }
}

extension Observation.Quantity {
    /// Which options of a connection it is; `nil` where it is something else.
    public var options: [SourceOption]? {
        switch self {
        case .connectionOptions: SourceOption.allCases
        case .connectingOptions:
            [
                .connectRetry, .retryCount, .tls, .tlsCA, .tlsCAPath, .tlsCertificate, .tlsRevocations,
                .tlsRevocationsPath, .tlsKey, .tlsCipher, .tlsVerify, .tlsVersion, .tlsCipherSuites, .publicKeyPath,
                .getPublicKey, .compression, .zstdLevel,
            ]
        default: nil
        }
    }
}

extension SourceOption {
    /// What a server tells, as SQL; `nil` where a new connection has it anyway.
    fileprivate func literal(of told: String) -> String? {
        switch self {
        case .connectRetry, .retryCount: told
        case .zstdLevel: told == "3" ? nil : told
        case .requirePrimaryKey: told == "STREAM" ? nil : told
        // Whether there is TLS by default depends on the release.
        case .tls, .tlsVerify: told.isNo ? "0" : "1"
        case .getPublicKey, .requireRowFormat, .autoFailover, .gtidOnly: told.isNo ? nil : "1"
        case .assignGTIDs: told == "OFF" ? nil : told == "LOCAL" ? told : SQLLiteral.quoted(told)
        case .ignoreServers, .doDomains, .ignoreDomains: told.isEmpty ? nil : "(\(told))"
        // The server tells it as it is written in statements.
        case .privilegeChecksUser: told.isEmpty ? nil : told
        // NULL is the default here, and an empty text allows none.
        case .tlsCipherSuites: SQLLiteral.quoted(told)
        case .compression: told == "uncompressed" ? nil : SQLLiteral.quoted(told)
        case .bind, .tlsCA, .tlsCAPath, .tlsCertificate, .tlsRevocations, .tlsRevocationsPath, .tlsKey, .tlsCipher,
            .tlsVersion, .publicKeyPath, .networkNamespace:
            told.isEmpty ? nil : SQLLiteral.quoted(told)
        }
    }

    /// Their columns in `replication_connection_configuration`, `replication_applier_configuration` (MySQL) and
    /// `SHOW ALL SLAVES STATUS` (MariaDB), in lower case.
    public var columns: [String] {
        switch self {
        case .bind: ["network_interface"]
        case .connectRetry: ["connection_retry_interval", "connect_retry"]
        case .retryCount: ["connection_retry_count", "master_retry_count"]
        case .tls: ["ssl_allowed", "master_ssl_allowed"]
        case .tlsCA: ["ssl_ca_file", "master_ssl_ca_file"]
        case .tlsCAPath: ["ssl_ca_path", "master_ssl_ca_path"]
        case .tlsCertificate: ["ssl_certificate", "master_ssl_cert"]
        case .tlsRevocations: ["ssl_crl_file", "master_ssl_crl"]
        case .tlsRevocationsPath: ["ssl_crl_path", "master_ssl_crlpath"]
        case .tlsKey: ["ssl_key", "master_ssl_key"]
        case .tlsCipher: ["ssl_cipher", "master_ssl_cipher"]
        case .tlsVerify: ["ssl_verify_server_certificate", "master_ssl_verify_server_cert"]
        case .tlsVersion: ["tls_version"]
        case .tlsCipherSuites: ["tls_ciphersuites"]
        case .publicKeyPath: ["public_key_path"]
        case .getPublicKey: ["get_public_key"]
        case .compression: ["compression_algorithm"]
        case .zstdLevel: ["zstd_compression_level"]
        case .networkNamespace: ["network_namespace"]
        case .privilegeChecksUser: ["privilege_checks_user"]
        case .requireRowFormat: ["require_row_format"]
        case .requirePrimaryKey: ["require_table_primary_key_check"]
        case .autoFailover: ["source_connection_auto_failover"]
        case .assignGTIDs:
            ["assign_gtids_to_anonymous_transactions_type", "assign_gtids_to_anonymous_transactions_value"]
        case .gtidOnly: ["gtid_only"]
        case .ignoreServers: ["replicate_ignore_server_ids"]
        case .doDomains: ["replicate_do_domain_ids"]
        case .ignoreDomains: ["replicate_ignore_domain_ids"]
        }
    }
}

extension String {
    fileprivate var isNo: Bool { ["no", "0"].contains(lowercased()) }
}
