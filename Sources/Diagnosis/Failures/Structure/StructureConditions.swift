import Topology

extension FailureCondition {
    static let noneLogs = FailureCondition("no replica logs what it applies", "logging R=0") {
        $0.counts.logging == 0
    } measured: {
        "\($0.counts.logging) of \($0.counts.replicas) log"
    }

    static let noImmediateTopology = FailureCondition(
        "the replicas that answer do not all use GTID, of one family", "no ImmediateTopology flag"
    ) {
        !$0.isAllByGTID
    } measured: { scene in
        "\(scene.answering.count { $0.channel.positioning.isGTID }) of \(scene.counts.answering) use GTID"
    }

    static func logging(_ format: BinaryLog.Format) -> FailureCondition {
        FailureCondition("a replica logs by \(format.rawValue)", "\(format.rawValue.lowercased())>0") {
            $0.logging(format) > 0
        } measured: {
            "\($0.logging(format)) of \($0.counts.replicas)"
        }
    }

    static let severalMajorVersions = FailureCondition(
        "replicas that log are of different major versions", "distinct majors>1"
    ) {
        $0.hasSeveralMajorVersions
    } measured: {
        $0.majorVersions.isEmpty ? "none logs" : $0.majorVersions.joined(separator: ", ")
    }

    static let modesDiffer = FailureCondition("a replica has another gtid_mode than its source", "gtid_mode differs") {
        $0.hasViewsOfOtherMode
    } measured: { scene in
        guard let own = scene.gtidMode else { return "its own gtid_mode is not known" }
        return "its own is \(own.rawValue); \(scene.viewsOfOtherMode.count) of \(scene.counts.replicas) differ"
    }

    static let replicaIsErrant = FailureCondition(
        "a replica that is not in downtime has errant transactions", "MaxReplicaGTIDErrant"
    ) {
        !$0.errantViews.isEmpty
    } measured: {
        "\($0.errantViews.count) of \($0.counts.replicas)"
    }

    static let partnerIsWritable = FailureCondition("clients can write on its co-primary too, which comes after it") {
        !$0.writablePartners.isEmpty
    } measured: {
        $0.writablePartners.isEmpty ? "no partner is writable" : listed($0.writablePartners)
    }

    static let follows = FailureCondition("it follows another server") {
        $0.isFollowing
    } measured: {
        $0.channels.isEmpty ? "it has no source" : "from \(listed($0.channels.compactMap(\.source)))"
    }

    static let sharesNoWrites = FailureCondition(
        "it is no member of a ring, a Galera cluster or a group that shares writes"
    ) {
        !$0.isMeantWritable
    } measured: {
        $0.isMeantWritable ? "it is" : "it is not"
    }

    static let nobodyHasAccount = FailureCondition("no replica that answers has an account that is let in") { scene in
        scene.answering.allSatisfy { $0.cannotLogIn }
    } measured: { scene in
        "\(scene.answering.count { $0.cannotLogIn }) of \(scene.counts.answering) have none"
    }
}

extension FailureScene {
    /// The replicas that answer now.
    var answering: [ReplicaView] { views.filter(\.answers) }

    /// Whether all replicas that answer find their place by GTID, of one family.
    fileprivate var isAllByGTID: Bool {
        let answering = answering
        guard !answering.isEmpty, answering.allSatisfy({ $0.channel.positioning.isGTID }) else { return false }
        return Set(answering.map { $0.channel.positioning == .autoPosition }).count == 1
    }

    fileprivate func logging(_ format: BinaryLog.Format) -> Int { views.count { $0.relayedFormat == format } }

    fileprivate var majorVersions: [String] {
        Set(views.filter { $0.relayedFormat != nil }.compactMap { $0.replica.facts?.version.majorName }).sorted()
    }

    /// Asked of every source, and so without the names of the versions.
    fileprivate var hasSeveralMajorVersions: Bool {
        let versions = views.lazy.filter { $0.relayedFormat != nil }.compactMap { $0.facts?.version }
        guard let first = versions.first else { return false }
        return versions.contains { !$0.isOfSameMajor(as: first) }
    }

    fileprivate var gtidMode: GTIDMode? { facts?.gtid.mode }

    var viewsOfOtherMode: [ReplicaView] {
        guard let own = gtidMode else { return [] }
        return views.filter { $0.isOfOtherMode(than: own) }
    }

    fileprivate var hasViewsOfOtherMode: Bool {
        guard let own = gtidMode else { return false }
        return views.contains { $0.isOfOtherMode(than: own) }
    }

    var errantViews: [ReplicaView] {
        if context.errant.isEmpty { return [] }
        return views.filter { !$0.isDowntimed && context.errant.contains($0.address) }
    }

    /// Its co-primaries on which clients can write, those before it left out: a pair is told of once.
    var writablePartners: [InstanceAddress] {
        guard role == .coPrimary else { return [] }
        return channels.compactMap { context.fleet.source(of: $0) }.filter { source in
            guard address < source, let partner = context.fleet[source], partner.contact.isReachable else {
                return false
            }
            return partner.facts?.writability.isWritable == true
                && partner.channels.contains { context.fleet.source(of: $0) == address }
        }
    }

    /// Whether clients may be meant to write on a server that follows another.
    fileprivate var isMeantWritable: Bool {
        if facts?.galera != nil || role == .groupMember { return true }
        return context.inRings.contains(address)
    }
}

extension ReplicaView {
    fileprivate func isOfOtherMode(than mode: GTIDMode) -> Bool {
        facts?.gtid.mode.map { $0 != mode } ?? false
    }

    /// Whether it has no account at all, or one that its source refused. Who receives has one, known or not.
    var cannotLogIn: Bool {
        if case .receives = hearing { return false }
        if channel.user == nil { return true }
        if case .turnedAway(let error) = hearing { return error.isAccountRefused }
        return false
    }
}

extension GTIDState {
    /// `gtid_mode`; MariaDB has none.
    fileprivate var mode: GTIDMode? {
        if case .mysql(let state) = self { state.mode } else { nil }
    }
}

extension ServerVersion {
    /// What orchestrator calls the major version: the first two numbers, and the family, which numbers differently.
    fileprivate var majorName: String { "\(flavor.isMySQLFamily ? "" : "MariaDB ")\(major).\(minor)" }

    /// Whether both have the same ``majorName``.
    fileprivate func isOfSameMajor(as other: ServerVersion) -> Bool {
        major == other.major && minor == other.minor && flavor.isMySQLFamily == other.flavor.isMySQLFamily
    }
}
