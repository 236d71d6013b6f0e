import Recovery
import Refactoring
import TestSupport
import Topology

/// A lost primary `db1` with replicas, as tests of rankings change it.
struct RankingFleet {
    static let one = "00000000-0000-0000-0000-000000000001"
    private(set) var instances: [Instance]

    /// - Parameters:
    ///   - written: up to which number the primary has transactions.
    ///   - received: by replica, up to which number it has executed, and up to which it has received.
    init(written: Int = 100, _ received: [(InstanceAddress, executed: Int, received: Int)]) {
        instances = [
            Instance.source("db1", executed: "\(Self.one):1-\(written)").unreachable().changed { facts in
                facts.identity.serverUUID = .test(1)
            }
        ]
        for (address, executed, received) in received {
            instances.append(
                Instance.replica(address, of: "db1", executed: "\(Self.one):1-\(executed)").withChannel { channel in
                    channel.receiver = .connecting
                    channel.sourceUUID = .test(1)
                    channel.retrieved = .test("\(Self.one):1-\(received)")
                })
        }
    }

    /// Replicas that follow by position; places are offsets in one file.
    static func byPosition(_ received: [(InstanceAddress, executed: UInt64, received: UInt64)]) -> RankingFleet {
        var fleet = RankingFleet([])
        fleet.change("db1") { instance in
            instance = instance.changed { $0.binaryLog?.position = BinlogPosition(file: "binlog.000001", offset: 900) }
        }
        for (address, executed, received) in received {
            fleet.instances.append(
                Instance.replica(address, of: "db1").changed { facts in
                    facts.gtid = .mysql(MySQLGTIDState(mode: .off, enforcement: "OFF", executed: GTIDSet()))
                }.withChannel { channel in
                    channel.receiver = .connecting
                    channel.positioning = .binlogPosition
                    channel.executed = BinlogPosition(file: "binlog.000001", offset: executed)
                    channel.received = BinlogPosition(file: "binlog.000001", offset: received)
                })
        }
        return fleet
    }

    /// MariaDB replicas of a MariaDB primary with `server_id` 1.
    static func mariadb(
        written: UInt64 = 100, _ received: [(InstanceAddress, applied: UInt64, received: UInt64)]
    ) -> RankingFleet {
        let version = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
        func position(_ sequence: UInt64) -> GTIDPosition {
            GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: sequence)])
        }
        func state(_ sequence: UInt64, isReplica: Bool) -> GTIDState {
            .mariadb(
                MariaDBGTIDState(
                    binlogPosition: position(sequence),
                    replicaPosition: isReplica ? position(sequence) : GTIDPosition(),
                    currentPosition: position(sequence),
                    binlogState: GTIDBinlogState([MariaDBGTID(domain: 0, server: 1, sequence: sequence)])))
        }
        var fleet = RankingFleet([])
        fleet.instances = [
            Instance.source("db1", version: version).unreachable().changed { facts in
                facts.identity.serverID = 1
                facts.gtid = state(written, isReplica: false)
            }
        ]
        for (address, applied, received) in received {
            fleet.instances.append(
                Instance.replica(address, of: "db1", version: version, writability: .readOnly).changed { facts in
                    facts.gtid = state(applied, isReplica: true)
                }.withChannel { channel in
                    channel.receiver = .connecting
                    channel.positioning = .replicaPosition
                    channel.sourceServerID = 1
                    channel.sourceUUID = nil
                    channel.receivedGTIDs = position(received)
                })
        }
        return fleet
    }

    /// Adds servers.
    mutating func add(_ more: [Instance]) { instances += more }

    /// Changes a server.
    mutating func change(_ address: InstanceAddress, _ change: (inout Instance) -> Void) {
        guard let place = instances.firstIndex(where: { $0.address == address }) else {
            preconditionFailure("no \(address) in the fleet")
        }
        change(&instances[place])
    }

    /// The fleet after a change of a server's facts.
    func with(_ address: InstanceAddress, facts change: (inout InstanceFacts) -> Void) -> RankingFleet {
        var copy = self
        copy.change(address) { $0 = $0.changed(change) }
        return copy
    }

    /// The fleet after a change of a server's first channel.
    func with(_ address: InstanceAddress, channel change: (inout ReplicationChannel) -> Void) -> RankingFleet {
        var copy = self
        copy.change(address) { $0 = $0.withChannel(change) }
        return copy
    }

    /// The fleet with a server in a data centre.
    func with(_ address: InstanceAddress, in dataCenter: String) -> RankingFleet {
        var copy = self
        copy.change(address) { $0.location.dataCenter = dataCenter }
        return copy
    }

    /// The fleet with a server that does not answer.
    func without(_ address: InstanceAddress) -> RankingFleet {
        var copy = self
        copy.change(address) { $0 = $0.unreachable() }
        return copy
    }

    /// The fleet with a server that answers and does not let baton in.
    func turningAway(_ address: InstanceAddress) -> RankingFleet {
        var copy = self
        let failure = ContactFailure(kind: .accessDenied, code: 1045, message: "Access denied for user 'baton'")
        copy.change(address) {
            $0.contact = .noAccess(since: .testNow - .seconds(10), lastSeen: .testNow - .seconds(11), failure)
        }
        return copy
    }

    var scene: RuleScene { scene() }

    func scene(marks: OperatorMarks = OperatorMarks()) -> RuleScene {
        RuleScene(Fleet(instances), now: .testNow, marks: marks)
    }

    func ranking(
        marks: OperatorMarks = OperatorMarks(), policy: CandidatePolicy = CandidatePolicy(),
        for situation: RecoverySituation = .failover
    ) -> CandidateRanking {
        CandidateRanking(of: "db1", in: scene(marks: marks), policy: policy, situation: situation)
    }
}

extension OperatorMarks {
    /// Promotion rules by server.
    static func rules(_ rules: [InstanceAddress: PromotionRule]) -> OperatorMarks {
        OperatorMarks(
            promotionRules: rules.mapValues { Mark($0, owner: "anna", reason: "test", begins: .testNow - .seconds(60)) }
        )
    }
}
