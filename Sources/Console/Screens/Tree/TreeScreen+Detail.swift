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
        let page = pageHeight(model)
        switch action {
        case .up: scrollDetail(to: detailTop - 1, model)
        case .down: scrollDetail(to: detailTop + 1, model)
        case .pageUp: scrollDetail(to: detailTop - page + 1, model)
        case .pageDown: scrollDetail(to: detailTop + page - 1, model)
        case .top: scrollDetail(to: 0, model)
        case .bottom: scrollDetail(to: .max, model)
        case .nextPanel, .previousPanel, .back: isDetailFocused = false
        default: return nil
        }
        return .done
    }

    private mutating func scrollDetail(to line: Int, _ model: ConsoleModel) {
        guard let rect = layout(model.body).detail, let instance = selected.flatMap({ model.known.fleet[$0] }) else {
            return
        }
        let lines = DetailText.lineCount(.of(instance, depth: .beside, model), width: rect.width - 4)
        detailTop = max(0, min(line, lines - (rect.height - 2)))
    }
}
