import Topology

/// What option files and the environment say about connecting.
public struct ClientOptions: Sendable, Hashable {
    /// What is known of the password.
    public enum Password: Sendable, Hashable {
        /// Nobody said anything: connect without one.
        case missing
        /// `password` without a value: the user wants to be asked.
        case ask
        case given(Secret)

        /// The password, where one was given.
        public var secret: Secret? {
            if case .given(let secret) = self { secret } else { nil }
        }
    }

    /// `user`, or who runs baton where no option file and no flag names one, as the mysql client does it.
    public var user: String
    /// Whether to log in without a password, to ask for it, or with which one.
    public var password: Password
    /// `host`; `nil` where it stands nowhere.
    public var host: String?
    /// `port`; `nil` where it stands nowhere.
    public var port: UInt16?
    /// `connect-timeout`; `nil` where it stands nowhere.
    public var connectTimeout: Duration?
    /// What was odd, in sentences for the user; never a secret.
    public var warnings: [String] = []

    private var tlsFiles = TLSSettings()
    /// What `ssl-mode` says; `nil` where it stands nowhere. A command line that knows better sets it.
    public var tlsMode: TLSSettings.Mode?
    /// What the older words say: `ssl`, `skip-ssl`, `ssl-verify-server-cert`. They count where `ssl-mode` is missing.
    private var olderMode: TLSSettings.Mode?

    /// Account and password to connect with.
    public var credentials: Credentials { Credentials(user: user, password: password.secret) }

    /// Whether anything was said about TLS.
    public var saysTLS: Bool { tlsMode != nil || olderMode != nil || tlsFiles != TLSSettings() }

    /// How to encrypt. Without a mode but with a certificate authority it is `VERIFY_CA`, as with the mysql client
    /// (MySQL manual, "Command Options for Encrypted Connections").
    public var tls: TLSSettings {
        var settings = tlsFiles
        let hasAuthority = settings.certificateAuthority != nil || settings.certificateAuthorityFolder != nil
        settings.mode = tlsMode ?? olderMode ?? (hasAuthority ? .verifyCA : .preferred)
        return settings
    }

    /// Only what the environment says (MySQL manual, "Environment Variables").
    init(environment: [String: String]) {
        user = environment["USER"] ?? environment["LOGNAME"] ?? "root"
        password = environment["MYSQL_PWD"].map { .given(Secret($0)) } ?? .missing
        host = environment["MYSQL_HOST"]
        port = environment["MYSQL_TCP_PORT"].flatMap(UInt16.init)
    }

    /// Takes an option in; a later one replaces an earlier one.
    ///
    /// - Parameter isOurs: whether it stands in our own group, where an unknown name is a slip of the pen; `[client]`
    ///   is shared with other programs.
    mutating func apply(_ entry: OptionFileEntry, isOurs: Bool) throws(OptionFileError) {
        var name = entry.name
        let isLoose = name.hasPrefix("loose-")
        if isLoose { name.removeFirst("loose-".count) }
        switch name {
        case "user": user = entry.value ?? user
        case "password": password = entry.value.map { .given(Secret($0)) } ?? .ask
        case "host": host = entry.value
        case "port": port = try number(entry) { UInt16($0) }
        case "connect-timeout": connectTimeout = .seconds(try number(entry) { UInt32($0) })
        case "ssl-ca": tlsFiles.certificateAuthority = nonEmpty(entry)
        case "ssl-capath": tlsFiles.certificateAuthorityFolder = nonEmpty(entry)
        case "ssl-cert": tlsFiles.clientCertificate = nonEmpty(entry)
        case "ssl-key": tlsFiles.clientKey = nonEmpty(entry)
        case "ssl-cipher": tlsFiles.ciphers = nonEmpty(entry)
        case "tls-version": tlsFiles.versions = nonEmpty(entry)
        default:
            guard try !applyMode(name, entry), isOurs, !isLoose else { return }
            warnings.append("\(entry.place): '\(entry.name)' is no option of baton and is ignored")
        }
    }

    /// The words with which users have asked for TLS over the years.
    ///
    /// - Returns: whether the option was one of them.
    private mutating func applyMode(_ name: String, _ entry: OptionFileEntry) throws(OptionFileError) -> Bool {
        switch name {
        case "ssl-mode": tlsMode = try mode(entry)
        case "ssl", "enable-ssl": olderMode = try isOn(entry) ? max(olderMode ?? .required, .required) : .disabled
        case "skip-ssl", "disable-ssl": olderMode = .disabled
        case "ssl-verify-server-cert", "enable-ssl-verify-server-cert":
            verifiesServer(try isOn(entry))
        case "skip-ssl-verify-server-cert", "disable-ssl-verify-server-cert": verifiesServer(false)
        default: return false
        }
        return true
    }

    private mutating func verifiesServer(_ verifies: Bool) {
        if verifies {
            olderMode = .verifyIdentity
        } else if olderMode == .verifyIdentity {
            olderMode = .required
        }
    }

    private func nonEmpty(_ entry: OptionFileEntry) -> String? {
        entry.value.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func mode(_ entry: OptionFileEntry) throws(OptionFileError) -> TLSSettings.Mode {
        if let mode = TLSSettings.Mode(rawValue: (entry.value ?? "").uppercased()) { return mode }
        let words = TLSSettings.Mode.allCases.map(\.rawValue).joined(separator: ", ")
        throw OptionFileError(
            place: entry.place, message: "ssl-mode is one of \(words), not '\(entry.value?.sanitized ?? "")'")
    }

    private func isOn(_ entry: OptionFileEntry) throws(OptionFileError) -> Bool {
        switch entry.value?.lowercased() {
        case nil, "1", "on", "true": return true
        case "0", "off", "false": return false
        default: throw OptionFileError(place: entry.place, message: "\(entry.name) is either 1 or 0")
        }
    }

    private func number<Number>(
        _ entry: OptionFileEntry, _ convert: (String) -> Number?
    ) throws(OptionFileError) -> Number {
        if let value = entry.value, let number = convert(value) { return number }
        throw OptionFileError(place: entry.place, message: "\(entry.name) has to be a whole number in its range")
    }
}
