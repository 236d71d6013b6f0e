import Refactoring
import Topology

/// The server that comes back and whom it is to follow, of which it was seen that nothing is lost.
struct RejoinPair {
    let server: Instance
    let primary: Instance
    let user: String
    /// A replica that shows how one connects to the primary.
    let witness: FoundReplica?
    let moves: MovePlanner

    private var old: InstanceAddress { server.address }
    private var new: InstanceAddress { primary.address }
    private var scheduler: Observation { Observation(.eventScheduler, of: old) }
    private var options: Observation? {
        witness.map { Observation(.connectingOptions, of: $0.address, channel: $0.channel.name) }
    }

    /// That it has not written since it was compared.
    private var unmoved: [Expectation] {
        guard case .mysql(let state) = server.facts?.gtid else {
            return server.facts?.binaryLog?.position.map { [.binaryLogEnds(at: .known($0))] } ?? []
        }
        return [.hasExecutedExactly(.known(state.executed))]
    }

    var stages: Stages {
        Stages([[lookStep] + connectionSteps, [banStep], [followStep], [startStep]])
    }

    private var lookStep: Step {
        Step(
            stage: 0, on: old, "see that nothing was written since it was compared",
            preconditions: server.identityExpectation + [.followsNobody(channel: "")], commands: [],
            observes: [scheduler], proof: unmoved, timeLimit: moves.limits.statement)
    }

    private var connectionSteps: [Step] {
        guard let witness, let options else { return [] }
        return [
            Step(
                stage: 0, on: witness.address, "note how it connects", preconditions: witness.before, commands: [],
                observes: [options], proof: [], timeLimit: moves.limits.statement)
        ]
    }

    /// Without the lock that a switchover takes: nobody waits for a moment at which all stands still, and what privileged
    /// accounts write in spite of `read_only` before it follows is found by the next step.
    private var banStep: Step {
        var ban = WriteBan.complete(on: server.facts?.version ?? ServerVersion(parsing: ""))
        ban.keepsLock = false
        let found = server.facts?.writability ?? .writable
        let isBanned = found == ban.goal || found == .superReadOnly
        return Step(
            stage: 0, on: old, "let nobody but replication write, and run no events",
            preconditions: server.identityExpectation + [.writability(found)] + unmoved,
            commands: [.setEventScheduler(.known(.off))] + (isBanned ? [] : [.forbidWrites(ban)]),
            proof: [.writability(isBanned ? found : ban.goal)] + unmoved,
            timeLimit: ban.lockWait * 2 + .seconds(2), waitsFor: "running transactions to end",
            inverse: (isBanned ? [] : moves.writing(found, server)) + [.setEventScheduler(.observed(scheduler))])
    }

    private var followStep: Step {
        let facts = server.facts
        let sides = facts.map { moves.semiSyncSwitches($0, .follow, source: .off, replica: replicaSide) }
        var commands = sides?.commands ?? []
        var positioning = SourcePositioning.autoPosition
        if case .mariadb(let state) = facts?.gtid {
            // What it wrote itself counts as applied: the primary has all of it.
            commands.append(.setReplicaPosition(.known(state.currentPosition)))
            positioning = .replicaPosition
        }
        var change = SourceChange(
            source: new, positioning: positioning, user: user, password: .replication,
            restored: options.map { .observed($0) })
        // Where nobody shows how one connects, at least the way that needs no certificate is open.
        if witness == nil, server.isMySQLFamily, facts?.version.isAtLeast(8, 0) == true {
            change.options[SourceOption.getPublicKey.rawValue] = "1"
        }
        return Step(
            stage: 0, on: old, "have \(new) as its source",
            preconditions: server.identityExpectation + [.followsNobody(channel: "")] + unmoved,
            commands: commands + [.changeSource(channel: "", change)],
            proof: [.follows(new, channel: ""), .stopped(.both, channel: "")] + (sides?.proof ?? []),
            timeLimit: moves.limits.statement,
            inverse: [.stopReplication(channel: ""), .resetReplica(channel: "", .everything)] + (sides?.inverse ?? []))
    }

    /// On where the primary asks for acknowledgements; a plug-in that nobody uses stays as it is.
    private var replicaSide: SwitchState {
        if primary.facts?.semiSync.source?.isEnabled == true { return .on }
        return server.facts?.semiSync.replica?.isEnabled == true ? .on : .off
    }

    private var startStep: Step {
        Step(
            stage: 0, on: old, "replicate from \(new)",
            preconditions: server.identityExpectation + [.follows(new, channel: "")],
            commands: .loggingIn(
                channel: "", SourceChange(user: user, password: .replication, restored: options.map { .observed($0) })),
            proof: [.follows(new, channel: ""), .replicates(channel: "")], timeLimit: moves.limits.statement,
            waitsFor: "its receiver to connect to \(new)", inverse: [.stopReplication(channel: "")])
    }
}
