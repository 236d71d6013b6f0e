extension Rule {
    /// Every rule, those that cost least and refuse most first.
    public static let all: [Rule] = [
        .readOnlyMode, .lock,
        .ownself, .sameSource, .cycle, .groupCycle, .primary, .channel,
        .replicaContact, .targetContact, .staleReplica, .staleTarget, .unseenFacts,
        .proxy, .serverID, .serverUUID, .name,
        .binaryLogOff, .replicaUpdates, .flavour, .majorVersion, .minorVersion, .binlogFormat,
        .groupMember, .galeraMember, .cluster,
        .gtidMode, .gtidPurged, .gtidErrantReplica, .gtidErrantTarget, .gtidDomain, .gtidStrict,
        .threads, .lag, .unknownLag, .applierGaps, .targetThreads, .delay, .filters,
        .semiSync, .candidate, .fanOut, .credentials,
    ]

    private static let byContext: [RuleContext: [Rule]] = Dictionary(
        uniqueKeysWithValues: RuleContext.allCases.map { context in
            (context, all.filter { $0.contexts.contains(context) })
        })

    /// The rules that speak in that context, in the order of ``all``.
    static func all(in context: RuleContext) -> [Rule] { byContext[context] ?? [] }
}
