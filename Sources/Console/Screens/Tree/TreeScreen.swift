import TerminalKit
import Topology

/// The tree of one cluster or of all: the page at the bottom of the stack.
struct TreeScreen: Screen {
    /// Which clusters are shown.
    enum Extent: Hashable, Sendable {
        case all
        /// The cluster that this instance is a member of: its own name may change with its primary.
        case cluster(of: InstanceAddress)
    }

    private(set) var extent = Extent.all
    var folded: Set<RowID> = []
    private(set) var filterText = ""
    private(set) var showsOnlyProblems = false
    /// Whether the detail panel stands beside the tree where there is room.
    private(set) var showsDetail = true
    /// Replicas that were chosen to be moved together.
    var marks: Set<RowID> = []
    /// What is carried to another place; while something is, rows keep their places whatever happens.
    var carry: Carry?
    /// What the rules say of every place for it; `nil` until the first look.
    var judgement: Judgement?
    /// The row on which the mouse was pressed, until it is moved or let go.
    var pressedRow: RowID?
    /// Whether what is carried was picked up with the mouse, so that letting go drops it.
    var isDragging = false
    /// Instances that go along because they are below what is carried.
    var along: Set<InstanceAddress> = []
    /// Whether the keys go to the detail panel beside the tree; nobody asks where there is none.
    var isDetailFocused = false
    var detailScroll = TextScroll()

    private(set) var outline = Outline()
    /// The entries of the outline that are shown, in order.
    private(set) var shown: [Int] = []
    var cursor = ListCursor<RowID>()
    /// The cells that the longest name takes with its connectors, so that columns do not move while one scrolls.
    private(set) var longestName = 0
    private(set) var longestVersion = 0
    private(set) var deepest = 0
    private var outlined: OutlineStamp?

    /// What the outline was made from: while it is the same, so is the outline.
    private struct OutlineStamp: Hashable {
        var generation: Int
        var extent: Extent
    }

    var contexts: [KeyContext] { carry == nil ? [.tree, .act, .list] : [.move, .tree, .list] }
    var filter: String? { filterText }

    /// The selected instance; `nil` on a cluster's title and in an empty tree.
    var selected: InstanceAddress? { cursor.id?.address }

    /// The cluster of the selected line.
    func selectedCluster(_ model: ConsoleModel) -> Cluster? {
        switch cursor.id {
        case .cluster(let id)?: model.known.clusters.first { $0.id == id }
        case .instance(let address, _)?: model.known.cluster(of: address)
        case nil: nil
        }
    }

    var shownIDs: some RandomAccessCollection<RowID> {
        shown.lazy.map { [entries = outline.entries] in entries[$0].id }
    }

    func crumbs(_ model: ConsoleModel) -> [String] {
        switch extent {
        case .all: return model.known.clusters.count == 1 ? ["clusters", model.known.clusters[0].name] : ["clusters"]
        case .cluster(let member): return ["clusters", model.known.cluster(of: member)?.name ?? "\(member)"]
        }
    }

    func hints(_ model: ConsoleModel) -> [KeyAction] {
        if carry != nil { return [.drop, .back, .nextTarget, .reasons, .filter] }
        var actions: [KeyAction] = shown.isEmpty && !isChoosing ? [] : [.open, .filter]
        if !model.known.problems.isEmpty { actions += [.nextProblem, .problemsOnly, .problems] }
        if let selected, model.refusalToAct(on: [selected]) == nil {
            // What was marked is picked up from anywhere.
            if !marks.isEmpty || selectedIsReplica(model) { actions.insert(.pickUp, at: min(1, actions.count)) }
            actions.insert(.actions, at: min(2, actions.count))
        }
        if canFoldSelected { actions.append(.toggleFold) }
        if model.known.clusters.count > 1 { actions += [.oneCluster, .clusters] }
        return actions + [.events, .command, .refresh, .pause]
    }

    /// Whether the entry's branch is folded away.
    func isFolded(_ entry: Outline.Entry) -> Bool {
        !isChoosing && entry.descendants > 0 && folded.contains(entry.id)
    }

    var canFoldSelected: Bool {
        guard !isChoosing, shown.indices.contains(cursor.index) else { return false }
        return outline.entries[shown[cursor.index]].descendants > 0
    }
}

// MARK: - Following the fleet

extension TreeScreen {
    /// The trees of these clusters, each with its title, all of it unfolded.
    init(unfolding clusters: [Cluster], _ model: ConsoleModel) {
        outline = Outline(clusters, withTitles: true)
        shown = Array(outline.entries.indices)
        measure(model)
    }

    mutating func refresh(_ model: ConsoleModel) {
        judge(model)
        if carry != nil {
            cursor.follow(in: shownIDs, height: pageHeight(model))
            return
        }
        leaveLostCluster(model)
        dropLostMarks(model)
        let stamp = OutlineStamp(generation: model.known.generation, extent: extent)
        let isOutdated = stamp != outlined
        if isOutdated {
            outline = Outline(clusters(model), withTitles: extent == .all && model.known.clusters.count > 1)
            outlined = stamp
            measure(model)
        }
        if isOutdated || isChoosing { choose(model) }
        let height = pageHeight(model)
        cursor.follow(in: shownIDs, height: height, substitutes: substitutes())
        if cursor.id == nil { cursor.select(0, in: shownIDs, height: height) }
    }

    /// Whether what is shown depends on facts and not on the shape alone.
    var isChoosing: Bool { !filterText.isEmpty || showsOnlyProblems }

    private mutating func leaveLostCluster(_ model: ConsoleModel) {
        if case .cluster(let member) = extent, model.known.cluster(of: member) == nil { extent = .all }
    }

    private func clusters(_ model: ConsoleModel) -> [Cluster] {
        switch extent {
        case .all: model.known.clusters
        case .cluster(let member): model.known.cluster(of: member).map { [$0] } ?? []
        }
    }

    private mutating func measure(_ model: ConsoleModel) {
        longestVersion = outline.positions.keys.reduce(0) { longest, address in
            max(longest, model.known.fleet[address].map { InstanceWords.version($0).utf8.count } ?? 0)
        }
        deepest = outline.entries.reduce(0) { max($0, $1.depth) }
        longestName = outline.entries.reduce(0) { longest, entry in
            guard let address = entry.id.address else { return longest }
            let alias = entry.isReference ? nil : model.known.fleet[address]?.alias
            let tail = Self.tailWidth(entry) + (alias.map { CellText.width($0) + 1 } ?? 0)
            return max(longest, 2 * entry.depth + 2 + address.description.utf8.count + tail)
        }
    }

    /// Cells for what follows a name and says why the instance stands there.
    private static func tailWidth(_ entry: Outline.Entry) -> Int {
        switch entry.row?.relation {
        case .coPrimary?: 13
        case .ringMember?: 7
        case .replica(let channel)? where !channel.isEmpty: min(12, channel.utf8.count + 3)
        case .root?, .replica?, .reference?, .groupSecondary?, .galeraMember?, nil: 0
        }
    }

    /// Chooses what is shown.
    mutating func choose(_ model: ConsoleModel) {
        guard isChoosing else {
            shown = outline.unfolded(folded: folded)
            return
        }
        let needle = SearchNeedle(filterText)
        let onlyProblems = showsOnlyProblems
        shown = outline.matching { entry in
            guard let address = entry.id.address else { return false }
            if onlyProblems, model.known.problems(of: address).isEmpty { return false }
            return Self.isMatch(entry, needle, model)
        }
    }

    /// Whether the row of an instance holds what is looked for: what it says of its place, or anything else.
    private static func isMatch(_ entry: Outline.Entry, _ needle: SearchNeedle, _ model: ConsoleModel) -> Bool {
        guard let address = entry.id.address else { return false }
        return model.isFound(needle, in: address)
            || (entry.row.map { needle.beginsWord(in: InstanceRow.place($0.relation)) } ?? false)
    }

    /// Where the cursor goes when its line is gone: to the instance itself, then to what is above it.
    func substitutes() -> [RowID] {
        guard let address = selected else { return [] }
        var ids: [RowID] = [.instance(address, under: nil)]
        var above = outline.positions[address].flatMap { outline.entries[$0].parent }
        while let index = above {
            ids.append(outline.entries[index].id)
            above = outline.entries[index].parent
        }
        return ids
    }

    mutating func setFilter(_ text: String, _ model: ConsoleModel) {
        let wasFiltered = isChoosing
        filterText = text
        choose(model)
        if isChoosing, !text.isEmpty {
            selectFirstMatch(model)
        } else {
            let height = pageHeight(model)
            if wasFiltered { unfoldTo(cursor.id) }
            cursor.follow(in: shownIDs, height: height, substitutes: substitutes())
        }
    }

    /// Puts the cursor on a line that matches by itself, not on one that is shown for what is below it.
    private mutating func selectFirstMatch(_ model: ConsoleModel) {
        let needle = SearchNeedle(filterText)
        let height = pageHeight(model)
        let entries = outline.entries
        let current = shown.firstIndex { entries[$0].id == cursor.id }
        if let current, Self.isMatch(entries[shown[current]], needle, model) {
            cursor.select(current, in: shownIDs, height: height)
            return
        }
        let first = shown.firstIndex { Self.isMatch(entries[$0], needle, model) }
        cursor.select(first ?? 0, in: shownIDs, height: height)
    }

    /// Keeps the cursor on an instance that has come to another place, wherever that is.
    mutating func follow(_ address: InstanceAddress, _ model: ConsoleModel) {
        let id = RowID.instance(model.known.fleet.canonical(address), under: nil)
        guard carry == nil, cursor.id == id else { return }
        unfoldTo(id)
        cursor.select(id: id, in: shownIDs, height: pageHeight(model))
    }

    /// Opens the branches above a line, so that it is seen.
    mutating func unfoldTo(_ id: RowID?) {
        guard let address = id?.address, let position = outline.positions[address] else { return }
        var above = outline.entries[position].parent
        while let index = above {
            folded.remove(outline.entries[index].id)
            above = outline.entries[index].parent
        }
        if !isChoosing { shown = outline.unfolded(folded: folded) }
    }
}

// MARK: - Keys

extension TreeScreen {
    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if hasFocusedDetail(model), let answer = performInDetail(action, model) { return answer }
        if cursor.perform(action, in: shownIDs, height: pageHeight(model)) {
            detailScroll = TextScroll()
            return .done
        }
        if let answer = carry == nil ? performActing(action, model) : performCarrying(action, model) { return answer }
        switch action {
        case .nextPanel, .previousPanel: return goToDetail(model)
        case .fold: foldOrRise(model)
        case .unfold: setFolded(false, model)
        case .toggleFold: setFolded(cursor.id.map { !folded.contains($0) } ?? false, model)
        case .foldAll: foldAll(model)
        case .unfoldAll:
            folded = []
            refold(model)
        case .parent: return goToSource(model)
        case .nextProblem: return goToProblem(forwards: true, model)
        case .previousProblem: return goToProblem(forwards: false, model)
        case .problemsOnly: return toggleProblemsOnly(model)
        case .toggleDetail:
            showsDetail.toggle()
            refresh(model)
        case .open: return open(model)
        case .oneCluster: return toggleExtent(model)
        case .back: return goBack(model)
        default: return .unused
        }
        return .done
    }

    /// Selects an instance wherever it is shown or hidden.
    ///
    /// - Returns: whether the fleet holds it.
    @discardableResult
    mutating func show(_ address: InstanceAddress, _ model: ConsoleModel) -> Bool {
        putBack(model)
        guard let cluster = model.known.cluster(of: address) else { return false }
        if case .cluster(let member) = extent, model.known.cluster(of: member)?.id != cluster.id {
            extent = .cluster(of: address)
        }
        filterText = ""
        showsOnlyProblems = false
        refresh(model)
        choose(model)
        let id = RowID.instance(model.known.fleet.canonical(address), under: nil)
        unfoldTo(id)
        return cursor.select(id: id, in: shownIDs, height: pageHeight(model))
    }

    /// Shows one cluster, by any member, or all.
    mutating func showCluster(of member: InstanceAddress?, _ model: ConsoleModel) {
        putBack(model)
        extent = member.map { .cluster(of: $0) } ?? .all
        filterText = ""
        showsOnlyProblems = false
        refresh(model)
        choose(model)
        if let member, model.known.cluster(of: selected ?? member)?.id != model.known.cluster(of: member)?.id {
            cursor.select(0, in: shownIDs, height: pageHeight(model))
        }
    }

    private mutating func open(_ model: ConsoleModel) -> ScreenAnswer {
        switch cursor.id {
        case .cluster?:
            setFolded(cursor.id.map { !folded.contains($0) } ?? false, model)
            return .done
        case .instance(let address, _)?: return .open(DetailScreen(address: address))
        case nil: return .done
        }
    }

    /// One level back: the filter first, then the choice of problems, then the one cluster.
    private mutating func goBack(_ model: ConsoleModel) -> ScreenAnswer {
        if !filterText.isEmpty {
            setFilter("", model)
        } else if showsOnlyProblems {
            return toggleProblemsOnly(model)
        } else if extent != .all, model.known.clusters.count > 1 {
            return toggleExtent(model)
        } else {
            return .unused
        }
        return .done
    }

    private mutating func toggleExtent(_ model: ConsoleModel) -> ScreenAnswer {
        switch extent {
        case .all:
            guard let member = selectedCluster(model)?.id else { return .done }
            extent = .cluster(of: selected ?? member)
        case .cluster:
            extent = .all
        }
        refresh(model)
        choose(model)
        cursor.follow(in: shownIDs, height: pageHeight(model), substitutes: substitutes())
        return .done
    }

    private mutating func toggleProblemsOnly(_ model: ConsoleModel) -> ScreenAnswer {
        if !showsOnlyProblems, model.known.problems.isEmpty {
            return .tell(Notice(.refused, "there is no problem to show"))
        }
        showsOnlyProblems.toggle()
        choose(model)
        if !showsOnlyProblems { unfoldTo(cursor.id) }
        cursor.follow(in: shownIDs, height: pageHeight(model), substitutes: substitutes())
        return .done
    }

    mutating func goToSource(_ model: ConsoleModel) -> ScreenAnswer {
        guard shown.indices.contains(cursor.index), let above = outline.entries[shown[cursor.index]].parent else {
            return .tell(Notice(.refused, "there is nothing above this line"))
        }
        cursor.select(id: outline.entries[above].id, in: shownIDs, height: pageHeight(model))
        return .done
    }

    private mutating func goToProblem(forwards: Bool, _ model: ConsoleModel) -> ScreenAnswer {
        let count = outline.entries.count
        guard count > 0 else { return .done }
        let start = shown.indices.contains(cursor.index) ? shown[cursor.index] : 0
        for step in 1...count {
            let index = forwards ? (start + step) % count : (start - step + count * 2) % count
            let id = outline.entries[index].id
            guard let address = id.address, outline.positions[address] == index,
                model.known.hasTrouble(address)
            else { continue }
            if !shown.contains(index) { unfoldTo(id) }
            if cursor.select(id: id, in: shownIDs, height: pageHeight(model)) { return .done }
        }
        return .tell(Notice(.refused, "no instance shown here has a problem"))
    }
}
