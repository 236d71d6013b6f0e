import TestSupport
import Topology

/// Fleets with facts of every kind, the same for the same seed.
struct RandomDocuments {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private mutating func next() -> UInt64 { generator.next() }

    mutating func number(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func chance() -> Bool { next() & 1 == 0 }
    mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
    mutating func maybe<Value>(_ make: (inout RandomDocuments) -> Value) -> Value? { chance() ? make(&self) : nil }
    mutating func list<Value>(_ make: (inout RandomDocuments) -> Value) -> [Value] {
        (0..<number(3)).map { _ in make(&self) }
    }

    mutating func text() -> String {
        pick([
            "", "plain", "with \"quotes\" and \\", "größe 日本 🐬", "none", "unknown", "off",
        ])
    }

    mutating func time() -> Timestamp { Timestamp(microseconds: Int64(next() % 4_000_000_000_000_000)) }

    mutating func duration() -> Duration {
        pick([
            .zero, .seconds(3), .milliseconds(1500), .microseconds(7), .nanoseconds(-1), .seconds(-4), .seconds(86_400),
        ])
    }

    mutating func address() -> InstanceAddress {
        pick([
            InstanceAddress(host: "db\(number(40))"), InstanceAddress(host: "10.0.0.\(number(9))", port: 3307),
            InstanceAddress(host: "fe80::\(number(9) + 1)", port: 3310), InstanceAddress(host: "a_b.example.org"),
        ])
    }

    mutating func uuid() -> ServerUUID { ServerUUID(high: next(), low: next()) }
    mutating func position() -> BinlogPosition { BinlogPosition(file: "binlog.00000\(number(9))", offset: next()) }

    mutating func gtidSet() -> GTIDSet {
        chance() ? GTIDSet() : GTIDSet(uuid: uuid(), tag: pick(["", "blue"]), 1...UInt64(number(1000) + 1))
    }

    mutating func gtid() -> MariaDBGTID {
        MariaDBGTID(domain: UInt32(number(3)), server: UInt32(number(5)), sequence: next() >> 20)
    }

    mutating func gtidState() -> GTIDState {
        switch number(3) {
        case 0: .none
        case 1:
            .mysql(
                MySQLGTIDState(
                    mode: pick(GTIDMode.allCases), enforcement: pick(["ON", "WARN"]), executed: gtidSet(),
                    purged: gtidSet()))
        default:
            .mariadb(
                MariaDBGTIDState(
                    domain: UInt32(number(3)), binlogPosition: GTIDPosition([gtid()]),
                    replicaPosition: GTIDPosition(list { $0.gtid() }.prefix(1)),
                    currentPosition: GTIDPosition([gtid()]),
                    binlogState: GTIDBinlogState([gtid()]), isStrict: chance()))
        }
    }

    mutating func failure() -> ContactFailure {
        ContactFailure(kind: pick(ContactFailure.Kind.allCases), code: number(3000), message: text())
    }

    mutating func contact() -> Contact {
        switch number(5) {
        case 0: .neverTried
        case 1: .remembered(lastSeen: maybe { $0.time() })
        case 2: .reachable(since: time())
        case 3: .noAccess(since: time(), lastSeen: maybe { $0.time() }, failure())
        default: .unreachable(since: time(), lastSeen: maybe { $0.time() }, failure())
        }
    }

    mutating func version() -> ServerVersion {
        pick([
            ServerVersion(parsing: "8.4.3"), ServerVersion(parsing: "10.11.6-MariaDB-log"),
            ServerVersion(parsing: "8.0.36-28", comment: "Percona Server (GPL)"), ServerVersion(parsing: "odd"),
            ServerVersion(flavor: .percona, major: 5, minor: 7, patch: 44),
        ])
    }

    mutating func lag() -> Lag {
        Lag(
            measured: duration(), delay: duration(),
            origin: pick([.secondsBehindSource, .heartbeatTable("percona.heartbeat"), .query]))
    }

    mutating func replicationError() -> ReplicationError {
        ReplicationError(code: number(3000), message: text(), at: maybe { $0.time() })
    }

    mutating func channel(_ name: String) -> ReplicationChannel {
        ReplicationChannel(
            name: name, source: maybe { $0.address() }, detachedFrom: maybe { $0.address() },
            sourceUUID: maybe { $0.uuid() },
            sourceServerID: maybe { UInt32($0.number(99)) }, user: maybe { $0.text() },
            receiver: pick(ReceiverState.allCases), receiverActivity: text(), applier: pick(ApplierState.allCases),
            applierActivity: text(), receiverError: maybe { $0.replicationError() },
            applierError: maybe { $0.replicationError() }, received: maybe { $0.position() },
            executed: maybe { $0.position() }, relayLog: maybe { $0.position() }, lag: maybe { $0.lag() },
            delay: duration(), positioning: pick(Positioning.allCases), retrieved: maybe { $0.gtidSet() },
            receivedGTIDs: maybe { random in GTIDPosition(random.list { $0.gtid() }.prefix(1)) },
            filters: list { ReplicationFilter(kind: $0.text(), value: $0.text()) }, usesTLS: chance(),
            heartbeatPeriod: maybe { $0.duration() }, lastHeartbeat: maybe { $0.time() },
            heartbeatsReceived: maybe { $0.next() },
            reconnecting: maybe { Reconnecting(interval: $0.duration(), attempts: $0.maybe { $0.next() }) },
            silence: maybe { SourceSilence(since: $0.time(), period: $0.duration()) })
    }

    mutating func member() -> GroupReplicationMembership.Member {
        .init(uuid: uuid(), address: address(), state: pick(["ONLINE", "ERROR"]), isPrimary: chance())
    }

    mutating func semiSync() -> SemiSync {
        SemiSync(
            source: maybe {
                .init(
                    isEnabled: $0.chance(), isActive: $0.chance(), timeout: $0.duration(),
                    waitForReplicas: $0.number(3),
                    clients: $0.number(3),
                    waitPoint: $0.maybe { $0.pick([.afterSync, .afterCommit]) }, waitsWithoutReplicas: $0.chance())
            },
            replica: maybe { .init(isEnabled: $0.chance(), isActive: $0.chance()) })
    }

    mutating func provisions() -> Provisions {
        Provisions(
            eventScheduler: maybe { $0.pick(EventScheduler.allCases) }, replicaNetTimeout: maybe { $0.duration() },
            maxConnections: maybe { $0.number(500) },
            lostAtRestart: maybe {
                $0.list {
                    SettingLostAtRestart(variable: $0.text(), runtime: $0.text(), persisted: $0.maybe { $0.text() })
                }
            })
    }

    mutating func writeCheck() -> WriteCheck {
        switch number(3) {
        case 0: .ok(since: time())
        case 1: .failed(since: time(), WriteFailure(code: number(2000), message: text()))
        default: .hangs(since: time())
        }
    }

    mutating func binaryLog() -> BinaryLog {
        BinaryLog(
            format: pick(BinaryLog.Format.allCases), rowImage: pick([nil, "FULL", "MINIMAL"]),
            logsReplicaUpdates: chance(), position: maybe { $0.position() })
    }

    mutating func facts() -> InstanceFacts {
        InstanceFacts(
            version: version(),
            identity: ServerIdentity(
                serverID: UInt32(number(9)), serverUUID: maybe { $0.uuid() }, hostName: pick(["db1", "db2", ""]),
                port: pick([3306, 3310, 0]), reportHost: maybe { $0.text() },
                reportPort: maybe { UInt16($0.number(99)) },
                startedAt: maybe { $0.time() }),
            writability: pick(Writability.allCases), binaryLog: maybe { $0.binaryLog() }, gtid: gtidState(),
            channels: list { $0.text() }.enumerated().map { index, name in channel("\(name)\(index)") },
            reportedReplicas: list { $0.address() }, guessedReplicas: list { $0.address() },
            parallelApplier: maybe {
                ParallelApplier(
                    workers: $0.number(9), preservesCommitOrder: $0.chance(), mode: $0.pick([nil, "optimistic"]))
            },
            semiSync: semiSync(), provisions: provisions(),
            groupReplication: maybe {
                .init(
                    groupName: $0.text(), isSinglePrimary: $0.chance(), members: $0.list { $0.member() },
                    own: $0.maybe { $0.member() })
            },
            galera: maybe {
                .init(
                    clusterID: $0.text(), clusterName: $0.text(), state: $0.text(), isInPrimaryComponent: $0.chance(),
                    size: $0.number(4), members: $0.list { $0.address() })
            },
            proxy: maybe { $0.chance() ? .named($0.text()) : .changingIdentity($0.text(), $0.text()) },
            attributes: ReportedAttributes(
                dataCenter: maybe { $0.text() }, region: maybe { $0.text() }, environment: maybe { $0.text() },
                alias: maybe { $0.text() }, clusterAlias: maybe { $0.text() },
                promotionRule: maybe { $0.text() }, semiSyncPriority: maybe { $0.number(9) }),
            unavailable: list {
                UnavailableFact(
                    fact: $0.text(), code: $0.number(2000), message: $0.text(), remedy: $0.maybe { $0.text() })
            })
    }

    mutating func instance(_ address: InstanceAddress) -> Instance {
        Instance(
            address: address, contact: contact(), facts: number(5) == 0 ? nil : facts(), alias: maybe { $0.text() },
            location: Location(
                dataCenter: maybe { $0.text() }, region: maybe { $0.text() }, environment: maybe { $0.text() }),
            writeCheck: maybe { $0.writeCheck() })
    }

    /// A fleet of up to `limit` servers with names and cluster names.
    mutating func fleet(limit: Int = 8) -> Fleet {
        var fleet = Fleet((0..<number(limit)).map { _ in instance(address()) })
        for address in fleet.addresses.sorted() {
            if chance() {
                fleet.addName(InstanceAddress(host: "other-\(number(9))", port: UInt16(number(9) + 1)), of: address)
            }
            if chance() { fleet.setClusterAlias(text(), of: address) }
        }
        return fleet
    }
}

extension Fleet {
    /// All that a fleet holds, in an order that allows comparing, without its versions.
    struct Content: Equatable {
        var instances: [Instance]
        var names: [InstanceAddress: InstanceAddress]
        var aliases: [InstanceAddress: String]
    }

    var content: Content {
        Content(
            instances: instances.sorted { $0.address < $1.address },
            names: Dictionary(uniqueKeysWithValues: knownNames.map { ($0.key, $0.value) }),
            aliases: Dictionary(uniqueKeysWithValues: givenClusterAliases.map { ($0.key, $0.value) }))
    }
}
