import Discovery
import Engine
import Recovery
import Servers
import Settings
import Topology

extension ConfigurationKey {
    /// A key whose value is a whole number within `range`.
    static func number(
        _ section: String, _ name: String, in range: ClosedRange<Int>,
        _ property: any WritableKeyPath<Configuration, Int> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: "number", meaning: meaning) { table, configuration in
            if let value = table.int(name, in: range) { configuration[keyPath: property] = value }
        } show: { configuration in
            .number(configuration[keyPath: property])
        }
    }

    /// A key whose value is `true` or `false`.
    static func flag(
        _ section: String, _ name: String,
        _ property: any WritableKeyPath<Configuration, Bool> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: "`true`, `false`", meaning: meaning) {
            table, configuration in
            if let value = table.bool(name) { configuration[keyPath: property] = value }
        } show: { configuration in
            .flag(configuration[keyPath: property])
        }
    }

    /// A key whose value is a size such as `256MiB`.
    static func size(
        _ section: String, _ name: String,
        _ property: any WritableKeyPath<Configuration, Int> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: "size", meaning: meaning) { table, configuration in
            guard let text = table.nonEmptyString(name) else { return }
            guard let bytes = SizeText.parse(text) else {
                table.refuse(name, "must be a size such as \"64MiB\" or \"2GiB\"")
                return
            }
            configuration[keyPath: property] = bytes
        } show: { configuration in
            .size(configuration[keyPath: property])
        }
    }

    /// The name of a theme or keymap.
    static func name(
        _ name: String, _ property: any WritableKeyPath<Configuration, String> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: "console", name: name, kind: "name", meaning: meaning) { table, configuration in
            if let value = table.nonEmptyString(name) { configuration[keyPath: property] = value }
        } show: { configuration in
            .text(configuration[keyPath: property])
        }
    }

    /// A list of address filters of discovery.
    static func filters(
        _ name: String, _ property: any WritableKeyPath<Configuration, [AddressFilter]> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        .list(
            "discovery", name, kind: "list of filters", property,
            parse: { try AddressFilter($0) }, print: \.text, meaning)
    }

    /// A regular expression whose first capture group is taken.
    static func pattern(
        _ name: String, _ property: any WritableKeyPath<Configuration, AddressPattern?> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        .parsed(
            "attributes", name, kind: "regular expression", property,
            parse: { try AddressPattern($0) }, print: \.text, meaning)
    }

    /// A statement that answers one value.
    static func query(
        _ name: String, _ property: any WritableKeyPath<Configuration, CustomQuery?> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        .parsed(
            "attributes", name, kind: "SQL", property, parse: { try CustomQuery($0) }, print: \.sql, meaning)
    }

    static let tlsMode = ConfigurationKey(
        section: "connection", name: "ssl-mode",
        kind: TLSSettings.Mode.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
        meaning:
            "Whether connections are encrypted and what is verified, as the mysql client's `--ssl-mode`; "
            + "without it what option files say, or else `PREFERRED`."
    ) { table, configuration in
        if let mode = table.enumeration("ssl-mode", TLSSettings.Mode.self) { configuration.access.tlsMode = mode }
    } show: { configuration in
        configuration.access.tlsMode.map { .text($0.rawValue) }
    }

    static let longestLag = ConfigurationKey(
        section: "recovery", name: "longest-lag", kind: "duration",
        meaning:
            "From this lag beyond its configured delay on nobody is promoted without a confirmation, nor by itself."
    ) { table, configuration in
        if let value = table.longestLag() { configuration.recovery.policy.candidates.lagLimit = value }
    } show: { configuration in
        configuration.recovery.policy.candidates.lagLimit.map { .duration($0) }
    }

    static let writeTable = ConfigurationKey(
        section: "discovery", name: "write-table", kind: "`schema.table`",
        meaning:
            "Test once a second that each primary can write, by replacing a row in this table; see \"Test writes\"."
    ) { table, configuration in
        guard let text = table.nonEmptyString("write-table") else { return }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            table.refuse("write-table", "must be written as \"schema.table\"")
            return
        }
        configuration.probe.writeProbe = WriteProbe(schema: parts[0], table: parts[1])
    } show: { configuration in
        configuration.probe.writeProbe.map { .text($0.name) }
    }

    static let heartbeatTable = ConfigurationKey(
        section: "lag", name: "heartbeat-table", kind: "`schema.table`",
        meaning: "Take the lag from this table, laid out as pt-heartbeat's, instead of `Seconds_Behind_Source`."
    ) { table, configuration in
        guard let text = table.nonEmptyString("heartbeat-table") else { return }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            table.refuse("heartbeat-table", "must be written as \"schema.table\"")
            return
        }
        configuration.probe.lagSource = .heartbeatTable(HeartbeatTable(schema: parts[0], table: parts[1]))
    } show: { configuration in
        guard case .heartbeatTable(let table) = configuration.probe.lagSource else { return nil }
        return .text(table.name)
    }

    /// Read after ``heartbeatTable``, whose value it completes.
    static let heartbeatClock = ConfigurationKey(
        section: "lag", name: "heartbeat-clock",
        kind: HeartbeatTable.Clock.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
        meaning: "In which time zone the heartbeat is written: `utc` for pt-heartbeat with `--utc`."
    ) { table, configuration in
        guard let clock = table.enumeration("heartbeat-clock", HeartbeatTable.Clock.self) else { return }
        guard case .heartbeatTable(var heartbeat) = configuration.probe.lagSource else {
            table.refuse("heartbeat-clock", "has no meaning without heartbeat-table")
            return
        }
        heartbeat.clock = clock
        configuration.probe.lagSource = .heartbeatTable(heartbeat)
    } show: { configuration in
        guard case .heartbeatTable(let table) = configuration.probe.lagSource else { return nil }
        return .text(table.clock.rawValue)
    }

    /// Read after ``heartbeatTable``, over which it wins.
    static let lagQuery = ConfigurationKey(
        section: "lag", name: "query", kind: "SQL",
        meaning: "Take the lag from this query, one value in seconds; wins over the heartbeat table."
    ) { table, configuration in
        guard let text = table.nonEmptyString("query") else { return }
        do {
            configuration.probe.lagSource = .query(try CustomQuery(text))
        } catch {
            table.refuse("query", "\(error)")
        }
    } show: { configuration in
        guard case .query(let query) = configuration.probe.lagSource else { return nil }
        return .text(query.sql)
    }
}

/// Sizes as people write them: `64KiB`, `256MiB`, `2GiB`, or a number of bytes.
enum SizeText {
    private static let units: [(name: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    /// The size in bytes, `nil` when the text is not one.
    static func parse(_ text: String) -> Int? {
        for unit in units where text.hasSuffix(unit.name) {
            guard let number = Int(text.dropLast(unit.name.count)), number > 0 else { return nil }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
            return overflow ? nil : bytes
        }
        return Int(text).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The size in the largest unit that divides it.
    static func print(_ bytes: Int) -> String {
        for unit in units where bytes % unit.bytes == 0 { return "\(bytes / unit.bytes)\(unit.name)" }
        return String(bytes)
    }
}
