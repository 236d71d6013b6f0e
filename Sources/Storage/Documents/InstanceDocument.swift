import Topology

/// The JSON of one instance: in snapshots, in what commands print, and in the store.
///
/// It is flat, because people write it by hand; what is omitted is what a healthy server would have
/// (`docs/snapshot.md` tells each).
public struct InstanceDocument: Equatable, Sendable {
    /// The server that is written or was read.
    public var instance: Instance

    /// Wraps a server so that ``json`` can be printed.
    public init(_ instance: Instance) {
        self.instance = instance
    }

    /// The instance as JSON, keys in a fixed order.
    public var json: JSON {
        DocumentMapper.write(FlatInstance(instance, context: Context())) { value, mapper throws(DocumentIssue) in
            try value.map(&mapper)
        }
    }

    /// The row of one instance as `--format json` prints it: the instance with its place in the trees.
    ///
    /// - Parameters:
    ///   - depth: levels below the root of its tree, 0 for the root itself.
    ///   - cluster: the name of its cluster.
    public static func row(_ instance: Instance, depth: Int, cluster: String) -> JSON {
        guard case .object(var members) = InstanceDocument(instance).json.content else { return .null }
        if !members.contains(where: { $0.key == "source" }) {
            members.insert(JSON.Member("source", .null), at: 1)
        }
        members.insert(JSON.Member("depth", .number(depth)), at: 2)
        members.insert(JSON.Member("cluster", .string(cluster)), at: 3)
        return .object(members)
    }

    /// What a document leaves to the file that it stands in.
    struct Context: Equatable {
        /// When the file was written.
        var taken = Timestamp(microseconds: 0)
        /// The server id of an instance that names none, different for each in a file.
        var serverID: UInt32 = 0
    }

    static func read(_ json: JSON, context: Context) throws(DocumentIssue) -> InstanceDocument {
        var flat = FlatInstance(Instance(address: InstanceAddress(host: "")), context: context)
        try DocumentMapper.read(json, into: &flat) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
        return InstanceDocument(flat.instance)
    }
}

/// An instance while it is walked over.
private struct FlatInstance {
    var instance: Instance
    let context: InstanceDocument.Context

    init(_ instance: Instance, context: InstanceDocument.Context) {
        self.instance = instance
        self.context = context
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("address", &instance.address)
        var facts = instance.facts ?? usualFacts
        let channels = try FlatInstance.sourceOfChannels(instance.channels, &mapper)
        try mapper.field("alias", &instance.alias)
        try mapper.field("dataCenter", &instance.location.dataCenter)
        try mapper.field("region", &instance.location.region)
        try mapper.field("environment", &instance.location.environment)
        try mapContact(&mapper)
        try mapper.field("writeCheck", &instance.writeCheck)
        var isKnown = instance.facts != nil
        try mapper.field("factsKnown", &isKnown, default: true)
        if isKnown || !mapper.isWriting {
            try FlatInstance.mapChannels(&facts.channels, source: channels, &mapper)
            try map(&facts, &mapper)
        }
        if mapper.isReading, !isKnown, facts != withIdentityDefaults(usualFacts) {
            throw mapper.issue(
                .contradiction, "a server of which no facts are known can't have facts", at: "factsKnown")
        }
        instance.facts = isKnown ? facts : nil
    }

    private var usualFacts: InstanceFacts {
        InstanceFacts(
            version: .usual, identity: ServerIdentity(serverID: context.serverID, hostName: "", port: 0),
            binaryLog: .blank)
    }

    private func withIdentityDefaults(_ facts: InstanceFacts) -> InstanceFacts {
        var facts = facts
        facts.identity.hostName = instance.address.host
        facts.identity.port = instance.address.port
        return facts
    }

    private mutating func mapContact(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var document = ContactDocument(instance.contact)
        try mapper.shown("contact", &document, default: .blank)
        instance.contact = document.contact(taken: context.taken)
    }

    /// The key `source`: the whole replication of a plain replica, and the first channel's source otherwise.
    private static func sourceOfChannels(
        _ channels: [ReplicationChannel], _ mapper: inout DocumentMapper
    ) throws(DocumentIssue) -> InstanceAddress? {
        var source = channels.first?.source
        try mapper.field("source", &source)
        return source
    }

    private static func mapChannels(
        _ channels: inout [ReplicationChannel], source: InstanceAddress?, _ mapper: inout DocumentMapper
    ) throws(DocumentIssue) {
        var plain = ReplicationChannel.blank
        plain.source = source
        let usual = source == nil ? [] : [plain]
        if let json = mapper.take("channels") {
            do throws(DocumentIssue) {
                channels = try [ReplicationChannel].read(json)
            } catch {
                throw error.under("channels")
            }
            if let source, channels.first?.source != source {
                throw mapper.issue(
                    .contradiction,
                    "the key \"source\" names \(source), and the first of the \"channels\" does not", at: "source")
            }
            var names: Set<String> = []
            for channel in channels where !names.insert(channel.name).inserted {
                throw mapper.issue(.contradiction, "two channels have the name \"\(channel.name)\"", at: "channels")
            }
        } else if mapper.isReading {
            channels = usual
        } else if channels != usual {
            mapper.put("channels", channels.written())
        }
    }

    private func map(_ facts: inout InstanceFacts, _ mapper: inout DocumentMapper) throws(DocumentIssue) {
        let isReplica = facts.channels.contains { $0.source != nil }
        try mapper.shown("version", &facts.version, default: .usual)
        try map(&facts.identity, &mapper)
        try mapper.shown("writability", &facts.writability, default: isReplica ? .readOnly : .writable)
        var log = BinaryLogDocument(log: facts.binaryLog)
        try mapper.field("binaryLog", &log, default: BinaryLogDocument(log: .blank))
        facts.binaryLog = log.log
        try FlatInstance.mapGTID(&facts.gtid, &mapper)
        try mapper.list("reportedReplicas", &facts.reportedReplicas)
        try mapper.list("guessedReplicas", &facts.guessedReplicas)
        try mapper.field("parallelApplier", &facts.parallelApplier)
        try mapper.field("semiSync", &facts.semiSync, default: SemiSync())
        try map(&facts.provisions, &mapper)
        try mapper.field("groupReplication", &facts.groupReplication)
        try mapper.field("galera", &facts.galera)
        try mapper.field("proxy", &facts.proxy)
        try mapper.field("attributes", &facts.attributes, default: ReportedAttributes())
        try mapper.list("unavailable", &facts.unavailable)
    }

    private func map(_ identity: inout ServerIdentity, _ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.shown("serverId", &identity.serverID, default: context.serverID)
        try mapper.field("serverUuid", &identity.serverUUID)
        try mapper.field("hostName", &identity.hostName, default: instance.address.host)
        try mapper.field("port", &identity.port, default: instance.address.port)
        try mapper.field("reportHost", &identity.reportHost)
        try mapper.field("reportPort", &identity.reportPort)
        try mapper.field("startedAt", &identity.startedAt)
    }

    private func map(_ provisions: inout Provisions, _ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("eventScheduler", &provisions.eventScheduler)
        try mapper.field("replicaNetTimeout", &provisions.replicaNetTimeout)
        try mapper.field("maxConnections", &provisions.maxConnections)
        var lost = provisions.lostAtRestart.map(LostSettingsDocument.init)
        try mapper.field("lostAtRestart", &lost)
        provisions.lostAtRestart = lost?.settings
    }

    /// Two keys for the two families, because a position is no set.
    private static func mapGTID(_ gtid: inout GTIDState, _ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var mysql: MySQLGTIDState?
        var mariadb: MariaDBGTIDState?
        switch gtid {
        case .none: break
        case .mysql(let state): mysql = state
        case .mariadb(let state): mariadb = state
        }
        try mapper.field("gtid", &mysql)
        try mapper.field("mariadbGtid", &mariadb)
        switch (mysql, mariadb) {
        case (nil, nil): gtid = .none
        case (let state?, nil): gtid = .mysql(state)
        case (nil, let state?): gtid = .mariadb(state)
        case (_?, _?):
            throw mapper.issue(
                .contradiction, "a server has either MySQL's \"gtid\" or \"mariadbGtid\", not both", at: "mariadbGtid")
        }
    }
}
