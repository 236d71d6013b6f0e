import Refactoring
import Simulation
import TestSupport
import Topology

/// How the servers of a random fleet replicate.
enum Family: CaseIterable {
    case mysqlByGTID
    /// With GTIDs, but not by them.
    case mysqlByPosition
    case mysqlWithoutGTIDs
    case mariadbByGTID
    case mariadbByCurrentPosition
    case mariadbByPosition

    var isMariaDB: Bool {
        switch self {
        case .mariadbByGTID, .mariadbByCurrentPosition, .mariadbByPosition: true
        case .mysqlByGTID, .mysqlByPosition, .mysqlWithoutGTIDs: false
        }
    }

    var byGTID: Bool {
        switch self {
        case .mysqlByGTID, .mariadbByGTID, .mariadbByCurrentPosition: true
        case .mysqlByPosition, .mysqlWithoutGTIDs, .mariadbByPosition: false
        }
    }

    /// The first file, which no server has purged yet.
    var positioning: SourcePositioning {
        switch self {
        case .mysqlByGTID: .autoPosition
        case .mariadbByGTID, .mariadbByCurrentPosition: .replicaPosition
        case .mysqlByPosition, .mysqlWithoutGTIDs, .mariadbByPosition:
            .binlog(.known(BinlogPosition(file: "bin.000001", offset: 4)))
        }
    }

    /// Old and new releases.
    var versions: [ServerVersion] {
        if isMariaDB {
            return [
                ServerVersion(flavor: .mariadb, major: 10, minor: 6, patch: 20),
                ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 11),
                ServerVersion(flavor: .mariadb, major: 11, minor: 4, patch: 5),
            ]
        }
        return [
            ServerVersion(flavor: .mysql, major: 5, minor: 7, patch: 44),
            ServerVersion(flavor: .mysql, major: 8, minor: 0, patch: 40),
            ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 4),
            ServerVersion(flavor: .mysql, major: 9, minor: 7, patch: 0),
        ]
    }
}

/// A random fleet: a tree of one family below `db0`, with what befalls servers; the same for the same seed.
struct RandomWorld {
    let seed: UInt64
    let family: Family
    private(set) var fleet: SimulatedFleet
    /// What was done to it, in words.
    private(set) var story: [String] = []
    /// Servers whose clients write.
    private(set) var writers: [InstanceAddress] = ["db0"]
    private var random: SeededGenerator
    private let addresses: [InstanceAddress]

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        family = Family.allCases[Int.random(in: 0..<Family.allCases.count, using: &random)]
        fleet = SimulatedFleet(seed: seed, at: .testNow)
        addresses = (0..<Int.random(in: 3...7, using: &random)).map { InstanceAddress(host: "db\($0)") }
        try addServers()
        try attach()
        try fleet.run(
            ["CREATE DATABASE s", "CREATE TABLE s.t (id BIGINT PRIMARY KEY, v VARCHAR(40))"], on: "db0")
        fleet.advance(by: .milliseconds(200))
        try insert(1...Int64.random(in: 2...6, using: &random), on: "db0")
        fleet.advance(by: .milliseconds(300))
        for _ in 0..<Int.random(in: 0...3, using: &random) { try befall() }
        if chance(70) {
            let interval = [20, 60, 200].randomElement(using: &random) ?? 60
            for writer in writers { fleet.write(to: "s.t", on: writer, every: .milliseconds(interval)) }
            story.append("a row every \(interval) ms")
        }
        fleet.advance(by: .milliseconds(Int.random(in: 0...400, using: &random)))
    }

    /// Ends the workload.
    mutating func stopWriting() { fleet.endWorkloads() }

    // MARK: Servers

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }

    private mutating func addServers() throws {
        let release = Int.random(in: family.versions.indices, using: &random)
        for (number, address) in addresses.enumerated() {
            // Mostly of one release; replicas newer than the primary now and then, older seldom.
            var choice = release
            if number > 0, chance(15) { choice = Int.random(in: release..<family.versions.count, using: &random) }
            if number > 0, chance(3) { choice = Int.random(in: 0...release, using: &random) }
            var options = SimulatedServerOptions(version: family.versions[choice], serverID: UInt32(number + 1))
            options.gtidMode = family == .mysqlWithoutGTIDs ? .off : .on
            options.format = .row
            options.isStrict = family.isMariaDB && chance(20)
            options.keepsCommitOrder = family.isMariaDB || !chance(15)
            options.workers = chance(20) ? 1 : 4
            options.hasSemiSync = chance(20)
            if number > 0 {
                options.writability =
                    chance(8) ? .writable : family.isMariaDB || chance(15) ? .readOnly : .superReadOnly
                options.startsReplication = !chance(20)
                if chance(6) { options.logsReplicaUpdates = false }
                if chance(2) { options.hasBinaryLog = false }
            }
            fleet.add(address, options)
        }
    }

    private mutating func attach() throws {
        for (number, address) in addresses.enumerated().dropFirst() {
            let possible = addresses[..<number].filter { logsUpdates($0) }
            let source = possible.isEmpty ? addresses[0] : pick(Array(possible))
            try follow(address, source, channel: "", place: family.positioning)
            if family == .mariadbByCurrentPosition {
                try fleet.run(
                    ["STOP SLAVE", "CHANGE MASTER TO MASTER_USE_GTID = current_pos", "START SLAVE"], on: address)
            }
        }
    }

    private func logsUpdates(_ address: InstanceAddress) -> Bool {
        guard let log = fleet.facts(of: address)?.binaryLog else { return false }
        return address == addresses[0] || log.logsReplicaUpdates
    }

    private mutating func follow(
        _ replica: InstanceAddress, _ source: InstanceAddress, channel: String, place: SourcePositioning
    ) throws {
        var change = SourceChange(source: source, positioning: place, user: "repl")
        change.options["SOURCE_CONNECT_RETRY"] = "\(Int.random(in: 1...5, using: &random))"
        if chance(30) { change.heartbeatPeriod = .milliseconds(500 * Int.random(in: 1...20, using: &random)) }
        try fleet.carryOut(
            [.changeSource(channel: channel, change), .startReplication(channel: channel)], on: replica)
    }

    mutating func insert(_ keys: ClosedRange<Int64>, on address: InstanceAddress) throws {
        try fleet.run(keys.map { "INSERT INTO s.t VALUES (\($0), 'row')" }, on: address)
    }

    // MARK: What befalls them

    private mutating func befall() throws {
        let replica = pick(Array(addresses.dropFirst()))
        switch Int.random(in: 0..<15, using: &random) {
        case 0, 1: try stop(replica)
        case 2: try delay(replica)
        case 3, 4: slowDown(replica)
        case 5: try writeErrant(on: replica)
        case 6: filter(replica)
        case 7: try purge(pick(addresses))
        case 8: try addChannel(to: replica)
        case 9: try makeCoPrimaries()
        case 10: try breakApplier(of: replica)
        case 11: try detach(replica)
        case 12: try enableSemiSync(replica)
        case 13: try fleet.run(["FLUSH BINARY LOGS"], on: pick(addresses))
        default: try reposition(replica)
        }
    }

    private mutating func stop(_ replica: InstanceAddress) throws {
        let threads = pick(ReplicationThreads.allCases)
        try fleet.carryOut([.stopReplication(channel: "", threads: threads)], on: replica)
        try insert(Int64(100)...Int64(102), on: "db0", ifNew: true)
        story.append("\(replica.host): \(threads.rawValue) stopped")
    }

    private mutating func insert(_ keys: ClosedRange<Int64>, on address: InstanceAddress, ifNew: Bool) throws {
        for key in keys where fleet.rows(of: "s.t", on: address)?[key] == nil { try insert(key...key, on: address) }
    }

    private mutating func delay(_ replica: InstanceAddress) throws {
        let delay = Duration.seconds(pick([1, 5, 600]))
        guard let channel = fleet.facts(of: replica)?.channels.first, channel.applier == .running else { return }
        try fleet.carryOut(
            [
                .stopReplication(channel: channel.name),
                .changeSource(channel: channel.name, SourceChange(delay: delay)),
                .startReplication(channel: channel.name),
            ], on: replica)
        story.append("\(replica.host): delay \(delay)")
    }

    private mutating func slowDown(_ replica: InstanceAddress) {
        fleet.setApplierSpeed(1, of: replica)
        if chance(50) { fleet.setReceiverSpeed(1, of: replica) }
        story.append("\(replica.host): slow")
    }

    private mutating func writeErrant(on replica: InstanceAddress) throws {
        guard let facts = fleet.facts(of: replica), facts.binaryLog != nil else { return }
        let number = UInt64(addresses.firstIndex(of: replica) ?? 0)
        let key = Int64(500 + number)
        guard fleet.rows(of: "s.t", on: replica) != nil, fleet.rows(of: "s.t", on: replica)?[key] == nil else { return }
        let isLocked = facts.writability == .superReadOnly
        var statements = ["INSERT INTO s.t VALUES (\(key), 'errant')"]
        if isLocked {
            statements = ["SET GLOBAL super_read_only = OFF"] + statements + ["SET GLOBAL super_read_only = ON"]
        }
        try fleet.run(statements, on: replica)
        story.append("\(replica.host): errant row")
    }

    private mutating func filter(_ replica: InstanceAddress) {
        fleet.setFilters([ReplicationFilter(kind: "ignore-table", value: "s.other")], of: replica)
        story.append("\(replica.host): filter")
    }

    private mutating func purge(_ address: InstanceAddress) throws {
        guard fleet.facts(of: address)?.binaryLog != nil else { return }
        try fleet.run(["FLUSH BINARY LOGS"], on: address)
        fleet.advance(by: .milliseconds(300))
        guard let file = fleet.facts(of: address)?.binaryLog?.position?.file else { return }
        // One that still lacks something would be broken from the start.
        let needs = addresses.contains { replica in
            fleet.facts(of: replica)?.channels.contains { $0.source == address && $0.executed?.file != file } ?? false
        }
        guard !needs else { return }
        try fleet.run(["PURGE BINARY LOGS TO '\(file)'"], on: address)
        story.append("\(address.host): logs purged")
    }

    /// A second primary, of which one replica takes a table of its own.
    private mutating func addChannel(to replica: InstanceAddress) throws {
        let second = InstanceAddress(host: "other")
        guard fleet.facts(of: second) == nil, let facts = fleet.facts(of: replica) else { return }
        // By position two sources may share a log without harm; MySQL 5.7 needs tables for its positions, not simulated.
        var options = SimulatedServerOptions(version: facts.version, serverID: 90)
        options.gtidMode = family == .mysqlWithoutGTIDs ? .off : .on
        options.format = .row
        options.domain = 7
        fleet.add(second, options)
        try fleet.run(["CREATE DATABASE o", "CREATE TABLE o.t (id BIGINT PRIMARY KEY, v VARCHAR(40))"], on: second)
        try fleet.run(["INSERT INTO o.t VALUES (1, 'row')"], on: second)
        try follow(replica, second, channel: "second", place: family.positioning)
        fleet.advance(by: .milliseconds(300))
        writers.append(second)
        story.append("\(replica.host): second channel")
    }

    private mutating func makeCoPrimaries() throws {
        guard let facts = fleet.facts(of: "db0"), facts.channels.isEmpty, logsUpdates("db1"),
            facts.version.isAtLeast(5, 7),
            let partner = fleet.facts(of: "db1"), partner.channels.contains(where: { $0.source == "db0" })
        else { return }
        let place: SourcePositioning
        switch family {
        case .mysqlByGTID: place = .autoPosition
        case .mariadbByGTID, .mariadbByCurrentPosition: place = .replicaPosition
        default:
            fleet.advance(by: .milliseconds(300))
            guard let end = fleet.facts(of: "db1")?.binaryLog?.position else { return }
            place = .binlog(.known(end))
        }
        if family.isMariaDB, family.byGTID {
            try fleet.run(["SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_binlog_pos"].filter { _ in false }, on: "db0")
        }
        try follow("db0", "db1", channel: "", place: place)
        fleet.advance(by: .milliseconds(300))
        story.append("db0 and db1: co-primaries")
    }

    /// A row that is there already, so that the applier stops.
    private mutating func breakApplier(of replica: InstanceAddress) throws {
        guard let facts = fleet.facts(of: replica), facts.channels.first?.isReplicating == true,
            fleet.rows(of: "s.t", on: replica) != nil, fleet.rows(of: "s.t", on: "db0")?[300] == nil
        else { return }
        let isLocked = facts.writability == .superReadOnly
        var statements = ["SET SESSION sql_log_bin = 0", "INSERT INTO s.t VALUES (300, 'mine')"]
        if isLocked {
            statements = ["SET GLOBAL super_read_only = OFF"] + statements + ["SET GLOBAL super_read_only = ON"]
        }
        try fleet.run(statements, on: replica)
        try insert(300...300, on: "db0")
        fleet.advance(by: .milliseconds(200))
        story.append("\(replica.host): applier broken")
    }

    private mutating func detach(_ replica: InstanceAddress) throws {
        guard let channel = fleet.facts(of: replica)?.channels.first, let source = channel.source,
            channel.positioning != .binlogPosition
        else { return }
        try fleet.carryOut(
            [
                .stopReplication(channel: channel.name),
                .changeSource(channel: channel.name, SourceChange(rawHost: "//\(source.host)")),
            ], on: replica)
        story.append("\(replica.host): detached")
    }

    private mutating func enableSemiSync(_ replica: InstanceAddress) throws {
        guard fleet.facts(of: replica)?.semiSync.replica != nil else { return }
        try fleet.carryOut([.setVariable(.semiSyncReplica, to: "ON")], on: replica)
        story.append("\(replica.host): semi-sync")
    }

    /// Another way to find the place than the rest of the fleet.
    private mutating func reposition(_ replica: InstanceAddress) throws {
        guard family.byGTID, let channel = fleet.facts(of: replica)?.channels.first, let place = channel.executed,
            place.offset > 4, channel.isReplicating
        else { return }
        try fleet.carryOut([.stopReplication(channel: channel.name)], on: replica)
        guard let stopped = fleet.facts(of: replica)?.channels.first?.executed else { return }
        try fleet.carryOut(
            [
                .changeSource(channel: channel.name, SourceChange(positioning: .binlog(.known(stopped)))),
                .startReplication(channel: channel.name),
            ], on: replica)
        story.append("\(replica.host): by position")
    }
}

extension SimulatedFleet {
    /// Says commands in the words of the server.
    mutating func carryOut(_ commands: [Command], on address: InstanceAddress) throws {
        guard let version = facts(of: address)?.version else { return }
        let dialect = CommandDialect(version)
        try run(try commands.flatMap { try dialect.statements(for: $0) }.map(\.text), on: address)
    }
}
