/// One value for every key of the configuration file that is not its default, as TOML and as it is shown again.
///
/// A key without an entry here fails `ConfigurationKeyTests`, so that no key goes untested.
enum ConfigurationSamples {
    struct Sample {
        /// What is written into the file.
        let value: String
        /// What `baton config show` writes for it.
        let shown: String
        /// Another line of the same table that it needs.
        let companion: String

        init(_ value: String, shown: String? = nil, companion: String = "") {
            self.value = value
            self.shown = shown ?? value
            self.companion = companion
        }
    }

    static let all: [String: Sample] = [
        "seeds": Sample(#"["db1", "[::1]:3307"]"#, shown: #"["db1:3306", "[::1]:3307"]"#),
        "connection.defaults-file": Sample(#""/etc/baton/my.cnf""#),
        "connection.defaults-extra-file": Sample(#""~/extra.cnf""#),
        "connection.defaults-group-suffix": Sample(#""_prod""#),
        "connection.user": Sample(#""watcher""#),
        "connection.password-variable": Sample(#""BATON_PASSWORD""#),
        "connection.ssl-mode": Sample(#""VERIFY_CA""#),
        "connection.ssl-ca": Sample(#""/etc/ssl/ca.pem""#),
        "connection.ssl-cert": Sample(#""/etc/ssl/client.pem""#),
        "connection.ssl-key": Sample(#""/etc/ssl/client.key""#),
        "connection.connect-timeout": Sample(#""750ms""#),
        "connection.probe-timeout": Sample("7", shown: #""7s""#),
        "discovery.poll-interval": Sample(#""2s500ms""#),
        "discovery.longest-backoff": Sample(#""1m30s""#),
        "discovery.concurrent-probes": Sample("17"),
        "discovery.forget-after": Sample(#""3d""#),
        "discovery.forget-pause": Sample(#""0s""#),
        "discovery.ignore": Sample(#"["192.0.2.7", "^test-"]"#),
        "discovery.ignore-replicas": Sample(#""backup\\d+""#, shown: #"["backup\\d+"]"#),
        "discovery.ignore-sources": Sample(#"["old\\."]"#),
        "discovery.write-table": Sample(#""baton.writes""#),
        "names.resolve": Sample(#""dns-name""#),
        "names.identity": Sample(#""report-host""#),
        "attributes.data-center-pattern": Sample(#""\\.(dc\\d+)\\.""#),
        "attributes.data-center-query": Sample(#""SELECT dc FROM meta.place""#),
        "attributes.region-pattern": Sample(#""\\.(eu|us)\\.""#),
        "attributes.region-query": Sample(#""SELECT region FROM meta.place""#),
        "attributes.environment-pattern": Sample(#""^(prod|test)-""#),
        "attributes.environment-query": Sample(#""SELECT environment FROM meta.place""#),
        "attributes.alias-pattern": Sample(#""^([^.]+)""#),
        "attributes.alias-query": Sample(#""SELECT alias FROM meta.place""#),
        "attributes.cluster-alias-pattern": Sample(#""^([a-z]+)-db""#),
        "attributes.cluster-alias-query": Sample(#""SELECT cluster FROM meta.place""#),
        "attributes.promotion-rule-query": Sample(#""SELECT rule FROM meta.place""#),
        "recovery.block-period": Sample(#""30m""#),
        "recovery.promotion-rule-expiry": Sample(#""1d""#),
        "attributes.semi-sync-priority-query": Sample(#""SELECT priority FROM meta.semisync""#),
        "recovery.data-center": Sample(#""require""#),
        "recovery.region": Sample(#""ignore""#),
        "recovery.longest-lag": Sample(#""2m""#),
        "recovery.wait-for-delayed": Sample("true"),
        "recovery.unapplied": Sample(#""lose""#),
        "recovery.lost-replicas": Sample(#""leave""#),
        "recovery.swap-in-preferred": Sample(#""10m""#),
        "recovery.semi-sync-count": Sample(#""exact""#),
        "recovery.locked-semi-sync-after": Sample(#""30s""#),
        "recovery.non-writable-primary": Sample(#""failure""#),
        "lag.heartbeat-table": Sample(#""percona.heartbeat""#),
        "lag.heartbeat-clock": Sample(#""utc""#, companion: #"heartbeat-table = "percona.heartbeat""#),
        "lag.query": Sample(#""SELECT lag FROM meta.lag""#),
        "lag.warning": Sample(#""3s""#),
        "lag.critical": Sample(#""5m""#),
        "operations.read-only": Sample("true"),
        "operations.read-only-clusters": Sample(#"["shop", "^legacy-"]"#),
        "operations.statement-limit": Sample(#""15s""#),
        "operations.catch-up-limit": Sample(#""2m""#),
        "operations.longest-delay": Sample(#""1m""#),
        "operations.replication-password-variable": Sample(#""REPL_PASSWORD""#),
        "rules.lag": Sample(#""45s""#),
        "rules.fan-out": Sample("7"),
        "rules.refuse-filters": Sample("false"),
        "recovery.grace": Sample(#""3s""#),
        "hooks.on-detection": Sample(#"["echo {failureType} &"]"#),
        "hooks.pre-failover": Sample(#"["true", "logger {failedHost}"]"#),
        "hooks.fence": Sample(#"["/usr/local/sbin/fence {failedHost}"]"#),
        "hooks.post-primary-failover": Sample(#"["one"]"#),
        "hooks.post-intermediate-failover": Sample(#"["two"]"#),
        "hooks.post-failover": Sample(#"["three"]"#),
        "hooks.post-unsuccessful": Sample(#"["four"]"#),
        "hooks.pre-switchover": Sample(#"["five"]"#),
        "hooks.post-switchover": Sample(#"["six"]"#),
        "hooks.limit": Sample(#""45s""#),
        "store.path": Sample(#""/var/lib/baton/baton.db""#),
        "store.history-age": Sample(#""12d""#),
        "store.history-size": Sample(#""1048577""#),
        "store.sample-interval": Sample(#""1m""#),
        "console.theme": Sample(#""night""#),
        "console.keymap": Sample(#""mine""#),
        "console.mouse": Sample("true"),
    ]

    /// A file in which every key has its sample, besides the heartbeat table over which the lag's query wins.
    static var file: String {
        var sections: [String: [String]] = [:]
        for (path, sample) in all where !path.hasPrefix("lag.heartbeat") {
            let parts = path.split(separator: ".").map(String.init)
            sections[parts.count == 1 ? "" : parts[0], default: []].append(
                "\(parts[parts.count - 1]) = \(sample.value)")
        }
        return sections.sorted { $0.key < $1.key }
            .map { section, lines in (section.isEmpty ? [] : ["[\(section)]"]) + lines.sorted() }
            .map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }
}
