import TerminalKit
import Topology

extension ConsoleState {
    mutating func pressInPrompt(_ key: Key, _ meaning: Keymap.Meaning) -> [ConsoleEffect] {
        switch prompt {
        case .filter(let editor, let before)?:
            return edit(editor, key, meaning) { state, editor in
                state.prompt = .filter(editor, before: before)
                state.setFilter(editor.text)
            } accept: { state, _ in
                state.prompt = nil
                return []
            } cancel: { state in
                state.prompt = nil
                // Esc takes back what was typed, and a filter that stood before as well: one level back.
                state.setFilter("")
            }
        case .command(let editor)?:
            return edit(editor, key, meaning) { state, editor in
                state.prompt = .command(editor)
                state.notice = nil
            } accept: { state, text in
                state.prompt = nil
                return text.isEmpty ? [] : state.run(line: text)
            } cancel: { state in
                state.prompt = nil
            }
        // Esc is "no" whatever the keymap binds: it goes one level back everywhere.
        case .question(let question)?:
            return answer(question, key == .named(.escape) ? .action(.no, .dialog) : meaning)
        case .confirmation(let confirmation)?: return typeName(confirmation, key, meaning)
        case .acknowledgement(let id, let editor)?:
            return edit(editor, key, meaning) { state, editor in
                state.prompt = .acknowledgement(id, editor)
            } accept: { state, text in
                // Without a reason the prompt stays: nobody can tell later why it was taken for settled.
                guard !text.trimmedOfBlanks.isEmpty else { return [] }
                state.prompt = nil
                return [.acknowledge(id, reason: text.trimmedOfBlanks)]
            } cancel: { state in
                state.prompt = nil
            }
        case .reason(let editor)?:
            return edit(editor, key, meaning) { state, editor in
                state.prompt = .reason(editor)
            } accept: { state, text in
                state.prompt = nil
                state.setReason(text)
                return []
            } cancel: { state in
                state.prompt = nil
            }
        case .password(let editor)?:
            return edit(editor, key, meaning) { state, editor in
                state.prompt = .password(editor)
            } accept: { state, text in
                state.prompt = nil
                return [.givePassword(TypedPassword(text: text))]
            } cancel: { state in
                state.prompt = nil
            }
        case nil: return []
        }
    }

    /// Types the name that confirms.
    private mutating func typeName(
        _ confirmation: Prompt.Confirmation, _ key: Key, _ meaning: Keymap.Meaning
    ) -> [ConsoleEffect] {
        edit(confirmation.editor, key, meaning) { state, editor in
            var changed = confirmation
            changed.editor = editor
            state.prompt = .confirmation(changed)
        } accept: { state, text in
            state.prompt = nil
            guard text == confirmation.name else {
                state.notice = Notice(
                    .refused, "nothing was done: \"\(text.sanitized)\" is not \(confirmation.name)")
                return []
            }
            return state.runPlan(confirmed: confirmation.plan)
        } cancel: { state in
            state.prompt = nil
            state.notice = Notice(.done, "nothing was done")
        }
    }

    /// Types into a line; Enter and Esc are its owner's business.
    private mutating func edit(
        _ editor: LineEditor, _ key: Key, _ meaning: Keymap.Meaning,
        changed: (inout ConsoleState, LineEditor) -> Void,
        accept: (inout ConsoleState, String) -> [ConsoleEffect],
        cancel: (inout ConsoleState) -> Void
    ) -> [ConsoleEffect] {
        var editor = editor
        switch meaning {
        case .action(.accept, _): return accept(&self, editor.text)
        case .action(.cancel, _):
            cancel(&self)
            return []
        case .action(.complete, _): complete(&editor)
        case .action(.deleteBackward, _) where editor.text.isEmpty:
            cancel(&self)
            return []
        case .action(let action, _): editor.perform(action)
        case .prefix: return []
        case .unbound:
            guard let typed = key.typed else { return [] }
            editor.insert(String(typed))
        }
        changed(&self, editor)
        return []
    }

    /// Completes the command's word, or the server or cluster that it is about; there is nothing to complete in a
    /// filter.
    private func complete(_ editor: inout LineEditor) {
        guard case .command? = prompt, editor.cursor == editor.text.count else { return }
        guard let blank = editor.text.firstIndex(of: " ") else {
            let words = ConsoleCommand.all.map(\.word)
            let completed = ConsoleCommand.completion(of: editor.text, among: words) ?? editor.text
            let takesMore = ConsoleCommand.all.contains { $0.word == completed && !$0.argument.isEmpty }
            editor = LineEditor(takesMore ? completed + " " : completed)
            return
        }
        // Names have no blanks, so the last word is the one that is being typed.
        let last = editor.text.lastIndex(of: " ") ?? blank
        let begun = String(editor.text[last...].dropFirst())
        guard let subject = ConsoleCommand.form(of: String(editor.text[..<blank]))?.subject,
            let completed = ConsoleCommand.completion(
                of: begun, among: model.names(of: subject, beginning: begun))
        else { return }
        editor = LineEditor(String(editor.text[...last]) + completed)
    }

    private mutating func setFilter(_ text: String) {
        withScreen { screen, model in screen.setFilter(text, model) }
    }

    mutating func paste(_ text: String) {
        guard !isTooSmall else { return }
        switch prompt {
        case .filter(var editor, let before)?:
            editor.insert(text.sanitized)
            prompt = .filter(editor, before: before)
            setFilter(editor.text)
        case .command(var editor)?:
            editor.insert(text.sanitized)
            prompt = .command(editor)
        case .reason(var editor)?:
            editor.insert(text.sanitized)
            prompt = .reason(editor)
        case .acknowledgement(let id, var editor)?:
            editor.insert(text.sanitized)
            prompt = .acknowledgement(id, editor)
        case .password(var editor)?:
            editor.insert(text)
            prompt = .password(editor)
        case .question?, .confirmation?, nil: break
        }
    }

    private mutating func answer(_ question: Prompt.Question, _ meaning: Keymap.Meaning) -> [ConsoleEffect] {
        switch meaning {
        case .action(.yes, _):
            prompt = nil
            switch question.consequences {
            case .effects(let effects):
                for case .stop(let number) in effects { model.operations.live[number]?.isStopping = true }
                return effects
            case .leavePage:
                closePage()
                return []
            }
        case .action(.no, _), .action(.back, _), .action(.cancel, _):
            prompt = nil
            notice = Notice(.done, "nothing was done")
            return []
        case .action, .prefix, .unbound: return []
        }
    }
}
