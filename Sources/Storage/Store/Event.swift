import Topology

/// Something that happened, as a line of the event log.
public struct Event: Hashable, Sendable {
    /// What kind of thing happened, in the words of the part that saw it.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The word that is stored and printed; it never changes its meaning.
        public let rawValue: String

        /// Takes any word: a store may hold kinds that only a newer baton knows.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Somebody asked that a server be forgotten.
        public static let forgotten = Kind(rawValue: "forgotten")
        /// Somebody named a cluster.
        public static let clusterNamed = Kind(rawValue: "cluster-named")
    }

    /// The place in the log, growing; 0 before it is stored.
    public var id: Int64
    /// When it was seen, which may be later than it happened.
    public var at: Timestamp
    /// What kind of thing it was.
    public var kind: Kind
    /// The server that it is about; `nil` for none in particular.
    public var address: InstanceAddress?
    /// The cluster's name at that time.
    public var cluster: String?
    /// What happened, as a sentence without secrets.
    public var text: String

    /// Makes an event; the store gives it its place in the log.
    public init(
        id: Int64 = 0, at: Timestamp, kind: Kind, address: InstanceAddress? = nil, cluster: String? = nil, text: String
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.address = address
        self.cluster = cluster
        self.text = text
    }

    /// The text without the server's name at its start, to stand behind that name.
    public var sentence: String {
        guard let address, text.hasPrefix("\(address) ") else { return text }
        return String(text.dropFirst("\(address) ".count))
    }

    /// The event as `--format json` prints it; every key is there, `null` where there is nothing to say.
    public var json: JSON {
        [
            "id": .number(id),
            "at": at.written(),
            "kind": .string(kind.rawValue),
            "address": address.map { $0.written() } ?? .null,
            "cluster": cluster.map { .string($0) } ?? .null,
            "text": .string(text),
        ]
    }
}

/// Which events to read; each condition that is set narrows the choice.
public struct EventFilter: Hashable, Sendable {
    /// From this moment on.
    public var since: Timestamp?
    /// Before this moment.
    public var until: Timestamp?
    /// Any of these kinds; empty for all.
    public var kinds: [Event.Kind] = []
    /// Only events about this server.
    public var address: InstanceAddress?
    /// Only events of the cluster that had this name at the time.
    public var cluster: String?
    /// Only events with a greater ``Event/id``: what has come since one last looked.
    public var after: Int64?
    /// At most so many, the latest ones, or with ``after`` the next ones.
    public var limit = 1000

    /// Makes a filter that lets everything through.
    public init() {}
}
