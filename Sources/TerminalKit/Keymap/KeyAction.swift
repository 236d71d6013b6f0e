/// Something that a key can be bound to. The names are part of the format of keymap files and stay stable.
public struct KeyAction: RawRepresentable, Sendable, Hashable {
    /// The name in keymap files.
    public let rawValue: String

    /// Names an action.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ name: String) {
        rawValue = name
    }

    // Everywhere.
    /// Ends the console.
    public static let quit = KeyAction("quit")
    /// Shows the keys of the screen that is open.
    public static let help = KeyAction("help")
    /// Closes what was opened last.
    public static let back = KeyAction("back")
    /// Draws the whole screen anew, after another program wrote on it.
    public static let redraw = KeyAction("redraw")
    /// Stops the console and gives the shell back, as Ctrl-Z does.
    public static let suspend = KeyAction("suspend")
    /// Moves the focus to the panel after this one.
    public static let nextPanel = KeyAction("next-panel")
    /// Moves the focus to the panel before this one.
    public static let previousPanel = KeyAction("previous-panel")
    /// Opens the list of clusters.
    public static let clusters = KeyAction("clusters")
    /// Opens the list of problems.
    public static let problems = KeyAction("problems")
    /// Asks every server now instead of at its turn.
    public static let refresh = KeyAction("refresh")
    /// Holds the picture still while servers are watched on, and lets it go again.
    public static let pause = KeyAction("pause")
    /// Opens the list of what happened.
    public static let events = KeyAction("events")
    /// Opens the list of what the console told.
    public static let messages = KeyAction("messages")
    /// Opens the line for commands.
    public static let command = KeyAction("command")

    // Anything with rows.
    /// Moves the cursor one line up.
    public static let up = KeyAction("up")
    /// Moves the cursor one line down.
    public static let down = KeyAction("down")
    /// Moves the cursor one screen up.
    public static let pageUp = KeyAction("page-up")
    /// Moves the cursor one screen down.
    public static let pageDown = KeyAction("page-down")
    /// Moves the cursor to the first line.
    public static let top = KeyAction("top")
    /// Moves the cursor to the last line.
    public static let bottom = KeyAction("bottom")
    /// Opens what the cursor is on.
    public static let open = KeyAction("open")
    /// Opens the line that narrows a list.
    public static let filter = KeyAction("filter")

    // The tree.
    /// Hides what is below the server under the cursor.
    public static let fold = KeyAction("fold")
    /// Shows what is below it again.
    public static let unfold = KeyAction("unfold")
    /// Hides or shows what is below it.
    public static let toggleFold = KeyAction("toggle-fold")
    /// Leaves the roots of all trees.
    public static let foldAll = KeyAction("fold-all")
    /// Shows every server of all trees.
    public static let unfoldAll = KeyAction("unfold-all")
    /// Moves the cursor to the server above.
    public static let parent = KeyAction("parent")
    /// Moves the cursor to the next server that has a problem.
    public static let nextProblem = KeyAction("next-problem")
    /// Moves the cursor to the server before that has a problem.
    public static let previousProblem = KeyAction("previous-problem")
    /// Shows or hides the panel with all that is known of one server.
    public static let toggleDetail = KeyAction("toggle-detail")
    /// Leaves only servers that have a problem, or shows all again.
    public static let problemsOnly = KeyAction("problems-only")
    /// Leaves only the cluster under the cursor, or shows all again.
    public static let oneCluster = KeyAction("one-cluster")

    // Changing servers.
    /// Marks the replica under the cursor, or takes its mark away.
    public static let mark = KeyAction("mark")
    /// Picks up the replica under the cursor, or all that are marked.
    public static let pickUp = KeyAction("pick-up")
    /// Picks up all replicas of the server under the cursor.
    public static let pickUpReplicas = KeyAction("pick-up-replicas")
    /// Opens what can be done with the server under the cursor.
    public static let actions = KeyAction("actions")
    /// Plans a switchover of the cluster under the cursor, to the replica under it where it is one.
    public static let switchover = KeyAction("switchover")
    /// Plans how to take the last operation back.
    public static let undo = KeyAction("undo")
    /// Opens the recovery assistant.
    public static let recover = KeyAction("recover")
    /// Opens the list of recoveries.
    public static let recoveries = KeyAction("recoveries")
    /// Opens the list of operations.
    public static let operations = KeyAction("operations")
    /// Turns the mouse on or off.
    public static let mouse = KeyAction("mouse")

    // While replicas are carried.
    /// Puts what is carried below the server under the cursor: opens the plan for it.
    public static let drop = KeyAction("drop")
    /// Moves the cursor to the next server that may take what is carried.
    public static let nextTarget = KeyAction("next-target")
    /// Moves the cursor to the server before that may.
    public static let previousTarget = KeyAction("previous-target")
    /// Shows all that speaks for and against the place under the cursor.
    public static let reasons = KeyAction("reasons")

    // A plan that waits to be confirmed.
    /// Carries the plan out.
    public static let run = KeyAction("run")
    /// Writes the plan to a file.
    public static let savePlan = KeyAction("save-plan")
    /// Opens the line for why it is done.
    public static let reason = KeyAction("reason")

    // An operation.
    /// Goes on with an operation that did not come to its end.
    public static let resume = KeyAction("resume")
    /// Takes back what an operation has done so far.
    public static let rollBack = KeyAction("roll-back")
    /// Leaves things as the operation left them.
    public static let leave = KeyAction("leave")
    /// Stops a running operation before its next step.
    public static let stop = KeyAction("stop")
    /// Opens the switchover to the server that is preferred to the one that a failover promoted.
    public static let swapIn = KeyAction("swap-in")

    /// Has the password of the replication account typed.
    public static let password = KeyAction("password")

    // The recovery assistant.
    /// Opens its page about what happened.
    public static let whatHappened = KeyAction("what-happened")
    /// Opens its page about who can take over.
    public static let candidates = KeyAction("candidates")
    /// Opens its page with the plan.
    public static let thePlan = KeyAction("the-plan")
    /// Opens its last page, where the plan is confirmed.
    public static let confirmation = KeyAction("confirmation")
    /// Opens its page after this one.
    public static let nextPage = KeyAction("next-page")
    /// Opens its page before this one.
    public static let previousPage = KeyAction("previous-page")
    /// Chooses between waiting for what was received and not applied, and losing it.
    public static let toggleUnapplied = KeyAction("toggle-unapplied")
    /// Chooses between detaching replicas that cannot follow, and leaving them.
    public static let toggleLost = KeyAction("toggle-lost")
    /// Chooses whether a primary that answers is given up.
    public static let toggleLiving = KeyAction("toggle-living")
    /// Chooses which sessions end on the old primary of a switchover.
    public static let toggleSessions = KeyAction("toggle-sessions")
    /// Chooses whether the other replicas go below the new primary of a switchover.
    public static let toggleSiblings = KeyAction("toggle-siblings")
    /// Chooses whether the old primary of a switchover replicates at once.
    public static let toggleOldPrimary = KeyAction("toggle-old-primary")
    /// Chooses how long a switchover waits for running transactions.
    public static let toggleLockWait = KeyAction("toggle-lock-wait")
    /// Chooses how long writes may stand still in a switchover.
    public static let toggleDrain = KeyAction("toggle-drain")
    /// Plans how to keep clients from writing on a primary that is back.
    public static let fence = KeyAction("fence")
    /// Goes back to the tree, with what was chosen kept.
    public static let keepWatching = KeyAction("keep-watching")

    // Recoveries of the past.
    /// Opens the page of what would block or harm a recovery.
    public static let readiness = KeyAction("readiness")
    /// Takes note of a recovery, which ends its block.
    public static let acknowledge = KeyAction("acknowledge")

    // Questions.
    /// Does what the dialog asks about.
    public static let yes = KeyAction("yes")
    /// Leaves it be.
    public static let no = KeyAction("no")

    // A line of text.
    /// Takes the text as it stands.
    public static let accept = KeyAction("accept")
    /// Leaves the line, with nothing changed.
    public static let cancel = KeyAction("cancel")
    /// Deletes the character before the cursor.
    public static let deleteBackward = KeyAction("delete-backward")
    /// Deletes the character under the cursor.
    public static let deleteForward = KeyAction("delete-forward")
    /// Deletes back to the start of a word.
    public static let deleteWord = KeyAction("delete-word")
    /// Deletes all before the cursor.
    public static let deleteToStart = KeyAction("delete-to-start")
    /// Deletes all from the cursor on.
    public static let deleteToEnd = KeyAction("delete-to-end")
    /// Moves the cursor one character to the left.
    public static let cursorLeft = KeyAction("cursor-left")
    /// Moves the cursor one character to the right.
    public static let cursorRight = KeyAction("cursor-right")
    /// Moves the cursor before the first character.
    public static let cursorStart = KeyAction("cursor-start")
    /// Moves the cursor behind the last character.
    public static let cursorEnd = KeyAction("cursor-end")
    /// Completes the word before the cursor.
    public static let complete = KeyAction("complete")
}

/// What an action is, for help and hints.
public struct ActionDefinition: Sendable, Hashable {
    /// The action.
    public var action: KeyAction
    /// Where it can be bound.
    public var context: KeyContext
    /// What it does, in a few words, for the help page.
    public var summary: String
    /// One word for the hint bar.
    public var hint: String

    /// Defines an action.
    public init(_ action: KeyAction, in context: KeyContext, hint: String, _ summary: String) {
        self.action = action
        self.context = context
        self.summary = summary
        self.hint = hint
    }
}

/// The actions that keymap files can name, in the order of the help page.
public struct ActionCatalog: Sendable {
    /// The definitions.
    public let definitions: [ActionDefinition]

    /// A catalog of `definitions`.
    public init(_ definitions: [ActionDefinition]) {
        self.definitions = definitions
    }

    /// The definitions of one context.
    public func definitions(in context: KeyContext) -> [ActionDefinition] {
        definitions.filter { $0.context == context }
    }

    /// The definition of an action in a context.
    public func definition(of action: KeyAction, in context: KeyContext) -> ActionDefinition? {
        definitions.first { $0.action == action && $0.context == context }
    }

    /// The actions of the console.
    public static let console = ActionCatalog([
        ActionDefinition(.quit, in: .global, hint: "quit", "leave baton"),
        ActionDefinition(.help, in: .global, hint: "help", "show the keys that work here"),
        ActionDefinition(.back, in: .global, hint: "back", "go one level back"),
        ActionDefinition(.problems, in: .global, hint: "problems", "list the problems"),
        ActionDefinition(.events, in: .global, hint: "events", "list what happened"),
        ActionDefinition(.messages, in: .global, hint: "messages", "list what the console told"),
        ActionDefinition(.clusters, in: .global, hint: "clusters", "list the clusters"),
        ActionDefinition(.command, in: .global, hint: "command", "type a command"),
        ActionDefinition(.refresh, in: .global, hint: "refresh", "look at every server now"),
        ActionDefinition(.pause, in: .global, hint: "pause", "hold the picture still"),
        ActionDefinition(.operations, in: .global, hint: "operations", "list what was changed, and what is"),
        ActionDefinition(.recover, in: .global, hint: "recover", "open the recovery assistant"),
        ActionDefinition(.recoveries, in: .global, hint: "recoveries", "list recoveries, and why nothing was done"),
        ActionDefinition(.readiness, in: .global, hint: "readiness", "what would block or harm a recovery today"),
        ActionDefinition(.mouse, in: .global, hint: "mouse", "turn the mouse on or off"),
        ActionDefinition(.nextPanel, in: .global, hint: "next panel", "give the keys to the next panel"),
        ActionDefinition(.previousPanel, in: .global, hint: "previous panel", "give the keys to the previous panel"),
        ActionDefinition(.redraw, in: .global, hint: "redraw", "paint the screen anew"),
        ActionDefinition(.suspend, in: .global, hint: "suspend", "back to the shell for a while; fg returns"),
        ActionDefinition(.up, in: .list, hint: "up", "one row up"),
        ActionDefinition(.down, in: .list, hint: "down", "one row down"),
        ActionDefinition(.pageUp, in: .list, hint: "page up", "one page up"),
        ActionDefinition(.pageDown, in: .list, hint: "page down", "one page down"),
        ActionDefinition(.top, in: .list, hint: "top", "to the first row"),
        ActionDefinition(.bottom, in: .list, hint: "bottom", "to the last row"),
        ActionDefinition(.open, in: .list, hint: "open", "open what is under the cursor"),
        ActionDefinition(.filter, in: .list, hint: "filter", "show only rows that contain a text"),
        ActionDefinition(.fold, in: .tree, hint: "fold", "fold the branch, or go to its source"),
        ActionDefinition(.unfold, in: .tree, hint: "unfold", "unfold the branch"),
        ActionDefinition(.toggleFold, in: .tree, hint: "fold", "fold or unfold the branch"),
        ActionDefinition(.foldAll, in: .tree, hint: "fold all", "fold every branch"),
        ActionDefinition(.unfoldAll, in: .tree, hint: "unfold all", "unfold every branch"),
        ActionDefinition(.parent, in: .tree, hint: "source", "to the source of this replica"),
        ActionDefinition(.nextProblem, in: .tree, hint: "next problem", "to the next server with a problem"),
        ActionDefinition(
            .previousProblem, in: .tree, hint: "previous problem", "to the previous server with a problem"),
        ActionDefinition(.problemsOnly, in: .tree, hint: "only problems", "show only servers with a problem, or all"),
        ActionDefinition(.oneCluster, in: .tree, hint: "one cluster", "show only this cluster, or all"),
        ActionDefinition(.toggleDetail, in: .tree, hint: "detail", "show or hide the detail panel"),
        ActionDefinition(.mark, in: .act, hint: "mark", "mark the replica, or take its mark away"),
        ActionDefinition(.pickUp, in: .act, hint: "move", "pick up the replica, or all that are marked"),
        ActionDefinition(.pickUpReplicas, in: .act, hint: "move replicas", "pick up all replicas of the server"),
        ActionDefinition(.actions, in: .act, hint: "actions", "what can be done with the server"),
        ActionDefinition(.switchover, in: .act, hint: "switchover", "let the primary hand over to this replica"),
        ActionDefinition(.undo, in: .act, hint: "undo", "plan how to take the last operation back"),
        ActionDefinition(.drop, in: .move, hint: "drop", "put it below this server: shows the plan first"),
        ActionDefinition(.nextTarget, in: .move, hint: "next place", "to the next server that may take it"),
        ActionDefinition(
            .previousTarget, in: .move, hint: "previous place", "to the previous server that may take it"),
        ActionDefinition(.reasons, in: .move, hint: "why", "every rule with its answer for this place"),
        ActionDefinition(.run, in: .plan, hint: "run it", "carry the plan out"),
        ActionDefinition(.savePlan, in: .plan, hint: "save", "write the plan to a file"),
        ActionDefinition(.reason, in: .plan, hint: "reason", "say why it is done, for the journal"),
        ActionDefinition(.resume, in: .operation, hint: "resume", "go on where it stopped"),
        ActionDefinition(.rollBack, in: .operation, hint: "roll back", "take back what it has done so far"),
        ActionDefinition(.leave, in: .operation, hint: "leave", "leave things as they are, and ask no more"),
        ActionDefinition(.undo, in: .operation, hint: "undo", "plan how to take it back"),
        ActionDefinition(
            .swapIn, in: .operation, hint: "swap in",
            "after a failover, hand over to the server that is preferred: shows the checks first"),
        ActionDefinition(.stop, in: .operation, hint: "stop", "stop before the next step"),
        ActionDefinition(.savePlan, in: .operation, hint: "save", "write what was done to a file"),
        ActionDefinition(
            .password, in: .operation, hint: "password", "type the password of the account that servers replicate with"),
        ActionDefinition(.whatHappened, in: .assistant, hint: "what happened", "what happened, and who sees it"),
        ActionDefinition(.candidates, in: .assistant, hint: "who", "who can take over"),
        ActionDefinition(.thePlan, in: .assistant, hint: "plan", "what would be done"),
        ActionDefinition(.confirmation, in: .assistant, hint: "confirm", "what is confirmed"),
        ActionDefinition(.nextPage, in: .assistant, hint: "next page", "to the next page"),
        ActionDefinition(.previousPage, in: .assistant, hint: "previous page", "to the previous page"),
        ActionDefinition(
            .toggleUnapplied, in: .assistant, hint: "wait/lose", "wait for what is not applied yet, or lose it"),
        ActionDefinition(
            .toggleLost, in: .assistant, hint: "detach/leave", "detach replicas that cannot follow, or leave them"),
        ActionDefinition(
            .toggleLiving, in: .assistant, hint: "living primary", "give a primary up even if it answers, or not"),
        ActionDefinition(
            .toggleSessions, in: .assistant, hint: "sessions", "which sessions a switchover ends on the old primary"),
        ActionDefinition(
            .toggleSiblings, in: .assistant, hint: "siblings", "move the other replicas in a switchover, or leave them"),
        ActionDefinition(
            .toggleOldPrimary, in: .assistant, hint: "old primary", "let the old primary replicate at once, or not"),
        ActionDefinition(
            .toggleLockWait, in: .assistant, hint: "stopping", "how long a switchover waits for transactions"),
        ActionDefinition(
            .toggleDrain, in: .assistant, hint: "standing", "how long writes may stand still in a switchover"),
        ActionDefinition(
            .fence, in: .assistant, hint: "fence", "let nobody write on a primary that is back: shows the plan first"),
        ActionDefinition(.keepWatching, in: .assistant, hint: "keep watching", "back to the tree; the choice is kept"),
        ActionDefinition(.acknowledge, in: .recovery, hint: "acknowledge", "take note of it, which ends its block"),
        ActionDefinition(.yes, in: .dialog, hint: "yes", "do it"),
        ActionDefinition(.no, in: .dialog, hint: "no", "do nothing"),
        ActionDefinition(.accept, in: .input, hint: "keep", "keep the text"),
        ActionDefinition(.cancel, in: .input, hint: "cancel", "throw the text away"),
        ActionDefinition(.deleteBackward, in: .input, hint: "delete", "delete the character before the cursor"),
        ActionDefinition(.deleteForward, in: .input, hint: "delete", "delete the character under the cursor"),
        ActionDefinition(.deleteWord, in: .input, hint: "delete word", "delete the word before the cursor"),
        ActionDefinition(.deleteToStart, in: .input, hint: "clear", "delete everything before the cursor"),
        ActionDefinition(.deleteToEnd, in: .input, hint: "clear", "delete everything from the cursor on"),
        ActionDefinition(.cursorLeft, in: .input, hint: "left", "one character to the left"),
        ActionDefinition(.cursorRight, in: .input, hint: "right", "one character to the right"),
        ActionDefinition(.cursorStart, in: .input, hint: "start", "to the start of the line"),
        ActionDefinition(.cursorEnd, in: .input, hint: "end", "to the end of the line"),
        ActionDefinition(.complete, in: .input, hint: "complete", "complete the word as far as it is clear"),
    ])
}
