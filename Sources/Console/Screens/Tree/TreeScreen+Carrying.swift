import Engine
import Recovery
import Refactoring
import TerminalKit
import Topology

// MARK: - Picking up

extension TreeScreen {
    /// The row under the cursor as something to be moved: its channel is named where it has several.
    private func replica(at entry: Outline.Entry, _ model: ConsoleModel) -> ReplicaChannel? {
        guard let address = entry.id.address, let instance = model.known.fleet[address] else { return nil }
        let channels = instance.channels.filter { $0.source != nil }
        guard channels.count > 1 else { return channels.isEmpty ? nil : ReplicaChannel(address) }
        switch entry.row?.relation {
        case .replica(let channel), .reference(let channel), .ringMember(let channel):
            return ReplicaChannel(address, channel: channel)
        case .root, .coPrimary, .groupSecondary, .galeraMember, nil: return ReplicaChannel(address)
        }
    }

    private var selectedEntry: Outline.Entry? {
        shown.indices.contains(cursor.index) ? outline.entries[shown[cursor.index]] : nil
    }

    /// The replica under the cursor; `nil` where that is none.
    func selectedReplica(_ model: ConsoleModel) -> ReplicaChannel? { selectedEntry.flatMap { replica(at: $0, model) } }

    /// Whether the row under the cursor could be picked up.
    func selectedIsReplica(_ model: ConsoleModel) -> Bool { selectedReplica(model) != nil }

    /// What keys that change servers do while nothing is carried; `nil` for other keys.
    mutating func performActing(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer? {
        switch action {
        case .mark: return toggleMark(model)
        case .pickUp: return marks.isEmpty ? pickUpSelected(model) : pickUpMarked(model)
        case .pickUpReplicas: return pickUpReplicas(model)
        case .actions: return openActions(model)
        case .switchover: return planSwitchover(model)
        case .back where !marks.isEmpty:
            marks = []
            return .done
        default: return nil
        }
    }

    private func openActions(_ model: ConsoleModel) -> ScreenAnswer {
        guard let entry = selectedEntry, let address = entry.id.address, model.known.fleet[address] != nil else {
            return .tell(Notice(.refused, "there is no server on this line that could be acted on"))
        }
        let replica = replica(at: entry, model)
        return .open(
            ActionsScreen(
                replica ?? ReplicaChannel(address), isReplica: replica != nil || isDetached(address, model),
                hasReplicas: !model.known.fleet.replicas(of: address).isEmpty, model))
    }

    /// On a replica to that one, elsewhere in a cluster to the best.
    private func planSwitchover(_ model: ConsoleModel) -> ScreenAnswer {
        let address: InstanceAddress? =
            switch selectedEntry?.id {
            case .cluster(let id)?: model.known.clusters.first { $0.id == id }?.primary
            case .instance(let address, _)?: address
            case nil: nil
            }
        guard let address else { return .tell(Notice(.refused, "there is no primary that could hand over")) }
        return .assist(
            .wish(.switchover(Switchover(of: address, to: Switchover.candidate(under: address, in: model)))))
    }

    /// A detached replica has no source, and can be reattached.
    private func isDetached(_ address: InstanceAddress, _ model: ConsoleModel) -> Bool {
        model.known.fleet[address]?.channels.contains { $0.detachedFrom != nil } ?? false
    }

    private mutating func toggleMark(_ model: ConsoleModel) -> ScreenAnswer {
        guard let entry = selectedEntry, let address = entry.id.address else { return .done }
        guard replica(at: entry, model) != nil else {
            return .tell(Notice(.refused, "\(address) is nobody's replica, so there is nothing to move"))
        }
        if marks.remove(entry.id) == nil { marks.insert(entry.id) }
        _ = cursor.perform(.down, in: shownIDs, height: pageHeight(model))
        return .done
    }

    /// Marks of rows that are gone, or that are no replicas any more, are gone too.
    mutating func dropLostMarks(_ model: ConsoleModel) {
        guard !marks.isEmpty else { return }
        marks = marks.filter { id in
            id.address.flatMap { model.known.fleet[$0] }?.isReplica ?? false
        }
    }

    private mutating func pickUpSelected(_ model: ConsoleModel) -> ScreenAnswer {
        guard let entry = selectedEntry, let address = entry.id.address else {
            return .tell(Notice(.refused, "there is no server on this line"))
        }
        guard let replica = replica(at: entry, model) else {
            return .tell(
                Notice(
                    .refused,
                    "\(address) is nobody's replica, so there is nothing to move; "
                        + "its replicas are picked up with \(Self.key(.pickUpReplicas, model))"))
        }
        return pickUp(Carry(.one, [replica], home: entry.id), model)
    }

    private mutating func pickUpMarked(_ model: ConsoleModel) -> ScreenAnswer {
        // In the order of the tree, rows that a filter hides among them.
        let entries = outline.entries.filter { marks.contains($0.id) }
        let replicas = entries.compactMap { replica(at: $0, model) }
        guard !replicas.isEmpty, let home = cursor.id else {
            return .tell(Notice(.refused, "what was marked is not there any more"))
        }
        return pickUp(Carry(.marked, replicas, home: home), model)
    }

    private mutating func pickUpReplicas(_ model: ConsoleModel) -> ScreenAnswer {
        guard let entry = selectedEntry, let address = entry.id.address else {
            return .tell(Notice(.refused, "there is no server on this line"))
        }
        let fleet = model.known.fleet
        let replicas = fleet.replicas(of: address).flatMap { replica in
            let channels = (fleet[replica]?.channels ?? []).filter { $0.source != nil }
            return channels.filter { fleet.source(of: $0) == address }
                .map { ReplicaChannel(replica, channel: channels.count > 1 ? $0.name : nil) }
        }
        guard !replicas.isEmpty else {
            return .tell(Notice(.refused, "\(address) has no replicas to move"))
        }
        return pickUp(Carry(.replicas(of: address), replicas, home: entry.id), model)
    }

    private mutating func pickUp(_ carry: Carry, _ model: ConsoleModel) -> ScreenAnswer {
        if let refusal = model.refusalToAct(on: carry.replicas.map(\.instance)) {
            return .tell(Notice(.refused, refusal))
        }
        self.carry = carry
        judgement = nil
        isDetailFocused = false
        along = below(carry.replicas)
        cursor.follow(in: shownIDs, height: pageHeight(model))
        // The first look is asked for like every further one.
        return .followFleet
    }

    /// The instances that go along with replicas because they are below them.
    func below(_ replicas: [ReplicaChannel]) -> Set<InstanceAddress> {
        Set(replicas.flatMap { outline.positions[$0.instance].map(outline.addresses(below:)) ?? [] })
            .subtracting(replicas.map(\.instance))
    }

    static func key(_ action: KeyAction, _ model: ConsoleModel) -> String {
        model.keymap.sequences(for: action, in: [.move, .tree, .act, .list, .global]).first?.description
            ?? action.rawValue
    }
}

// MARK: - Carrying

extension TreeScreen {
    /// Takes the newest that the rules have said of the places.
    mutating func judge(_ model: ConsoleModel) {
        if let carry, let newest = model.judgement, newest.carry == carry { judgement = newest }
    }

    /// Puts what is carried back where it was.
    mutating func putBack(_ model: ConsoleModel) {
        guard carry != nil else { return }
        carry = nil
        judgement = nil
        along = []
        refresh(model)
    }

    /// What keys do while something is carried; `nil` for those that do the same as always.
    mutating func performCarrying(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer? {
        switch action {
        case .drop: return drop(model)
        case .nextTarget: return goToTarget(forwards: true, model)
        case .previousTarget: return goToTarget(forwards: false, model)
        case .reasons: return showReasons()
        case .back where filterText.isEmpty && !showsOnlyProblems:
            let home = carry?.home
            putBack(model)
            if let home { cursor.select(id: home, in: shownIDs, height: pageHeight(model)) }
            return .tell(Notice(.done, "nothing was moved"))
        case .oneCluster, .pause:
            let back = Self.key(.back, model)
            return .tell(Notice(.refused, "not while something is carried: drop it, or put it back with \(back)"))
        default: return nil
        }
    }

    /// How the place of a row looks; `nil` before the first look.
    func verdict(_ address: InstanceAddress) -> TargetVerdict? { judgement?.verdict(under: address) }

    private func drop(_ model: ConsoleModel) -> ScreenAnswer {
        guard let place = selected, let carry else {
            return .tell(Notice(.refused, "there is no server on this line to drop it on"))
        }
        guard let judgement else { return .tell(Notice(.refused, "the places are still being judged")) }
        switch judgement.verdict(under: place).answer {
        case .held:
            return .tell(
                Notice(
                    .refused,
                    "\(place) is what is carried: go to another server, "
                        + "\(Self.key(.nextTarget, model)) finds the next that may take it"))
        case .home: return .tell(Notice(.refused, "\(place) is the source of \(carry.words) already"))
        case .refused: return showReasons()
        case .fits:
            let moves = carry.moves(below: place, in: judgement.scene.fleet)
            return .plan(moves.count == 1 ? .wish(.move(moves[0])) : .moves(moves))
        }
    }

    private func showReasons() -> ScreenAnswer {
        guard let place = selected, let judgement else { return .done }
        return .open(ReasonsScreen(judgement: judgement, place: place))
    }

    private mutating func goToTarget(forwards: Bool, _ model: ConsoleModel) -> ScreenAnswer {
        guard let judgement else { return .tell(Notice(.refused, "the places are still being judged")) }
        let count = outline.entries.count
        guard count > 0 else { return .done }
        let start = shown.indices.contains(cursor.index) ? shown[cursor.index] : 0
        let visible = isChoosing ? Set(shown) : nil
        for step in 1...count {
            let index = forwards ? (start + step) % count : (start - step + count * 2) % count
            let id = outline.entries[index].id
            guard let address = id.address, outline.positions[address] == index, visible?.contains(index) ?? true,
                judgement.verdict(under: address).isLegal
            else { continue }
            if !shown.contains(index) { unfoldTo(id) }
            if cursor.select(id: id, in: shownIDs, height: pageHeight(model)) { return .done }
        }
        return .tell(
            Notice(
                .refused,
                "no server shown here may take \(judgement.carry.words); "
                    + "\(Self.key(.reasons, model)) says why, place by place"))
    }
}
