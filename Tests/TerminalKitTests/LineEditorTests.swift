import Testing

@testable import TerminalKit

@Suite("A line of text being typed")
struct LineEditorTests {
    @Test("typing, moving and deleting work at the cursor")
    func edit() {
        var line = LineEditor()
        line.insert("db1 ams")
        line.perform(.cursorStart)
        line.insert("x")
        #expect(line.text == "xdb1 ams")
        line.perform(.deleteBackward)
        line.perform(.deleteForward)
        #expect(line.text == "b1 ams")
        line.perform(.cursorEnd)
        line.perform(.deleteWord)
        #expect(line.text == "b1 ")
        line.perform(.cursorLeft)
        line.perform(.deleteToEnd)
        #expect(line.text == "b1")
        line.perform(.deleteToStart)
        #expect(line.text == "")
        let known = line.perform(.accept)
        #expect(!known)
    }

    @Test("pasted line breaks become blanks and controls are left out")
    func paste() {
        var line = LineEditor()
        line.insert("a\nb\u{1B}[0m\tc")
        #expect(line.text == "a b[0m c")
    }

    @Test("a line takes no more than its limit")
    func limit() {
        var line = LineEditor("abc", limit: 5)
        line.insert("defgh")
        #expect(line.text == "abcde")
        #expect(line.cursor == 5)
    }

    @Test("the visible part holds the cursor", arguments: 1..<12)
    func visible(width: Int) {
        var line = LineEditor("some 日本 text that is long")
        for _ in 0..<30 {
            let (text, cursor) = line.visible(width: width)
            #expect(CellText.width(text) <= width)
            #expect(cursor < width)
            line.perform(.cursorLeft)
        }
    }

    @Test("whatever is typed, the cursor stays within", arguments: 0..<20)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        var line = LineEditor(limit: 12)
        let actions: [KeyAction] = [
            .deleteBackward, .deleteForward, .deleteWord, .deleteToStart, .deleteToEnd, .cursorLeft, .cursorRight,
            .cursorStart, .cursorEnd,
        ]
        for _ in 0..<200 {
            if random.number(2) == 0 { line.insert(random.text(5)) } else { line.perform(random.pick(actions)) }
            #expect((0...line.text.count).contains(line.cursor))
            #expect(line.text.count <= 12)
        }
    }
}
