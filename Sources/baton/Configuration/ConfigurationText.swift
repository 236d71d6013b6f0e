import Discovery
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
        for rule in configuration.discovery.attributes.clusterAliases {
            text += "\n[[clusters]]\nname = \(TOMLText.quoted(rule.alias))\n"
            text += "pattern = \(TOMLText.quoted(rule.pattern.text))\n"
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

        A name for the cluster of which a member's `host:port` matches `pattern`.

        ```toml
        [[clusters]]
        name = "shop"
        pattern = '^shop-db\\d+\\.'
        ```

        """
}
