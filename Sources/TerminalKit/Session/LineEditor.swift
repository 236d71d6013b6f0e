/// A line of text being typed: the filter line, and later the command line.
public struct LineEditor: Sendable, Hashable {
    /// The text.
    public private(set) var text: String
    /// Characters before the cursor.
    public private(set) var cursor: Int
    /// Characters that the line takes at most.
    public let limit: Int

    /// A line that starts with `text`, cursor at its end.
    public init(_ text: String = "", limit: Int = 256) {
        self.text = String(text.prefix(limit))
        self.limit = limit
        cursor = self.text.count
    }

    /// Does one of the actions of ``KeyContext/input``.
    ///
    /// - Returns: whether the line knows the action; `accept` and `cancel` it leaves to its owner.
    @discardableResult
    public mutating func perform(_ action: KeyAction) -> Bool {
        switch action {
        case .deleteBackward: delete(from: cursor - 1, to: cursor)
        case .deleteForward: delete(from: cursor, to: cursor + 1)
        case .deleteWord: delete(from: wordStart, to: cursor)
        case .deleteToStart: delete(from: 0, to: cursor)
        case .deleteToEnd: delete(from: cursor, to: text.count)
        case .cursorLeft: cursor = max(0, cursor - 1)
        case .cursorRight: cursor = min(text.count, cursor + 1)
        case .cursorStart: cursor = 0
        case .cursorEnd: cursor = text.count
        default: return false
        }
        return true
    }

    /// Types `new` at the cursor; line breaks become blanks, other controls are left out.
    public mutating func insert(_ new: String) {
        let blanked = new.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
        let clean = CellText.glyphs(blanked).map(\.text).joined()
        let room = max(0, limit - text.count)
        let piece = clean.prefix(room)
        let index = text.index(text.startIndex, offsetBy: cursor)
        let before = text.count
        text.insert(contentsOf: piece, at: index)
        // A mark joins the character before it, so count what was really gained.
        cursor = min(text.count, cursor + text.count - before)
    }

    /// The part of the line that fits `width` cells around the cursor, and the cursor's cell in it.
    public func visible(width: Int) -> (text: String, cursor: Int) {
        guard width > 0 else { return ("", 0) }
        let characters = Array(text)
        var start = cursor
        var used = 1
        while start > 0, used + CellText.width(String(characters[start - 1])) <= width {
            start -= 1
            used += CellText.width(String(characters[start]))
        }
        let before = String(characters[start..<cursor])
        let shown = CellText.clip(String(characters[start...]), to: width, ellipsis: "")
        return (shown, CellText.width(before))
    }

    private var wordStart: Int {
        let characters = Array(text)
        var index = cursor
        while index > 0, characters[index - 1] == " " { index -= 1 }
        while index > 0, characters[index - 1] != " " { index -= 1 }
        return index
    }

    private mutating func delete(from start: Int, to end: Int) {
        let low = max(0, start)
        let high = min(text.count, end)
        guard low < high else { return }
        var characters = Array(text)
        characters.removeSubrange(low..<high)
        text = String(characters)
        cursor = min(low, text.count)
    }
}
