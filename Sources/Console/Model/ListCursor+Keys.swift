import TerminalKit

extension ListCursor {
    /// Moves as the actions of ``KeyContext/list`` ask.
    ///
    /// - Returns: whether the action was one of moving.
    mutating func perform(_ action: KeyAction, in ids: some RandomAccessCollection<ID>, height: Int) -> Bool {
        switch action {
        case .up: move(by: -1, in: ids, height: height)
        case .down: move(by: 1, in: ids, height: height)
        case .pageUp: move(by: min(-1, 1 - height), in: ids, height: height)
        case .pageDown: move(by: max(1, height - 1), in: ids, height: height)
        case .top: select(0, in: ids, height: height)
        case .bottom: select(ids.count - 1, in: ids, height: height)
        default: return false
        }
        return true
    }
}
