import Engine
import Refactoring
import TerminalKit
import Topology

/// What can be done with the server under the cursor, each with whether it can be done now; Enter shows the plan.
struct ActionsScreen: ListScreen, PlanningScreen {
    static let name = "actions"
    static let noun = "action"
    static let toggle = KeyAction.actions
    static let furtherHints: [KeyAction] = [.command]
    static let hasDetails = true

    /// One thing that can be done.
    struct Item: Identifiable, Sendable {
        enum Deed: Hashable, Sendable {
            case wish(Wish)
            /// A command that has to be typed to its end.
            case typed(String)
        }

        /// As on the command line, without the server.
        var words: String
        var deed: Deed
        var summary: String
        /// `nil` until it was planned.
        var sheet: PlanSheet?

        var id: String { words }

        var wish: Wish? {
            if case .wish(let wish) = deed { wish } else { nil }
        }
    }

    let address: InstanceAddress
    let channel: String?
    private var all: [Item]
    private var plannedAt: Timestamp?
    var list = FilteredList<Item>()

    init(_ replica: ReplicaChannel, isReplica: Bool, hasReplicas: Bool, _ model: ConsoleModel) {
        address = replica.instance
        channel = replica.channel
        let forms = WishForm.all.filter { form in
            switch form.subject {
            case .server: true
            case .replica: isReplica
            case .source: hasReplicas
            }
        }
        let items = forms.flatMap { Self.items($0, replica, model) }
        // What needs more words stands last.
        all = items.filter { $0.wish != nil } + items.filter { $0.wish == nil }
        refresh(model)
    }

    private static func items(_ form: WishForm, _ replica: ReplicaChannel, _ model: ConsoleModel) -> [Item] {
        let takesChannel = form.options.contains(WishForm.channel)
        let channel = replica.channel.flatMap { takesChannel ? [WishForm.channel.name, $0] : nil } ?? []
        switch form.offer {
        case .ready(let others):
            let variants = [WishForm.Variant(options: [], summary: form.summary)] + others
            return variants.compactMap { variant in
                let texts = ["\(replica.instance)"] + channel + variant.options
                return (try? form.asked(texts, model)).map { asked in
                    Item(
                        words: ([form.word] + variant.options).joined(separator: " "), deed: .wish(asked.wish),
                        summary: variant.summary)
                }
            }
        case .begun(let rest):
            let words = ([form.word, "\(replica.instance)"] + channel).joined(separator: " ")
            return [Item(words: form.word, deed: .typed("\(words) \(rest)"), summary: form.summary)]
        }
    }

    var contexts: [KeyContext] { [.act, .list] }
    var subjects: [PlanSubject] { all.compactMap { $0.wish.map(PlanSubject.wish) } }
    var depth: PlanRequest.Depth { .answer }

    func isDue(_ model: ConsoleModel) -> Bool { isOld(plannedAt, model) }

    mutating func take(_ sheets: [PlanSheet], _ model: ConsoleModel) -> Bool {
        plannedAt = model.wallTime
        for (index, sheet) in zip(all.indices.filter { all[$0].wish != nil }, sheets) { all[index].sheet = sheet }
        refresh(model)
        return false
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["\(address)", "actions"] }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Item] {
        needle.isEmpty ? all : all.filter { needle.isFound(in: $0.words) || needle.isFound(in: $0.summary) }
    }

    func open(_ item: Item) -> ScreenAnswer {
        switch item.deed {
        case .wish(let wish): .plan(.wish(wish))
        case .typed(let command): .typeCommand(command)
        }
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("Nothing can be done here.", "") }

    func columns(width: Int, _ model: ConsoleModel) -> Int {
        min(width / 2, all.reduce(0) { max($0, $1.words.utf8.count) })
    }

    func draw(_ item: Item, _ columns: Int, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel) {
        let sign = Self.sign(item)
        let none = item.wish == nil ? canvas.glyphs.marker : canvas.glyphs.ellipsis
        let (glyph, scope) = sign?.look(canvas.glyphs) ?? (none, .textDim)
        canvas.put(
            [
                canvas.palette.text("\(glyph) ", scope),
                canvas.palette.text(
                    CellText.fit(item.words, to: columns + 2), sign == .refuses ? .textDim : .textStrong),
                canvas.palette.text(item.summary, sign == .refuses ? .textDim : .text),
            ], in: line)
    }

    private static func sign(_ item: Item) -> ScreenStatus.Sign? {
        guard let answer = item.sheet?.answer else { return nil }
        guard answer.plan != nil else { return .refuses }
        return answer.reasons.isEmpty ? .fits : .asks
    }

    func details(of item: Item, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        if case .typed(let command) = item.deed {
            let usage = WishForm.all.first { $0.word == item.words }?.usage ?? ""
            let line = Details.Line(
                "to type", Words(":\(command)", .strong), Words(" (takes \(usage))", .faint))
            return (address, Details(sections: [Details.Section(heading: "", lines: [line])], hasRunningAge: false))
        }
        guard let sheet = item.sheet else {
            return (address, Details(sections: [], hasRunningAge: false))
        }
        var lines: [Details.Line] = []
        if let plan = sheet.plan {
            let count = plan.steps.count.counted("step")
            lines.append(Details.Line("plan", Words(plan.intent), Words(", \(count)", .faint)))
        }
        lines += Details.reasons(sheet.answer.reasons)
        return (address, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: false))
    }
}
