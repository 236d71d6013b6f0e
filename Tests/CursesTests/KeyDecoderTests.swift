import CNCurses
import TerminalKit
import TestSupport
import Testing

@testable import Curses

@Suite("Decoding keys")
struct KeyDecoderTests {
    /// Feeds characters as one read after which nothing more was there.
    private func decode(_ batches: [(text: String, after: Duration)], delay: Duration = .milliseconds(50))
        -> [TerminalEvent]
    {
        var decoder = KeyDecoder(escapeDelay: delay)
        var now = ContinuousClock.now
        var events: [TerminalEvent] = []
        for batch in batches {
            now += batch.after
            for scalar in batch.text.unicodeScalars { events += decoder.read(.scalar(scalar), at: now) }
            events += decoder.read(.quiet, at: now)
        }
        return events
    }

    /// The macro cannot take calls that change the decoder.
    private func expect(_ events: [TerminalEvent], _ wanted: [TerminalEvent]) {
        #expect(events == wanted)
    }

    @Test(
        "characters and controls become keys",
        arguments: [
            ("j", "j"), ("日", "日"), ("\u{03}", "ctrl+c"), ("\r", "enter"), ("\n", "ctrl+j"), ("\t", "tab"),
            ("\u{7F}", "backspace"),
            ("\0", "ctrl+space"), ("\u{1B}", "esc"), ("\u{1B}x", "alt+x"), ("\u{1B}\u{1B}", "esc esc"),
            ("\u{1F}", "ctrl+_"),
            ("\u{1B}O", "alt+O"),
        ])
    func characters(text: String, keys: String) throws {
        let events = decode([(text, .zero)])
        #expect(events == (try KeySequence(keys)).keys.map { .key($0) })
    }

    @Test("an unknown control sequence is dropped whole, and what follows is not")
    func unknown() {
        #expect(decode([("\u{1B}[?1;2cj", .zero)]) == [.key(.character("j"))])
        #expect(decode([("\u{1B}Oqj", .zero)]) == [.key(.character("j"))])
        #expect(decode([("\u{1B}[1;5", .zero), ("Zj", .zero)]) == [.key(.character("j"))])
    }

    @Test("an arrow key torn apart by a slow line is an Esc and nothing more")
    func torn() {
        #expect(decode([("\u{1B}", .zero), ("[A", .milliseconds(80))]) == [.key(.named(.escape))])
        #expect(
            decode([("\u{1B}", .zero), ("[", .seconds(1))]) == [.key(.named(.escape)), .key(.character("["))])
    }

    @Test(
        "reports of the mouse become presses, moves and releases; other buttons and broken reports nothing",
        arguments: [
            ("0;5;3M", MouseEvent(.pressed, at: GridPoint(x: 4, y: 2))),
            ("32;5;4M", MouseEvent(.moved, at: GridPoint(x: 4, y: 3))),
            ("0;300;100m", MouseEvent(.released, at: GridPoint(x: 299, y: 99))),
            ("64;1;1M", MouseEvent(.scrolledUp, at: GridPoint(x: 0, y: 0))),
            ("65;1;1M", MouseEvent(.scrolledDown, at: GridPoint(x: 0, y: 0))),
            ("4;5;3M", MouseEvent(.pressed, at: GridPoint(x: 4, y: 2))),
            ("2;5;3M", nil), ("35;5;3M", nil), ("0;5M", nil), ("0;x", nil),
        ] as [(String, MouseEvent?)])
    func mouse(report: String, event: MouseEvent?) {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(50))
        var events = decoder.read(.code(KeyDecoder.mouseBegins, name: ""), at: .now)
        for scalar in report.unicodeScalars { events += decoder.read(.scalar(scalar), at: .now) }
        expect(events, event.map { [.mouse($0)] } ?? [])
        expect(decoder.read(.scalar("j"), at: .now), [.key(.character("j"))])
    }

    @Test("a paste is one event, its line ends made plain, and no key")
    func paste() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(50))
        var events = decoder.read(.code(KeyDecoder.pasteBegins, name: ""), at: .now)
        for scalar in "y\rq".unicodeScalars { events += decoder.read(.scalar(scalar), at: .now) }
        events += decoder.read(.quiet, at: .now)
        #expect(events.isEmpty)
        #expect(decoder.isPasting)
        events += decoder.read(.code(KEY_UP, name: "KEY_UP"), at: .now)
        events += decoder.read(.code(KeyDecoder.pasteEnds, name: ""), at: .now)
        #expect(events == [.paste("y\nq")])
        #expect(!decoder.isPasting)
    }

    @Test("a paste whose end was lost is given up, and keys work again")
    func lostPaste() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(50))
        _ = decoder.read(.code(KeyDecoder.pasteBegins, name: ""), at: .now)
        _ = decoder.read(.scalar("x"), at: .now)
        expect(decoder.expire(), [.paste("x")])
        expect(decoder.expire(), [])
        expect(decoder.read(.scalar("q"), at: .now), [.key(.character("q"))])
    }

    @Test("keys that only the terminal's description knows are told by name")
    func named() {
        var decoder = KeyDecoder(escapeDelay: .milliseconds(50))
        expect(decoder.read(.code(600, name: "kLFT5"), at: .now), [.key(Key(.named(.left), .ctrl))])
        expect(decoder.read(.code(601, name: "kUP4"), at: .now), [.key(Key(.named(.up), [.shift, .alt]))])
        expect(decoder.read(.code(KEY_F0 + 5, name: ""), at: .now), [.key(Key(.function(5)))])
        expect(decoder.read(.code(KEY_BTAB, name: ""), at: .now), [.key(Key(.named(.tab), .shift))])
        expect(decoder.read(.code(602, name: "kxyz"), at: .now), [])
    }

    @Test("any input is survived, and a key pressed after it is heard", arguments: 0..<20)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func random(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
        var decoder = KeyDecoder(escapeDelay: .milliseconds(50))
        var now = ContinuousClock.now
        for _ in 0..<2000 {
            now += .milliseconds(random(300))
            switch random(6) {
            case 0: _ = decoder.read(.quiet, at: now)
            case 1: _ = decoder.read(.code(Int32(random(0x7100)), name: "k\(random(9))"), at: now)
            default: _ = decoder.read(.scalar(Unicode.Scalar(UInt8(random(256)))), at: now)
            }
        }
        _ = decoder.expire()
        _ = decoder.read(.quiet, at: now)
        // A sequence without an end may still be open; a letter ends it.
        _ = decoder.read(.scalar("a"), at: now + .seconds(2))
        expect(decoder.read(.scalar("q"), at: now + .seconds(3)), [.key(.character("q"))])
    }
}
