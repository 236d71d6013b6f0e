// Made by scripts/embed-defaults from themes/default.toml and keymaps/default.toml.

/// Files of the package that the binary carries along.
enum ShippedFiles {
    /// `themes/default.toml`.
    static let defaultTheme = #"""
        # The default theme: only the sixteen colours of the terminal's own palette, so that it reads well on light and dark backgrounds.
        # Every state has its own shape and word as well; no colour carries a meaning alone.

        name = "default"
        appearance = "any"

        [styles]
        "text" = "default"
        "text.dim" = { fg = "default", attrs = ["dim"] }
        "text.strong" = { attrs = ["bold"] }
        "text.error" = { fg = "red", attrs = ["bold"] }
        "text.stale" = { attrs = ["dim"] }

        "title" = { attrs = ["reverse"] }
        "title.product" = { attrs = ["reverse", "bold"] }
        "title.crumb.active" = { attrs = ["reverse", "bold"] }
        "title.mode" = { fg = "black", bg = "yellow", attrs = ["bold"] }

        "banner.failure" = { fg = "red", attrs = ["reverse", "bold"] }
        "banner.recovery" = { fg = "black", bg = "yellow", attrs = ["bold"] }
        "banner.key" = { fg = "red", attrs = ["reverse", "bold"] }

        "panel.border" = { attrs = ["dim"] }
        "panel.border.focus" = "cyan"
        "panel.title" = "default"
        "panel.title.focus" = { fg = "cyan", attrs = ["bold"] }

        "tree.branch" = { attrs = ["dim"] }
        "tree.cluster" = { fg = "cyan", attrs = ["bold"] }
        "tree.node" = "default"
        "tree.node.primary" = { attrs = ["bold"] }
        "tree.column" = "default"
        "cursor" = { attrs = ["reverse"] }
        "cursor.inactive" = { attrs = ["underline"] }
        "scroll.thumb" = "cyan"
        "scroll.track" = { attrs = ["dim"] }

        "mark" = { fg = "yellow", attrs = ["bold"] }
        "move.held" = { fg = "yellow", attrs = ["bold"] }
        "move.along" = "yellow"
        "move.ghost" = { fg = "cyan", attrs = ["bold"] }
        "move.fits" = "green"
        "move.asks" = { fg = "yellow", attrs = ["bold"] }
        "move.refuses" = { attrs = ["dim"] }

        "plan.statement" = "cyan"
        "plan.change" = { fg = "yellow", attrs = ["bold"] }
        "step.done" = "green"
        "step.running" = { fg = "yellow", attrs = ["bold"] }
        "step.failed" = { fg = "red", attrs = ["bold"] }
        "step.waiting" = { attrs = ["dim"] }

        "state.ok" = "green"
        "state.warning" = { fg = "yellow", attrs = ["bold"] }
        "state.broken" = { fg = "red", attrs = ["bold"] }
        "state.downtimed" = "blue"
        "state.unknown" = "magenta"

        "lag.ok" = "default"
        "lag.warning" = "yellow"
        "lag.critical" = { fg = "red", attrs = ["bold"] }
        "lag.unknown" = "magenta"

        "problem.info" = "cyan"
        "problem.warning" = "yellow"
        "problem.critical" = { fg = "red", attrs = ["bold"] }

        "detail.label" = "cyan"
        "detail.value" = "default"
        "detail.quote" = "default"

        "event.time" = { attrs = ["dim"] }
        "event.text" = "default"

        "hint.key" = { fg = "cyan", attrs = ["bold"] }
        "hint.text" = "default"

        "filter.prompt" = { fg = "cyan", attrs = ["bold"] }
        "filter.text" = "default"
        "filter.match" = { fg = "yellow", attrs = ["underline"] }

        "dialog" = "default"
        "dialog.border" = "cyan"
        "dialog.title" = { attrs = ["bold"] }
        "dialog.button" = "default"
        "dialog.button.focus" = { attrs = ["reverse"] }
        "dialog.danger" = { fg = "red", attrs = ["bold"] }

        # Without colour, weight tells apart what shapes and words do not.
        [styles.none]
        "title.mode" = { attrs = ["reverse", "bold", "underline"] }
        "panel.border.focus" = { attrs = ["bold"] }
        "mark" = { attrs = ["bold"] }
        "move.held" = { attrs = ["bold", "underline"] }
        "move.along" = { attrs = ["underline"] }
        "move.ghost" = { attrs = ["bold"] }
        "move.fits" = { attrs = ["bold"] }
        "plan.statement" = "default"
        "plan.change" = { attrs = ["bold", "underline"] }
        "step.done" = "default"
        "step.running" = { attrs = ["bold"] }
        "state.ok" = "default"
        "state.downtimed" = { attrs = ["dim"] }
        "state.unknown" = { attrs = ["bold"] }
        "lag.warning" = { attrs = ["underline"] }
        "lag.critical" = { attrs = ["bold", "underline"] }
        "problem.warning" = { attrs = ["underline"] }
        "problem.critical" = { attrs = ["bold", "underline"] }

        """#

    /// `keymaps/default.toml`.
    static let defaultKeymap = #"""
        # The default keymap. A value is a key or a list of keys; "g g" is one key after the other; "none" unbinds.
        # Your own goes to ~/.config/baton/keymaps/NAME.toml, usually with inherits = "default" and only what you want otherwise.
        # Esc goes one level back everywhere and is never bound to anything that acts on a server.

        name = "default"

        [global]
        quit = ["q", "ctrl+c"]
        help = ["?", "f1"]
        back = "esc"
        problems = "p"
        clusters = "c"
        refresh = "r"
        pause = "P"
        events = "e"
        messages = "@"
        operations = "O"
        recover = "f"
        recoveries = "F"
        readiness = "Y"
        mouse = "alt+m"
        command = ":"
        next-panel = "tab"
        previous-panel = "shift+tab"
        redraw = "ctrl+l"
        suspend = "ctrl+z"

        [list]
        up = ["up", "k"]
        down = ["down", "j"]
        page-up = ["pageup", "ctrl+b"]
        page-down = ["pagedown", "ctrl+f"]
        top = ["home", "g g"]
        bottom = ["end", "G"]
        open = "enter"
        filter = "/"

        [tree]
        fold = ["left", "h"]
        unfold = ["right", "l"]
        toggle-fold = "z a"
        fold-all = ["-", "z M"]
        unfold-all = ["plus", "z R"]
        parent = ["backspace", "^"]
        next-problem = "n"
        previous-problem = "N"
        toggle-detail = "d"
        problems-only = "!"
        one-cluster = "C"

        # Nothing here changes a server by itself: each opens a plan that is confirmed first.
        [act]
        mark = "space"
        pick-up = "m"
        pick-up-replicas = "M"
        actions = "o"
        switchover = "s"
        undo = "u"

        # While replicas are carried; the keys of [tree] and [list] work too. Esc puts them back.
        [move]
        drop = "enter"
        next-target = "n"
        previous-target = "N"
        reasons = "w"

        # The key that runs a plan must not be the one that opened it.
        [plan]
        run = "y"
        save-plan = "d"
        reason = "r"

        [operation]
        resume = "R"
        roll-back = "B"
        leave = "L"
        undo = "u"
        stop = "S"
        password = "p"
        swap-in = "s"
        save-plan = "d"

        # The keys of [plan] and [list] work here too.
        [assistant]
        what-happened = "1"
        candidates = "2"
        the-plan = "3"
        confirmation = "4"
        next-page = ["tab", "right"]
        previous-page = ["shift+tab", "left"]
        toggle-unapplied = "w"
        toggle-lost = "x"
        toggle-living = "v"
        # These are of a switchover.
        toggle-sessions = "s"
        toggle-siblings = "b"
        toggle-old-primary = "o"
        toggle-lock-wait = "l"
        toggle-drain = "t"
        # This is of a primary that is back.
        fence = "n"
        keep-watching = "k"

        [recovery]
        acknowledge = "a"

        [dialog]
        yes = "y"
        no = "n"

        [input]
        accept = "enter"
        cancel = ["esc", "ctrl+c"]
        delete-backward = "backspace"
        delete-forward = ["delete", "ctrl+d"]
        delete-word = "ctrl+w"
        delete-to-start = "ctrl+u"
        delete-to-end = "ctrl+k"
        cursor-left = ["left", "ctrl+b"]
        cursor-right = ["right", "ctrl+f"]
        cursor-start = ["home", "ctrl+a"]
        cursor-end = ["end", "ctrl+e"]
        complete = "tab"

        """#
}
