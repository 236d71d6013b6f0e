import TerminalKit
import Topology

extension TreeScreen {
    /// Whether the detail panel is there and has the keys.
    func hasFocusedDetail(_ model: ConsoleModel) -> Bool {
        isDetailFocused && layout(model.body).detail != nil
    }

    /// Gives the keys to the detail panel, or opens it as a page where there is no room for it beside the tree.
    mutating func goToDetail(_ model: ConsoleModel) -> ScreenAnswer {
        guard layout(model.body).detail != nil else {
            guard let address = selected else { return .tell(Notice(.refused, "there is no other panel here")) }
            return .open(DetailScreen(address: address))
        }
        isDetailFocused = true
        return .done
    }

    /// Scrolls the detail panel, or gives the keys back to the tree.
    ///
    /// - Returns: `nil` for what the tree does as ever.
    mutating func performInDetail(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer? {
        if detailScroll.perform(action, count: detailLineCount(model), height: pageHeight(model)) { return .done }
        switch action {
        case .nextPanel, .previousPanel, .back: isDetailFocused = false
        default: return nil
        }
        return .done
    }

    private func detailLineCount(_ model: ConsoleModel) -> Int {
        guard let rect = layout(model.body).detail, let instance = selected.flatMap({ model.known.fleet[$0] }) else {
            return 0
        }
        return DetailText.lineCount(.of(instance, depth: .beside, model), width: rect.width - 4)
    }
}
