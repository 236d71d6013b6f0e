import Testing

@testable import baton

@Suite("A table of text")
struct TextTableTests {
    @Test("has columns as wide as their widest cell, in cells of a terminal, and no blanks at the ends of lines")
    func columns() {
        var table = TextTable([("NAME", .leading), ("SIZE", .trailing), ("", .leading)])
        table.append(["x", "1204", "a"])
        table.append(["日本語", "7", ""])
        #expect(
            table.lines == [
                "NAME    SIZE",
                "x       1204  a",
                "日本語     7",
            ])
    }
}
