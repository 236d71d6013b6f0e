import Testing
import Topology

@testable import Storage

/// Fails when the vocabulary gets a fact that has no place in the document, or that this test does not fill in.
@Suite("Every fact has its place in the document")
struct CoverageTests {
    @Test("every stored property of an instance differs from its default here, and survives writing and reading")
    func everyProperty() throws {
        for instance in Self.full {
            let json = InstanceDocument(instance).json
            let read = try InstanceDocument.read(json, context: InstanceDocument.Context()).instance
            #expect(read == instance)
        }
        let empty = Instance(
            address: InstanceAddress(host: ""),
            facts: InstanceFacts(
                version: ServerVersion(flavor: .mysql, major: 0, minor: 0, patch: 0),
                identity: ServerIdentity(serverID: 0, hostName: "", port: 0)))
        expectAllDiffer(Self.full[0], empty, "Instance")
        expectAllDiffer(
            try #require(Self.full[0].channels.first), ReplicationChannel(source: nil), "ReplicationChannel")
        expectAllDiffer(
            BinaryLog(format: .mixed, rowImage: "MINIMAL", logsReplicaUpdates: true, position: Self.position),
            BinaryLog(format: .row, logsReplicaUpdates: false), "BinaryLog")
        guard case .mysql(let gtid) = Self.full[0].facts?.gtid, case .mariadb(let state) = Self.full[1].facts?.gtid
        else {
            Issue.record("both families are here")
            return
        }
        expectAllDiffer(gtid, MySQLGTIDState(mode: .off, executed: GTIDSet()), "MySQLGTIDState")
        expectAllDiffer(state, MariaDBGTIDState(), "MariaDBGTIDState")
    }

    static func collectKeys(_ json: JSON, _ keys: inout Set<String>) {
        switch json.content {
        case .object(let members):
            for member in members {
                keys.insert(member.key)
                collectKeys(member.value, &keys)
            }
        case .array(let elements): for element in elements { collectKeys(element, &keys) }
        case .null, .bool, .number, .string: break
        }
    }

    /// Compares the stored properties of two values by what they print.
    private func expectAllDiffer(_ full: Any, _ empty: Any, _ path: String) {
        for (left, right) in zip(Mirror(reflecting: full).children, Mirror(reflecting: empty).children) {
            let name = "\(path).\(left.label ?? "?")"
            #expect(
                String(reflecting: left.value) != String(reflecting: right.value),
                "\(name) is the same in the full and the empty value: fill it in here, and give it a place in the document"
            )
            // Plain structs of ours are walked into; enums, collections and parsed values are compared as a whole.
            let nested = [
                "ServerIdentity", "Location", "ReportedAttributes", "SemiSync", "SourceSide", "Provisions",
                "InstanceFacts",
            ]
            let type = "\(Swift.type(of: left.value))"
            if nested.contains(where: { type.contains($0) && !type.contains("Array") }) {
                expectAllDiffer(Self.unwrapped(left.value), Self.unwrapped(right.value), name)
            }
        }
    }

    private static func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value ?? value
    }

    static let position = BinlogPosition(file: "binlog.000007", offset: 77)
    static let moment = Timestamp(microseconds: 1_790_000_000_000_001)
    static let uuid = ServerUUID(high: 1, low: 2)
    static let set = GTIDSet(uuid: uuid, 1...9)

    static var channel: ReplicationChannel {
        ReplicationChannel(
            name: "c", source: InstanceAddress(host: "s"), detachedFrom: InstanceAddress(host: "d"),
            sourceUUID: uuid, sourceServerID: 7, user: "repl", receiver: .connecting, receiverActivity: "connects",
            applier: .stopped, applierActivity: "rests",
            receiverError: ReplicationError(code: 1, message: "m", at: moment),
            applierError: ReplicationError(code: 2, message: "n", at: moment), received: position, executed: position,
            relayLog: position, lag: Lag(measured: .seconds(3), delay: .seconds(1), origin: .heartbeatTable("a.b")),
            delay: .seconds(5), positioning: .autoPosition, retrieved: set,
            receivedGTIDs: GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 9)]),
            filters: [ReplicationFilter(kind: "do-db", value: "x")], usesTLS: true, heartbeatPeriod: .seconds(2),
            lastHeartbeat: moment, heartbeatsReceived: 3,
            reconnecting: Reconnecting(interval: .seconds(10), attempts: 5),
            silence: SourceSilence(since: moment, period: .seconds(2)))
    }

    /// One instance of each family with everything filled in.
    static var full: [Instance] {
        let member = GroupReplicationMembership.Member(
            uuid: uuid, address: InstanceAddress(host: "m"), state: "ERROR", isPrimary: true)
        let facts = InstanceFacts(
            version: ServerVersion(parsing: "8.0.36-28", comment: "Percona"),
            identity: ServerIdentity(
                serverID: 3, serverUUID: uuid, hostName: "h", port: 3307, reportHost: "r", reportPort: 3308,
                startedAt: moment),
            writability: .superReadOnly,
            binaryLog: BinaryLog(format: .mixed, rowImage: "MINIMAL", logsReplicaUpdates: true, position: position),
            gtid: .mysql(MySQLGTIDState(mode: .onPermissive, enforcement: "WARN", executed: set, purged: set)),
            channels: [channel], reportedReplicas: [InstanceAddress(host: "r")],
            guessedReplicas: [InstanceAddress(host: "g")],
            parallelApplier: ParallelApplier(workers: 8, preservesCommitOrder: false, mode: "optimistic"),
            semiSync: SemiSync(
                source: .init(
                    isEnabled: true, isActive: false, timeout: .seconds(1), waitForReplicas: 2, clients: 3,
                    waitPoint: .afterCommit, waitsWithoutReplicas: false),
                replica: .init(isEnabled: true, isActive: false)),
            provisions: Provisions(
                eventScheduler: .disabled, replicaNetTimeout: .seconds(4), maxConnections: 151,
                lostAtRestart: [SettingLostAtRestart(variable: "read_only", runtime: "ON", persisted: "OFF")]),
            groupReplication: .init(groupName: "g", isSinglePrimary: false, members: [member], own: member),
            galera: .init(
                clusterID: "i", clusterName: "n", state: "Joining", isInPrimaryComponent: false, size: 2,
                members: [InstanceAddress(host: "m")]),
            proxy: .named("ProxySQL"),
            attributes: ReportedAttributes(
                dataCenter: "d", region: "r", environment: "e", alias: "a", clusterAlias: "c",
                promotionRule: "p", semiSyncPriority: 3),
            unavailable: [UnavailableFact(fact: "f", code: 1227, message: "m", remedy: "GRANT")])
        var mariadb = facts
        mariadb.gtid = .mariadb(
            MariaDBGTIDState(
                domain: 4, binlogPosition: GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 2)]),
                replicaPosition: GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 3)]),
                currentPosition: GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 4)]),
                binlogState: GTIDBinlogState([MariaDBGTID(domain: 0, server: 1, sequence: 5)]), isStrict: true))
        return [facts, mariadb].map {
            Instance(
                address: InstanceAddress(host: "db1"),
                contact: .unreachable(
                    since: moment, lastSeen: moment, ContactFailure(kind: .tls, code: 3, message: "x")),
                facts: $0, alias: "one", location: Location(dataCenter: "d", region: "r", environment: "e"),
                writeCheck: .failed(since: moment, WriteFailure(code: 1290, message: "read-only")))
        }
    }
}
