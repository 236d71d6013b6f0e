import Topology

extension Plan {
    /// The same plan, in which no step waits for an applier longer than `catchUp`, besides what that is known to be behind:
    /// the limit that a plan gets when it is made, for one that was made before.
    public func waiting(atMost catchUp: Duration, in fleet: Fleet) -> Plan {
        let limits = PlanLimits(catchUp: catchUp)
        var plan = self
        for index in steps.indices {
            // How long nobody may write is another limit.
            if let writeBlock, (writeBlock.first...writeBlock.last).contains(index) { continue }
            guard let name = steps[index].awaitedChannel else { continue }
            let channel = fleet[fleet.canonical(steps[index].instance)]?.channel(named: name)
            plan.steps[index].timeLimit = channel.map(limits.catchingUp) ?? catchUp
        }
        return plan
    }
}

extension Step {
    /// The channel for whose applier it waits until that has come somewhere, `nil` where it waits for none.
    var awaitedChannel: String? {
        for command in commands {
            switch command {
            case .wait(let channel, _), .startReplication(let channel, _, _?): return channel
            default: break
            }
        }
        return nil
    }
}
