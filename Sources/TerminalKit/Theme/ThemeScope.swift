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
    /// Whatever has no look of its own.
    public static let text = ThemeScope("text")
    /// What matters less than its surroundings.
    public static let textDim = ThemeScope("text.dim")
    /// What the eye is to find first.
    public static let textStrong = ThemeScope("text.strong")
    /// An error's own words.
    public static let textError = ThemeScope("text.error")
    /// What is known only from an earlier look, or from the store.
    public static let textStale = ThemeScope("text.stale")

    // The line at the top.
    /// The whole top line, under what it holds.
    public static let title = ThemeScope("title")
    /// The name of the program.
    public static let titleProduct = ThemeScope("title.product")
    /// A screen on the way to the one that is open.
    public static let titleCrumb = ThemeScope("title.crumb")
    /// The screen that is open.
    public static let titleCrumbActive = ThemeScope("title.crumb.active")
    /// How many servers and problems there are.
    public static let titleCount = ThemeScope("title.count")
    /// A word that says that the console is in an unusual mode (a snapshot file is shown).
    public static let titleMode = ThemeScope("title.mode")

    // The lines below it while somebody should act.
    /// A failure that somebody should act on.
    public static let bannerFailure = ThemeScope("banner.failure")
    /// A recovery that is at work.
    public static let bannerRecovery = ThemeScope("banner.recovery")
    /// The key that helps.
    public static let bannerKey = ThemeScope("banner.key")

    // Frames.
    /// The frame of a panel.
    public static let panelBorder = ThemeScope("panel.border")
    /// The frame of the panel that keys go to.
    public static let panelBorderFocus = ThemeScope("panel.border.focus")
    /// What a panel is called.
    public static let panelTitle = ThemeScope("panel.title")
    /// The same for the panel that keys go to.
    public static let panelTitleFocus = ThemeScope("panel.title.focus")

    // The tree and other lists.
    /// The lines from a source to its replicas.
    public static let treeBranch = ThemeScope("tree.branch")
    /// The line with the name of a cluster.
    public static let treeCluster = ThemeScope("tree.cluster")
    /// A server's name.
    public static let treeNode = ThemeScope("tree.node")
    /// The name of the writable root.
    public static let treeNodePrimary = ThemeScope("tree.node.primary")
    /// The columns beside the name: version, format, GTID.
    public static let treeColumn = ThemeScope("tree.column")
    /// The line that keys act on.
    public static let cursor = ThemeScope("cursor")
    /// The cursor of a panel that does not have the keys.
    public static let cursorInactive = ThemeScope("cursor.inactive")
    /// The part of a scroll bar that stands for what is seen.
    public static let scrollThumb = ThemeScope("scroll.thumb")
    /// The rest of it.
    public static let scrollTrack = ThemeScope("scroll.track")

    // Moving replicas.
    /// The sign before a row that is marked, and the row.
    public static let mark = ThemeScope("mark")
    /// The row that was picked up.
    public static let moveHeld = ThemeScope("move.held")
    /// Rows that go along with it.
    public static let moveAlong = ThemeScope("move.along")
    /// The row as it would stand at the place under the cursor.
    public static let moveGhost = ThemeScope("move.ghost")
    /// A place that fits.
    public static let moveFits = ThemeScope("move.fits")
    /// A place that fits with questions.
    public static let moveAsks = ThemeScope("move.asks")
    /// A place that does not fit.
    public static let moveRefuses = ThemeScope("move.refuses")

    // Plans and operations.
    /// A statement, word for word.
    public static let planStatement = ThemeScope("plan.statement")
    /// What changes, where before and after stand side by side.
    public static let planChange = ThemeScope("plan.change")
    /// A step that is done.
    public static let stepDone = ThemeScope("step.done")
    /// A step that runs.
    public static let stepRunning = ThemeScope("step.running")
    /// A step that failed.
    public static let stepFailed = ThemeScope("step.failed")
    /// A step that is yet to come.
    public static let stepWaiting = ThemeScope("step.waiting")

    // States of an instance: each has its own shape and word as well.
    /// A server without a problem.
    public static let stateOk = ThemeScope("state.ok")
    /// One whose worst problem is a warning.
    public static let stateWarning = ThemeScope("state.warning")
    /// One that does not do its work.
    public static let stateBroken = ThemeScope("state.broken")
    /// One that somebody has put into downtime.
    public static let stateDowntimed = ThemeScope("state.downtimed")
    /// One of which nothing current is known.
    public static let stateUnknown = ThemeScope("state.unknown")

    // Lag by its thresholds.
    /// Lag below the limits.
    public static let lagOk = ThemeScope("lag.ok")
    /// Lag beyond the first limit.
    public static let lagWarning = ThemeScope("lag.warning")
    /// Lag beyond the second limit.
    public static let lagCritical = ThemeScope("lag.critical")
    /// Lag that no figure is known of.
    public static let lagUnknown = ThemeScope("lag.unknown")

    // Problems.
    /// A problem that is only worth knowing.
    public static let problemInfo = ThemeScope("problem.info")
    /// One that someone should look at.
    public static let problemWarning = ThemeScope("problem.warning")
    /// One that someone must act on.
    public static let problemCritical = ThemeScope("problem.critical")

    // The detail panel.
    /// What a fact is called.
    public static let detailLabel = ThemeScope("detail.label")
    /// The fact.
    public static let detailValue = ThemeScope("detail.value")
    /// A server's own words.
    public static let detailQuote = ThemeScope("detail.quote")

    // The event line.
    /// When something happened.
    public static let eventTime = ThemeScope("event.time")
    /// What happened.
    public static let eventText = ThemeScope("event.text")

    // Keys and what they do.
    /// A key in the line of hints.
    public static let hintKey = ThemeScope("hint.key")
    /// What that key does.
    public static let hintText = ThemeScope("hint.text")

    // The filter line.
    /// The mark before the text of a filter or command.
    public static let filterPrompt = ThemeScope("filter.prompt")
    /// What was typed.
    public static let filterText = ThemeScope("filter.text")
    /// The part of a name that the filter found.
    public static let filterMatch = ThemeScope("filter.match")

    // Overlays.
    /// The inside of a dialog.
    public static let dialog = ThemeScope("dialog")
    /// Its frame.
    public static let dialogBorder = ThemeScope("dialog.border")
    /// Its heading.
    public static let dialogTitle = ThemeScope("dialog.title")
    /// An answer that can be chosen.
    public static let dialogButton = ThemeScope("dialog.button")
    /// The answer that Enter chooses.
    public static let dialogButtonFocus = ThemeScope("dialog.button.focus")
    /// An answer that can do harm.
    public static let dialogDanger = ThemeScope("dialog.danger")

    /// Every scope, in the order of the screen.
    public static let all: [ThemeScope] = [
        .text, .textDim, .textStrong, .textError, .textStale, .title, .titleProduct, .titleCrumb, .titleCrumbActive,
        .titleCount,
        .titleMode, .bannerFailure, .bannerRecovery, .bannerKey, .panelBorder, .panelBorderFocus, .panelTitle,
        .panelTitleFocus, .treeBranch, .treeCluster,
        .treeNode,
        .treeNodePrimary, .treeColumn, .cursor, .cursorInactive, .scrollThumb, .scrollTrack,
        .mark, .moveHeld, .moveAlong, .moveGhost, .moveFits, .moveAsks, .moveRefuses, .planStatement, .planChange,
        .stepDone, .stepRunning, .stepFailed, .stepWaiting, .stateOk, .stateWarning,
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
