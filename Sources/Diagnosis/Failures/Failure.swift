import Topology

/// Something that is the matter with a server which others depend on, or with how its cluster is built.
public struct Failure: Hashable, Sendable, Identifiable {
    /// What it is.
    public var code: FailureCode
    /// The server that has failed, or that leads what is warned of.
    public var subject: InstanceAddress
    /// The cluster in which it stands, by its id; the server itself where it stands in no tree.
    public var cluster: InstanceAddress
    /// The cluster's name.
    public var clusterName: String
    /// What the server is for others.
    public var role: FailureRole
    /// Its replicas in numbers.
    public var counts: FailureCounts
    /// What speaks for it: what we see of the server first, then what each replica sees.
    public var evidence: [FailureEvidence]
    /// Since when it has been so, where that is known: of a lost server, since it was first not reached.
    public var since: Timestamp?
    /// When a server that does not answer last did.
    public var lastSeen: Timestamp?
    /// What is to be looked at first, where the way in which it fails says it; a sentence.
    public var advice: String?
    /// Why nobody is to be alarmed and nothing done; empty where nothing stands against it.
    public var suppressions: [Suppression]
    /// What would be done about it, or why nothing is.
    public var recovery: RecoveryAnswer

    /// The same while it lasts: code and server.
    public var id: String { "\(code.rawValue) \(subject)" }

    /// Whether somebody has said that it is to be silent.
    public var isSuppressed: Bool { !suppressions.isEmpty }
}

/// One line that speaks for a failure.
public struct FailureEvidence: Hashable, Sendable {
    /// Who sees it.
    public enum Witness: String, Hashable, Sendable {
        /// baton, of the server that has failed.
        case baton
        /// A replica of that server.
        case replica
    }

    /// Who sees it.
    public var witness: Witness
    /// The server that is spoken of: the one that has failed, or the replica that tells.
    public var server: InstanceAddress
    /// The replica's channel, empty for the default one; `nil` where it is not about a channel.
    public var channel: String?
    /// Since when, where that is known.
    public var since: Timestamp?
    /// What is seen; it begins without the server's name.
    public var text: String

    /// Makes a line.
    public init(
        _ witness: Witness, _ server: InstanceAddress, channel: String? = nil, since: Timestamp? = nil, _ text: String
    ) {
        self.witness = witness
        self.server = server
        self.channel = channel
        self.since = since
        self.text = text
    }

    /// The line with the server's name before it.
    public var line: String {
        let place = channel.map { $0.isEmpty ? "" : " (channel `\($0)`)" } ?? ""
        return "\(server)\(place): \(text)"
    }
}

/// Why a failure is to raise no alarm and to be followed by no recovery.
public enum Suppression: Hashable, Sendable {
    /// The server is in downtime.
    case downtime(Mark<Downtime>)
    /// All replicas that it is about are in downtime.
    case replicasDowntimed
    /// Somebody works on the server.
    case maintenance(Mark<Maintenance>)
    /// The configuration leaves the server out of recovery.
    case ignored

    /// A stable word for scripts.
    public var id: String {
        switch self {
        case .downtime: "downtime"
        case .replicasDowntimed: "replicas-downtimed"
        case .maintenance: "maintenance"
        case .ignored: "ignored"
        }
    }

    /// The reason as a sentence.
    public var words: String {
        switch self {
        case .downtime(let mark): "in downtime" + mark.words
        case .replicasDowntimed: "all its replicas are in downtime"
        case .maintenance(let mark): "in maintenance" + mark.words
        case .ignored: "left out of recovery by the configuration"
        }
    }
}

extension Mark {
    fileprivate var words: String {
        (ends.map { " until \($0)" } ?? "") + ", by \(owner)" + (reason.isEmpty ? "" : ": \(reason)")
    }
}
