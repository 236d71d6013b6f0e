import TestSupport
import Testing

@testable import Settings

@Suite("Places of keys")
struct PlaceScannerTests {
    private func line(_ path: String..., in text: String) -> Int? {
        PlaceScanner.places(in: text)[path]?.line
    }

    @Test("keys are found past strings, lists and comments that look like keys")
    func tricky() {
        let text = #"""
            # a = 1
            first = """
            fake = 1
            [fake]
            """ # b = 2
            second = 'it''s'
            list = [
                "x = 1", # y = 2
                { inner = "}" , deep.er = 2 },
            ]
            "quoted key" = '''
            [no]
            '''
            [ table . sub ]
            key = "\" = "
            [[rows]]
            n = 1
            [[rows]]
            n = 2
            [rows.more]
            z = 1
            """#.replacing("'it''s'", with: "'its'")
        #expect(line("first", in: text) == 2)
        #expect(line("fake", in: text) == nil)
        #expect(line("second", in: text) == 6)
        #expect(line("list", "1", "inner", in: text) == 9)
        #expect(line("list", "1", "deep", "er", in: text) == 9)
        #expect(line("quoted key", in: text) == 11)
        #expect(line("table", "sub", "key", in: text) == 15)
        #expect(line("rows", "0", "n", in: text) == 17)
        #expect(line("rows", "1", "n", in: text) == 19)
        #expect(line("rows", "1", "more", "z", in: text) == 21)
    }

    @Test("columns count from one")
    func columns() {
        let places = PlaceScanner.places(in: "[a]\n   key = { b = 1 }\n")
        #expect(places[["a", "key"]] == PlaceScanner.Place(line: 2, column: 4))
        #expect(places[["a", "key", "b"]] == PlaceScanner.Place(line: 2, column: 12))
    }

    @Test("any text is survived, and what the library accepts has a place for each key", arguments: 0..<40)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", "b.c", "\"q\"", " = ", "1", "\"s\"", "'l'", "[", "]", "[[t]]\n", "[u]\n", "{ ", " }", ", ", "\n", "#",
            "\\",
            "\"\"\"", "'''", "x = 1\n", "y = [1, 2]\n", "é", "\r\n", "\t",
        ]
        for _ in 0..<50 {
            let text = generator.text(from: pieces)
            let places = PlaceScanner.places(in: text)
            guard let file = try? SettingsFile(text: text, path: "f") else { continue }
            for key in file.root.keys { #expect(places[[key]] != nil, "\(key) in \(text.debugDescription)") }
        }
    }
}
