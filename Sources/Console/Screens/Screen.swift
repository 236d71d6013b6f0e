import TerminalKit
import Topology

/// One page of the console. Pages lie on a stack, the tree at the bottom; a further page is a further type here, and
/// one line where it is opened.
protocol Screen: Sendable {
    /// Where its keys are looked up, nearest first; ``KeyContext/global`` follows by itself.
    var contexts: [KeyContext] { get }

    /// The actions to show in the hint bar, most needed first: only those that do something now.
    func hints(_ model: ConsoleModel) -> [KeyAction]

    /// The parts that it adds to the path in the title line.
    func crumbs(_ model: ConsoleModel) -> [String]

    /// What the filter line starts with; `nil` where nothing can be filtered.
    var filter: String? { get }

    /// Shows only what contains `text`.
    mutating func setFilter(_ text: String, _ model: ConsoleModel)

    /// Does what a key asks for.
    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer

    /// Follows a fleet, a size or a moment that has changed.
    mutating func refresh(_ model: ConsoleModel)

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel)
}

extension Screen {
    var filter: String? { nil }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {}
}

/// What a screen answers to an action.
enum ScreenAnswer {
    /// It has no use for the action: the console does what it does everywhere.
    case unused
    case done
    case open(any Screen)
    /// Close this page.
    case close
    /// Close all pages above the tree and put its cursor on the instance.
    case showInstance(InstanceAddress)
    /// Close all pages above the tree and show one cluster, by any member, or all.
    case showCluster(InstanceAddress?)
    case tell(Notice)
}
