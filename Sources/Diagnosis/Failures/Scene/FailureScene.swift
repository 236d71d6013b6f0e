import Topology

/// What failure detectors may know of one server: itself, and what its replicas say of it.
struct FailureScene: Sendable {
    private let held: HeldInstance
    /// In no particular order until something is told of them.
    private(set) var views: [ReplicaView]
    let counts: FailureCounts
    let role: FailureRole
    let context: FailureContext

    var instance: Instance { held.instance }
    var address: InstanceAddress { instance.address }
    var limits: FailureLimits { context.inputs.limits }

    init(_ held: HeldInstance, views: [ReplicaView], in context: FailureContext) {
        self.held = held
        self.views = views
        self.context = context
        counts = FailureCounts(views, lag: context.inputs.limits.lag)
        role = Self.role(held, views, context.fleet)
    }

    /// The scene with its replicas in the order in which they are told of.
    func inOrder() -> FailureScene {
        var scene = self
        scene.views.sort { ($0.replica.address, $0.channel.name) < ($1.replica.address, $1.channel.name) }
        return scene
    }

    /// What is known of it, be it from before it was lost.
    var facts: InstanceFacts? { instance.facts }

    /// The facts of now: those of a server that lets baton in.
    var presentFacts: InstanceFacts? { instance.contact.isReachable ? instance.facts : nil }

    /// The semi-synchronous side of a source that waits for replicas.
    var semiSync: SemiSync.SourceSide? { facts?.semiSync.source.flatMap { $0.isEnabled ? $0 : nil } }

    /// Whether it is at the top: it follows nobody, and is not a group's secondary.
    var isAtTop: Bool {
        switch role {
        case .primary: true
        case .groupMember: facts?.groupReplication?.own?.isPrimary == true && channels.isEmpty
        case .coPrimary, .intermediateSource, .replica: false
        }
    }

    /// The channels by which it follows others itself.
    var channels: [ReplicationChannel] { Self.channels(instance) }

    /// The first of its own channels that cannot connect.
    var failingChannel: ReplicationChannel? {
        guard instance.contact.isReachable, instance.channels.contains(where: { $0.receiver != .running }) else {
            return nil
        }
        return channels.first { channel in
            switch Hearing(channel, longestHeartbeatPeriod: .zero) {
            case .failing(let error): error != nil
            case .turnedAway: true
            case .receives, .silent, .stopped: false
            }
        }
    }

    /// Whether it has such channels.
    var isFollowing: Bool { instance.channels.contains { $0.source != nil && !$0.isInternalToGroup } }

    private static func channels(_ instance: Instance) -> [ReplicationChannel] {
        instance.channels.filter { $0.source != nil && !$0.isInternalToGroup }
    }

    /// By reference: an instance as an argument is a copy of it, for each of many servers.
    private static func role(_ held: HeldInstance, _ views: [ReplicaView], _ fleet: Fleet) -> FailureRole {
        // A member that was expelled or has an error is still one.
        if let group = held.instance.facts?.groupReplication, group.own?.state != "OFFLINE" { return .groupMember }
        var follows = false
        for channel in held.instance.channels where !channel.isInternalToGroup {
            guard let source = fleet.source(of: channel), source != held.instance.address else { continue }
            follows = true
            if views.contains(where: { $0.address == source }) { return .coPrimary }
        }
        if !follows { return .primary }
        return views.isEmpty ? .replica : .intermediateSource
    }
}
