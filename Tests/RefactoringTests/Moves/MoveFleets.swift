import Refactoring
import TestSupport
import Topology

/// How a test fleet's channels find their place.
enum Way: String, CaseIterable, Sendable {
    case mysqlGTID = "mysql-gtid"
    case mariadbGTID = "mariadb-gtid"
    case mysqlPosition = "mysql-position"
    case mariadbPosition = "mariadb-position"

    var version: ServerVersion {
        switch self {
        case .mysqlGTID, .mysqlPosition: ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3)
        case .mariadbGTID, .mariadbPosition: ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
        }
    }

    var positioning: Positioning {
        switch self {
        case .mysqlGTID: .autoPosition
        case .mariadbGTID: .replicaPosition
        case .mysqlPosition, .mariadbPosition: .binlogPosition
        }
    }
}

extension Instance {
    /// The instance as one whose channels find their place in that way.
    func following(_ way: Way) -> Instance {
        changed { facts in
            facts.version = way.version
            let isMariaDB = way.version.flavor == .mariadb
            if isMariaDB {
                facts.identity.serverUUID = nil
                let position = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 100)])
                facts.gtid = .mariadb(
                    MariaDBGTIDState(
                        binlogPosition: position, replicaPosition: position,
                        binlogState: GTIDBinlogState(position.gtids), isStrict: true))
                if facts.writability == .superReadOnly { facts.writability = .readOnly }
            }
            for index in facts.channels.indices {
                facts.channels[index].positioning = way.positioning
                facts.channels[index].executed = BinlogPosition(file: "binlog.000007", offset: 4711)
                facts.channels[index].heartbeatPeriod = .seconds(2)
                if isMariaDB { facts.channels[index].sourceUUID = nil }
            }
        }
    }

    /// The instance with both threads stopped.
    func stopped() -> Instance {
        withChannel { channel in
            channel.receiver = .stopped
            channel.applier = .stopped
            channel.lag = nil
        }
    }
}

extension Fleet {
    /// `db1` with `db2` and `db3`; `db4` and `db5` below `db2`.
    static func family(_ way: Way) -> Fleet {
        Fleet(
            [
                .source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db1"), .replica("db4", of: "db2"),
                .replica("db5", of: "db2"),
            ].map { (instance: Instance) in instance.following(way) })
    }

    func changing(_ address: InstanceAddress, _ change: (Instance) -> Instance) -> Fleet {
        var fleet = self
        if let instance = fleet[address] { fleet.update(change(instance)) }
        return fleet
    }

    /// What a plan may change, of every channel and server: sources, threads, ways, delays, who may write.
    var shape: [String] {
        instances.flatMap { instance -> [String] in
            let channels = instance.channels.map { channel in
                let source = channel.source.map { "\(canonical($0))" } ?? "nobody"
                let threads = "\(channel.receiver) \(channel.applier)"
                return
                    "\(instance.address) '\(channel.name)' \(source) \(threads) \(channel.positioning) \(channel.delay)"
                    + " \(channel.detachedFrom.map(\.description) ?? "")"
            }
            return ["\(instance.address) \(instance.facts?.writability.rawValue ?? "unread")"] + channels
        }.sorted()
    }

    /// The source of a server's only channel.
    func source(of address: InstanceAddress) -> InstanceAddress? {
        self[address]?.channels.first.flatMap { source(of: $0) }
    }
}

extension MovePlanner {
    /// A planner to whom the rules have no objection.
    static let permissive = MovePlanner { _, _, _, _ in .allowed }
}

extension RuleScene {
    init(_ fleet: Fleet) {
        self.init(fleet, now: .testNow)
    }
}
