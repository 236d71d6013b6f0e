import Testing

@testable import Settings

@Suite("Settings files")
struct SettingsTableTests {
    enum Mode: String, CaseIterable { case fast, slow }

    private func file(_ text: String) throws -> SettingsFile {
        try SettingsFile(text: text, path: "test.toml")
    }

    /// What is wrong with a text after `read` has asked it for keys.
    private func complaints(_ text: String, _ read: (SettingsTable) -> Void) throws -> [String] {
        let file = try file(text)
        read(file.root)
        return file.root.problems().map(\.description)
    }

    @Test("values of every kind are read")
    func values() throws {
        let root = try file(
            """
            name = "a"
            on = true
            count = 7
            share = 0.5
            mode = "slow"
            wait = "1h30m"
            seconds = 2.5
            list = ["x", "y"]
            one = "z"
            [inner]
            key = 1
            [[rows]]
            n = 1
            [[rows]]
            n = 2
            """
        ).root
        #expect(root.string("name") == "a")
        #expect(root.bool("on") == true)
        #expect(root.int("count", in: 1...10) == 7)
        #expect(root.double("share", in: 0...1) == 0.5)
        #expect(root.enumeration("mode", Mode.self) == .slow)
        #expect(root.duration("wait") == .seconds(5400))
        #expect(root.duration("seconds") == .milliseconds(2500))
        #expect(root.stringList("list") == ["x", "y"])
        #expect(root.stringList("one") == ["z"])
        #expect(root.table("inner")?.int("key") == 1)
        #expect(root.tables("rows")?.map { $0.int("n") } == [1, 2])
        #expect(root.string("absent") == nil)
        try root.finish()
    }

    @Test("an unknown key is refused with its line and the nearest known one")
    func unknownKey() throws {
        let found = try complaints("# first\npoll_intervall = \"1s\"\n[tls]\n  modee = 1\n") { root in
            _ = root.duration("poll_interval")
            _ = root.table("tls")?.string("mode")
        }
        #expect(
            found == [
                "test.toml:2:1: poll_intervall: unknown key (did you mean \"poll_interval\"?)",
                "test.toml:4:3: tls.modee: unknown key (did you mean \"mode\"?)",
            ])
    }

    @Test("every problem is told at once, in the order of the lines")
    func allProblems() throws {
        let text = """
            count = 99
            on = "yes"
            wait = "soon"
            mode = "fsat"
            list = ["a", 3]
            inner = 4
            short = "1ms"
            """
        let found = try complaints(text) { root in
            _ = root.table("inner")
            _ = root.stringList("list")
            _ = root.enumeration("mode", Mode.self)
            _ = root.duration("wait")
            _ = root.duration("short", in: .milliseconds(100) ... .seconds(10))
            _ = root.bool("on")
            _ = root.int("count", in: 1...10)
        }
        #expect(
            found == [
                "test.toml:1:1: count: 99 is above the most allowed, 10",
                "test.toml:2:1: on: must be true or false, not a string",
                "test.toml:3:1: wait: must be a length of time such as \"10s\", \"500ms\" or \"1h30m\", or a number of seconds",
                "test.toml:4:1: mode: \"fsat\" is not one of \"fast\", \"slow\" (did you mean \"fast\"?)",
                "test.toml:5:14: list: must be a list of strings, but element 2 is a whole number",
                "test.toml:6:1: inner: must be a table, not a whole number",
                "test.toml:7:1: short: 1ms is below the least allowed, 100ms",
            ])
    }

    @Test("text that is not TOML is refused with line and column")
    func syntax() throws {
        let error = #expect(throws: SettingsError.self) { try file("a = 1\nb = = 2\n") }
        let problem = try #require(error?.problems.first)
        #expect(problem.line == 2)
        #expect(problem.column == 5)
        #expect(problem.description.hasPrefix("test.toml:2:5: "))
    }

    @Test(
        "a table header without a proper name is refused, where the library would end the process",
        arguments: ["[*]", "[é]", "[ = ]", "[[.]]", "[[[a]]]", "[\n]", "[# x"])
    func headers(header: String) {
        let error = #expect(throws: SettingsError.self) { try file("a = 1\n\(header)\n") }
        #expect(error?.problems.first?.line == 2)
    }

    @Test("a key twice is refused")
    func duplicate() {
        let error = #expect(throws: SettingsError.self) { try file("a = 1\na = 2\n") }
        #expect(error?.problems.first?.line == 2)
    }

    @Test("a missing file is refused in the system's words")
    func missing() {
        let error = #expect(throws: SettingsError.self) { try SettingsFile(path: "/nonexistent/x.toml") }
        #expect(error?.description == "/nonexistent/x.toml: cannot be read: No such file or directory")
    }

    @Test("a folder in place of a file is refused")
    func folder() {
        let error = #expect(throws: SettingsError.self) { try SettingsFile(path: "/tmp") }
        #expect(error?.description.contains("cannot be read") == true)
    }

    @Test(
        "lengths of time are read and printed",
        arguments: [
            ("10s", 10_000, "10s"), ("500ms", 500, "500ms"), ("1h30m", 5_400_000, "1h30m"), ("7d", 604_800_000, "7d"),
            ("90", 90_000, "1m30s"), ("1.5s", 1500, "1s500ms"), ("0s", 0, "0s"),
        ])
    func durations(text: String, milliseconds: Int, printed: String) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
        #expect(DurationText.print(.milliseconds(milliseconds)) == printed)
    }

    @Test(
        "what is not a length of time is refused",
        arguments: ["", "s", "-1s", "1 s", "1x", "5s3", ".5s", "1e3", "∞", "1h-2m"])
    func notDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("near words are suggested, far ones are not")
    func suggestions() {
        #expect(Suggestion.nearest(to: "teh", among: ["the", "other"]) == "the")
        #expect(Suggestion.nearest(to: "quti", among: ["quit", "quiet"]) == "quit")
        #expect(Suggestion.nearest(to: "zzzzzz", among: ["quit"]) == nil)
        #expect(Suggestion.nearest(to: "ab", among: ["xy"]) == nil)
    }

    @Test(
        "names are suggested that share whole words with what was written",
        arguments: [
            ("interval", ["poll-interval"]), ("interval-poll", ["poll-interval"]),
            ("polling-interval", ["poll-interval"]), ("longest-wait", []),
            ("timeout", ["connect-timeout", "probe-timeout"]),
            ("ssl", []), ("ca", ["ssl-ca"]), ("user-name", ["user"]), ("the-name-of-a-user", []),
            ("defaults", ["defaults-file"]), ("extra_file", ["defaults-extra-file"]), ("certificate", []),
            ("intervals", ["poll-interval"]), ("x", []), ("-", []), ("", []), ("password", []),
        ])
    func wordSuggestions(_ word: String, _ expected: [String]) {
        let keys = [
            "defaults-file", "defaults-extra-file", "user", "ssl-mode", "ssl-ca", "ssl-cert", "ssl-key",
            "connect-timeout", "probe-timeout", "poll-interval", "longest-backoff",
        ]
        let named = expected.map { "\"\($0)\"" }.joined(separator: " or ")
        let hint = named.isEmpty ? "" : " (did you mean \(named)?)"
        #expect(Suggestion.hint(for: word, among: keys) == hint)
    }

    @Test("words are found in names of every spelling")
    func spellings() {
        #expect(Suggestion.related(to: "error", among: ["applierError", "at"]) == ["applierError"])
        #expect(Suggestion.related(to: "relayLog", among: ["log-relay", "relay"]) == ["log-relay"])
    }
}
