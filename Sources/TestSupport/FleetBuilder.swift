import Topology

extension InstanceAddress: ExpressibleByStringLiteral {
    /// An address in a test: `"db1"`, `"db1:3307"`; a literal that is no address is a mistake in the test.
    public init(stringLiteral text: String) {
        do {
            self = try InstanceAddress(parsing: text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension Timestamp {
    /// The moment at which test fleets are looked at: 2026-03-01T00:00:00Z.
    public static let testNow = Timestamp(seconds: 1_772_323_200)
}

extension ServerUUID {
    /// The `number`-th UUID for tests: `00000000-0000-0000-0000-00000000000a` for 10.
    public static func test(_ number: UInt64) -> ServerUUID { ServerUUID(high: 0, low: number) }
}

/// Servers as values, written tersely; everything not said is as on a healthy MySQL server.
///
/// ```swift
/// let fleet = Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db2", lag: .seconds(42))])
/// ```
extension Instance {
    /// A reachable server without channels that may be written on.
    public static func source(
        _ address: InstanceAddress,
        version: ServerVersion = ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3),
        writability: Writability = .writable,
        executed: String = ""
    ) -> Instance {
        make(address, version: version, writability: writability, executed: executed, channels: [])
    }

    /// A reachable read-only server with one healthy channel from `source`.
    public static func replica(
        _ address: InstanceAddress,
        of source: InstanceAddress,
        version: ServerVersion = ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3),
        writability: Writability = .superReadOnly,
        executed: String = "",
        lag: Duration? = .zero
    ) -> Instance {
        let channel = ReplicationChannel.healthy(from: source, lag: lag)
        return make(address, version: version, writability: writability, executed: executed, channels: [channel])
    }

    /// A reachable read-only server with a named channel from each of the sources, in that order.
    public static func multiSourceReplica(_ address: InstanceAddress, of sources: [InstanceAddress]) -> Instance {
        let channels = sources.map { ReplicationChannel.healthy(name: "from_\($0.host)", from: $0) }
        return make(
            address, version: ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3), writability: .superReadOnly,
            executed: "", channels: channels)
    }

    /// A server that is known only by name.
    public static func unprobed(_ address: InstanceAddress) -> Instance { Instance(address: address) }

    /// The instance after a change to its facts.
    public func changed(_ change: (inout InstanceFacts) -> Void) -> Instance {
        var copy = self
        guard var facts = copy.facts else { return copy }
        change(&facts)
        copy.facts = facts
        return copy
    }

    /// The instance after a change to its first channel.
    public func withChannel(_ change: (inout ReplicationChannel) -> Void) -> Instance {
        changed { facts in
            guard !facts.channels.isEmpty else { return }
            change(&facts.channels[0])
        }
    }

    /// The instance as one that has not answered since ten seconds before ``Timestamp/testNow``.
    public func unreachable(_ kind: ContactFailure.Kind = .connectionRefused) -> Instance {
        var copy = self
        let failure = ContactFailure(kind: kind, code: 2003, message: "Can't connect to server")
        copy.contact = .unreachable(since: .testNow - .seconds(10), lastSeen: .testNow - .seconds(11), failure)
        return copy
    }

    private static func make(
        _ address: InstanceAddress, version: ServerVersion, writability: Writability, executed: String,
        channels: [ReplicationChannel]
    ) -> Instance {
        let isMySQL = version.flavor.isMySQLFamily
        let identity = ServerIdentity(
            serverID: address.testServerID, serverUUID: isMySQL ? address.testUUID : nil, hostName: address.host,
            port: address.port)
        let facts = InstanceFacts(
            version: version, identity: identity, writability: writability,
            binaryLog: BinaryLog(
                format: .row, rowImage: "FULL", logsReplicaUpdates: true,
                position: BinlogPosition(file: "binlog.000001", offset: 4)),
            gtid: isMySQL ? .mysql(MySQLGTIDState(mode: .on, executed: .test(executed))) : .none,
            channels: channels.map { channel in
                var channel = channel
                channel.sourceServerID = channel.source?.testServerID
                channel.sourceUUID = isMySQL ? channel.source?.testUUID : nil
                return channel
            })
        return Instance(address: address, contact: .reachable(since: .testNow - .seconds(3600)), facts: facts)
    }
}

extension ReplicationChannel {
    /// A channel with both threads running and nothing to complain of.
    public static func healthy(
        name: String = "", from source: InstanceAddress, lag: Duration? = .zero
    ) -> ReplicationChannel {
        ReplicationChannel(
            name: name, source: source, user: "repl", receiverActivity: "Waiting for source to send event",
            applierActivity: "Replica has read all relay log; waiting for more updates",
            lag: lag.map { Lag(measured: $0) }, positioning: .autoPosition)
    }
}

extension InstanceAddress {
    /// A `server_id` that is the same in every run, and different for different addresses as good as always.
    public var testServerID: UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in description.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return max(1, hash)
    }

    /// The `server_uuid` of the test server at this address.
    public var testUUID: ServerUUID { ServerUUID(high: UInt64(testServerID), low: UInt64(port)) }
}

extension GTIDSet {
    /// A GTID set in a test; a text that is none is a mistake in the test.
    public static func test(_ text: String) -> GTIDSet {
        do {
            return try GTIDSet(parsing: text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
