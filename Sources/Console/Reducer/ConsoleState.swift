import Engine
import TerminalKit
import Topology

/// The whole console as a value: what is known, the stack of pages, and what is being typed.
///
/// It changes only in ``reduce(_:)``; the picture is a function of it, ``frame(_:)``.
public struct ConsoleState: Sendable {
    var model: ConsoleModel
    /// The page at the bottom of the stack.
    var tree = TreeScreen()
    /// Pages above the tree, the topmost last.
    var pages: [any Screen] = []
    var prompt: Prompt?
    /// What was told last; it stays until the next key, and in the list of messages.
    var notice: Notice? {
        didSet { if let notice { model.remember(notice) } }
    }
    /// What kept the history from being written when that was told.
    var toldRecordingTrouble: String?
    var reader = KeySequenceReader()
    /// The newest update that came while the picture was held still.
    var heldBack: KnownFleet?
    /// The number of the last request or operation.
    var lastNumber = 0
    /// The request for plans that is under way, and when it was made.
    var planning: (number: Int, at: Timestamp)?
    /// A replica and the server about which the rules were asked without anything being carried.
    var askedWhy: (carry: Carry, target: InstanceAddress)?
    /// What was chosen in the assistant for each thing it leads through, while somebody watches on.
    var assistantChoices: [AssistantMatter: AssistantScreen.Choice] = [:]
    /// Whether a look at the fleet is under way.
    var isLooking = false
    /// Whether readiness is being checked for its page.
    var isChecking = false
    /// Whether interrupted operations were told of at the start.
    var hasToldOpenOperations = false

    /// Makes the state before anything is known.
    ///
    /// - Parameters:
    ///   - notice: something that the operator should read first, such as a refused keymap file.
    ///   - authority: what may be changed.
    ///   - recoveries: what clusters' owners have chosen of how they are recovered.
    ///   - isMouseOn: whether presses of the mouse come to the console.
    public init(
        size: GridSize, keymap: Keymap, notice: Notice? = nil, authority: ConsoleAuthority = ConsoleAuthority(),
        recoveries: RecoveryPolicies = RecoveryPolicies(usual: RecoveryPolicy()), isMouseOn: Bool = false
    ) {
        model = ConsoleModel(size: size, keymap: keymap)
        model.authority = authority
        model.recoveryPolicies = recoveries
        model.isMouseOn = isMouseOn
        self.notice = notice
        // Observers do not run in initialisers.
        if let notice { model.remember(notice) }
    }

    /// The smallest screen on which anything but a request for more room is drawn.
    static let minimumSize = GridSize(width: 40, height: 10)

    var isTooSmall: Bool {
        model.size.width < Self.minimumSize.width || model.size.height < Self.minimumSize.height
    }

    /// The page that is seen.
    var screen: any Screen { pages.last ?? tree }

    /// Where keys are looked up, nearest first.
    var contexts: [KeyContext] {
        if let prompt { return prompt.contexts }
        return screen.contexts + [.global]
    }

    /// Changes the page that is seen, wherever it lies.
    mutating func withScreen<Result>(_ change: (inout any Screen, ConsoleModel) -> Result) -> Result {
        guard !pages.isEmpty else {
            var bottom: any Screen = tree
            let result = change(&bottom, model)
            if let changed = bottom as? TreeScreen { tree = changed }
            return result
        }
        return change(&pages[pages.count - 1], model)
    }
}

extension ConsoleState {
    /// Whether the mouse is to be taken from the terminal.
    var isMouseOn: Bool { model.isMouseOn }
}
