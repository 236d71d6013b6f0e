/// The name of something that a theme gives a look to.
///
/// Names are dotted, and a theme that does not know `tree.node.primary` answers with `tree.node`, then `tree`: a new
/// part of the screen never
/// breaks an old theme. Every scope that the console draws with is listed here, in ``all``, and only here.
public struct ThemeScope: RawRepresentable, Sendable, Hashable {
    /// The dotted name.
    public let rawValue: String

    /// Names a scope.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ name: String) {
        rawValue = name
    }

    /// The scope and those around it, nearest first: `a.b.c`, `a.b`, `a`.
    var ancestry: [String] {
        var names: [String] = []
        var parts = rawValue.split(separator: ".")
        while !parts.isEmpty {
            names.append(parts.joined(separator: "."))
            parts.removeLast()
        }
        return names
    }

    // Text of any kind.
    public static let text = ThemeScope("text")
    public static let textDim = ThemeScope("text.dim")
    public static let textStrong = ThemeScope("text.strong")
    public static let textError = ThemeScope("text.error")
    /// What is known only from an earlier look, or from the store.
    public static let textStale = ThemeScope("text.stale")

    // The line at the top.
    public static let title = ThemeScope("title")
    public static let titleProduct = ThemeScope("title.product")
    public static let titleCrumb = ThemeScope("title.crumb")
    public static let titleCrumbActive = ThemeScope("title.crumb.active")
    public static let titleCount = ThemeScope("title.count")
    /// A word that says that the console is in an unusual mode (a snapshot file is shown).
    public static let titleMode = ThemeScope("title.mode")

    // Frames.
    public static let panelBorder = ThemeScope("panel.border")
    public static let panelBorderFocus = ThemeScope("panel.border.focus")
    public static let panelTitle = ThemeScope("panel.title")
    public static let panelTitleFocus = ThemeScope("panel.title.focus")

    // The tree and other lists.
    public static let treeBranch = ThemeScope("tree.branch")
    public static let treeCluster = ThemeScope("tree.cluster")
    public static let treeNode = ThemeScope("tree.node")
    public static let treeNodePrimary = ThemeScope("tree.node.primary")
    /// The columns beside the name: version, format, GTID.
    public static let treeColumn = ThemeScope("tree.column")
    public static let cursor = ThemeScope("cursor")
    /// The cursor of a panel that does not have the keys.
    public static let cursorInactive = ThemeScope("cursor.inactive")
    public static let scrollThumb = ThemeScope("scroll.thumb")
    public static let scrollTrack = ThemeScope("scroll.track")

    // States of an instance: each has its own shape and word as well.
    public static let stateOk = ThemeScope("state.ok")
    public static let stateWarning = ThemeScope("state.warning")
    public static let stateBroken = ThemeScope("state.broken")
    public static let stateDowntimed = ThemeScope("state.downtimed")
    public static let stateUnknown = ThemeScope("state.unknown")

    // Lag by its thresholds.
    public static let lagOk = ThemeScope("lag.ok")
    public static let lagWarning = ThemeScope("lag.warning")
    public static let lagCritical = ThemeScope("lag.critical")
    public static let lagUnknown = ThemeScope("lag.unknown")

    // Problems.
    public static let problemInfo = ThemeScope("problem.info")
    public static let problemWarning = ThemeScope("problem.warning")
    public static let problemCritical = ThemeScope("problem.critical")

    // The detail panel.
    public static let detailLabel = ThemeScope("detail.label")
    public static let detailValue = ThemeScope("detail.value")
    public static let detailQuote = ThemeScope("detail.quote")

    // The event line.
    public static let eventTime = ThemeScope("event.time")
    public static let eventText = ThemeScope("event.text")

    // Keys and what they do.
    public static let hintKey = ThemeScope("hint.key")
    public static let hintText = ThemeScope("hint.text")

    // The filter line.
    public static let filterPrompt = ThemeScope("filter.prompt")
    public static let filterText = ThemeScope("filter.text")
    public static let filterMatch = ThemeScope("filter.match")

    // Overlays.
    public static let dialog = ThemeScope("dialog")
    public static let dialogBorder = ThemeScope("dialog.border")
    public static let dialogTitle = ThemeScope("dialog.title")
    public static let dialogButton = ThemeScope("dialog.button")
    public static let dialogButtonFocus = ThemeScope("dialog.button.focus")
    public static let dialogDanger = ThemeScope("dialog.danger")

    /// Every scope, in the order of the screen.
    public static let all: [ThemeScope] = [
        .text, .textDim, .textStrong, .textError, .textStale, .title, .titleProduct, .titleCrumb, .titleCrumbActive,
        .titleCount,
        .titleMode, .panelBorder, .panelBorderFocus, .panelTitle, .panelTitleFocus, .treeBranch, .treeCluster,
        .treeNode,
        .treeNodePrimary, .treeColumn, .cursor, .cursorInactive, .scrollThumb, .scrollTrack, .stateOk, .stateWarning,
        .stateBroken, .stateDowntimed, .stateUnknown, .lagOk, .lagWarning, .lagCritical, .lagUnknown, .problemInfo,
        .problemWarning, .problemCritical, .detailLabel, .detailValue, .detailQuote, .eventTime, .eventText, .hintKey,
        .hintText,
        .filterPrompt, .filterText, .filterMatch, .dialog, .dialogBorder, .dialogTitle, .dialogButton,
        .dialogButtonFocus,
        .dialogDanger,
    ]

    /// Every name that a theme file may give a look to: the scopes and those around them.
    public static var knownNames: Set<String> { Set(all.flatMap(\.ancestry)) }
}
