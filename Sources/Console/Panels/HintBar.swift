import TerminalKit

/// The last line: keys that do something in this state, from the keymap that is loaded; as many as fit, the most
/// needed first, and always help and quit.
struct HintBar {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: GridRect) {
        let content = rect.inset(horizontal: 1, vertical: 0)
        let hints = hints
        let separator = canvas.palette.text(" \(canvas.glyphs.separator) ", .hintText)
        var tail = pieces(hints.last, separator, canvas)
        if tail.reduce(0, { $0 + $1.width }) > content.width { tail = [] }
        var room = content.width - tail.reduce(0) { $0 + $1.width }
        var line: [StyledText] = []
        for hint in hints.first {
            var next = [canvas.palette.text(hint.key, .hintKey), canvas.palette.text(" \(hint.word)", .hintText)]
            if !line.isEmpty { next.insert(separator, at: 0) }
            let width = next.reduce(0) { $0 + $1.width } + (line.isEmpty ? separator.width : 0)
            guard width <= room else { break }
            room -= width
            line += next
        }
        if !line.isEmpty, !tail.isEmpty { line.append(separator) }
        canvas.put(line + tail, in: content)
    }

    private func pieces(_ hints: [Hint], _ separator: StyledText, _ canvas: Canvas) -> [StyledText] {
        var pieces: [StyledText] = []
        for hint in hints {
            if !pieces.isEmpty { pieces.append(separator) }
            pieces += [canvas.palette.text(hint.key, .hintKey), canvas.palette.text(" \(hint.word)", .hintText)]
        }
        return pieces
    }

    private struct Hint {
        var key: String
        var word: String
    }

    private var hints: (first: [Hint], last: [Hint]) {
        let contexts = state.contexts
        let keymap = state.model.keymap
        let hint = { (action: KeyAction) in
            keymap.hint(for: action, in: contexts).map { Hint(key: $0.key, word: $0.word) }
        }
        if !state.reader.pending.isEmpty,
            case .prefix(let completions) = keymap.meaning(of: state.reader.pending, in: contexts)
        {
            let typed = state.reader.pending.map(\.description).joined(separator: " ")
            let followers = completions.map { completion in
                let word = ActionCatalog.console.definition(of: completion.action, in: completion.context)?.hint
                return Hint(key: "\(typed) \(completion.rest)", word: word ?? completion.action.rawValue)
            }
            return (followers, [])
        }
        switch state.prompt {
        case .filter?, .command?:
            let complete: [KeyAction] = if case .command? = state.prompt { [.complete] } else { [] }
            var accept = hint(.accept)
            if !complete.isEmpty { accept?.word = "run" }
            let others = ([.cancel] + complete + [.deleteWord, .deleteToStart]).compactMap(hint)
            return ([accept].compactMap { $0 } + others, [])
        case .confirmation?, .reason?, .acknowledgement?, .password?:
            var accept = hint(.accept)
            if case .confirmation? = state.prompt { accept?.word = "run it" }
            return ([accept, hint(.cancel), hint(.deleteToStart)].compactMap { $0 }, [])
        case .question(let question)?:
            let yes = keymap.hint(for: .yes, in: contexts).map { Hint(key: $0.key, word: question.verb) }
            return ([yes, hint(.no)].compactMap { $0 }, [])
        case nil:
            var actions = state.screen.hints(state.model)
            if state.model.pausedSince != nil { actions.insert(.pause, at: 0) }
            let first = actions.compactMap { action in
                var found = hint(action)
                if action == .pause, state.model.pausedSince != nil { found?.word = "go on" }
                return found
            }
            return (first, [.help, .quit].compactMap(hint))
        }
    }
}
