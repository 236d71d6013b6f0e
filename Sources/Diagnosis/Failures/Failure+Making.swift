import Topology

extension Failure {
    init(_ detector: FailureDetector, _ scene: FailureScene) {
        let context = scene.context
        let place = context.forest.cluster(of: scene.address)
        code = detector.code
        subject = scene.address
        cluster = place?.id ?? scene.address
        clusterName = place?.name ?? scene.address.description
        role = scene.role
        counts = scene.counts
        let particulars = detector.particulars(scene)
        evidence =
            detector.code.isStructureWarning ? particulars : [scene.ownEvidence] + particulars + scene.testimony
        since = detector.code.isStructureWarning ? nil : scene.since(of: detector.code)
        lastSeen = scene.instance.contact.lastSeen
        advice = scene.instance.contact.failure?.kind.remedy
        suppressions = scene.suppressions(of: detector.code)
        recovery = scene.recovery(from: detector.code)
    }
}

extension FailureCode {
    /// The codes that all replicas' downtime silences (orchestrator's list): they are about replicas.
    fileprivate static let aboutReplicas: Set<FailureCode> = [
        .primaryReplicasNotReplicating, .primaryReplicasNotReplicatingOrDead, .primarySingleReplicaDead,
        .primarySingleReplicaNotReplicating, .coPrimaryReplicasNotReplicating,
        .intermediateSourceDeadWithSingleReplica, .intermediateSourceDeadWithFailingReplica,
        .intermediateSourceDeadWithReplicas, .intermediateSourceDeadWithSomeReplicas,
        .intermediateSourceUnconfirmed, .intermediateSourceReplicasFailingToConnect,
        .intermediateSourceReplicasNotReplicating,
    ]
}

extension FailureScene {
    /// What baton sees of the server.
    var ownEvidence: FailureEvidence {
        let since: Timestamp? =
            switch instance.contact {
            case .reachable(let since), .noAccess(let since, _, _), .unreachable(let since, _, _): since
            case .neverTried, .remembered: nil
            }
        var text = String(contactWords.dropFirst("it ".count))
        if isLost, facts == nil { text += "; never read, so that its own source is not known" }
        return FailureEvidence(.baton, address, since: since, text)
    }

    /// What each replica sees of it.
    var testimony: [FailureEvidence] {
        views.map { view in
            let (text, since) = view.words
            return FailureEvidence(
                .replica, view.replica.address, channel: view.channel.name, since: since,
                text + (view.isDowntimed ? " (in downtime)" : ""))
        }
    }

    /// Of a lost server, since it was first not reached; otherwise since the last of its replicas stands still, where all
    /// say when they did.
    fileprivate func since(of code: FailureCode) -> Timestamp? {
        if case .unreachable(let since, _, _) = instance.contact { return since }
        switch code {
        case .primaryCannotWrite: return writeTrouble?.since
        case .primaryLockedSemiSync: return standstill
        case .firstTierReplicaFailingToConnect: return failingChannel?.receiverError?.at
        default:
            let moments = views.filter { !$0.isReplicating }.map(\.stoppedSince)
            return moments.contains(nil) ? nil : moments.compactMap { $0 }.max()
        }
    }

    fileprivate func suppressions(of code: FailureCode) -> [Suppression] {
        let inputs = context.inputs
        var found: [Suppression] = []
        // That it was lost is why nobody is alarmed while it is away, and why everybody is when it is back.
        if let mark = inputs.downtimes[address], code != .primaryReturned { found.append(.downtime(mark)) }
        if counts.replicas > 0, counts.downtimed == counts.replicas, FailureCode.aboutReplicas.contains(code) {
            found.append(.replicasDowntimed)
        }
        if let mark = inputs.maintenances[address] { found.append(.maintenance(mark)) }
        if inputs.ignored.contains(address) { found.append(.ignored) }
        return found
    }

    /// Within a Galera cluster its own quorum decides who may write.
    fileprivate func recovery(from code: FailureCode) -> RecoveryAnswer {
        if facts?.galera != nil, case .by(.primary) = code.recovery {
            return .none(reason: "the Galera cluster decides by itself who may write")
        }
        return code.recovery
    }
}

extension ReplicaView {
    /// Since when it has not replicated, where an error says it.
    fileprivate var stoppedSince: Timestamp? {
        if case .unreachable(let since, _, _) = replica.contact { return since }
        return channel.receiverError?.at ?? channel.applierError?.at
    }

    /// What it sees of its source, and since when.
    fileprivate var words: (String, Timestamp?) {
        guard let hearing else {
            return switch replica.contact {
            case .unreachable(let since, _, let failure): ("does not answer: \(failure.line)", since)
            case .noAccess(let since, _, let failure): ("does not let baton in: \(failure.line)", since)
            case .neverTried, .remembered, .reachable: ("not asked yet", nil)
            }
        }
        let applier = channel.applier == .running ? "" : "; its applier is stopped"
        switch hearing {
        case .receives: return ("receives from it" + applier, nil)
        case .silent(let silence):
            return (
                "is connected to it, and has heard neither an event nor a heartbeat, with one due every "
                    + "\(silence.period.inWords)" + applier, silence.since
            )
        case .failing(let error):
            return ("receiver \(channel.receiver.rawValue)" + (error.map { ": \($0.line)" } ?? "") + applier, error?.at)
        case .turnedAway(let error): return ("is turned away by it: \(error.line)" + applier, error.at)
        case .stopped(nil): return ("its receiver is stopped, without an error" + applier, nil)
        case .stopped(let error?): return ("its receiver is stopped: \(error.line)" + applier, error.at)
        }
    }
}
