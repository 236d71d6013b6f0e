import Topology

extension RuleSide {
    private var isMariaDB: Bool { version?.flavor == .mariadb }
    private var isReplicaWorded: Bool { !isMariaDB && version?.isAtLeast(8, 0, 22) != false }

    /// `START REPLICA`, or the same for another verb, for one channel, in this server's dialect.
    func replicaStatement(_ verb: String, _ channel: ReplicationChannel?, tail: String = "") -> Remedy {
        let name = channel?.name ?? ""
        let word = isReplicaWorded ? "REPLICA" : "SLAVE"
        let quoted = "'" + name.replacing("'", with: "''") + "'"
        let end = tail.isEmpty ? "" : " " + tail
        if name.isEmpty { return .statement("\(verb) \(word)\(end)", on: address) }
        if isMariaDB { return .statement("\(verb) \(word) \(quoted)\(end)", on: address) }
        return .statement("\(verb) \(word)\(end) FOR CHANNEL \(quoted)", on: address)
    }

    /// Changes a variable for good: MySQL 8 remembers it, elsewhere the option file has to say so too.
    func setVariable(_ name: String, _ value: String) -> [Remedy] {
        if !isMariaDB, version?.isAtLeast(8, 0) == true {
            return [.statement("SET PERSIST \(name) = \(value)", on: address)]
        }
        return [
            .statement("SET GLOBAL \(name) = \(value)", on: address), .optionFile("\(name) = \(value)", on: address),
        ]
    }

    /// The name of the variable that makes a replica log what it applies: MySQL 8.0.26 renamed it.
    var updatesVariable: String {
        !isMariaDB && version?.isAtLeast(8, 0, 26) == true ? "log_replica_updates" : "log_slave_updates"
    }
}

extension Placement {
    /// The target's own source, where the replica could go instead.
    var targetsSource: Remedy? {
        guard let place = target.index, let source = scene.board.firstSources[place] else { return nil }
        let side = scene.board.sides[source]
        guard side !== replica, side !== target, !moves(side) else { return nil }
        return .target(side.address, "the source of \(target.address)")
    }

    private func moves(_ side: RuleSide) -> Bool { drag.moving.contains(side.address) }

    /// The target's source where it has one, and anything else.
    var otherTargets: [Remedy] { (targetsSource.map { [$0] } ?? []) + [.anotherTarget] }

    /// The channel in a sentence: nothing for the default one.
    var channelPhrase: String {
        guard let channel, !channel.name.isEmpty else { return "" }
        return " (channel `\(channel.name)`)"
    }
}

/// A text that may be long, cut to what a line holds.
func shortened(_ text: String) -> String { text.count <= 120 ? text : text.prefix(117) + "…" }

extension RuleSide {
    /// The position from which the channel would ask a MariaDB source: what it applied, or also what it wrote.
    func position(of channel: ReplicationChannel?) -> GTIDPosition? {
        guard let mariadb else { return nil }
        return channel?.positioning == .currentPosition ? mariadb.currentPosition : mariadb.replicaPosition
    }

    /// Changes one setting of a channel, in this server's words; the setting is written in MySQL's new ones.
    func changeSource(_ setting: String, _ channel: ReplicationChannel?) -> Remedy {
        let name = channel?.name ?? ""
        let quoted = "'" + name.replacing("'", with: "''") + "'"
        let isNew = version?.flavor.isMySQLFamily == true && version?.isAtLeast(8, 0, 23) == true
        let worded = isNew ? setting : setting.replacing("SOURCE_", with: "MASTER_")
        let named = version?.flavor == .mariadb && !name.isEmpty ? " \(quoted)" : ""
        let tail = version?.flavor.isMySQLFamily == true && !name.isEmpty ? " FOR CHANNEL \(quoted)" : ""
        return .statement((isNew ? "CHANGE REPLICATION SOURCE TO " : "CHANGE MASTER\(named) TO ") + worded + tail, on: address)
    }
}

extension Placement {
    /// Whether the replica keeps up with its present source, so that it needs only what was written a moment ago.
    var isCurrent: Bool {
        guard let channel, channel.isReplicating, let lag = channel.lag else { return false }
        return lag.measured <= scene.limits.lag
    }
}
