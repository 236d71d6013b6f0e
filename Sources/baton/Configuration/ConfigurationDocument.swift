import Discovery
import Recovery
import Settings
import Storage

/// The stable JSON of the configuration (`docs/cli.md`). It holds no secret, because the configuration has none: only
/// where one is to be found.
enum ConfigurationDocument {
    /// The file, and every value in force in the tables of the file.
    static func shown(_ configuration: Configuration) -> JSON {
        var members: [JSON.Member] = []
        for (section, keys) in ConfigurationKey.sections {
            let values = keys.map { JSON.Member($0.name, $0.show(configuration)?.json ?? .null) }
            members += section.isEmpty ? values : [JSON.Member(section, .object(values))]
        }
        members.append(JSON.Member("access", .array(configuration.accessRules.map(rule))))
        members.append(JSON.Member("clusters", .array(configuration.clusters.map(cluster))))
        return ["file": text(configuration.file), "values": .object(members)]
    }

    private static func cluster(_ cluster: Configuration.ClusterChoice) -> JSON {
        [
            "name": .string(cluster.name), "pattern": .string(cluster.pattern.text),
            "recover": .array(cluster.recovered.map { .string($0.rawValue) }),
            "accept-split-brain": .bool(cluster.acceptsSplitBrain),
            "without-majority": .bool(cluster.needsNoMajority),
        ]
    }

    /// What came of reading a file: `nil` where there is none, and what is wrong with it.
    static func checked(_ file: String?, _ problems: [SettingsProblem]) -> JSON {
        [
            "file": text(file),
            "problems": .array(
                problems.map { problem in
                    [
                        "line": problem.line.map { .number($0) } ?? .null,
                        "column": problem.column.map { .number($0) } ?? .null,
                        "key": problem.key.isEmpty ? .null : .string(problem.key),
                        "reason": .string(problem.reason),
                    ]
                }),
        ]
    }

    /// The places of the file, in the order in which they are looked at.
    static func places(_ places: [String], read found: String?) -> JSON {
        .array(places.map { ["path": .string($0), "read": .bool($0 == found)] })
    }

    /// Every key with its meaning.
    static func keys() -> JSON {
        let defaults = Configuration()
        return .array(
            ConfigurationKey.all.map { key in
                [
                    "table": key.section.isEmpty ? .null : .string(key.section),
                    "key": .string(key.name),
                    "value": .string(key.kind),
                    "default": key.show(defaults)?.json ?? .null,
                    "meaning": .string(key.meaning),
                ]
            })
    }

    private static func rule(_ rule: Configuration.AccessRule) -> JSON {
        .object(
            [JSON.Member("pattern", .string(rule.pattern.text))]
                + rule.access.values.map {
                    JSON.Member($0.key, text($0.value))
                })
    }

    private static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
