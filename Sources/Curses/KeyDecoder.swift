import CNCurses
import TerminalKit

/// Makes events of what ncurses reads: pure, so that odd terminals and slow lines are tests.
struct KeyDecoder {
    /// What one read gave.
    enum Raw {
        /// A key that the terminal's description knows, by ncurses' number and name.
        case code(Int32, name: String)
        /// A character.
        case scalar(Unicode.Scalar)
        /// Nothing more is there now.
        case quiet
    }

    /// Numbers for the marks of a bracketed paste, above all of ncurses' own.
    static let pasteBegins: Int32 = 0x7000
    static let pasteEnds: Int32 = 0x7001
    /// The number for the beginning of a report of the mouse, `ESC [ <`.
    static let mouseBegins: Int32 = 0x7002

    /// Bytes of a paste that are kept; a longer one is cut, for nobody types that much into a line.
    static let pasteLimit = 65536

    private enum State {
        case idle
        /// Esc was read; what follows at once belongs to it.
        case escape
        /// Esc O was read: an unknown function key, or Alt-O.
        case singleShift
        /// Inside a control sequence that means nothing to us, up to its final byte.
        case swallowing
        case pasting(String)
        /// Inside a report of the mouse, up to its final `M` or `m`.
        case pointing(String)
    }

    private var state = State.idle
    private var lastEscape: ContinuousClock.Instant?
    /// How long after an Esc a `[` is taken for the rest of a sequence that a slow line has torn apart.
    private let tornWindow: Duration

    init(escapeDelay: Duration) {
        tornWindow = max(escapeDelay * 2, .milliseconds(100))
    }

    /// Whether the end of a paste is being waited for.
    var isPasting: Bool {
        if case .pasting = state { return true }
        return false
    }

    /// Takes what was read at `now`.
    mutating func read(_ raw: Raw, at now: ContinuousClock.Instant) -> [TerminalEvent] {
        switch (state, raw) {
        case (.pasting(let text), _): return paste(text, raw)
        case (_, .code(KeyDecoder.pasteBegins, _)):
            state = .pasting("")
            return []
        case (_, .code(KeyDecoder.mouseBegins, _)):
            state = .pointing("")
            return []
        case (.pointing(let text), .scalar(let scalar)): return point(text, scalar)
        case (.pointing, .code): return []
        case (.idle, .quiet), (.swallowing, .quiet), (.pointing, .quiet): return []
        case (.idle, .scalar(let scalar)): return idle(scalar, now)
        case (.escape, .quiet):
            state = .idle
            lastEscape = now
            return [.key(.named(.escape))]
        case (.escape, .scalar(let scalar)):
            switch scalar {
            case "[": state = .swallowing
            case "O": state = .singleShift
            case "\u{1B}": return [.key(.named(.escape))]
            default:
                state = .idle
                return KeyDecoder.key(scalar).map { [.key(Key($0.code, $0.modifiers.union(.alt)))] } ?? []
            }
            return []
        case (.singleShift, .quiet):
            state = .idle
            return [.key(Key(.character("O"), .alt))]
        case (.singleShift, .scalar):
            state = .idle
            return []
        case (.swallowing, .scalar(let scalar)):
            // ECMA-48 5.4: parameters and intermediates 20-3F, then one final byte 40-7E.
            if (0x20...0x3F).contains(scalar.value) { return [] }
            state = .idle
            return (0x40...0x7E).contains(scalar.value) ? [] : idle(scalar, now)
        case (.escape, .code(let code, let name)):
            state = .idle
            return KeyDecoder.key(code, name).map { [.key(Key($0.code, $0.modifiers.union(.alt)))] } ?? []
        case (.idle, .code(let code, let name)), (.singleShift, .code(let code, let name)),
            (.swallowing, .code(let code, let name)):
            state = .idle
            return KeyDecoder.key(code, name).map { [.key($0)] } ?? []
        }
    }

    /// Gives up waiting for the end of a paste, whose mark was lost on the way.
    mutating func expire() -> [TerminalEvent] {
        guard case .pasting(let text) = state else { return [] }
        state = .idle
        return text.isEmpty ? [] : [.paste(text)]
    }

    /// A report in the form of xterm's mode 1006: `button ; column ; row`, ended by `M`, or by `m` where a button was let
    /// go.
    private mutating func point(_ text: String, _ scalar: Unicode.Scalar) -> [TerminalEvent] {
        guard scalar == "M" || scalar == "m" else {
            let isPart = ("0"..."9").contains(scalar) || scalar == ";"
            state = isPart && text.utf8.count < 32 ? .pointing(text + String(scalar)) : .idle
            return []
        }
        state = .idle
        let numbers = text.split(separator: ";").compactMap { Int($0) }
        guard numbers.count == 3, let kind = KeyDecoder.mouse(numbers[0], isRelease: scalar == "m") else { return [] }
        return [.mouse(MouseEvent(kind, at: GridPoint(x: max(0, numbers[1] - 1), y: max(0, numbers[2] - 1))))]
    }

    /// The lowest bits are the button, 32 says that it was a move, 64 the wheel; Shift, Alt and Ctrl (4, 8, 16) do not
    /// matter.
    private static func mouse(_ code: Int, isRelease: Bool) -> MouseEvent.Kind? {
        switch code & ~0b1_1100 {
        case 0: isRelease ? .released : .pressed
        case 32: .moved
        case 64: .scrolledUp
        case 65: .scrolledDown
        default: nil
        }
    }

    private mutating func idle(_ scalar: Unicode.Scalar, _ now: ContinuousClock.Instant) -> [TerminalEvent] {
        if scalar == "\u{1B}" {
            state = .escape
            return []
        }
        if scalar == "[", let escape = lastEscape, now - escape < tornWindow {
            state = .swallowing
            return []
        }
        return KeyDecoder.key(scalar).map { [.key($0)] } ?? []
    }

    private mutating func paste(_ text: String, _ raw: Raw) -> [TerminalEvent] {
        switch raw {
        case .code(KeyDecoder.pasteEnds, _):
            state = .idle
            return text.isEmpty ? [] : [.paste(text)]
        case .scalar(let scalar):
            var text = text
            if text.utf8.count < KeyDecoder.pasteLimit {
                text.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
            }
            state = .pasting(text)
        case .code, .quiet: break
        }
        return []
    }

    private static func key(_ scalar: Unicode.Scalar) -> Key? {
        switch scalar.value {
        case 0: Key(.character(" "), .ctrl)
        case 9: .named(.tab)
        case 13: .named(.enter)
        case 8, 127: .named(.backspace)
        case 1...26: Unicode.Scalar(scalar.value + 0x60).map { .ctrl(Character($0)) }
        case 28...31: Unicode.Scalar(scalar.value + 0x40).map { .ctrl(Character($0)) }
        case ..<0x20, 0x80..<0xA0: nil
        default: .character(Character(scalar))
        }
    }

    private static func key(_ code: Int32, _ name: String) -> Key? {
        if code > KEY_F0 && code <= KEY_F0 + 24 { return Key(.function(Int(code - KEY_F0))) }
        switch code {
        case KEY_UP: return .named(.up)
        case KEY_DOWN: return .named(.down)
        case KEY_LEFT: return .named(.left)
        case KEY_RIGHT: return .named(.right)
        case KEY_HOME, KEY_A1: return .named(.home)
        case KEY_END, KEY_C1: return .named(.end)
        case KEY_PPAGE, KEY_A3: return .named(.pageUp)
        case KEY_NPAGE, KEY_C3: return .named(.pageDown)
        case KEY_IC: return .named(.insert)
        case KEY_DC: return .named(.delete)
        case KEY_BACKSPACE: return .named(.backspace)
        case KEY_ENTER: return .named(.enter)
        case KEY_BTAB: return Key(.named(.tab), .shift)
        case KEY_SR: return Key(.named(.up), .shift)
        case KEY_SF: return Key(.named(.down), .shift)
        case KEY_SLEFT: return Key(.named(.left), .shift)
        case KEY_SRIGHT: return Key(.named(.right), .shift)
        case KEY_SHOME: return Key(.named(.home), .shift)
        case KEY_SEND: return Key(.named(.end), .shift)
        default: return modified(name)
        }
    }

    /// Arrow and paging keys with Ctrl, Alt or Shift, which xterm's description calls kUP5 and the like; the digit is
    /// 1 and the sum of
    /// Shift 1, Alt 2, Ctrl 4 (user_caps(5)).
    private static func modified(_ name: String) -> Key? {
        let names: [String: Key.Name] = [
            "kUP": .up, "kDN": .down, "kLFT": .left, "kRIT": .right, "kHOM": .home, "kEND": .end, "kPRV": .pageUp,
            "kNXT": .pageDown, "kIC": .insert, "kDC": .delete,
        ]
        guard let digit = name.last?.wholeNumberValue, (2...8).contains(digit), let key = names[String(name.dropLast())]
        else { return nil }
        var modifiers: Key.Modifiers = []
        if (digit - 1) & 1 != 0 { modifiers.insert(.shift) }
        if (digit - 1) & 2 != 0 { modifiers.insert(.alt) }
        if (digit - 1) & 4 != 0 { modifiers.insert(.ctrl) }
        return Key(.named(key), modifiers)
    }
}
