import Topology

extension Details {
    /// Semi-synchronous replication, both sides.
    static func semiSync(_ semiSync: SemiSync) -> [Line] {
        var lines: [Line] = []
        if let source = semiSync.source, source.isEnabled {
            let state = source.isActive ? Words("active", .good) : Words("fell back to asynchronous", .warning)
            let wait = "\(source.waitForReplicas) of \(source.clients) attached must acknowledge"
            lines.append(
                Line("as source", words: [state, Words(", \(wait), waits \(source.timeout.tenths)", .faint)]))
        }
        if let replica = semiSync.replica, replica.isEnabled {
            lines.append(
                Line(
                    "as replica",
                    replica.isActive ? Words("acknowledges", .good) : Words("enabled, not active", .warning)))
        }
        return lines
    }

    /// The group of a group replication member, one line per member.
    static func group(_ group: GroupReplicationMembership) -> [Line] {
        let mode = group.isSinglePrimary ? "single primary" : "multi-primary"
        var lines = [Line("group", Words(group.groupName), Words(", \(mode)", .faint))]
        if group.own == nil { lines.append(Line("this server", Words("is not in the group's view", .bad))) }
        for member in group.members {
            let role = member.isPrimary ? " primary" : ""
            lines.append(
                Line(
                    "member", Words("\(member.address)"),
                    Words(" \(member.state.lowercased())", InstanceWords.tone(groupState: member.state)),
                    Words(role, .strong)))
        }
        return lines
    }

    /// The Galera cluster of a member.
    static func galera(_ galera: GaleraMembership) -> [Line] {
        let component =
            galera.isInPrimaryComponent
            ? Words("primary component", .good) : Words("not in the primary component", .bad)
        return [
            Line("galera", Words(galera.clusterName), Words(", \(galera.size) members", .faint)),
            Line("state", Words(galera.state, galera.state == "Synced" ? .good : .warning)),
            Line("component", component),
        ]
    }

    /// What the account may not read, each with what mends it.
    static func unavailable(_ facts: [UnavailableFact]) -> [Line] {
        facts.flatMap { fact in
            var lines = [
                Line("not read", Words(fact.fact, .warning), Words(": \(fact.message) (\(fact.code))", .faint))
            ]
            if let remedy = fact.remedy { lines.append(Line("mend by", Words(remedy, .strong))) }
            return lines
        }
    }
}
