import TestSupport
import Topology

@testable import Console

/// Pictures of replicas being moved: picking up, verdicts, plans.
enum MovePictures {
    /// The cursor on db4, which is picked up.
    private static let pickUp = ["down", "down", "m"]

    private static func at(
        _ name: String, _ keys: [String], sizes: [(Int, Int)] = [(80, 24)], unicode: Bool = true,
        fleet: Fleet = .movable
    ) -> [Picture] {
        sizes.map { width, height in
            Picture(name: name, width: width, height: height, unicode: unicode, fleet: { fleet }, keys: keys)
        }
    }

    private static let both = [(80, 24), (160, 50)]

    static let all: [Picture] =
        at("carry", pickUp, sizes: both) + at("carry", pickUp, unicode: false)
        + at("carry-fits", pickUp + ["n"], sizes: both) + at("carry-fits", pickUp + ["n"], unicode: false)
        + at("carry-warns", pickUp + ["n", "n"], sizes: both)
        + at("carry-refused", pickUp + ["end", "up"], sizes: both)
        + at("carry-refused", pickUp + ["end", "up"], unicode: false)
        + at("carry-why", pickUp + ["end", "up", "enter"], sizes: both)
        + at("carry-small", pickUp + ["n"], sizes: [(60, 15), (40, 10)])
        + at("carry-subtree", ["down", "m", "n"])
        + at("carry-replicas", ["M", "down"])
        + at("marks", ["down", "down", "space", "space"])
        + at("carry-marks", ["down", "down", "space", "space", "m", "n"])
        + at("plan", pickUp + ["n", "enter"], sizes: both) + at("plan", pickUp + ["n", "enter"], unicode: false)
        + at("plan-end", pickUp + ["n", "enter", "end"])
        + at("plan-refused", ["down", "o", "enter"], sizes: both)
        + at("plan-name", pickUp + ["N", "N", "enter", "y"])
        + at("plan-several", ["down", "down", "space", "down", "space", "m", "end", "up", "up", "enter"])
        + at("carry-no-way", pickUp + ["down"], sizes: both, fleet: .writableSibling)
        + at("actions", ["down", "o"], sizes: both) + at("operations-none", ["O"]) + at("help-carry", pickUp + ["?"])
}

extension Fleet {
    /// By position, where a sibling is writable, so that the end of its log is no known place.
    static var writableSibling: Fleet {
        var fleet = Fleet.movable
        for instance in fleet.instances {
            fleet.update(
                instance.withChannel { channel in
                    channel.positioning = .binlogPosition
                    channel.executed = BinlogPosition(file: "binlog.000007", offset: 4_711)
                })
        }
        if let sibling = fleet["db5.fra"] { fleet.update(sibling.changed { $0.writability = .writable }) }
        return fleet
    }

    /// Three levels by GTID, where one server has no binary log, one is a little newer, and one is delayed.
    static var movable: Fleet {
        let had = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"
        func replica(_ address: InstanceAddress, of source: InstanceAddress) -> Instance {
            .replica(address, of: source, executed: had)
        }
        var newer = replica("db7.fra", of: "db1.ams")
        newer = newer.changed { $0.version = ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 9) }
        var fleet = Fleet([
            .source("db1.ams", executed: had),
            replica("db2.ams", of: "db1.ams"), replica("db3.ams", of: "db1.ams"),
            replica("db4.fra", of: "db2.ams"), replica("db5.fra", of: "db2.ams"),
            newer,
            replica("db8.fra", of: "db1.ams").changed { $0.binaryLog = nil },
            replica("db9.fra", of: "db1.ams").withChannel { channel in
                channel.receiver = .stopped
                channel.applier = .stopped
                channel.lag = nil
            },
        ])
        fleet.setClusterAlias("shop", of: "db1.ams")
        return fleet
    }
}
