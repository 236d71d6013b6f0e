import CNCurses
import CTerminal
import Glibc
import TerminalKit

/// ncurses itself. Lives on the owner thread and is never seen outside it: ncurses knows no threads (curs_threads(3)).
///
/// Deliberately not Sendable.
final class Screen {
    /// The depth that is used: what the terminal has, or less when asked so.
    let depth: ColorDepth
    let unicode: Bool
    let escapeDelay: Duration

    private let screen: OpaquePointer
    private let window: UnsafeMutablePointer<WINDOW>
    /// Keys are read by way of a pad, because reading from a window would also refresh it.
    private let input: UnsafeMutablePointer<WINDOW>
    private var shown: Grid?
    private var cursorIsVisible = true
    private var pairs: [ColorPair: Int32] = [:]

    private struct ColorPair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    private static let pasteOn = "\u{1B}[?2004h"
    private static let pasteOff = "\u{1B}[?2004l"
    /// Reports of presses and of moves with a button down, in a form without a limit to the column (xterm's 1002 and
    /// 1006). ncurses' own would need a terminfo entry that says so.
    private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
    private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
    private var hasMouse = false

    /// Switches the terminal to full screen.
    ///
    /// - Throws: ``TerminalRefusal``.
    init(unicode: Bool, depth wanted: ColorDepth?, crashNotice: String) throws(TerminalRefusal) {
        let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
        var status: Int32 = 0
        guard setupterm(nil, STDOUT_FILENO, &status) == OK else { throw .unknownTerminal(terminal) }
        guard baton_terminfo_string("cup") != nil else { throw .tooSimple(terminal: terminal) }
        let restore = Screen.restoringBytes() + crashNotice
        let remembered = restore.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                baton_terminal_remember(STDIN_FILENO, $0.baseAddress, $0.count)
            }
        }
        guard remembered == 0 else { throw .failed(String(cString: strerror(errno))) }
        guard let screen = baton_newterm(), let window = baton_stdscr(), let input = newpad(1, 1) else {
            baton_terminal_forget()
            throw .unknownTerminal(terminal)
        }
        self.screen = screen
        self.window = window
        self.input = input
        self.unicode = unicode
        self.depth = Screen.startColors(wanted)
        escapeDelay = Screen.setEscapeDelay()
        raw()
        noecho()
        nonl()
        keypad(input, true)
        nodelay(input, true)
        intrflush(input, false)
        leaveok(window, false)
        scrollok(window, false)
        define_key("\u{1B}[200~", KeyDecoder.pasteBegins)
        define_key("\u{1B}[201~", KeyDecoder.pasteEnds)
        define_key("\u{1B}[<", KeyDecoder.mouseBegins)
        // After the last that sets the line: intrflush is one of them.
        baton_terminal_guard_open(STDOUT_FILENO, Screen.restoringBytes())
        Screen.send(Screen.pasteOn)
        setCursor(visible: false)
    }

    /// The size that ncurses works with.
    var size: GridSize { GridSize(width: Int(baton_columns()), height: Int(baton_lines())) }

    /// Takes the mouse, or leaves it to the terminal.
    func setMouse(_ isOn: Bool) {
        guard isOn != hasMouse else { return }
        hasMouse = isOn
        Screen.send(isOn ? Screen.mouseOn : Screen.mouseOff)
    }

    /// Puts the terminal back as it was.
    func end() {
        if hasMouse { Screen.send(Screen.mouseOff) }
        Screen.send(Screen.pasteOff)
        setCursor(visible: true)
        endwin()
        baton_terminal_guard_close()
        baton_terminal_forget()
        delwin(input)
        delscreen(screen)
    }

    /// Gives the terminal to the shell for a while.
    func leave() {
        if hasMouse { Screen.send(Screen.mouseOff) }
        Screen.send(Screen.pasteOff)
        setCursor(visible: true)
        endwin()
        baton_terminal_guard_leave()
    }

    /// Takes the terminal back after ``leave()``, or after another program may have changed its settings.
    func comeBack() {
        baton_terminal_guard_return()
        reset_prog_mode()
        Screen.send(Screen.pasteOn)
        if hasMouse { Screen.send(Screen.mouseOn) }
        shown = nil
        adoptSize()
        clearok(baton_curscr(), true)
        wrefresh(baton_curscr())
        setCursor(visible: false)
    }

    /// Paints everything anew at the next ``show(_:cursor:)``.
    func forgetPicture() {
        shown = nil
        clearok(baton_curscr(), true)
    }

    /// Takes over the size that the terminal has now.
    func adoptSize() {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard baton_terminal_size(STDIN_FILENO, &columns, &rows) == 0, columns > 0, rows > 0 else { return }
        guard columns != baton_columns() || rows != baton_lines() else { return }
        resizeterm(rows, columns)
        shown = nil
    }

    /// One read of the keyboard.
    func read() -> KeyDecoder.Raw {
        var value: wint_t = 0
        switch wget_wch(input, &value) {
        case OK:
            guard let scalar = Unicode.Scalar(value) else { return .scalar("\u{FFFD}") }
            return .scalar(scalar)
        case KEY_CODE_YES:
            let code = Int32(bitPattern: value)
            return .code(code, name: keyname(code).map { String(cString: $0) } ?? "")
        default: return .quiet
        }
    }

    /// Shows `grid`. Rows that did not change are not even compared by ncurses, and of the others it sends only what
    /// differs.
    func show(_ grid: Grid, cursor: GridPoint?) {
        let size = size
        if shown == nil { werase(window) }
        for y in 0..<min(grid.size.height, size.height) {
            if let shown, shown.size == grid.size, shown.row(y) == grid.row(y) { continue }
            paint(grid, row: y, columns: size.width)
        }
        shown = grid
        setCursor(visible: cursor != nil)
        if let cursor { wmove(window, Int32(cursor.y), Int32(cursor.x)) }
        wnoutrefresh(window)
        doupdate()
    }

    private func paint(_ grid: Grid, row y: Int, columns: Int) {
        for x in 0..<min(grid.size.width, columns) {
            let cell = grid[x, y]
            guard let glyph = cell.glyph, x + glyph.width <= columns else { continue }
            let style = cell.style.mapped(to: depth)
            let attributes = baton_attributes(
                style.attributes.contains(.bold) ? 1 : 0, style.attributes.contains(.dim) ? 1 : 0,
                style.attributes.contains(.underline) ? 1 : 0, style.attributes.contains(.reverse) ? 1 : 0)
            var text = glyph.text.unicodeScalars.map { scalar in
                wchar_t(bitPattern: unicode || scalar.isASCII ? scalar.value : 0x3F)
            }
            text.append(0)
            // The last cell of the screen answers ERR, because the cursor cannot go on from there; it is painted all
            // the same.
            _ = baton_put(window, Int32(y), Int32(x), text, attributes, pair(style))
            // A wide character that became a question mark leaves its second half to be blanked.
            if !unicode && glyph.width == 2 {
                _ = baton_put(window, Int32(y), Int32(x + 1), [0x20, 0], attributes, pair(style))
            }
        }
    }

    private func setCursor(visible: Bool) {
        guard visible != cursorIsVisible else { return }
        cursorIsVisible = visible
        curs_set(visible ? 1 : 0)
    }

    /// The colour pair of a style, made when first needed: a table of all pairs would soon be full.
    private func pair(_ style: Style) -> Int32 {
        guard depth > .none else { return 0 }
        let key = ColorPair(foreground: number(style.foreground), background: number(style.background))
        if key.foreground == -1 && key.background == -1 { return 0 }
        if let known = pairs[key] { return known }
        let made = max(0, alloc_pair(key.foreground, key.background))
        pairs[key] = made
        return made
    }

    /// ncurses' number for a colour; -1 is the terminal's own.
    private func number(_ color: Color?) -> Int32 {
        switch color {
        case nil, .terminal: return -1
        case .named(let name) where depth < .direct || name.rawValue < 8: return Int32(name.rawValue)
        case .indexed(let index) where depth < .direct: return Int32(index)
        case .some(let other):
            // Where numbers are 24-bit colours the first eight still mean the palette (user_caps(5), RGB), so the
            // darkest blues are
            // lifted by a hair.
            guard let (red, green, blue) = other.components else { return -1 }
            return max(8, Int32(red << 16 | green << 8 | blue))
        }
    }

    private static func startColors(_ wanted: ColorDepth?) -> ColorDepth {
        guard has_colors(), wanted != ColorDepth.none else { return .none }
        start_color()
        use_default_colors()
        // A 24-bit description says so with RGB; without it a large number of colours means nothing.
        let isDirect =
            baton_terminfo_flag("RGB") != 0 || baton_terminfo_number("RGB") > 0
            || baton_terminfo_string("RGB") != nil
        let colors = Int(baton_colors())
        let has = isDirect ? ColorDepth.direct : min(.indexed, ColorDepth(colors: colors))
        guard let wanted else { return has }
        // Where numbers are 24-bit colours the table of 256 is not there; the colours of the theme are still cut down
        // to it.
        return min(wanted, has)
    }

    /// Lets a user's ESCDELAY stand; else 50 ms, over SSH 150 ms: a slow line tears the bytes of an arrow key apart.
    private static func setEscapeDelay() -> Duration {
        if let text = getenv("ESCDELAY"), let own = Int(String(cString: text)), own > 0 { return .milliseconds(own) }
        let delay = getenv("SSH_CONNECTION") == nil ? 50 : 150
        set_escdelay(Int32(delay))
        return .milliseconds(delay)
    }

    /// What puts the screen back: mouse and paste marks off, looks off, cursor shown, back from the alternate screen.
    private static func restoringBytes() -> String {
        let names: [String] = ["sgr0", "cnorm", "rmkx", "rmcup"]
        let parts = names.compactMap { name in
            baton_terminfo_string(name).map { withoutPadding(String(cString: $0)) }
        }
        return mouseOff + pasteOff + parts.joined() + "\r\n"
    }

    /// Leaves out terminfo's marks for pauses, `$<20>`.
    private static func withoutPadding(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "$"), rest[start...].hasPrefix("$<"),
            let end = rest[start...].firstIndex(of: ">")
        {
            result += rest[..<start]
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// Writes past ncurses, which has no word for paste marks.
    private static func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }
}
