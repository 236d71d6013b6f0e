import Diagnosis
import Engine
import Recovery
import TerminalKit
import Topology

extension ConsoleState {
    /// Opens the assistant for what is wrong with the server or cluster under the cursor, else for the first failure that
    /// somebody should act on or a primary that is back, else for the source under the cursor.
    mutating func openAssistant() -> [ConsoleEffect] {
        guard let matter = matterAtHand else {
            notice = Notice(.refused, "there is no source here that somebody could take over from")
            return []
        }
        return openAssistant(about: matter)
    }

    private var matterAtHand: AssistantMatter? {
        let known = model.known
        let cluster = tree.selectedCluster(model)
        if let selected = tree.selected {
            if known.alarms.contains(where: { $0.subject == selected }) { return .loss(of: selected) }
            if model.returned(selected) != nil { return .rejoin(of: selected) }
        }
        // In the order of the banner; what concerns the cluster under the cursor before all others.
        let back = { (returned: ReturnedPrimary) in
            (AssistantMatter.rejoin(of: returned.server), returned.primary.flatMap(known.cluster)?.id)
        }
        let matters =
            model.returned.filter { $0.danger == .twoWritable }.map(back)
            + known.alarms.map { (.loss(of: $0.subject), $0.cluster) }
            + model.returned.filter { $0.danger != .twoWritable }.map(back)
        if let matter = matters.first(where: { $0.1 == cluster?.id }) ?? matters.first { return matter.0 }
        if let selected = tree.selected, !known.fleet.replicas(of: selected).isEmpty { return .loss(of: selected) }
        return (cluster?.primary).map { .loss(of: $0) }
    }

    /// Opens the assistant, with what was chosen there before.
    ///
    /// - Parameter change: what is chosen otherwise.
    mutating func openAssistant(
        about matter: AssistantMatter, _ change: (inout AssistantScreen.Choice) -> Void = { _ in }
    ) -> [ConsoleEffect] {
        keepChoices()
        pages.removeAll { $0 is AssistantScreen || $0 is PlanScreen }
        let since = model.known.diagnosis.failures.failure(of: matter.server)?.since
        var usual = AssistantScreen.Choice()
        usual.policy = model.recoveryPolicy(around: matter.server).failover
        var choice = assistantChoices[matter] ?? usual
        // What was chosen about another failure of that server says nothing of this one.
        if choice.failedSince != since { choice = usual }
        choice.failedSince = since
        choice.settled = nil
        change(&choice)
        pages.append(AssistantScreen(matter, choice, model))
        planning = nil
        reader.reset()
        return followFleet() + [.discardTypeAhead]
    }

    /// Back to the tree; what was chosen is there when the assistant is opened again.
    mutating func keepWatching() -> [ConsoleEffect] {
        keepChoices()
        pages = []
        planning = nil
        let key = model.keymap.sequences(for: .recover, in: contexts).first?.description ?? ":recover"
        notice = Notice(.done, "nothing was done; \(key) opens the assistant again, with what you chose")
        return []
    }

    /// Remembers what was chosen in assistants that are about to be closed.
    mutating func keepChoices() {
        for case let page as AssistantScreen in pages { assistantChoices[page.matter] = page.choice }
    }

    /// Opens the page, or checks anew where it is open.
    mutating func openReadiness() -> [ConsoleEffect] {
        open(ReadinessScreen(model))
        return [.checkReadiness]
    }

    mutating func openRecoveries() -> [ConsoleEffect] {
        open(RecoveriesScreen(model))
        return [.readRecoveries]
    }
}
