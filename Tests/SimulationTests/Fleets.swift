import Servers
import Simulation
import TestSupport
import Testing
import Topology

/// The releases that the simulation was measured on.
enum Release: String, CaseIterable, Sendable {
    case mysql
    case mariadb

    var version: ServerVersion {
        switch self {
        case .mysql: ServerVersion(flavor: .mysql, major: 9, minor: 7, patch: 0)
        case .mariadb: ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 11)
        }
    }
}

extension SimulatedFleet {
    /// Servers `a`, `b`, `c` … of one family; those after the first replicate from it, and a table is everywhere.
    static func cluster(
        _ release: Release, _ names: [InstanceAddress] = ["a", "b", "c"], byGTID: Bool = true, seed: UInt64 = 1,
        _ change: (inout SimulatedServerOptions) -> Void = { _ in }
    ) throws -> SimulatedFleet {
        var fleet = SimulatedFleet(seed: seed, at: .testNow)
        for (index, name) in names.enumerated() {
            var options = SimulatedServerOptions(version: release.version, serverID: UInt32(index + 1))
            options.gtidMode = byGTID ? .on : .off
            options.format = .row
            change(&options)
            fleet.add(name, options)
        }
        for name in names.dropFirst() {
            try fleet.attach(name, to: names[0], release, byGTID: byGTID)
        }
        try fleet.run(
            ["CREATE DATABASE s", "CREATE TABLE s.t (id BIGINT PRIMARY KEY, v VARCHAR(40))"], on: names[0])
        fleet.settle()
        return fleet
    }

    /// Makes one replicate from another, from its first file where it goes by position.
    mutating func attach(
        _ replica: InstanceAddress, to source: InstanceAddress, _ release: Release, byGTID: Bool = true,
        place: (file: String, offset: UInt64)? = nil
    ) throws {
        let place = place ?? (file: "bin.000001", offset: 4)
        switch release {
        case .mysql:
            let positioning =
                byGTID
                ? "SOURCE_AUTO_POSITION = 1"
                : "SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = '\(place.file)', SOURCE_LOG_POS = \(place.offset)"
            try run(
                [
                    "STOP REPLICA",
                    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '\(source.host)', SOURCE_PORT = \(source.port), "
                        + "SOURCE_USER = 'repl', SOURCE_PASSWORD = 'x', SOURCE_CONNECT_RETRY = 1, \(positioning)",
                    "START REPLICA",
                ], on: replica)
        case .mariadb:
            let positioning =
                byGTID
                ? "MASTER_USE_GTID = slave_pos"
                : "MASTER_USE_GTID = no, MASTER_LOG_FILE = '\(place.file)', MASTER_LOG_POS = \(place.offset)"
            try run(
                [
                    "STOP SLAVE",
                    "CHANGE MASTER TO MASTER_HOST = '\(source.host)', MASTER_PORT = \(source.port), "
                        + "MASTER_USER = 'repl', MASTER_PASSWORD = 'x', MASTER_CONNECT_RETRY = 1, \(positioning)",
                    "START SLAVE",
                ], on: replica)
        }
    }

    /// The only channel of a replica, as a probe reads it.
    func channel(of address: InstanceAddress) throws -> ReplicationChannel {
        try #require(facts(of: address)?.channels.first)
    }

    /// Inserts rows on a server.
    mutating func insert(_ keys: ClosedRange<Int>, on address: InstanceAddress) throws {
        try run(keys.map { "INSERT INTO s.t VALUES (\($0), 'row')" }, on: address)
    }

    /// The number of the error that a statement gives, `nil` where it gives none.
    mutating func code(of statement: String, on address: InstanceAddress) throws -> Int? {
        do {
            try run([statement], on: address)
            return nil
        } catch SimulatedFailure.refused(let code, _) {
            return code
        }
    }

    /// What a select gives.
    mutating func value(_ expression: String, on address: InstanceAddress) throws -> String? {
        try run(["SELECT \(expression)"], on: address).first?.value
    }

    func expectSame(_ one: InstanceAddress, _ other: InstanceAddress, _ place: SourceLocation = #_sourceLocation) {
        #expect(hasSameData(one, other), sourceLocation: place)
        #expect(missing(on: other, of: one).isEmpty, sourceLocation: place)
        #expect(missing(on: one, of: other).isEmpty, sourceLocation: place)
        #expect(doubled(on: other).isEmpty, sourceLocation: place)
    }
}
