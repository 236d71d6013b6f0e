import Engine
import TerminalKit
import TestSupport
import Topology

@testable import Console

/// The pictures that are kept as golden files: each a fleet, some keys, and a size.
struct Picture: CustomStringConvertible, Sendable {
    let name: String
    let width: Int
    let height: Int
    var unicode = true
    var origin = FleetOrigin.live
    let fleet: @Sendable () -> Fleet
    var keys: [String] = []
    var typed = ""
    /// What happens after the keys.
    var then: @Sendable (inout ConsoleScript) -> Void = { _ in }

    var description: String { "\(name)-\(width)x\(height)\(unicode ? "" : "-ascii")" }

    func draw() throws -> String {
        var console = ConsoleScript(fleet(), width: width, height: height, origin: origin)
        for key in keys { try console.press(key) }
        for character in typed {
            if character == "\n" { try console.press("enter") } else { console.type(String(character)) }
        }
        then(&console)
        return console.text(unicode: unicode)
    }

    private static let sizes = [(80, 24), (120, 40), (160, 50), (60, 15)]

    static let all: [Picture] = seeing + MovePictures.all + OperationPictures.all + RecoveryPictures.all

    private static let seeing: [Picture] =
        sizes.map { Picture(name: "tree", width: $0.0, height: $0.1, fleet: { .shop }, keys: ["down", "down"]) } + [
            Picture(name: "tree", width: 80, height: 24, unicode: false, fleet: { .shop }),
            Picture(name: "tree", width: 120, height: 40, unicode: false, fleet: { .shop }, keys: ["n"]),
            Picture(name: "tree-broken", width: 120, height: 40, fleet: { .shop }, keys: ["n"]),
            Picture(name: "odd-shapes", width: 80, height: 24, fleet: { .odd }),
            Picture(name: "odd-shapes", width: 160, height: 50, fleet: { .odd }, keys: ["down"]),
            Picture(name: "deep", width: 80, height: 24, fleet: { .deep }, keys: ["end"]),
            Picture(name: "deep", width: 60, height: 15, fleet: { .deep }),
            Picture(name: "detail", width: 80, height: 24, fleet: { .shop }, keys: ["n", "enter"]),
            Picture(name: "detail", width: 120, height: 40, fleet: { .shop }, keys: ["n", "enter"]),
            Picture(name: "detail-gone", width: 120, height: 40, fleet: { .shop }, keys: ["/"], typed: "db5\n\n"),
            Picture(name: "detail-focus", width: 120, height: 24, fleet: { .shop }, keys: ["n", "tab", "end"]),
            Picture(name: "problems", width: 80, height: 24, fleet: { .shop }, keys: ["p"]),
            Picture(name: "problems", width: 160, height: 50, fleet: { .shop }, keys: ["p"]),
            Picture(name: "problems-none", width: 80, height: 24, fleet: { .healthy }, keys: ["p"]),
            Picture(name: "clusters", width: 80, height: 24, fleet: { .shop }, keys: ["c"]),
            Picture(name: "help", width: 80, height: 24, fleet: { .shop }, keys: ["?"]),
            Picture(name: "help", width: 160, height: 50, fleet: { .shop }, keys: ["?"]),
            Picture(name: "filter", width: 80, height: 24, fleet: { .shop }, keys: ["/"], typed: "fra"),
            Picture(name: "filter-none", width: 80, height: 24, fleet: { .shop }, keys: ["/"], typed: "nowhere"),
            Picture(name: "folded", width: 80, height: 24, fleet: { .shop }, keys: ["down", "left"]),
            Picture(name: "folded-all", width: 80, height: 24, fleet: { .shop }, keys: ["-"]),
            Picture(name: "paused", width: 80, height: 24, fleet: { .shop }, keys: ["P"]),
            Picture(name: "question", width: 80, height: 24, fleet: { .shop }, keys: [], typed: ":forget db5.fra\n"),
            Picture(name: "command", width: 80, height: 24, fleet: { .shop }, keys: [":"], typed: "dis"),
            Picture(name: "pending-key", width: 80, height: 24, fleet: { .shop }, keys: ["z"]),
            Picture(name: "empty", width: 80, height: 24, fleet: { Fleet() }),
            Picture(name: "too-small", width: 39, height: 9, fleet: { .shop }),
            Picture(name: "smallest", width: 40, height: 10, fleet: { .shop }),
            Picture(
                name: "snapshot", width: 80, height: 24,
                origin: .snapshot(path: "fleet.json", taken: .testNow - .seconds(60)), fleet: { .shop }),
            Picture(
                name: "remembered", width: 120, height: 40, origin: .remembered(at: .testNow - .seconds(300)),
                fleet: { .remembered }),
        ]
}

extension Fleet {
    /// Two clusters with one of each kind of trouble.
    static var shop: Fleet {
        var fleet = Fleet([
            .source("db1.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("db2.ams", of: "db1.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("db3.ams", of: "db1.ams", lag: .seconds(42)),
            .replica("db4.fra", of: "db2.ams").withChannel { channel in
                channel.applier = .stopped
                channel.applierActivity = ""
                channel.lag = nil
                channel.applierError = ReplicationError(
                    code: 1062,
                    message: "Could not execute Write_rows event on table shop.orders; Duplicate entry '4711' for key "
                        + "'orders.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY; the event's source "
                        + "log binlog.000042, end_log_pos 120394", at: .testNow - .seconds(754))
            },
            .replica("db5.fra", of: "db2.ams").unreachable(),
            .replica("db6.fra", of: "db2.ams").withChannel { channel in
                channel.delay = .seconds(3600)
                channel.lag = Lag(measured: .seconds(3601), delay: .seconds(3600))
            },
            .replica("db7.fra", of: "db2.ams", writability: .writable),
            .source("web1.ams"),
            .replica("web2.ams", of: "web1.ams", lag: nil),
            .replica("web3.fra", of: "web1.ams").withChannel { $0.receiver = .connecting },
        ])
        fleet.setClusterAlias("shop", of: "db1.ams")
        fleet.setClusterAlias("web", of: "web1.ams")
        return fleet
    }

    /// Co-primaries, a ring, several sources, a group, Galera, a source that was never seen, a long name.
    static var odd: Fleet {
        var fleet = Fleet([
            .replica("left", of: "right", writability: .writable), .replica("right", of: "left"),
            .replica("ring1", of: "ring3"), .replica("ring2", of: "ring1"), .replica("ring3", of: "ring2"),
            .source("sales"), .source("stock"), .multiSourceReplica("warehouse", of: ["sales", "stock"]),
            .replica("orphan", of: "vanished"),
            .source("a-very-long-host-name.with-many-parts.eu-central-1.compute.internal.example.com:33061"),
            .replica(
                "another-very-long-host-name.with-many-parts.eu-central-1.example.com:33062",
                of: "a-very-long-host-name.with-many-parts.eu-central-1.compute.internal.example.com:33061"),
        ])
        for (index, address) in (["gr1", "gr2", "gr3"] as [InstanceAddress]).enumerated() {
            fleet.update(.groupMember(address, of: ["gr1", "gr2", "gr3"], isRecovering: index == 2))
        }
        for address in ["pxc1", "pxc2"] as [InstanceAddress] {
            fleet.update(.galeraMember(address, of: ["pxc1", "pxc2"]))
        }
        return fleet
    }

    /// A chain of thirty.
    static var deep: Fleet {
        Fleet(
            [.source("chain0")]
                + (1..<30).map { number in
                    .replica(InstanceAddress(host: "chain\(number)"), of: InstanceAddress(host: "chain\(number - 1)"))
                })
    }

    /// A fleet as the store gives it back.
    static var remembered: Fleet {
        Fleet(
            Fleet.shop.instances.map { instance in
                var instance = instance
                instance.contact = .remembered(lastSeen: .testNow - .seconds(300))
                return instance
            })
    }
}

extension Instance {
    /// A member of a group whose primary is the first member.
    static func groupMember(
        _ address: InstanceAddress, of members: [InstanceAddress], isRecovering: Bool = false
    ) -> Instance {
        let rows = members.map { member in
            GroupReplicationMembership.Member(
                uuid: member.testUUID, address: member,
                state: member == address && isRecovering ? "RECOVERING" : "ONLINE", isPrimary: member == members[0])
        }
        return Instance.source(address, writability: address == members[0] ? .writable : .superReadOnly).changed {
            $0.groupReplication = GroupReplicationMembership(
                groupName: "aaaaaaaa-0000-0000-0000-000000000001", isSinglePrimary: true, members: rows,
                own: rows.first { $0.address == address })
        }
    }

    static func galeraMember(_ address: InstanceAddress, of members: [InstanceAddress]) -> Instance {
        let version = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 19)
        return Instance.source(address, version: version).changed {
            $0.galera = GaleraMembership(
                clusterID: "bbbbbbbb-0000-0000-0000-000000000001", clusterName: "pxc", state: "Synced",
                isInPrimaryComponent: true, size: members.count, members: members)
        }
    }
}
