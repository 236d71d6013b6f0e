import TerminalKit

/// How far a text that is longer than its panel is scrolled.
struct TextScroll: Hashable, Sendable {
    /// The first line in view.
    private(set) var top = 0

    /// Scrolls as the actions of ``KeyContext/list`` ask; a page keeps one line of the one before.
    ///
    /// - Returns: whether the action was one of scrolling.
    mutating func perform(_ action: KeyAction, count: Int, height: Int) -> Bool {
        let page = max(1, height - 1)
        switch action {
        case .up: scroll(to: top - 1, count: count, height: height)
        case .down: scroll(to: top + 1, count: count, height: height)
        case .pageUp: scroll(to: top - page, count: count, height: height)
        case .pageDown: scroll(to: top + page, count: count, height: height)
        case .top: top = 0
        case .bottom: scroll(to: .max, count: count, height: height)
        default: return false
        }
        return true
    }

    /// Follows a text or a panel that has changed.
    mutating func follow(count: Int, height: Int) { scroll(to: top, count: count, height: height) }

    private mutating func scroll(to line: Int, count: Int, height: Int) {
        top = max(0, min(line, count - max(1, height)))
    }

    /// The lines in view.
    func window(count: Int, height: Int) -> Range<Int> {
        let start = max(0, min(top, count - height))
        return start..<min(count, start + max(0, height))
    }
}
