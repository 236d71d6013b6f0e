import Topology

/// One of the two sides of semi-synchronous replication.
public enum SemiSyncSide: String, Hashable, Sendable, Codable, CaseIterable {
    case source
    case replica

    fileprivate var variable: GlobalVariable { self == .source ? .semiSyncSource : .semiSyncReplica }
}

extension MovePlanner {
    /// One side switched on or off; a replica's receiver is connected anew, because only then does its source learn of it
    /// (MySQL manual, "Semisynchronous Replication Administrative Interface").
    func setSemiSync(
        _ address: InstanceAddress, _ side: SemiSyncSide, _ wanted: SwitchState, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let server = try draft.server(address)
        guard let facts = server.facts else { return }
        let present = side == .source ? facts.semiSync.source?.isEnabled : facts.semiSync.replica?.isEnabled
        guard let present else {
            throw PlanRefusal(
                ServerCondition.noSemiSync,
                "the \(side.rawValue)'s side of semi-sync is not installed on \(server.address)",
                .command("baton doctor \(server.address)"))
        }
        guard present != (wanted == .on) else {
            throw PlanRefusal(
                ServerCondition.semiSync,
                "the \(side.rawValue)'s side of semi-sync is \(wanted.rawValue) on \(server.address) already",
                .nothingToDo)
        }
        draft.append(Stages([[switching(side, to: wanted, on: server)]]))
        if side == .source, wanted == .off, !draft.fleet.replicas(of: server.address).isEmpty {
            draft.object([
                Reason(
                    ServerCondition.semiSyncOff,
                    "commits on \(server.address) will no longer wait for a replica to have them",
                    remedies: [.advice("leave it on, if no transaction may be lost with this server")])
            ])
        }
        draft.intent =
            "Switch the \(side.rawValue)'s side of semi-sync \(wanted.rawValue.lowercased()) on \(server.address)"
    }

    /// The step that switches a side; where it stands so already, a receiver that does not know of it is connected anew.
    package func switching(_ side: SemiSyncSide, to wanted: SwitchState, on server: Instance) -> Step {
        let found = server.facts?.semiSync
        let isOn = side == .source ? found?.source?.isEnabled : found?.replica?.isEnabled
        let now: SwitchState = isOn == true ? .on : .off
        let running = side == .source ? [] : server.channels.filter { FoundThreads($0).receiver }
        let reconnecting: [Command] = running.flatMap { channel -> [Command] in
            [
                .stopReplication(channel: channel.name, threads: .receiver),
                .startReplication(channel: channel.name, threads: .receiver),
            ]
        }
        let proof = running.filter { FoundThreads($0).areRunning }.map { Expectation.replicates(channel: $0.name) }
        return Step(
            stage: 0, on: server.address, "switch the \(side.rawValue)'s side \(wanted.rawValue.lowercased())",
            preconditions: server.identityExpectation + [.semiSync(side.variable, now)],
            commands: [.setVariable(side.variable, to: wanted.rawValue)] + reconnecting,
            proof: [.semiSync(side.variable, wanted)] + proof, timeLimit: limits.statement,
            waitsFor: reconnecting.isEmpty ? nil : "its receiver to connect",
            inverse: [.setVariable(side.variable, to: now.rawValue)] + reconnecting)
    }
}
