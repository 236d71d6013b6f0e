import Topology

extension MovePlanner {
    func setReadOnly(
        _ address: InstanceAddress, _ semiSync: SemiSyncHandling, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let server = try draft.server(address)
        guard let facts = server.facts else { return }
        let goal: Writability = server.isMySQLFamily ? .superReadOnly : .readOnly
        guard facts.writability.isWritable || facts.writability != goal && goal == .superReadOnly else {
            throw PlanRefusal(ServerCondition.readOnly, "\(server.address) is read-only already", .nothingToDo)
        }
        let lock: Command = .setVariable(goal == .superReadOnly ? .superReadOnly : .readOnly, to: "ON")
        let sides = semiSyncSwitches(facts, semiSync, source: .off, replica: .on)
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: server.address, "let nobody but replication write",
                        preconditions: server.identityExpectation + [.writability(facts.writability)],
                        commands: [lock] + sides.commands, proof: [.writability(goal)] + sides.proof,
                        timeLimit: limits.statement, waitsFor: "transactions that hold locks to end",
                        inverse: sides.inverse + writing(facts.writability, server))
                ]
            ]))
        draft.object(stopsWritesObjections(server, in: draft.fleet, draft.scene))
        draft.intent = "Make \(server.address) read-only"
    }

    package func setWritable(
        _ address: InstanceAddress, _ semiSync: SemiSyncHandling, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let server = try draft.server(address)
        guard let facts = server.facts else { return }
        guard !facts.writability.isWritable else {
            throw PlanRefusal(ServerCondition.writable, "\(server.address) is writable already", .nothingToDo)
        }
        let sides = semiSyncSwitches(facts, semiSync, source: .on, replica: .off)
        let goBack: Command =
            facts.writability == .superReadOnly
            ? .setVariable(.superReadOnly, to: "ON") : .setVariable(.readOnly, to: "ON")
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: server.address, "let every account write",
                        preconditions: server.identityExpectation + [.writability(facts.writability)],
                        // Commits wait for an acknowledgement from the first one on.
                        commands: sides.commands + [.setVariable(.readOnly, to: "OFF")],
                        proof: [.writability(.writable)] + sides.proof, timeLimit: limits.statement,
                        inverse: [goBack] + sides.inverse)
                ]
            ]))
        draft.object(replicaWritableObjections(server, in: draft.fleet) + givenUpObjections(server, draft.scene))
        draft.intent = "Make \(server.address) writable"
    }

    /// What there is to confirm before a primary takes writes whose place another server took.
    private func givenUpObjections(_ server: Instance, _ scene: RuleScene) -> [Reason] {
        guard let replaced = scene.replacement(of: server.address) else { return [] }
        return [
            Reason(
                ServerCondition.givenUp,
                "\(server.address) was given up: \(replaced.words)",
                remedies: [
                    .command("baton rejoin \(server.address)"), .command("baton end-downtime \(server.address)"),
                ])
        ]
    }

    /// What there is to confirm before a server that others follow takes no writes any more.
    package func stopsWritesObjections(_ server: Instance, in fleet: Fleet, _ scene: RuleScene) -> [Reason] {
        guard scene.forest.cluster(of: server.address)?.primary == server.address,
            !fleet.replicas(of: server.address).isEmpty
        else { return [] }
        return [
            Reason(
                ServerCondition.stopsWrites,
                "\(server.address) is the primary of its cluster, and nobody could write any more",
                remedies: [.advice("make a switchover, if another server is to take the writes")])
        ]
    }

    /// What there is to confirm before a replica takes writes.
    func replicaWritableObjections(_ server: Instance, in fleet: Fleet) -> [Reason] {
        guard let source = server.channels.compactMap({ fleet.source(of: $0) }).first else { return [] }
        return [
            Reason(
                ServerCondition.replicaWritable,
                "\(server.address) is a replica of \(source), and what is written on it is missing there",
                remedies: [.advice("write on \(source)")])
        ]
    }

    /// Back to who could write before.
    package func writing(_ before: Writability, _ server: Instance) -> [Command] {
        switch before {
        case .writable: [.setVariable(.readOnly, to: "OFF")]
        case .readOnly: server.isMySQLFamily ? [.setVariable(.superReadOnly, to: "OFF")] : []
        case .superReadOnly: []
        }
    }

    package typealias Switches = (commands: [Command], proof: [Expectation], inverse: [Command])

    /// The switches of the sides that are installed and stand otherwise.
    package func semiSyncSwitches(
        _ facts: InstanceFacts, _ handling: SemiSyncHandling, source: SwitchState, replica: SwitchState
    ) -> Switches {
        guard handling == .follow else { return ([], [], []) }
        var switches: Switches = ([], [], [])
        for (variable, wanted, present) in [
            (GlobalVariable.semiSyncSource, source, facts.semiSync.source?.isEnabled),
            (.semiSyncReplica, replica, facts.semiSync.replica?.isEnabled),
        ] {
            guard let present else { continue }
            let now: SwitchState = present ? .on : .off
            guard now != wanted else { continue }
            switches.commands.append(.setVariable(variable, to: wanted.rawValue))
            switches.proof.append(.semiSync(variable, wanted))
            switches.inverse.append(.setVariable(variable, to: now.rawValue))
        }
        return switches
    }
}
