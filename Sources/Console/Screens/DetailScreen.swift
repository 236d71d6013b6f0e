import TerminalKit
import Topology

/// Everything about one instance, in full, on a page of its own.
struct DetailScreen: TextScreen {
    static let toggle: KeyAction? = nil

    let address: InstanceAddress
    var scroll = TextScroll()

    init(address: InstanceAddress) {
        self.address = address
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["\(address)"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        [.back, .problems, .events, .command, .refresh]
    }

    private func details(_ model: ConsoleModel) -> Details? {
        model.known.fleet[address].map { Details.of($0, depth: .full, model) }
    }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        guard let instance = model.known.fleet[address] else {
            return [canvas.palette.text("\(address)", .panelTitleFocus)]
        }
        return DetailPanel.title(instance, model, canvas)
    }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        details(model).map { DetailText($0, width: width, palette: palette).lines } ?? []
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) {
        ("This instance is not known any more.", "It was forgotten.")
    }

    func hasRunningAge(_ model: ConsoleModel) -> Bool { details(model)?.hasRunningAge ?? false }
}
