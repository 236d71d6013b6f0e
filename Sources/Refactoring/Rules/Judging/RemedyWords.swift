import Topology

extension RuleSide {
    private var isMariaDB: Bool { version?.flavor == .mariadb }
    /// The statements of a command in this server's dialect; none where its release is not known or has nothing for it.
    func statements(for command: Command) -> [Remedy] {
        guard let version, let statements = try? CommandDialect(version).statements(for: command) else { return [] }
        return statements.map { .statement($0.text, on: address) }
    }

    /// Starts a channel's threads.
    func start(_ channel: ReplicationChannel) -> [Remedy] {
        statements(for: .startReplication(channel: channel.name))
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
    /// The target's own source, where the replica could go instead; `nil` where it is there already.
    var targetsSource: Remedy? {
        guard let place = target.index, let source = scene.board.firstSources[place] else { return nil }
        let side = scene.board.sides[source]
        guard side !== drag.source, side !== target, !drag.moving.contains(side.address) else { return nil }
        return .target(side.address, "the source of \(target.address)")
    }

    /// The target's source where it has one, and anything else.
    var otherTargets: [Remedy] { [targetsSource ?? .anotherTarget] }

    /// The same value of both servers.
    func measured(_ name: String, _ own: String, _ theirs: String) -> [Measurement] {
        [Measurement(name, of: replica.address, own), Measurement(name, of: target.address, theirs)]
    }

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
}

extension Placement {
    /// Whether the replica keeps up with its present source, so that it needs only what was written a moment ago.
    var isCurrent: Bool {
        guard let channel, channel.isReplicating, let lag = channel.lag else { return false }
        return lag.measured <= scene.limits.lag
    }
}
