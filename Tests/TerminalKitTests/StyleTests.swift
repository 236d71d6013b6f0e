import Testing

@testable import TerminalKit

@Suite("Colours and styles")
struct StyleTests {
    @Test(
        "colours of theme files are read",
        arguments: [
            ("default", Color.terminal), ("red", .named(.red)), ("bright-blue", .named(.brightBlue)),
            ("grey", .named(.brightBlack)), ("208", .indexed(208)), ("#ff8700", .rgb(red: 255, green: 135, blue: 0)),
            ("#f80", .rgb(red: 255, green: 136, blue: 0)),
        ])
    func read(text: String, color: Color) {
        #expect(Color(text) == color)
    }

    @Test("what is not a colour is refused", arguments: ["", "rde", "#12", "#12345", "#gggggg", "256", "-1", "#"])
    func refuse(text: String) {
        #expect(Color(text) == nil)
    }

    @Test("colours map to the nearest that the terminal has")
    func nearest() {
        let orange = Color.rgb(red: 255, green: 135, blue: 0)
        #expect(orange.nearest(in: .direct) == orange)
        #expect(orange.nearest(in: .indexed) == .indexed(208))
        #expect(orange.nearest(in: .none) == .terminal)
        #expect(Color.rgb(red: 250, green: 5, blue: 5).nearest(in: .sixteen) == .named(.brightRed))
        #expect(Color.rgb(red: 200, green: 0, blue: 0).nearest(in: .eight) == .named(.red))
        #expect(Color.indexed(9).nearest(in: .eight) == .named(.red))
        #expect(Color.indexed(9).nearest(in: .indexed) == .named(.brightRed))
        #expect(Color.terminal.nearest(in: .sixteen) == .terminal)
    }

    @Test("mapping twice changes nothing more", arguments: ColorDepth.allCases)
    func idempotent(depth: ColorDepth) {
        for index in UInt8.min...UInt8.max {
            for color in [Color.indexed(index), .rgb(red: index, green: 255 - index, blue: index / 2)] {
                let once = color.nearest(in: depth)
                #expect(once.nearest(in: depth) == once)
            }
        }
    }

    @Test("with eight colours a bright text becomes bold")
    func bright() {
        let style = Style(foreground: .named(.brightRed)).mapped(to: .eight)
        #expect(style == Style(foreground: .named(.red), attributes: .bold))
    }

    @Test("numbers of colours name a depth")
    func depths() {
        #expect(ColorDepth(colors: -1) == .none)
        #expect(ColorDepth(colors: 8) == .eight)
        #expect(ColorDepth(colors: 16) == .sixteen)
        #expect(ColorDepth(colors: 256) == .indexed)
        #expect(ColorDepth(colors: 1 << 24) == .direct)
    }
}
