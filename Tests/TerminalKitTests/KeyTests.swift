import Testing

@testable import TerminalKit

@Suite("Keys")
struct KeyTests {
    @Test(
        "keys are read",
        arguments: [
            ("j", Key.character("j")), ("G", .character("G")), ("?", .character("?")), ("space", .character(" ")),
            ("+", .character("+")), ("plus", .character("+")), ("-", .character("-")), ("é", .character("é")),
            ("ctrl+c", .ctrl("c")), ("Ctrl+C", .ctrl("c")), ("ctrl+space", Key(.character(" "), .ctrl)),
            ("alt+x", Key(.character("x"), .alt)), ("ctrl+alt+x", Key(.character("x"), [.ctrl, .alt])),
            ("shift+tab", Key(.named(.tab), .shift)), ("f5", Key(.function(5))), ("f", .character("f")),
            ("PageUp", .named(.pageUp)), ("escape", .named(.escape)), ("enter", .named(.enter)),
            ("alt++", Key(.character("+"), .alt)), ("ctrl+left", Key(.named(.left), .ctrl)),
        ])
    func read(text: String, key: Key) throws {
        #expect(try Key(text) == key)
        #expect(try Key(key.description) == key)
    }

    @Test(
        "what is not a key is refused",
        arguments: [
            "", "entr", "ctrl+", "ctrl+ctrl+x", "shift+g", "ctrl+i", "ctrl+m", "ctrl+1", "f25", "f0", "\u{1B}", "jk",
            "super+x",
            "\u{301}\u{301}日本",
        ])
    func refuse(text: String) {
        #expect(throws: Key.ParseError.self) { try Key(text) }
    }

    @Test("a misspelt key is answered with the nearest one")
    func hint() {
        let error = #expect(throws: Key.ParseError.self) { try Key("entr") }
        #expect(error?.description.contains("did you mean \"enter\"?") == true)
    }

    @Test("whatever the text, a key that is read prints back to itself", arguments: 0..<30)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        let pieces = [
            "ctrl+", "alt+", "shift+", "a", "+", "f", "1", "space", "tab", " ", "日", "\u{301}", "-", "C", "enter",
        ]
        for _ in 0..<100 {
            let text = (0..<random.number(5)).map { _ in random.pick(pieces) }.joined()
            guard let key = try? Key(text) else { continue }
            #expect((try? Key(key.description)) == key, "\(text.debugDescription)")
        }
    }
}
