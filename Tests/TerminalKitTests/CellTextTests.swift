import TestSupport
import Testing

@testable import TerminalKit

@Suite("Text in cells")
struct CellTextTests {
    @Test(
        "widths follow the pinned table",
        arguments: [
            ("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("ﾊ", 1),
            ("●▲✖◌", 4), ("\u{1F600}", 2), ("\u{301}a", 2), ("a\u{200D}b", 2), ("\u{2764}\u{FE0F}", 1),
            ("\u{202E}x", 1),
            ("…", 1), ("\u{1B}[0m", 3), ("\u{E000}", 1),
        ])
    func widths(text: String, width: Int) {
        #expect(CellText.width(text) == width)
        #expect(CellText.glyphs(text).reduce(0) { $0 + $1.width } == width)
    }

    @Test("the table is sorted and its ranges do not touch one another")
    func table() {
        #expect(CellText.unicodeVersion == "14.0")
        for ranges in [WidthTable.zero, WidthTable.wide, WidthTable.invisible] {
            #expect(ranges.count % 2 == 0)
            for index in ranges.indices.dropFirst() {
                #expect(index % 2 == 1 ? ranges[index] >= ranges[index - 1] : ranges[index] > ranges[index - 1])
            }
        }
    }

    @Test("a cell keeps at most four marks, as ncurses does")
    func marks() {
        let glyphs = CellText.glyphs("a" + String(repeating: "\u{301}", count: 9) + "b")
        #expect(glyphs.map(\.text.unicodeScalars.count) == [5, 1])
    }

    @Test("controls, bidirectional marks and joiners are never drawn")
    func invisible() {
        #expect(CellText.glyphs("a\u{1B}\u{202E}\u{200D}\u{FE0F}\u{7F}\u{9B}b").map(\.text) == ["a", "b"])
    }

    @Test(
        "text is cut by cells with an ellipsis",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("abc", 1, "…"),
            ("abc", 0, ""), ("", 3, ""),
        ])
    func clip(text: String, width: Int, result: String) {
        #expect(CellText.clip(text, to: width) == result)
    }

    @Test("names are cut in the middle, so that port and last digits stay")
    func clipMiddle() {
        #expect(CellText.clipMiddle("db-eu-west-03:3306", to: 12, keeping: 7) == "db-e…03:3306")
        #expect(CellText.clipMiddle("db1:3306", to: 20) == "db1:3306")
        #expect(CellText.width(CellText.clipMiddle("日本語日本語日本語:3306", to: 11, keeping: 5)) <= 11)
        #expect(CellText.clipMiddle("日本語日本語日本語:3306", to: 11, keeping: 5).hasSuffix(":3306"))
    }

    @Test("fitting fills with blanks on the asked side")
    func fit() {
        #expect(CellText.fit("ab", to: 5) == "ab   ")
        #expect(CellText.fit("ab", to: 5, alignment: .right) == "   ab")
        #expect(CellText.fit("ab", to: 5, alignment: .center) == " ab  ")
        #expect(CellText.fit("日本語", to: 4) == "日… ")
    }

    @Test("wrapping breaks at blanks, and words that are too long anywhere")
    func wrap() {
        #expect(CellText.wrap("one two three", to: 7) == ["one two", "three"])
        #expect(CellText.wrap("abcdefgh ij", to: 3) == ["abc", "def", "gh", "ij"])
        #expect(CellText.wrap("a\n\nb", to: 3) == ["a", "", "b"])
        #expect(CellText.wrap("日本", to: 1) == ["日", "本"])
    }

    @Test("whatever the text, cut text fits", arguments: 0..<30)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        for _ in 0..<50 {
            let text = random.text(20)
            let width = random.number(12)
            #expect(CellText.width(CellText.clip(text, to: width)) <= width)
            #expect(CellText.width(CellText.clipMiddle(text, to: width, keeping: 3)) <= width)
            #expect(CellText.width(CellText.fit(text, to: width)) == width)
            if width >= 2 { #expect(CellText.wrap(text, to: width).allSatisfy { CellText.width($0) <= width }) }
        }
    }
}

/// Letters, wide characters, marks and controls, the same in every run.
struct Noise {
    private var generator: SeededGenerator

    init(_ seed: Int) {
        generator = SeededGenerator(seed: UInt64(seed))
    }

    mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(elements.count)] }

    mutating func text(_ limit: Int) -> String {
        let pieces = [
            "a", "Z", " ", "日", "한", "\u{301}", "\u{200D}", "\u{FE0F}", "\u{1B}", "\n", "é", "●", "\u{1F600}", ":",
        ]
        return generator.text(from: pieces, maximumPieces: limit)
    }
}
