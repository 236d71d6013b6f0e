import Refactoring
import TestSupport
import Topology

/// One placement and what one rule is to say of it.
struct RuleCase: Sendable, CustomStringConvertible {
    let rule: RuleID
    /// What is special about it.
    let description: String
    /// `nil` where the rule has nothing against it.
    let expected: Gravity?
    var instances: [Instance]
    var replica: InstanceAddress = "db2"
    var target: InstanceAddress = "db3"
    var channel: String?
    var moving: Set<InstanceAddress> = []
    var context = RuleContext.move
    var limits = RuleLimits()
    var holds = Holds()
    var lastReads: [InstanceAddress: Timestamp] = [:]
    /// What the sentence or a measurement has to say.
    var says = ""

    init(
        _ rule: RuleID, _ expected: Gravity?, _ description: String, _ instances: [Instance],
        _ change: (inout RuleCase) -> Void = { _ in }
    ) {
        self.rule = rule
        self.expected = expected
        self.description = "\(rule): \(description)"
        self.instances = instances
        change(&self)
    }

    var scene: RuleScene {
        RuleScene(Fleet(instances), limits: limits, now: .testNow, holds: holds, lastReads: lastReads)
    }

    /// What the rule says of it.
    var reasons: [Reason] {
        scene.answers(of: replica, channel: channel, under: target, moving: moving, context: context)
            .first { $0.rule.id == rule }?.reasons ?? []
    }
}

/// A primary and two replicas that are alike: `db2` is moved under `db3`.
enum Trio {
    static let set = "\(InstanceAddress("db1").testUUID):1-100"

    static let db1 = Instance.source("db1", executed: set)
    static let db2 = Instance.replica("db2", of: "db1", executed: set)
    static let db3 = Instance.replica("db3", of: "db1", executed: set)

    static let mysql = [db1, db2, db3]

    /// The same with a change to the replica, the target or the primary.
    static func with(
        _ replica: (Instance) -> Instance = { $0 }, target: (Instance) -> Instance = { $0 },
        primary: (Instance) -> Instance = { $0 }
    ) -> [Instance] { [primary(db1), replica(db2), target(db3)] }

    /// The same by log position.
    static func byPosition(_ replica: (inout ReplicationChannel) -> Void = { _ in }) -> [Instance] {
        with { $0.withChannel { $0.positioning = .binlogPosition }.withChannel(replica) }
    }

    static func mysqlVersion(_ major: Int, _ minor: Int, _ patch: Int) -> ServerVersion {
        ServerVersion(flavor: .mysql, major: major, minor: minor, patch: patch)
    }

    static func version(_ version: ServerVersion) -> (Instance) -> Instance {
        { instance in
            let facts = instance.facts
            guard let facts else { return instance }
            var copy = instance
            copy.facts = InstanceFacts(
                version: version, identity: facts.identity, writability: facts.writability, binaryLog: facts.binaryLog,
                gtid: facts.gtid, channels: facts.channels)
            return copy
        }
    }
}

/// The same on MariaDB, by GTID.
enum MariaTrio {
    static let release = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
    static let id = InstanceAddress("db1").testServerID

    static func position(_ sequence: UInt64, domain: UInt32 = 0, server: UInt32 = id) -> GTIDPosition {
        GTIDPosition([MariaDBGTID(domain: domain, server: server, sequence: sequence)])
    }

    static func state(_ position: GTIDPosition, isStrict: Bool = true, replica: GTIDPosition? = nil) -> GTIDState {
        .mariadb(
            MariaDBGTIDState(
                binlogPosition: position, replicaPosition: replica ?? position, currentPosition: position,
                binlogState: GTIDBinlogState(position.gtids), isStrict: isStrict))
    }

    static func replica(_ address: InstanceAddress, _ gtid: GTIDState, log: UInt64 = 42) -> Instance {
        server(.replica(address, of: "db1", version: release), gtid, log).withChannel {
            $0.positioning = .replicaPosition
        }
    }

    static func server(_ instance: Instance, _ gtid: GTIDState, _ log: UInt64 = 42) -> Instance {
        instance.changed {
            $0.gtid = gtid
            $0.binaryLog?.position = BinlogPosition(file: "binlog.\(log)", offset: 4)
        }
    }

    static let db1 = server(.source("db1", version: release), state(position(100)))
    static let db2 = replica("db2", state(position(100)))
    static let db3 = replica("db3", state(position(100)))

    static let all = [db1, db2, db3]

    static func with(_ replica: Instance = db2, target: Instance = db3) -> [Instance] { [db1, replica, target] }
}
