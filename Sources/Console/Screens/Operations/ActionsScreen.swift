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
        var wish: Wish
        var summary: String
        /// `nil` until it was planned.
        var sheet: PlanSheet?

        var id: String { wish.verb }
    }

    let address: InstanceAddress
    let channel: String?
    private var all: [Item]
    private var plannedAt: Timestamp?
    var list = FilteredList<Item>()

    init(_ replica: ReplicaChannel, isReplica: Bool, hasReplicas: Bool, _ model: ConsoleModel) {
        address = replica.instance
        channel = replica.channel
        all = WishForm.all.compactMap { form in
            switch form.arguments {
            case .replica where isReplica, .replicaAndOptionalTarget where isReplica, .server: break
            default: return nil
            }
            if !hasReplicas, Self.concernsReplicas.contains(form.word) { return nil }
            var texts = ["\(replica.instance)"]
            if case .replica = form.arguments, let channel = replica.channel { texts.append(channel) }
            guard let wish = try? form.wish(texts, model) else { return nil }
            return Item(wish: wish, summary: form.summary)
        }
        refresh(model)
    }

    private static let concernsReplicas: Set<String> = ["move-up-replicas", "repoint-replicas", "regroup-replicas"]

    var contexts: [KeyContext] { [.act, .list] }
    var subjects: [PlanSubject] { all.map { .wish($0.wish) } }
    var depth: PlanRequest.Depth { .answer }

    func isDue(_ model: ConsoleModel) -> Bool { isOld(plannedAt, model) }

    mutating func take(_ sheets: [PlanSheet], _ model: ConsoleModel) -> Bool {
        plannedAt = model.wallTime
        for (index, sheet) in sheets.enumerated() where all.indices.contains(index) { all[index].sheet = sheet }
        refresh(model)
        return false
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["\(address)", "actions"] }

    func items(_ model: ConsoleModel, containing needle: SearchNeedle) -> [Item] {
        needle.isEmpty ? all : all.filter { needle.isFound(in: $0.wish.verb) || needle.isFound(in: $0.summary) }
    }

    func open(_ item: Item) -> ScreenAnswer { .plan(.wish(item.wish)) }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("Nothing can be done here.", "") }

    func columns(width: Int, _ model: ConsoleModel) -> Int {
        min(width / 2, all.reduce(0) { max($0, $1.wish.verb.utf8.count) })
    }

    func draw(_ item: Item, _ columns: Int, on canvas: inout Canvas, in line: GridRect, _ model: ConsoleModel) {
        let sign = Self.sign(item)
        let (glyph, scope) = sign?.look(canvas.glyphs) ?? (canvas.glyphs.ellipsis, .textDim)
        canvas.put(
            [
                canvas.palette.text("\(glyph) ", scope),
                canvas.palette.text(
                    CellText.fit(item.wish.verb, to: columns + 2), sign == .refuses ? .textDim : .textStrong),
                canvas.palette.text(item.summary, sign == .refuses ? .textDim : .text),
            ], in: line)
    }

    private static func sign(_ item: Item) -> ScreenStatus.Sign? {
        guard let answer = item.sheet?.answer else { return nil }
        guard answer.plan != nil else { return .refuses }
        return answer.reasons.isEmpty ? .fits : .asks
    }

    func details(of item: Item, _ model: ConsoleModel) -> (subject: InstanceAddress?, details: Details) {
        guard let sheet = item.sheet else {
            return (address, Details(sections: [], hasRunningAge: false))
        }
        var lines: [Details.Line] = []
        if let plan = sheet.plan {
            let count = plan.steps.count == 1 ? "1 step" : "\(plan.steps.count) steps"
            lines.append(Details.Line("plan", Words(plan.intent), Words(", \(count)", .faint)))
        }
        lines += Details.reasons(sheet.answer.reasons)
        return (address, Details(sections: [Details.Section(heading: "", lines: lines)], hasRunningAge: false))
    }
}
