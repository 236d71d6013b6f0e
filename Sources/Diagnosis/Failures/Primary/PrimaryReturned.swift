import Topology

extension FailureDetector {
    /// A primary that was given up has come back by itself, and knows nothing of the one that took its place.
    static let primaryReturned = FailureDetector(
        .primaryReturned, of: [.primary, .coPrimary, .intermediateSource, .replica],
        when: [.wasReplaced, .standsApart, .isWritable, .heirIsWritable]
    ) { scene in
        guard let replaced = scene.replaced, let heir = scene.heir else { return [] }
        return [
            FailureEvidence(.baton, scene.address, replaced.words)
        ] + scene.lackingWords.map { FailureEvidence(.baton, heir.address, $0) }
    }
}

extension FailureCondition {
    static let wasReplaced = FailureCondition("another server took its place in a recovery") {
        $0.replaced != nil
    } measured: {
        $0.replaced.map { "\($0.successor) did, in recovery \($0.recovery)" } ?? "it counts as lost in no recovery"
    }
}

extension FailureCondition {
    /// What follows elsewhere was put there by somebody; what the primary follows loses nothing.
    static let standsApart = FailureCondition(
        "what is written on it does not come to the cluster that goes on without it, which it follows if anybody"
    ) {
        $0.standsApart
    } measured: { scene in
        scene.standsApart ? "no primary follows it" : "it belongs to another cluster, or its successor follows it"
    }
    /// Otherwise it may have been put back in its place by others than baton.
    static let heirIsWritable = FailureCondition("clients can write on the primary of the other one's cluster, too") {
        $0.heir?.facts?.writability.isWritable == true
    } measured: { scene in
        guard let heir = scene.heir else { return "the other one has no other primary that answers" }
        return "\(heir.address) is \(heir.facts?.writability.rawValue ?? "unknown")"
    }
}

extension FailureScene {
    /// The primary of the cluster that goes on without it, where that answers.
    var heir: Instance? {
        guard let primary = replaced?.heir(of: address, in: context.forest), let heir = context.fleet[primary],
            heir.contact.isReachable
        else { return nil }
        return heir
    }

    /// Whether what is written on it stays there.
    fileprivate var standsApart: Bool { replaced?.isApart(instance, in: context.fleet, context.forest) ?? false }

    /// Who took its place, where the server that answers is the one that was lost.
    var replaced: ReplacedPrimary? {
        guard let replaced = context.inputs.replaced[address] else { return nil }
        return (presentFacts.map { replaced.isSame($0.identity) } ?? true) ? replaced : nil
    }

    /// What its successor lacks of what it has, where both say it by GTID.
    fileprivate var lackingWords: [String] {
        guard let own = presentFacts, let theirs = heir?.facts,
            case .mysql(let mine) = own.gtid, case .mysql(let others) = theirs.gtid
        else { return [] }
        let lacking = mine.executed.subtracting(others.executed)
        if lacking.isEmpty { return ["has all that \(address) had when it was last read"] }
        return ["lacks \(lacking.transactionCount.counted("transaction")) that \(address) has: \(lacking)"]
    }
}
