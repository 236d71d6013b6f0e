import CMySQL

extension TLSSettings {
    /// The mode that is really asked of the client library.
    ///
    /// libmariadb checks that the server can do TLS at all, *before* it sends credentials, only where it also verifies
    /// the host's name (seen in 3.3: with a CA alone it goes on in the clear). So with it ``Mode/verifyCA`` is raised
    /// to ``Mode/verifyIdentity``: the stricter, never the weaker.
    var effectiveMode: Mode {
        ClientLibrary.isLibmariadb && mode == .verifyCA ? .verifyIdentity : mode
    }

    /// Whether the library has to be given the host's name and not one of its addresses.
    var needsHostName: Bool { effectiveMode == .verifyIdentity }

    /// Sets the options of a new handle.
    ///
    /// - Returns: why these settings can't be used, `nil` where they can.
    func apply(to handle: ClientHandle) -> String? {
        if effectiveMode >= .verifyCA, certificateAuthority == nil, certificateAuthorityFolder == nil {
            return "ssl-mode \(mode.rawValue) needs a certificate authority: set ssl-ca or ssl-capath"
        }
        guard baton_mysql_set_tls_mode(handle.mysql, Self.code(of: effectiveMode)) == 0 else {
            return "the client library refuses ssl-mode \(mode.rawValue)"
        }
        guard effectiveMode != .disabled else { return nil }
        let options: [(name: String, mysql_option, value: String?)] = [
            ("ssl-ca", MYSQL_OPT_SSL_CA, certificateAuthority),
            ("ssl-capath", MYSQL_OPT_SSL_CAPATH, certificateAuthorityFolder),
            ("ssl-cert", MYSQL_OPT_SSL_CERT, clientCertificate),
            ("ssl-key", MYSQL_OPT_SSL_KEY, clientKey),
            ("ssl-cipher", MYSQL_OPT_SSL_CIPHER, ciphers),
            ("tls-version", MYSQL_OPT_TLS_VERSION, versions),
        ]
        for (name, option, value) in options {
            guard let value else { continue }
            guard mysql_options(handle.mysql, option, value) == 0 else {
                return "the client library refuses \(name) '\(value)'"
            }
        }
        return nil
    }

    /// Looks at a connection that is made.
    ///
    /// - Returns: why it is not what was asked for, `nil` where it is.
    func refusal(of handle: ClientHandle) -> String? {
        guard effectiveMode >= .required, mysql_get_ssl_cipher(handle.mysql) == nil else { return nil }
        return "ssl-mode \(mode.rawValue) asks for TLS, but the server offers none"
    }

    /// Adds to a TLS error of the client library what the reader can't know.
    func explain(_ message: String) -> String {
        guard effectiveMode != mode else { return message }
        return message + " (this client library can't do \(mode.rawValue) alone and verifies the host's name too)"
    }

    private static func code(of mode: Mode) -> baton_tls_mode {
        switch mode {
        case .disabled: BATON_TLS_DISABLED
        case .preferred: BATON_TLS_PREFERRED
        case .required: BATON_TLS_REQUIRED
        case .verifyCA: BATON_TLS_VERIFY_CA
        case .verifyIdentity: BATON_TLS_VERIFY_IDENTITY
        }
    }
}
