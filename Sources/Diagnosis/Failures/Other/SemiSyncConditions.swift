import Topology

extension FailureCondition {
    static let semiSyncIsOn = FailureCondition("semi-sync is on at the source's side", "semi-sync enabled") {
        $0.semiSync != nil
    } measured: {
        $0.semiSync == nil ? "it is off" : "it is on"
    }
    static let semiSyncIsActive = FailureCondition("commits wait for replicas", "status ON") {
        $0.semiSync?.isActive == true
    } measured: {
        $0.semiSync?.isActive == true ? "they wait" : "they do not wait"
    }
    static let semiSyncIsInactive = FailureCondition("commits do not wait for replicas", "status OFF") {
        $0.semiSync?.isActive == false
    } measured: {
        $0.semiSync?.isActive == true ? "they wait" : "they do not wait"
    }
    static let acknowledgementsAreAsked = FailureCondition("acknowledgements are asked for", "wait count>0") {
        ($0.semiSync?.waitForReplicas ?? 0) > 0
    } measured: {
        "\($0.semiSync?.waitForReplicas ?? 0) asked for"
    }
    static let tooFewAcknowledge = FailureCondition("fewer replicas acknowledge than are asked for", "clients<wait") {
        $0.semiSync.map { $0.clients < $0.waitForReplicas } ?? false
    } measured: {
        $0.acknowledgingWords
    }
    static let tooManyAcknowledge = FailureCondition("more replicas acknowledge than are asked for", "clients>wait") {
        $0.semiSync.map { $0.clients > $0.waitForReplicas } ?? false
    } measured: {
        $0.acknowledgingWords
    }
    static let logStandsStill = FailureCondition(
        "its binary log has not moved for a while, or a test write does not come back", "coords stale"
    ) {
        $0.standstill != nil
    } measured: {
        $0.standstill.map { "it stands still since \($0)" } ?? "nobody has seen it stand still"
    }
    static let exactSemiSyncIsWanted = FailureCondition(
        "the number of semi-sync replicas is to be exact", "EnforceExactSemiSyncReplicas"
    ) {
        $0.limits.semiSyncCount == .exact
    } measured: {
        "configured: \($0.limits.semiSyncCount.rawValue)"
    }
    static let nonWritableIsFailure = FailureCondition(
        "a primary that is not writable is configured to be a failure", "RecoverNonWriteableMaster"
    ) {
        $0.limits.nonWritablePrimary == .failure
    } measured: {
        "configured: \($0.limits.nonWritablePrimary.rawValue)"
    }
}

extension FailureScene {
    /// Since when nothing is committed, as the end of the log or a test write tells.
    var standstill: Timestamp? {
        if case .hangs(let since) = instance.writeCheck, presentFacts != nil { return since }
        return context.inputs.standstills[address]
    }

    fileprivate var acknowledgingWords: String {
        semiSync.map { "\($0.clients) of \($0.waitForReplicas)" } ?? "semi-sync is off"
    }
}
