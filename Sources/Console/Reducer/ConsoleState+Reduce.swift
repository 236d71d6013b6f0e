import TerminalKit
import Topology

extension ConsoleState {
    /// Lets something happen.
    ///
    /// - Returns: what is to be done about it, in order.
    public mutating func reduce(_ event: ConsoleEvent) -> [ConsoleEffect] {
        switch event {
        case .key(let key): return press(key)
        case .paste(let text): paste(text)
        case .resized(let size):
            model.size = size
            refreshScreens()
        case .resumed(let size):
            model.size = size
            refreshScreens()
            return [.stoodStill]
        case .update(let update):
            if model.pausedSince == nil {
                model.known.take(update, now: model.wallTime)
                knownChanged()
                return followFleet()
            } else {
                heldBack = heldBack ?? model.known
                heldBack?.take(update, now: model.wallTime)
            }
        case .time(let time, let clock):
            model.clock = clock
            model.wallTime = time
            if model.pausedSince == nil { model.now = model.known.moment(at: time) }
        case .events(let events):
            model.known.take(past: events)
            refreshScreens()
        case .told(let notice): self.notice = notice
        case .mouse(let event): return point(event)
        case .readiness(let readiness):
            model.readiness = readiness
            isChecking = false
            refreshScreens()
        case .judged, .planned, .operations, .operationRead, .recoveries, .operation, .acted: return takeActing(event)
        }
        return []
    }

    private mutating func knownChanged() {
        model.now = model.known.moment(at: model.wallTime)
        keepRecordingTrouble()
        markReadOnlyClusters()
        model.findReturned()
        refreshScreens()
    }

    /// The line for it is short; in the list of messages it can be read in full.
    private mutating func keepRecordingTrouble() {
        let trouble = model.known.recordingTrouble
        guard trouble != toldRecordingTrouble else { return }
        toldRecordingTrouble = trouble
        if let trouble { model.remember(Notice(.refused, "the history is not written: \(trouble)")) }
    }

    mutating func refreshScreens() {
        tree.refresh(model)
        for index in pages.indices { pages[index].refresh(model) }
    }

    /// Holds the picture still, or lets it go on with what has come meanwhile.
    mutating func togglePause() {
        if model.pausedSince != nil {
            model.pausedSince = nil
            if let heldBack { model.known = heldBack }
            heldBack = nil
            knownChanged()
        } else {
            model.pausedSince = model.now
        }
    }
}

// MARK: - Keys

extension ConsoleState {
    private mutating func press(_ key: Key) -> [ConsoleEffect] {
        if isTooSmall { return pressTooSmall(key) }
        let wasPending = !reader.pending.isEmpty
        let meaning = reader.read(key, keymap: model.keymap, contexts: contexts)
        if prompt != nil { return pressInPrompt(key, meaning) }
        notice = nil
        switch meaning {
        case .prefix: return []
        case .unbound:
            if wasPending || key == .named(.escape) { return [] }
            let help = model.keymap.sequences(for: .help, in: contexts).first?.description ?? "?"
            notice = Notice(.refused, "\(key) does nothing here; \(help) shows the keys that do")
            return []
        case .action(let action, _): return perform(action)
        }
    }

    /// Under the request for more room nothing works that cannot be seen to work.
    private mutating func pressTooSmall(_ key: Key) -> [ConsoleEffect] {
        guard case .action(let action, _) = model.keymap.meaning(of: [key], in: [.global]) else { return [] }
        switch action {
        case .quit: return [.quit]
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        default: return []
        }
    }

    /// Asks the page first, and does what is done everywhere where it has no use for the action.
    mutating func perform(_ action: KeyAction) -> [ConsoleEffect] {
        follow(withScreen { screen, model in screen.perform(action, model) }, to: action)
    }

    /// Does what a page answered to an action.
    mutating func follow(_ answer: ScreenAnswer, to action: KeyAction) -> [ConsoleEffect] {
        switch answer {
        case .unused: return performEverywhere(action)
        case .done: return []
        case .open(let page):
            pages.append(page)
            return followFleet()
        case .openReading(let page, let id):
            pages.append(page)
            return [.readOperation(id)]
        case .close:
            closePage()
            return followFleet()
        case .tell(let notice): self.notice = notice
        case .plan(let subject): return openPlan(subject)
        case .assist(let subject): return openPlan(subject, on: .failure)
        case .effects(let effects): return effects
        case .followFleet: return followFleet()
        case .ask(let question): return ask(question)
        case .confirm(let confirmation): return confirm(confirmation)
        case .askReason(let text):
            prompt = .reason(LineEditor(text))
            reader.reset()
        case .typeCommand(let text):
            prompt = .command(LineEditor(text))
            reader.reset()
        case .run: return runPlan()
        case .replan:
            planning = nil
            return followFleet()
        case .keepWatching: return keepWatching()
        case .acknowledge(let id):
            prompt = .acknowledgement(id, LineEditor())
            reader.reset()
            return [.discardTypeAhead]
        case .askPassword: return askPassword()
        case .showInstance(let address): show(address)
        case .showCluster(let member):
            pages = []
            tree.showCluster(of: member, model)
        }
        return []
    }

    private mutating func performEverywhere(_ action: KeyAction) -> [ConsoleEffect] {
        switch action {
        case .quit: return quit()
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .operations: return openOperations()
        case .recover: return openAssistant()
        case .recoveries: return openRecoveries()
        case .readiness: return openReadiness()
        case .mouse: return toggleMouse()
        case .undo: return planUndo()
        case .help: open(HelpScreen(about: screen.contexts))
        case .problems: open(ProblemsScreen(model))
        case .clusters: open(ClustersScreen(model, selected: tree.selectedCluster(model)?.id))
        case .events: return openEvents()
        case .messages: open(MessagesScreen())
        case .refresh: return refreshAll()
        case .pause: togglePause()
        case .filter:
            guard let before = screen.filter else {
                notice = Notice(.refused, "there is nothing to filter here")
                return []
            }
            prompt = .filter(LineEditor(before), before: before)
            reader.reset()
        case .command:
            prompt = .command(LineEditor())
            reader.reset()
        case .back: closePage()
        default: break
        }
        return []
    }

    mutating func closePage() {
        guard let page = pages.popLast() else { return }
        if let assistant = page as? AssistantScreen { assistantChoices[assistant.matter] = assistant.choice }
    }

    /// Opens a page, or comes back to it where it is open already: going from list to list makes no tower of pages.
    mutating func open<Page: Screen>(_ page: Page) {
        if let place = pages.firstIndex(where: { $0 is Page }) { pages.removeSubrange(place...) }
        pages.append(page)
    }

    mutating func openEvents() -> [ConsoleEffect] {
        open(EventsScreen(model))
        return [.readEvents]
    }

    mutating func refreshAll() -> [ConsoleEffect] {
        guard model.known.isLive else {
            notice = Notice(.refused, "no server is asked here: this is \(model.known.originWords)")
            return []
        }
        notice = Notice(.done, "every server is asked now")
        return [.refreshAll]
    }

    /// Closes all pages and puts the tree's cursor on an instance.
    mutating func show(_ address: InstanceAddress) {
        pages = []
        if !tree.show(address, model) { notice = Notice(.refused, "\(address) is not known here") }
    }
}
