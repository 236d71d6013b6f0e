import Testing

@testable import TerminalKit

@Suite("The grid")
struct GridTests {
    private func grid(_ width: Int, _ height: Int) -> Grid { Grid(GridSize(width: width, height: height)) }

    @Test("text is drawn where it is told and cut at the edges")
    func put() {
        var grid = grid(6, 2)
        let next = grid.put("abc", at: GridPoint(x: 4, y: 0))
        #expect(next == 7)
        grid.put("xyz", at: GridPoint(x: -1, y: 1))
        grid.put("no", at: GridPoint(x: 0, y: 5))
        #expect(grid.plainRows == ["    ab", "yz"])
    }

    @Test("a wide character that would straddle the edge is left out")
    func straddle() {
        var grid = grid(3, 1)
        grid.put("a日本", at: GridPoint(x: 0, y: 0))
        #expect(grid.plainText == "a日")
        var other = self.grid(2, 1)
        other.put("a日", at: GridPoint(x: 0, y: 0))
        #expect(other.plainText == "a")
    }

    @Test("overwriting half of a wide character blanks the other half")
    func halves() {
        var first = grid(4, 1)
        first.put("日本", at: GridPoint(x: 0, y: 0))
        first.put("x", at: GridPoint(x: 1, y: 0))
        #expect(first.plainText == " x本")
        var second = grid(4, 1)
        second.put("日本", at: GridPoint(x: 0, y: 0))
        second.put("x", at: GridPoint(x: 2, y: 0))
        #expect(second.plainText == "日x")
    }

    @Test("pieces that do not fit end in an ellipsis in the style of the cut piece")
    func pieces() {
        var grid = grid(8, 1)
        let bold = Style(attributes: .bold)
        grid.put([StyledText("lag "), StyledText("forty-two", bold)], in: grid.bounds)
        #expect(grid.plainText == "lag for…")
        #expect(grid[7, 0].style.attributes == .bold)
        grid.fill(grid.bounds)
        grid.put("ab", in: grid.bounds, alignment: .right)
        #expect(grid.plainText == "      ab")
    }

    @Test("a box is drawn with its title", arguments: [Glyphs.unicode, .ascii])
    func box(glyphs: Glyphs) {
        var grid = grid(10, 3)
        grid.box(grid.bounds, glyphs: glyphs.box, title: [StyledText("shop-production")], ellipsis: glyphs.ellipsis)
        let wanted =
            glyphs.set == .unicode
            ? ["┌ shop-p…┐", "│        │", "└────────┘"] : ["+ shop-p~+", "|        |", "+--------+"]
        #expect(grid.plainRows == wanted)
    }

    @Test("a style without background keeps the background that is there")
    func layers() {
        var grid = grid(3, 1)
        grid.fill(grid.bounds, style: Style(background: .named(.blue)))
        grid.put("a", at: GridPoint(x: 0, y: 0), style: Style(foreground: .named(.red)))
        #expect(grid[0, 0].style == Style(foreground: .named(.red), background: .named(.blue)))
        grid.restyle(GridRect(x: 0, y: 0, width: 1, height: 1), Style(attributes: .reverse))
        #expect(grid[0, 0].style.attributes == .reverse)
        #expect(grid[0, 0].style.foreground == .named(.red))
    }

    @Test("escape sequences are written only where the style changes, and none at depth none without attributes")
    func ansi() {
        var grid = grid(6, 1)
        grid.put("ok", at: GridPoint(x: 0, y: 0), style: Style(foreground: .named(.green)))
        grid.put(
            "!", at: GridPoint(x: 3, y: 0),
            style: Style(foreground: .rgb(red: 255, green: 0, blue: 0), attributes: .bold))
        #expect(grid.ansiText(depth: .direct) == "\u{1B}[0;32mok\u{1B}[0m \u{1B}[0;1;38;2;255;0;0m!\u{1B}[0m")
        #expect(grid.ansiText(depth: .sixteen).contains("\u{1B}[0;1;91m!"))
        let plain = ANSI.text([StyledText("ok", Style(foreground: .named(.green)))], depth: .none)
        #expect(plain == "ok")
    }

    @Test("a grid drawn on another keeps its wide characters whole")
    func draw() {
        var small = grid(4, 1)
        small.put("日本", at: GridPoint(x: 0, y: 0))
        var large = grid(6, 2)
        large.draw(small, at: GridPoint(x: 3, y: 1))
        #expect(large.plainRows == ["", "   日"])
    }

    @Test("every row is exactly as wide as the grid, whatever is drawn", arguments: 0..<30)
    func fuzz(seed: Int) {
        var random = Noise(seed)
        var grid = grid(1 + random.number(12), 1 + random.number(4))
        for _ in 0..<60 {
            let rect = GridRect(
                x: random.number(14) - 2, y: random.number(6) - 1, width: random.number(10), height: random.number(4))
            switch random.number(4) {
            case 0: grid.put(random.text(12), in: rect, alignment: random.pick([.left, .right, .center]))
            case 1: grid.put(random.text(12), at: GridPoint(x: rect.x, y: rect.y))
            case 2: grid.fill(rect, with: random.pick([" ", "日", "-"]))
            default: grid.box(rect, glyphs: Glyphs.unicode.box, title: [StyledText(random.text(9))])
            }
            for y in 0..<grid.size.height {
                var expectsHalf = false
                for cell in grid.row(y) {
                    #expect((cell.glyph == nil) == expectsHalf)
                    expectsHalf = cell.glyph?.width == 2
                }
                #expect(!expectsHalf)
            }
        }
    }

    @Test("rectangles split without gap or overlap")
    func geometry() {
        let rect = GridRect(x: 2, y: 1, width: 10, height: 5)
        let (top, rest) = rect.splitTop(2)
        #expect(top == GridRect(x: 2, y: 1, width: 10, height: 2))
        #expect(rest == GridRect(x: 2, y: 3, width: 10, height: 3))
        #expect(rect.splitBottom(1).bottom == GridRect(x: 2, y: 5, width: 10, height: 1))
        #expect(rect.splitLeft(4).rest == GridRect(x: 6, y: 1, width: 6, height: 5))
        #expect(rect.splitRight(99).rest.isEmpty)
        #expect(rect.centered(GridSize(width: 4, height: 3)) == GridRect(x: 5, y: 2, width: 4, height: 3))
        #expect(rect.inset(by: 9).isEmpty)
    }

    @Test(
        "our own glyphs are one cell wide, ASCII ones are ASCII, and states differ in shape",
        arguments: [Glyphs.unicode, .ascii])
    func glyphs(set: Glyphs) {
        for glyph in set.all {
            #expect(CellText.width(glyph) == 1)
            #expect(glyph.unicodeScalars.count == 1)
            if set.set == .ascii { #expect(glyph.utf8.count == 1) }
        }
        #expect(Set([set.ok, set.warning, set.broken, set.downtimed, set.unknown]).count == 5)
    }
}
