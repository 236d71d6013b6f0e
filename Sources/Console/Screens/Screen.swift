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

    /// Does what the mouse asks for.
    mutating func point(_ event: MouseEvent, _ model: ConsoleModel) -> ScreenAnswer

    /// What the line above the hints says while nothing was told: of the place under the cursor, of what runs.
    func status(_ model: ConsoleModel) -> ScreenStatus?

    func draw(on canvas: inout Canvas, in rect: GridRect, _ model: ConsoleModel)
}

extension Screen {
    var filter: String? { nil }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {}

    func status(_ model: ConsoleModel) -> ScreenStatus? { nil }

    mutating func point(_ event: MouseEvent, _ model: ConsoleModel) -> ScreenAnswer {
        switch event.kind {
        case .scrolledUp: perform(.up, model)
        case .scrolledDown: perform(.down, model)
        case .pressed, .moved, .released: .done
        }
    }

}

/// A sentence of a page for the line above the hints.
struct ScreenStatus: Hashable, Sendable {
    /// What stands before the sentence.
    enum Sign: Hashable, Sendable {
        case fits, asks, refuses, running, failed, done
    }

    var sign: Sign
    var sentence: String
}

extension ScreenStatus.Sign {
    /// The glyph, and its look.
    func look(_ glyphs: Glyphs) -> (glyph: String, scope: ThemeScope) {
        switch self {
        case .fits: (glyphs.fits, .moveFits)
        case .asks: (glyphs.asks, .moveAsks)
        case .refuses: (glyphs.refuses, .moveRefuses)
        case .running: (glyphs.refresh, .stepRunning)
        case .failed: (glyphs.broken, .stepFailed)
        case .done: (glyphs.fits, .stepDone)
        }
    }
}

/// What a screen answers to an action.
enum ScreenAnswer {
    /// It has no use for the action: the console does what it does everywhere.
    case unused
    case done
    case open(any Screen)
    /// Open a page about an operation of the journal, which has to be read for it.
    case openReading(any Screen, Int64)
    /// Close this page.
    case close
    /// Close all pages above the tree and put its cursor on the instance.
    case showInstance(InstanceAddress)
    /// Close all pages above the tree and show one cluster, by any member, or all.
    case showCluster(InstanceAddress?)
    case tell(Notice)
    /// Open the plan for it.
    case plan(PlanSubject)
    /// Open the assistant for it, on its first page.
    case assist(PlanSubject)
    /// Have something done.
    case effects([ConsoleEffect])
    /// Ask for what the page judges or plans by.
    case followFleet
    /// Ask before something is done.
    case ask(Prompt.Question)
    /// Have a name typed before the plan of the page is carried out.
    case confirm(Prompt.Confirmation)
    /// Have a reason typed, beginning with this one.
    case askReason(String)
    /// Have a command typed to its end.
    case typeCommand(String)
    /// Carry the plan of the page out.
    case run
    /// Forget plans that are being made for the page: it wants others.
    case replan
    /// Back to the tree, and keep what was chosen on the page.
    case keepWatching
    /// Have the password of the replication account typed.
    case askPassword
    /// Have it typed why a recovery is acknowledged.
    case acknowledge(Int64)
}
