import Diagnosis
import Storage
import Topology

/// Reads events off the difference between two fleets.
public enum FleetEvents {
    /// All that the log keeps of the way from one diagnosis to the next: what happened to servers, and the problems
    /// that came and went.
    ///
    /// - Parameters:
    ///   - changed: the servers to compare, as ``Fleet/addresses(changedSince:)`` gives them.
    ///   - now: the time at which the new fleet was seen.
    public static func all(
        from old: Diagnosis, to new: Diagnosis, changed: some Sequence<InstanceAddress>, at now: Timestamp
    ) -> [Event] {
        between(old.fleet, new.fleet, changed: changed, forest: new.forest, at: now)
            + ProblemEvents.between(old, new, at: now)
    }

    /// What happened on the way from one fleet to the other.
    ///
    /// - Parameters:
    ///   - changed: the servers to compare, as ``Fleet/addresses(changedSince:)`` gives them.
    ///   - forest: the trees of the new fleet, which know the names of clusters.
    ///   - now: the time at which the new fleet was seen.
    public static func between(
        _ old: Fleet, _ new: Fleet, changed: some Sequence<InstanceAddress>, forest: Forest, at now: Timestamp
    ) -> [Event] {
        changed.sorted().flatMap { address in
            findings(address, old, new).map {
                Event(
                    at: now, kind: $0.kind, address: address, cluster: forest.cluster(of: address)?.name,
                    text: $0.words)
            }
        }
    }

    private typealias Finding = (kind: Event.Kind, words: String)

    private static func findings(_ address: InstanceAddress, _ old: Fleet, _ new: Fleet) -> [Finding] {
        switch (own(address, in: old), own(address, in: new)) {
        case (nil, nil): []
        case (nil, let found?): self.found(found)
        case (_?, nil): gone(address, in: new)
        case (let before?, let after?): between(before, after)
        }
    }

    /// The instance that the fleet keeps under exactly this address.
    private static func own(_ address: InstanceAddress, in fleet: Fleet) -> Instance? {
        fleet.canonical(address) == address ? fleet[address] : nil
    }

    private static func found(_ instance: Instance) -> [Finding] {
        let words =
            instance.facts.map { "was found: \($0.version.flavor.rawValue) \($0.version.text)" }
            ?? "is watched from now on, and has not answered yet"
        return [(.found, words)]
    }

    private static func gone(_ address: InstanceAddress, in new: Fleet) -> [Finding] {
        let name = new.canonical(address)
        return name == address
            ? [(.gone, "is no longer watched")] : [(.renamed, "is the same server as \(name)")]
    }

    private static func between(_ before: Instance, _ after: Instance) -> [Finding] {
        var findings = contact(before, after)
        guard let facts = after.facts else { return findings }
        if let known = before.facts {
            findings += self.facts(known, facts)
            findings += channels(known.channels, facts.channels)
        } else {
            findings.append((.found, "answers: \(facts.version.flavor.rawValue) \(facts.version.text)"))
        }
        return findings
    }

    private static func contact(_ before: Instance, _ after: Instance) -> [Finding] {
        switch (before.contact, after.contact) {
        case (.unreachable, .unreachable), (.noAccess, .noAccess),
            // It was told when it happened, by an earlier run.
            (.remembered(_, .unreachable), .unreachable), (.remembered(_, .noAccess), .noAccess):
            []
        case (_, .unreachable(_, _, let failure)): [(.unreachable, "cannot be reached: \(failure.message)")]
        case (_, .noAccess(_, _, let failure)): [(.noAccess, "does not let us in: \(failure.message)")]
        case (.unreachable(let since, _, _), .reachable(let now)),
            (.noAccess(let since, _, _), .reachable(let now)),
            (.remembered(_, .unreachable(let since)), .reachable(let now)),
            (.remembered(_, .noAccess(let since)), .reachable(let now)):
            [(.back, "is back after \(max(0, (now - since).components.seconds)) s")]
        default: []
        }
    }

    private static func facts(_ before: InstanceFacts, _ after: InstanceFacts) -> [Finding] {
        var findings: [Finding] = []
        if isReplaced(before.identity, after.identity) {
            findings.append((.replaced, "is another server now: \(name(after.identity)), was \(name(before.identity))"))
        } else if isRestarted(before.identity, after.identity) {
            findings.append((.restarted, "was restarted"))
        }
        if before.version.text != after.version.text || before.version.flavor != after.version.flavor {
            findings.append((.versionChanged, "runs \(after.version.text), ran \(before.version.text)"))
        }
        if before.writability != after.writability {
            findings.append(
                (.writabilityChanged, "is \(after.writability.rawValue), was \(before.writability.rawValue)"))
        }
        findings += groupRole(before.groupReplication, after.groupReplication)
        return findings
    }

    /// The start is computed from an uptime in whole seconds: two readings of one start differ a little.
    private static func isRestarted(_ before: ServerIdentity, _ after: ServerIdentity) -> Bool {
        guard let was = before.startedAt, let started = after.startedAt else { return false }
        return started - was > .seconds(3)
    }

    /// Without a UUID to tell: `server_id` alone can be set while a server runs, so that another one of these has to
    /// have changed with it.
    private static func isReplaced(_ before: ServerIdentity, _ after: ServerIdentity) -> Bool {
        if let was = before.serverUUID, let uuid = after.serverUUID { return was != uuid }
        return before.serverID != after.serverID
            && (before.hostName != after.hostName || before.port != after.port || isRestarted(before, after))
    }

    private static func name(_ identity: ServerIdentity) -> String {
        identity.serverUUID.map { "server_uuid \($0)" } ?? "server_id \(identity.serverID) on \(identity.hostName)"
    }

    private static func groupRole(
        _ before: GroupReplicationMembership?, _ after: GroupReplicationMembership?
    ) -> [Finding] {
        func role(_ membership: GroupReplicationMembership?) -> String {
            guard let membership else { return "no member of a group" }
            guard let own = membership.own else { return "not in its group's view" }
            return "\(own.isPrimary ? "primary" : "secondary"), \(own.state)"
        }
        let (was, now) = (role(before), role(after))
        return was == now ? [] : [(.groupRoleChanged, "is \(now) in its group, was \(was)")]
    }
}

extension FleetEvents {
    private static func channels(_ before: [ReplicationChannel], _ after: [ReplicationChannel]) -> [Finding] {
        var findings: [Finding] = []
        let known = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
        for channel in after {
            if let was = known[channel.name] {
                findings += self.channel(was, channel)
            } else {
                findings.append((.channelAdded, "replicates\(from(channel.source))\(over(channel))"))
            }
        }
        let names = Set(after.map(\.name))
        for channel in before where !names.contains(channel.name) {
            findings.append((.channelRemoved, "no longer replicates\(from(channel.source))\(over(channel))"))
        }
        return findings
    }

    private static func channel(_ before: ReplicationChannel, _ after: ReplicationChannel) -> [Finding] {
        var findings: [Finding] = []
        if before.source != after.source {
            let was = before.source.map { ", before from \($0)" } ?? ""
            findings.append((.sourceChanged, "replicates\(from(after.source))\(over(after))\(was)"))
        }
        let error = after.applierError ?? after.receiverError
        let isBroken = error != nil && !after.isReplicating
        let wasBroken = (before.applierError ?? before.receiverError) != nil && !before.isReplicating
        if isBroken, !wasBroken, let error {
            findings.append(
                (.replicationBroken, "replication broke\(over(after)): error \(error.code), \(error.message)"))
        } else if before.isReplicating, !after.isReplicating, !isBroken {
            findings.append((.replicationStopped, "replication stopped\(over(after)): \(stopped(after))"))
        } else if !before.isReplicating, after.isReplicating {
            findings.append((.replicationStarted, "replication runs\(over(after))"))
        }
        return findings
    }

    private static func stopped(_ channel: ReplicationChannel) -> String {
        "receiver \(channel.receiver.rawValue), applier \(channel.applier.rawValue)"
    }

    private static func from(_ source: InstanceAddress?) -> String {
        source.map { " from \($0)" } ?? " from nobody"
    }

    private static func over(_ channel: ReplicationChannel) -> String {
        channel.name.isEmpty ? "" : " over channel \(channel.name)"
    }
}
