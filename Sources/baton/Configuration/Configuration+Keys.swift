import Servers

extension ConfigurationKey {
    /// The tables with their keys, in the order of the documentation; the top level has no name.
    static var sections: [(name: String, keys: [ConfigurationKey])] {
        var order: [String] = []
        for key in all where !order.contains(key.section) { order.append(key.section) }
        return order.map { section in (section, all.filter { $0.section == section }) }
    }
}

extension Configuration.Access {
    /// A key that `[connection]` and `[[access]]` share, with its value.
    struct Entry: Hashable {
        let key: String
        let value: String?

        init(_ key: String, _ value: String?) {
            self.key = key
            self.value = value
        }
    }

    /// What is said of logging in. The timeouts are everyone's, and not among it.
    var values: [Entry] {
        [
            Entry("defaults-file", defaultsFile),
            Entry("defaults-extra-file", defaultsExtraFile),
            Entry("defaults-group-suffix", defaultsGroupSuffix),
            Entry("user", user),
            Entry("password-variable", passwordVariable),
            Entry("ssl-mode", tlsMode?.rawValue),
            Entry("ssl-ca", certificateAuthority),
            Entry("ssl-cert", clientCertificate),
            Entry("ssl-key", clientKey),
        ]
    }
}
