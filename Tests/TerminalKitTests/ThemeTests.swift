import Foundation
import Settings
import TestSupport
import Testing

@testable import TerminalKit

@Suite("Themes")
struct ThemeTests {
    private static let scopes = Set(ThemeScope.all.map(\.rawValue))

    private func theme(_ text: String) throws -> Theme {
        let file = try SettingsFile(text: text, path: "t.toml")
        return try ThemeFile.theme(from: file, name: "t") { _ throws(SettingsError) in ThemeLibrary.builtIn }
    }

    private func complaints(_ text: String) -> [String] {
        do {
            _ = try theme(text)
            return []
        } catch {
            return (error as? SettingsError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    @Test("the shipped default gives every scope a look of its own or of one around it")
    func complete() {
        for scope in ThemeScope.all { #expect(ThemeLibrary.builtIn.knows(scope), "\(scope.rawValue)") }
        #expect(Self.scopes.count == ThemeScope.all.count)
    }

    @Test("the shipped default keeps to the sixteen colours of the terminal")
    func sixteen() {
        for scope in ThemeScope.all {
            let style = ThemeLibrary.builtIn.style(scope, depth: .direct)
            for color in [style.foreground, style.background] {
                switch color {
                case nil, .terminal, .named: break
                case .indexed, .rgb: Issue.record("\(scope.rawValue) has a colour beyond the sixteen")
                }
            }
        }
    }

    @Test("without colour, what must be seen still differs from plain text")
    func monochrome() {
        let palette = ThemeLibrary.builtIn.palette(depth: .none, unicode: true)
        for scope in [
            ThemeScope.cursor, .title, .titleMode, .stateBroken, .stateWarning, .lagCritical, .problemCritical,
            .hintKey,
        ] {
            #expect(!palette[scope].attributes.isEmpty, "\(scope.rawValue)")
        }
        for scope in ThemeScope.all {
            #expect([nil, .terminal].contains(palette[scope].foreground))
            #expect([nil, .terminal].contains(palette[scope].background))
        }
    }

    @Test("an unknown part of a name falls back to the name around it")
    func fallback() throws {
        let theme = try theme("[styles]\n\"tree\" = \"blue\"\n\"tree.node\" = \"red\"\n")
        #expect(theme.style(.treeNodePrimary, depth: .sixteen).foreground == .named(.red))
        #expect(theme.style(.treeBranch, depth: .sixteen).foreground == .named(.blue))
        #expect(theme.style(.lagOk, depth: .sixteen) == .plain)
        #expect(theme.style(ThemeScope(rawValue: "tree.node.later"), depth: .sixteen).foreground == .named(.red))
    }

    @Test("palette names, inheritance and tables for fewer colours work together")
    func layers() throws {
        let theme = try theme(
            """
            inherits = "default"
            appearance = "dark"
            [palette]
            alarm = "#ff5f5f"
            [glyphs]
            set = "ascii"
            [styles]
            "state.broken" = { fg = "alarm", attrs = ["bold", "underline"] }
            [styles.16]
            "state.broken" = "bright-red"
            [styles.none]
            "state.broken" = { attrs = ["reverse"] }
            """)
        let direct = theme.style(.stateBroken, depth: .direct)
        #expect(direct.foreground == .rgb(red: 255, green: 95, blue: 95))
        #expect(direct.attributes == [.bold, .underline])
        #expect(theme.style(.stateBroken, depth: .indexed).foreground == .indexed(203))
        #expect(theme.style(.stateBroken, depth: .eight) == Style(foreground: .named(.red), attributes: .bold))
        #expect(theme.style(.stateBroken, depth: .none).attributes == .reverse)
        #expect(theme.style(.stateOk, depth: .sixteen).foreground == .named(.green))
        #expect(theme.palette(depth: .direct, unicode: true).glyphs.set == .ascii)
    }

    @Test("every mistake is told with its line, its key and what would be right")
    func mistakes() {
        let found = complaints(
            """
            nmae = "x"
            appearance = "drak"
            [palette]
            a = "#12"
            [styles]
            "state.brokne" = "red"
            "lag.ok" = "gren"
            "text" = { fgg = "red", attrs = ["blod"] }
            "cursor" = { bg = 300 }
            [glyphs]
            set = "emoji"
            """)
        let words = [
            "t.toml:1:1: nmae: unknown key (did you mean \"name\"?)",
            "t.toml:2:1: appearance: \"drak\" is not one of \"dark\", \"light\", \"any\" (did you mean \"dark\"?)",
            "t.toml:4:1: palette.a: \"#12\" is not a colour",
            "t.toml:6:1: styles.\"state.brokne\": no part of the screen has this name (did you mean \"state.broken\"?)",
            "t.toml:7:1: styles.\"lag.ok\": \"gren\" is not a colour",
            "t.toml:8:12: styles.text.fgg: unknown key (did you mean \"fg\"?)",
            "t.toml:8:34: styles.text.attrs: \"blod\" is not one of bold, dim, underline, reverse (did you mean \"bold\"?)",
            "t.toml:9:14: styles.cursor.bg: 300 is not the number of a colour",
            "t.toml:11:1: glyphs.set: \"emoji\" is not one of \"unicode\", \"ascii\"",
        ]
        #expect(found.count == words.count)
        for (problem, start) in zip(found, words) { #expect(problem.hasPrefix(start), "\(problem)") }
    }

    @Test("a bad file of the user's is refused and the default is used; themes that inherit in a ring are told")
    func library() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        let folder = base.appendingPathComponent("themes")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try text.write(to: folder.appendingPathComponent(name + ".toml"), atomically: true, encoding: .utf8)
        }
        try write("bad", "[styles]\n\"text\" = \"nocolour\"\n")
        try write("a", "inherits = \"b\"\n")
        try write("b", "inherits = \"a\"\n")
        try write("default", "inherits = \"default\"\n[styles]\n\"text\" = \"cyan\"\n")
        let library = ThemeLibrary(SharedFolders([base.path]))

        let bad = library.load("bad")
        #expect(bad.theme == ThemeLibrary.builtIn)
        #expect(bad.problems.first?.line == 2)
        #expect(bad.problems.first?.file == folder.path + "/bad.toml")
        #expect(library.load("a").problems.first?.reason.contains("inherits from itself") == true)
        #expect(library.load("bda").problems.first?.reason.contains("did you mean \"bad\"?") == true)
        let own = library.load("default")
        #expect(own.problems.isEmpty)
        #expect(own.theme.style(.text, depth: .sixteen).foreground == .named(.cyan))
        #expect(own.theme.style(.stateOk, depth: .sixteen).foreground == .named(.green))
        #expect(library.load(folder.path + "/default.toml").problems.isEmpty)
    }

    @Test("whatever a theme file holds, it is read or refused", arguments: 0..<20)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        let lines = [
            "[styles]\n", "[styles.16]\n", "[styles.none]\n", "[palette]\n", "[glyphs]\n", "\"text\" = \"red\"\n",
            "\"tree.node\" = { fg = 1 }\n",
            "set = \"ascii\"\n", "\"cursor\" = { attrs = \"bold\" }\n", "16 = 3\n", "x = []\n", "name = 1\n",
            "\"title\" = [1]\n",
        ]
        for _ in 0..<40 { _ = complaints((0..<random.number(8)).map { _ in random.pick(lines) }.joined()) }
    }

    @Test("the compiled-in copies are those of the package's folders", arguments: ["themes", "keymaps"])
    func embedded(kind: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("\(kind)/default.toml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let copy = kind == "themes" ? ShippedFiles.defaultTheme : ShippedFiles.defaultKeymap
        #expect(copy == text, "run scripts/embed-defaults")
    }
}
