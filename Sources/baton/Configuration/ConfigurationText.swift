import Discovery
import Recovery
import Servers

/// The configuration, written out.
enum ConfigurationText {
    /// A configuration file that says what `configuration` holds.
    static func toml(_ configuration: Configuration) -> String {
        var text = ""
        for (section, keys) in ConfigurationKey.sections {
            let lines = keys.map { key in
                key.show(configuration).map { "\(key.name) = \($0.toml)" } ?? "# \(key.name) ="
            }
            text += (section.isEmpty ? "" : "\n[\(section)]\n") + lines.joined(separator: "\n") + "\n"
        }
        for rule in configuration.accessRules {
            text += "\n[[access]]\npattern = \(TOMLText.quoted(rule.pattern.text))\n"
            for (own, general) in zip(rule.access.values, configuration.access.values) where own != general {
                if let value = own.value { text += "\(own.key) = \(TOMLText.quoted(value))\n" }
            }
        }
        for cluster in configuration.clusters {
            text += "\n[[clusters]]\nname = \(TOMLText.quoted(cluster.name))\n"
            text += "pattern = \(TOMLText.quoted(cluster.pattern.text))\n"
            if !cluster.recovered.isEmpty {
                text += "recover = \(ConfigurationValue.list(cluster.recovered.map(\.rawValue)).toml)\n"
            }
            if cluster.acceptsSplitBrain { text += "accept-split-brain = true\n" }
            if cluster.needsNoMajority { text += "without-majority = true\n" }
            for (own, general) in zip(cluster.policy.values, configuration.recovery.policy.values) where own != general
            {
                if let value = own.value { text += "\(own.key) = \(value.toml)\n" }
            }
        }
        return text
    }

    /// The reference of all keys in Markdown.
    static func reference() -> String {
        let defaults = Configuration()
        var text = introduction
        for (section, keys) in ConfigurationKey.sections {
            text += "\n## " + (section.isEmpty ? "Top level" : "`[\(section)]`") + "\n\n"
            text += "| key | value | default | meaning |\n|---|---|---|---|\n"
            for key in keys {
                let value = key.show(defaults).map { "`\($0.toml)`" } ?? "-"
                text += "| `\(key.name)` | \(key.kind) | \(value) | \(key.meaning) |\n"
            }
        }
        return text + tables
    }

    private static let introduction = """
        # Configuration

        baton needs no configuration file. Where there is one, it is TOML, at `$XDG_CONFIG_HOME/baton/baton.toml` (usually
        `~/.config/baton/baton.toml`), or for all users at `/etc/baton/baton.toml`; `--config FILE` names another. What a command
        line says wins over the file. A file with an unknown key, a wrong type or a value out of range is refused as a whole, with
        the line, the key and the reason of every problem, and exit code 78; `baton config check` does just that.

        Lengths of time are written `"500ms"`, `"10s"`, `"1h30m"`, `"7d"`, or as a number of seconds. Sizes are written `"64MiB"`.
        This page is printed by `baton config keys`.

        Passwords never stand in this file. They come from MySQL option files (`~/.my.cnf` and those named below), from an
        environment variable, or from a prompt (`--password`).

        """

    private static let tables = """

        ## `[[access]]`

        Different access for some servers, by the first entry whose `pattern`, a regular expression, is found in `host:port`. The keys
        besides `pattern` are those of `[connection]`: `defaults-file`, `defaults-extra-file`, `defaults-group-suffix`, `user`,
        `password-variable`, `ssl-mode`, `ssl-ca`, `ssl-cert`, `ssl-key`. What an entry leaves out is as `[connection]` says.

        ```toml
        [[access]]
        pattern = '^shop-db\\d+\\.'
        defaults-file = "/etc/baton/shop.cnf"
        ```

        ## `[[clusters]]`

        A name for the cluster of which a member's `host:port` matches `pattern`, and what `baton watch --recover` may do there by
        itself (docs/automatic-recovery.md):

        | key | value | default | meaning |
        |---|---|---|---|
        | `recover` | list of `"primary"`, `"intermediate-source"`, `"returned-primary"`, `"semi-sync"`, `"writable"` | `[]` | What is done by itself: failures of primaries and co-primaries are recovered, those of intermediate sources; nobody can write any more on an old primary that comes back after a recovery; as many replicas acknowledge as a primary waits for; a primary on which nobody can write is made writable. |
        | `accept-split-brain` | `true`, `false` | `false` | Promote also where the old primary may live unseen and take writes: neither a hook fences it nor semi-sync keeps it from acknowledging. |
        | `without-majority` | `true`, `false` | `false` | Recover also where locks can be had on half of the cluster's servers or less. |
        | `data-center`, `region`, `longest-lag`, `wait-for-delayed`, `unapplied`, `lost-replicas`, `swap-in-preferred` | as in `[recovery]` | as in `[recovery]` | The same for this cluster alone, whoever asks for the recovery. |

        ```toml
        [[clusters]]
        name = "shop"
        pattern = '^shop-db\\d+\\.'
        recover = ["primary", "intermediate-source"]
        ```

        """
}
