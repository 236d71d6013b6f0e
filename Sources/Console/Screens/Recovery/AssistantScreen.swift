import Diagnosis
import Engine
import Recovery
import Refactoring
import TerminalKit
import Topology

/// The recovery assistant: what happened to a source, who can take over, what would be done, and the confirmation; by the
/// same pages a planned switchover, and the return of a primary that was given up. Every choice can be changed on any page,
/// and the plan follows.
struct AssistantScreen: ConfirmingScreen {
    /// Its pages, in order.
    enum Page: Int, CaseIterable, Hashable, Sendable {
        case failure = 1, candidates, plan, confirmation
    }

    /// What an operator has chosen; it is kept while somebody goes back to watching.
    struct Choice: Hashable, Sendable {
        var page = Page.failure
        /// Who is to take over, or whom a primary that is back is to follow; `nil` for the best.
        var candidate: InstanceAddress?
        /// Who was the best when the confirmation was opened; nobody else takes that place under the operator's hands.
        var settled: InstanceAddress?
        /// Of a failover.
        var policy = FailoverPolicy()
        /// Of a switchover.
        var handover = SwitchoverPolicy()
        /// How a switchover finds its candidate where none is named.
        var unnamed = CandidateChoice.best
        /// The account with which a primary that is back replicates; `nil` for that of another replica.
        var user: String?
        /// The longest that a step waits for an applier; `nil` for as long as the settings say.
        var limit: Duration?
        var reason = ""
        /// Since when that has lasted about which it was chosen; `nil` where nothing had failed.
        var failedSince: Timestamp?
    }

    /// A line of the table of candidates.
    enum Row: Hashable, Sendable {
        /// Each replica gets what is best for it, where replicas are adopted; the primary that took its place, where one is
        /// back.
        case best
        case candidate(InstanceAddress)
    }

    let matter: AssistantMatter
    var choice: Choice
    private(set) var planned: PlanScreen
    var cursor = ListCursor<Row>()
    /// How far the text of each page is scrolled; on the page of candidates, of the one under the cursor.
    var scrolls: [Page: TextScroll] = [:]

    init(_ matter: AssistantMatter, _ choice: Choice = Choice(), _ model: ConsoleModel) {
        self.matter = matter
        self.choice = choice
        planned = PlanScreen(matter.subject(choice, model))
        planned.reason = choice.reason
        refresh(model)
    }

    /// The server that it is about.
    var source: InstanceAddress { matter.server }

    var contexts: [KeyContext] { [.assistant, .plan, .list] }

    func crumbs(_ model: ConsoleModel) -> [String] { [matter.crumb] }

    /// The cluster's name.
    func clusterName(_ model: ConsoleModel) -> String { model.known.cluster(of: source)?.name ?? "\(source)" }

    /// The candidates, as the plan that is shown was made by them.
    var ranking: CandidateRanking? { planned.sheet?.ranking }

    /// Whether replicas get another source, and nobody is promoted.
    var isAdoption: Bool { if case .adopt? = planned.subject.recovery { true } else { false } }

    /// The candidate that the plan is about; `nil` where there is none, and where each replica gets its own.
    var effective: Candidate? {
        guard let ranking else { return nil }
        if let chosen = choice.candidate ?? choice.settled { return ranking[chosen] }
        if case .switchover = matter {
            return sheet?.plan?.succession?.successor.flatMap { ranking[$0] }
        }
        return isAdoption ? nil : ranking.best
    }

    func rows(_ model: ConsoleModel) -> [Row] {
        switch matter {
        case .rejoin: [.best] + primaries(model).map(Row.candidate)
        case .loss, .switchover:
            (isAdoption ? [.best] : []) + (ranking?.ranked.map { .candidate($0.instance) } ?? [])
        }
    }

    /// The candidate under the cursor.
    var selected: Candidate? {
        if case .candidate(let address)? = cursor.id { ranking?[address] } else { nil }
    }
}

// MARK: - Plans

extension AssistantScreen {
    var sheet: PlanSheet? { planned.sheet }
    var deed: Deed? { planned.deed }
    var reason: String {
        get { planned.reason }
        set {
            planned.reason = newValue
            choice.reason = newValue
        }
    }
    var subjects: [PlanSubject] { planned.subjects }
    var depth: PlanRequest.Depth { .page }

    func isDue(_ model: ConsoleModel) -> Bool { planned.isDue(model) }

    mutating func take(_ sheets: [PlanSheet], _ model: ConsoleModel) -> Bool {
        let isOther = planned.take(sheets, model)
        refresh(model)
        guard choice.page == .plan || choice.page == .confirmation else {
            // Nobody has read the one before.
            planned.forgetChange()
            return false
        }
        return isOther
    }

    mutating func refresh(_ model: ConsoleModel) {
        let subject = matter.subject(choice, model)
        if subject != planned.subject {
            let reason = planned.reason
            // A name for whom the plan that is seen is about makes no other plan.
            planned = choice.settled == nil ? PlanScreen(subject) : PlanScreen(subject, showing: planned)
            planned.reason = reason
        }
        let rows = rows(model)
        let tableHeight = layout(model.body, rows.count).list.height - 3
        cursor.follow(in: rows, height: tableHeight)
        if cursor.id == nil {
            let first = effective.map { Row.candidate($0.instance) } ?? rows.first
            if let first { cursor.select(id: first, in: rows, height: tableHeight) }
        }
        for page in Page.allCases {
            scrolls[page, default: TextScroll()].follow(count: lineCount(page, model), height: height(page, model))
        }
    }
}

// MARK: - Keys

extension AssistantScreen {
    func hints(_ model: ConsoleModel) -> [KeyAction] {
        // Keep watching is always there.
        let run: [KeyAction] = sheet?.plan == nil ? [] : [.run]
        let fence: [KeyAction] = canFence(model) ? [.fence] : []
        switch choice.page {
        case .failure: return fence + [.nextPage, .keepWatching, .back]
        case .candidates: return [.open, .nextPage] + fence + [.keepWatching, .back] + toggles
        case .plan: return run + fence + [.keepWatching] + toggles + [.reason, .savePlan]
        case .confirmation: return run + [.keepWatching, .back, .reason]
        }
    }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        switch action {
        case .keepWatching: return .keepWatching
        case .back: return Page(rawValue: choice.page.rawValue - 1).map { go(to: $0, model) } ?? .close
        case .nextPage: return Page(rawValue: choice.page.rawValue + 1).map { go(to: $0, model) } ?? .done
        case .previousPage: return Page(rawValue: choice.page.rawValue - 1).map { go(to: $0, model) } ?? .done
        case .whatHappened: return go(to: .failure, model)
        case .candidates: return go(to: .candidates, model)
        case .thePlan: return go(to: .plan, model)
        case .confirmation: return go(to: .confirmation, model)
        case .toggleUnapplied, .toggleLost, .toggleLiving, .toggleSessions, .toggleSiblings, .toggleOldPrimary,
            .toggleLockWait, .toggleDrain:
            return toggle(action, model)
        case .savePlan, .reason: return planned.perform(action, model)
        case .run: return run(model)
        case .fence: return fence(model)
        default: return performOnPage(action, model)
        }
    }

    private mutating func performOnPage(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        let page = choice.page
        if page == .candidates {
            switch action {
            case .up, .down, .top, .bottom:
                let rows = rows(model)
                _ = cursor.perform(action, in: rows, height: layout(model.body, rows.count).list.height - 3)
                scrolls[page] = TextScroll()
                return .done
            case .open: return choose(model)
            default: break
            }
        }
        var scroll = scrolls[page] ?? TextScroll()
        if scroll.perform(action, count: lineCount(page, model), height: height(page, model)) {
            scrolls[page] = scroll
            return .done
        }
        guard action == .open else { return .unused }
        if page == .failure { return go(to: .candidates, model) }
        guard sheet?.plan != nil else { return run(model) }
        let key = TreeScreen.planKey(.run, model)
        return .tell(Notice(.refused, "\(key) goes on to the confirmation; nothing was done"))
    }

    private mutating func go(to page: Page, _ model: ConsoleModel) -> ScreenAnswer {
        choice.page = page
        if page != .confirmation { choice.settled = nil }
        planned.forgetChange()
        refresh(model)
        return .done
    }

    /// Lets the candidate under the cursor take over, and shows the plan for it.
    private mutating func choose(_ model: ConsoleModel) -> ScreenAnswer {
        switch (cursor.id, matter) {
        case (.best?, _): choice.candidate = nil
        case (.candidate(let address)?, .rejoin): choice.candidate = address
        case (.candidate(let address)?, _):
            guard let candidate = ranking?[address] else { return .done }
            guard candidate.isEligible else {
                let why = candidate.verdict.reasons.first { $0.gravity == .refuse }?.sentence ?? "it is refused"
                return .tell(Notice(.refused, "\(address) cannot take over: \(why)"))
            }
            choice.candidate = address
        case (nil, _):
            return .tell(Notice(.refused, "there is nobody to choose"))
        }
        choice.page = .plan
        choice.settled = nil
        refresh(model)
        return .replan
    }

    private mutating func run(_ model: ConsoleModel) -> ScreenAnswer {
        guard choice.page == .plan || choice.page == .confirmation else {
            let key = model.keymap.sequences(for: .thePlan, in: contexts).first?.description ?? ":failover"
            return .tell(Notice(.refused, "read the plan first: \(key) shows it"))
        }
        guard let sheet else { return .tell(Notice(.refused, "the plan is still being made")) }
        guard let plan = sheet.plan else {
            return .tell(Notice(.refused, "there is no plan to carry out; what would help stands beside each reason"))
        }
        if let refusal = model.refusalToAct(on: plan.instances) { return .tell(Notice(.refused, refusal)) }
        choice.page = .confirmation
        if case .loss = matter, choice.candidate == nil { choice.settled = plan.succession?.successor }
        refresh(model)
        return .confirm(Prompt.Confirmation(name: matter.nameToType(model).name, plan: plan))
    }

    func status(_ model: ConsoleModel) -> ScreenStatus? {
        if choice.page == .failure, case .loss = matter { return nil }
        guard let sheet else { return ScreenStatus(sign: .running, sentence: "the plan is being made") }
        guard let plan = sheet.plan else {
            let why = sheet.answer.reasons.first { $0.gravity == .refuse }?.sentence ?? "nothing can be done"
            return ScreenStatus(sign: .refuses, sentence: why)
        }
        guard choice.page == .plan || choice.page == .confirmation else {
            return ScreenStatus(sign: .asks, sentence: "\(prospect(plan)); nothing is done before the last page")
        }
        let key = TreeScreen.planKey(.run, model)
        return ScreenStatus(
            sign: .asks,
            sentence: "nothing is done before you press \(key) and type \(matter.nameToType(model).name.sanitized)")
    }

    /// What would come of it, in a few words.
    private func prospect(_ plan: Plan) -> String {
        switch matter {
        case .rejoin: "\(source) would follow \(plan.succession?.successor.map { "\($0)" } ?? "the primary")"
        case .loss, .switchover:
            effective.map { "\($0.instance) would take over" } ?? "each replica gets what is best for it"
        }
    }
}
