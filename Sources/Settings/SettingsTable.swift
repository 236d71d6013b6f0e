import Synchronization

/// Collects what is wrong while the tables of one file are read, and which keys were asked for.
final class SettingsLog: Sendable {
    struct State {
        var problems: [SettingsProblem] = []
        /// Keys asked for, by the path of their table.
        var known: [[String]: Set<String>] = [:]
        /// Tables that were opened, so that their unknown keys can be told.
        var opened: [[String]: Set<String>] = [:]
    }

    let file: String
    let places: [[String]: PlaceScanner.Place]
    let state = Mutex(State())

    init(file: String, places: [[String]: PlaceScanner.Place]) {
        self.file = file
        self.places = places
    }

    /// The problem at the nearest place that is known for `path`: its own, or that of the table around it.
    func problem(at path: [String], _ reason: String) -> SettingsProblem {
        var probe = path[...]
        while !probe.isEmpty, places[Array(probe)] == nil { probe = probe.dropLast() }
        let place = places[Array(probe)]
        return SettingsProblem(
            file: file, line: place?.line, column: place?.column, key: SettingsLog.dotted(path), reason: reason)
    }

    func add(_ problem: SettingsProblem) {
        state.withLock { $0.problems.append(problem) }
    }

    static func dotted(_ path: [String]) -> String {
        path.map { name in
            let plain = name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
            }
            return plain && !name.isEmpty ? name : "\"\(name)\""
        }.joined(separator: ".")
    }
}

/// A table of a settings file, asked key by key.
///
/// Each accessor returns nil when the key is absent *or* wrong; what is wrong is remembered with its place.
/// ``finish()`` then
/// throws everything at once, unknown keys included, so that a user mends a file in one go:
///
///     let file = try SettingsFile(path: path)
///     let interval = file.root.duration("poll_interval", in: .milliseconds(100) ... .seconds(3600)) ?? .seconds(1)
///     try file.root.finish()
public struct SettingsTable: Sendable {
    /// The names on the way from the root to this table.
    public let path: [String]
    let values: [String: SettingsValue]
    let log: SettingsLog

    init(path: [String], values: [String: SettingsValue], log: SettingsLog) {
        self.path = path
        self.values = values
        self.log = log
        log.state.withLock { $0.opened[path] = Set(values.keys) }
    }

    /// The keys that are present, in alphabetical order.
    public var keys: [String] { values.keys.sorted() }

    /// Whether `key` is present, right or wrong. Counts as asking for it.
    public func contains(_ key: String) -> Bool { value(key) != nil }

    /// The raw value of `key`. Counts as asking for it.
    public func value(_ key: String) -> SettingsValue? {
        _ = log.state.withLock { $0.known[path, default: []].insert(key) }
        return values[key]
    }

    /// Remembers a problem at `key`, found by the caller's own checks.
    public func refuse(_ key: String, _ reason: String) {
        log.add(log.problem(at: path + [key], reason))
    }

    /// Remembers a problem at a key further in, such as one that is missing there.
    public func refuse(path inner: [String], _ reason: String) {
        log.add(log.problem(at: path + inner, reason))
    }

    /// Remembers a problem at element `index` of the list at `key`.
    public func refuse(_ key: String, element index: Int, _ reason: String) {
        var problem = log.problem(at: path + [key, String(index)], reason)
        problem.key = SettingsLog.dotted(path + [key])
        log.add(problem)
    }

    /// The place of `key`, for messages that point at two places.
    public func line(of key: String) -> Int? { log.places[path + [key]]?.line }

    /// Throws all problems of the whole file, among them every key that nobody asked for in a table that was opened.
    ///
    /// - Throws: ``SettingsError``.
    public func finish() throws(SettingsError) {
        let problems = problems()
        if !problems.isEmpty { throw SettingsError(problems) }
    }

    /// What ``finish()`` would throw.
    public func problems() -> [SettingsProblem] {
        let (problems, known, opened) = log.state.withLock { ($0.problems, $0.known, $0.opened) }
        var all = problems
        for (table, keys) in opened {
            let asked = known[table] ?? []
            for key in keys.subtracting(asked).sorted() {
                let hint = Suggestion.hint(for: key, among: asked.sorted())
                all.append(log.problem(at: table + [key], "unknown key\(hint)"))
            }
        }
        return SettingsError(all).problems
    }
}
