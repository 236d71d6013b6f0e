import Topology

/// What is the same for all servers of an analysis; by reference, because the scene of every server has it.
final class FailureContext: Sendable {
    let fleet: Fleet
    let forest: Forest
    /// Co-primaries and members of rings: replicas that may be meant to be written on.
    let inRings: Set<InstanceAddress>
    let inputs: CountingInputs
    /// The replicas with transactions that their sources do not have.
    let errant: Set<InstanceAddress>

    init(
        fleet: Fleet, forest: Forest, inRings: Set<InstanceAddress>, inputs: CountingInputs,
        errant: Set<InstanceAddress>
    ) {
        self.fleet = fleet
        self.forest = forest
        self.inRings = inRings
        self.inputs = inputs
        self.errant = errant
    }

    /// The failures of one server: what is the matter with it, and what is to be said of how it stands.
    func failures(of held: HeldInstance, views: [ReplicaView]) -> [Failure] {
        let scene = FailureScene(held, views: views, in: self)
        let state = FailureDetector.statesByRole[scene.role]?.first { $0.holds(scene) }
        let warnings = FailureDetector.structuresByRole[scene.role]?.filter { $0.holds(scene) } ?? []
        if state == nil, warnings.isEmpty { return [] }
        let ordered = scene.inOrder()
        return ((state.map { [$0] } ?? []) + warnings).map { Failure($0, ordered) }
    }

    /// The channels that have the server as their source.
    func views(of source: InstanceAddress) -> [ReplicaView] {
        fleet.replicas(of: source).flatMap { address -> [ReplicaView] in
            guard address != source, let replica = fleet.heldInstance(address) else { return [] }
            return replica.instance.channels.filter { !$0.isInternalToGroup && fleet.source(of: $0) == source }
                .map { ReplicaView(replica, $0, inputs) }
        }
    }

    /// The channels of all replicas by their sources.
    func allViews() -> [InstanceAddress: [ReplicaView]] {
        var views: [InstanceAddress: [ReplicaView]] = [:]
        for replica in fleet.heldInstances {
            for channel in replica.instance.channels where !channel.isInternalToGroup {
                guard let source = fleet.source(of: channel), source != replica.instance.address else { continue }
                views[source, default: []].append(ReplicaView(replica, channel, inputs))
            }
        }
        return views
    }
}
