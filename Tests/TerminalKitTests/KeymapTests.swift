import Settings
import Testing

@testable import TerminalKit

@Suite("Keymaps")
struct KeymapTests {
    private let tree: [KeyContext] = [.tree, .list, .global]

    private func keymap(_ text: String) throws -> Keymap {
        let file = try SettingsFile(text: text, path: "k.toml")
        return try KeymapFile.keymap(from: file, name: "k", catalog: .console) { _ throws(SettingsError) in
            KeymapLibrary.builtIn
        }
    }

    private func complaints(_ text: String) -> [String] {
        do {
            _ = try keymap(text)
            return []
        } catch {
            return (error as? SettingsError)?.problems.map(\.description) ?? ["\(error)"]
        }
    }

    private func keys(_ text: String) throws -> [Key] { try KeySequence(text).keys }

    @Test("the shipped default binds every action of the catalog in its context")
    func complete() {
        for definition in ActionCatalog.console.definitions {
            let live = KeymapLibrary.builtIn.sequences(for: definition.action, in: [definition.context])
            #expect(!live.isEmpty, "\(definition.context.rawValue).\(definition.action.rawValue)")
        }
    }

    @Test("the nearest context decides, the others answer for what it does not know")
    func contexts() throws {
        let map = KeymapLibrary.builtIn
        #expect(map.meaning(of: try keys("n"), in: tree) == .action(.nextProblem, .tree))
        #expect(map.meaning(of: try keys("n"), in: [.dialog]) == .action(.no, .dialog))
        #expect(map.meaning(of: try keys("j"), in: tree) == .action(.down, .list))
        #expect(map.meaning(of: try keys("ctrl+c"), in: tree) == .action(.quit, .global))
        #expect(map.meaning(of: try keys("ctrl+c"), in: [.input]) == .action(.cancel, .input))
        #expect(map.meaning(of: try keys("q"), in: [.input]) == .unbound)
    }

    @Test("sequences are put together key by key; Esc and strangers throw them away")
    func sequences() throws {
        var reader = KeySequenceReader()
        func press(_ key: Key) -> Keymap.Meaning {
            reader.read(key, keymap: KeymapLibrary.builtIn, contexts: tree)
        }
        let first = press(.character("g"))
        #expect(first == .prefix([.init(rest: try KeySequence("g"), action: .top, context: .list)]))
        #expect(reader.pending == [.character("g")])
        let second = press(.character("g"))
        #expect(second == .action(.top, .list))
        #expect(reader.pending.isEmpty)
        _ = press(.character("g"))
        let escape = [press(.named(.escape)), press(.named(.escape))]
        #expect(escape == [.unbound, .action(.back, .global)])
        _ = press(.character("g"))
        let stranger = press(.character("x"))
        #expect(stranger == .unbound)
        #expect(reader.pending.isEmpty)
    }

    @Test("a keymap that inherits replaces the keys of the actions it names and keeps the rest")
    func inheritance() throws {
        let map = try keymap(
            "inherits = \"default\"\n[tree]\nparent = \"U\"\nfold = \"none\"\n[global]\npause = \"f2\"\n")
        #expect(map.sequences(for: .parent, in: tree).map(\.description) == ["U"])
        #expect(map.sequences(for: .fold, in: tree).isEmpty)
        #expect(map.meaning(of: try keys("left"), in: tree) == .unbound)
        #expect(map.sequences(for: .unfold, in: tree).map(\.description) == ["right", "l"])
        #expect(map.sequences(for: .pause, in: tree).map(\.description) == ["f2"])
    }

    @Test("help and hints come from the live keymap, without what a nearer context covers")
    func help() throws {
        let map = try keymap("inherits = \"default\"\n[tree]\nnext-problem = \"q\"\n")
        #expect(map.sequences(for: .quit, in: tree).map(\.description) == ["ctrl+c"])
        #expect(map.hint(for: .quit, in: tree)?.key == "ctrl+c")
        #expect(map.hint(for: .nextProblem, in: tree)?.key == "q")
        #expect(map.hint(for: .nextProblem, in: [.dialog]) == nil)
        let sections = map.help(in: tree)
        #expect(sections.map(\.title) == ["the tree", "moving", "everywhere"])
        let quit = sections[2].entries.first { $0.summary == "leave baton" }
        #expect(quit?.keys == ["ctrl+c"])
    }

    @Test("every mistake is told with its line, its key and what would be right")
    func mistakes() {
        let found = complaints(
            """
            [global]
            quit = "q"
            hepl = "?"
            fold = "x"
            [list]
            up = ["k", "entr"]
            down = "k"
            top = "g g"
            bottom = "g"
            open = 3
            [input]
            accept = "a"
            [tre]
            parent = "u"
            """)
        let words = [
            "k.toml:3:1: global.hepl: no action has this name in [global] (did you mean \"help\"?)",
            "k.toml:4:1: global.fold: this action belongs in [tree], not in [global]",
            "k.toml:6:12: list.up: \"entr\" is not a key",
            "k.toml:8:1: list.top: \"g g\" and \"g\" of bottom (line 9) in [list] cannot both work",
            "k.toml:6:1: list.up: \"k\" already means down (line 7) in [list]",
            "k.toml:10:1: list.open: must be a string or a list of strings, not a whole number",
            "k.toml:12:1: input.accept: \"a\" types itself in [input]",
            "k.toml:13:1: tre: unknown key (did you mean \"tree\"?)",
        ]
        #expect(found.count == words.count, "\(found)")
        for start in words {
            let (place, rest) = (start.split(separator: ":")[1], start.split(separator: ": ", maxSplits: 1)[1])
            #expect(found.contains { $0.hasPrefix("k.toml:\(place):") && $0.contains(rest) }, "\(start) in \(found)")
        }
    }

    @Test("a key that clashes with an inherited one is refused")
    func clash() {
        let found = complaints("inherits = \"default\"\n[tree]\nparent = \"h\"\n")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("k.toml:3:1: tree.parent: \"h\" already means fold, inherited, in [tree]") == true)
    }

    @Test("a keymap without a key to quit is refused")
    func quit() {
        let found = complaints("inherits = \"default\"\n[global]\nquit = \"none\"\n")
        #expect(found == ["k.toml:3:1: global.quit: no key is left to quit with: bind one in [global]"])
        #expect(complaints("[list]\nup = \"k\"\n").first?.contains("no key is left to quit with") == true)
    }

    @Test("whatever a keymap file holds, it is read or refused", arguments: 0..<20)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        let lines = [
            "[global]\n", "[tree]\n", "[input]\n", "quit = \"q\"\n", "fold = [\"g g\", \"g\"]\n", "up = \"ctrl+\"\n",
            "help = [[1]]\n", "inherits = \"default\"\n", "accept = \"none\"\n", "fold = { x = 1 }\n", "back = \"\"\n",
        ]
        for _ in 0..<40 { _ = complaints((0..<random.number(8)).map { _ in random.pick(lines) }.joined()) }
    }
}
