import Topology

/// How the replicas of a server are, in numbers. A replica with several channels from it counts once for each.
public struct FailureCounts: Hashable, Sendable {
    /// All that have it as their source.
    public var replicas = 0
    /// Of these, those that answer now.
    public var answering = 0
    /// Those that were not asked yet in this run: they say nothing.
    public var unasked = 0
    /// Of those that answer: receiver and applier run.
    public var replicating = 0
    /// Of those that answer: the receiver runs, and something arrives.
    public var receiving = 0
    /// Of those that answer: the receiver runs, and nothing has arrived for too long.
    public var silent = 0
    /// Of those that answer: the receiver cannot connect.
    public var failingToConnect = 0
    /// Of those that answer: the source refuses the connection.
    public var turnedAway = 0
    /// Behind by more than the limit, beyond their delay.
    public var lagging = 0
    /// With a configured delay.
    public var delayed = 0
    /// In downtime.
    public var downtimed = 0
    /// Keep a binary log of what they apply.
    public var logging = 0
    /// With the replica's side of semi-sync on.
    public var semiSync = 0

    /// Makes counts of nobody.
    public init() {}

    /// Those that hear from their source, be it that they are turned away.
    public var hearing: Int { receiving + turnedAway }
    /// Those that say they have lost it.
    public var losing: Int { failingToConnect + silent }

    init(_ views: [ReplicaView], lag limit: Duration) {
        for view in views { count(view, limit) }
    }

    private mutating func count(_ view: ReplicaView, _ limit: Duration) {
        replicas += 1
        if let lag = view.channel.lag, lag.beyondDelay > limit { lagging += 1 }
        if view.channel.delay > .zero { delayed += 1 }
        if view.isDowntimed { downtimed += 1 }
        if view.relayedFormat != nil { logging += 1 }
        if view.facts?.semiSync.replica?.isEnabled == true { semiSync += 1 }
        guard let hearing = view.hearing else {
            if !view.isAsked { unasked += 1 }
            return
        }
        answering += 1
        if view.channel.isReplicating { replicating += 1 }
        switch hearing {
        case .receives: receiving += 1
        case .silent: silent += 1
        case .failing: failingToConnect += 1
        case .turnedAway: turnedAway += 1
        case .stopped: break
        }
    }
}
