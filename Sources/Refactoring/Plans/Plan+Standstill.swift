import Topology

/// For how long a plan keeps a replica from applying.
public struct Standstill: Hashable, Sendable {
    /// The replica.
    public var instance: InstanceAddress
    /// Its channel, empty for the default one.
    public var channel: String
    /// The step that stops it, by its place in the plan.
    public var from: Int
    /// The step that starts it again; `nil` where it stays stopped.
    public var to: Int?
    /// The longest that the steps in between may take, together; servers usually take milliseconds for each.
    public var limit: Duration
    /// The server that has to catch up meanwhile and is the furthest behind, with how far that is; `nil` where none is.
    public var laggard: Laggard?
}

/// A server for which another one waits.
public struct Laggard: Hashable, Sendable {
    /// The server.
    public var instance: InstanceAddress
    /// How far behind it is, its delay included: about as long as it takes to catch up, or less.
    public var behind: Duration
}

extension Plan {
    /// Which replicas stand still while the plan runs, and for how long, in the order in which they are stopped.
    ///
    /// - Parameter fleet: says how far those are behind for which they wait.
    public func standstills(in fleet: Fleet) -> [Standstill] {
        var found: [Standstill] = []
        for (index, step) in steps.enumerated() {
            for command in step.commands {
                switch command {
                case .stopReplication(let channel, let threads) where threads != .receiver:
                    // Who follows nobody yet applies nothing that could stop.
                    guard fleet[step.instance]?.channel(named: channel)?.source != nil else { continue }
                    let isOpen = found.contains {
                        $0.instance == step.instance && $0.channel == channel && $0.to == nil
                    }
                    if isOpen { continue }
                    found.append(
                        Standstill(instance: step.instance, channel: channel, from: index, to: nil, limit: .zero))
                case .startReplication(let channel, let threads, nil) where threads != .receiver:
                    let place = found.lastIndex {
                        $0.instance == step.instance && $0.channel == channel && $0.to == nil
                    }
                    if let place { found[place].to = index }
                case .resetReplica(let channel, .everything) where takesOver(step.instance):
                    // Whoever takes writes does not stand still.
                    found.removeAll { $0.instance == step.instance && $0.channel == channel && $0.to == nil }
                default: break
                }
            }
        }
        return found.map { standstill in
            var standstill = standstill
            let last = standstill.to ?? steps.count - 1
            standstill.limit = limit(from: standstill.from, to: last)
            standstill.laggard = steps[standstill.from...last].filter { $0.instance != standstill.instance }
                .compactMap { $0.laggard(in: fleet) }.max { $0.behind < $1.behind }
            return standstill
        }
    }

    private func takesOver(_ server: InstanceAddress) -> Bool {
        server == writeBlock?.newPrimary || server == succession?.successor
    }

    /// What the stages of these steps may take: steps of one stage run at once.
    private func limit(from first: Int, to last: Int) -> Duration {
        let stages = Dictionary(grouping: steps[first...last], by: \.stage)
        return stages.values.reduce(.zero) { sum, stage in sum + (stage.map(\.timeLimit).max() ?? .zero) }
    }
}

extension Step {
    /// Its server, where it has to apply what it lacks and is behind.
    fileprivate func laggard(in fleet: Fleet) -> Laggard? {
        guard let awaitedChannel, let channel = fleet[instance]?.channel(named: awaitedChannel),
            channel.behind >= .seconds(1)
        else { return nil }
        return Laggard(instance: instance, behind: channel.behind)
    }
}
