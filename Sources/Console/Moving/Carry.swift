import Refactoring
import Topology

/// What an operator has picked up: replicas that are to follow another server.
public struct Carry: Hashable, Sendable {
    enum Extent: Hashable, Sendable {
        /// The row under the cursor.
        case one
        /// All that were marked.
        case marked
        /// All replicas of a server; put below one of themselves, the others go below that one.
        case replicas(of: InstanceAddress)
    }

    let extent: Extent
    /// Never empty.
    let replicas: [ReplicaChannel]
    /// The row on which the cursor stood.
    let home: RowID
    private let held: Set<InstanceAddress>

    init(_ extent: Extent, _ replicas: [ReplicaChannel], home: RowID) {
        self.extent = extent
        self.replicas = replicas
        self.home = home
        held = Set(replicas.map(\.instance))
    }

    func holds(_ address: InstanceAddress) -> Bool { held.contains(address) }

    /// Whether one of them may be the place to which the others go.
    var leavesOutTarget: Bool {
        if case .replicas = extent { replicas.count > 1 } else { false }
    }

    /// Those that move when it is dropped on that server.
    func replicas(goingBelow target: InstanceAddress) -> [ReplicaChannel] {
        guard leavesOutTarget, holds(target) else { return replicas }
        return replicas.filter { $0.instance != target }
    }

    /// What is carried, in a few words.
    var words: String {
        switch extent {
        case .replicas(let source) where replicas.count > 1: "the \(replicas.count) replicas of \(source)"
        case .one, .marked, .replicas: replicas.count == 1 ? "\(replicas[0].instance)" : "\(replicas.count) replicas"
        }
    }

    /// Whether one move takes all of it: the replicas of one server, without a channel of its own for one of them.
    func isGroup(in fleet: Fleet) -> Bool {
        guard replicas.count > 1 else { return false }
        if case .replicas = extent { return true }
        guard let source = Self.source(of: replicas[0], in: fleet) else { return false }
        return replicas.allSatisfy { $0.channel == nil && Self.source(of: $0, in: fleet) == source }
    }

    /// The moves that put it below `target`, those of one source together.
    func moves(below target: InstanceAddress, in fleet: Fleet) -> [Move] {
        let goers = replicas(goingBelow: target)
        if goers.count == 1 { return [Self.move(goers[0], below: target, in: fleet)] }
        if case .replicas(let source) = extent {
            let only = goers.count == replicas.count ? nil : Set(goers.map(\.instance))
            return [.relocateReplicas(of: source, only: only, below: target)]
        }
        var moves: [Move] = []
        var groups: [(source: InstanceAddress, members: [ReplicaChannel])] = []
        for replica in goers {
            // With several channels the group would take them all along.
            guard replica.channel == nil, let source = Self.source(of: replica, in: fleet) else {
                moves.append(Self.move(replica, below: target, in: fleet))
                continue
            }
            if let place = groups.firstIndex(where: { $0.source == source }) {
                groups[place].members.append(replica)
            } else {
                groups.append((source, [replica]))
            }
        }
        return groups.map { group in
            group.members.count == 1
                ? Self.move(group.members[0], below: target, in: fleet)
                : .relocateReplicas(of: group.source, only: Set(group.members.map(\.instance)), below: target)
        } + moves
    }

    private static func move(_ replica: ReplicaChannel, below target: InstanceAddress, in fleet: Fleet) -> Move {
        fleet.replicas(of: replica.instance).isEmpty
            ? .relocate(replica, below: target) : .relocateSubtree(replica, below: target)
    }

    private static func source(of replica: ReplicaChannel, in fleet: Fleet) -> InstanceAddress? {
        fleet[replica.instance]?.channels.first { $0.source != nil }.flatMap(fleet.source(of:))
    }
}
