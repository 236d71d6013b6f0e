import Lab
import Simulation
import TestSupport
import Topology

/// Statements at random that operators and planners send, and some that they should not.
struct RandomScript {
    private var random: SeededGenerator
    private var nextKey = 1
    private let release: Release
    private let byGTID: Bool
    private let addresses: [InstanceAddress]

    init(seed: UInt64, _ worlds: TwoWorlds) {
        random = SeededGenerator(seed: seed)
        release = worlds.release
        byGTID = worlds.byGTID
        addresses = worlds.servers.map(\.address)
    }

    private var replica: String { release == .mysql ? "REPLICA" : "SLAVE" }
    private var prefix: String { release == .mysql ? "SOURCE" : "MASTER" }
    private var change: String { release == .mysql ? "CHANGE REPLICATION SOURCE TO " : "CHANGE MASTER TO " }

    /// What comes before anything else: a table everywhere, and two replicas of the first.
    func opening() -> [TwoWorlds.Saying] {
        var sayings = [
            TwoWorlds.Saying(server: addresses[0], text: "CREATE DATABASE s"),
            TwoWorlds.Saying(
                server: addresses[0], text: "CREATE TABLE s.t (id BIGINT PRIMARY KEY, v VARCHAR(40))"),
        ]
        for address in addresses.dropFirst() {
            sayings.append(TwoWorlds.Saying(server: address, text: attachment(to: addresses[0], from: nil)))
            sayings.append(TwoWorlds.Saying(server: address, text: "START \(replica)"))
        }
        return sayings
    }

    private func attachment(to source: InstanceAddress, from place: TwoWorlds.Pair?) -> String {
        let account = "\(prefix)_USER = 'replication', \(prefix)_PASSWORD = 'baton-lab-replication'"
        let key = release == .mysql ? ", GET_SOURCE_PUBLIC_KEY = 1" : ""
        let positioning: String =
            switch (release, byGTID) {
            case (.mysql, true): "SOURCE_AUTO_POSITION = 1"
            case (.mariadb, true): "MASTER_USE_GTID = slave_pos"
            case (_, false):
                (release == .mariadb ? "MASTER_USE_GTID = no, " : "")
                    + (place == nil
                        ? "\(prefix)_LOG_FILE = 'bin.000001', \(prefix)_LOG_POS = 4"
                        : "\(prefix)_LOG_FILE = '{file}', \(prefix)_LOG_POS = {offset}")
            }
        return "\(change)\(prefix)_HOST = '\(source.host)', \(prefix)_PORT = \(source.port), \(account)\(key), "
            + "\(prefix)_CONNECT_RETRY = 1, \(positioning)"
    }

    /// The next statement.
    mutating func next(_ worlds: TwoWorlds) -> TwoWorlds.Saying {
        let address = pick(addresses)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<26: return TwoWorlds.Saying(server: writer(address), text: write())
        case 26..<30: return transaction(writer(address))
        // By position, where a parallel applier says that it stopped at a row that only its source has differs from the
        // simulation.
        case 30..<32 where byGTID:
            return TwoWorlds.Saying(server: address, text: "SET SESSION sql_log_bin = 0; \(write())")
        case 30..<34: return injection(address)
        case 34..<44: return TwoWorlds.Saying(server: address, text: "STOP \(replica)" + threads())
        case 44..<62: return TwoWorlds.Saying(server: address, text: "START \(replica)" + threads())
        case 62..<74: return move(address, worlds)
        case 74..<79:
            return TwoWorlds.Saying(
                server: address, text: change + pick(["\(prefix)_DELAY = 0", "\(prefix)_CONNECT_RETRY = 1"]))
        case 79..<81:
            return TwoWorlds.Saying(server: address, text: change + "\(prefix)_HEARTBEAT_PERIOD = 1.5")
        // As a detached replica is marked.
        case 81: return TwoWorlds.Saying(server: address, text: change + "\(prefix)_HOST = '//gone'")
        case 82..<85: return TwoWorlds.Saying(server: address, text: "RESET \(replica)")
        case 85..<87: return TwoWorlds.Saying(server: address, text: "RESET \(replica) ALL")
        case 87..<90: return TwoWorlds.Saying(server: address, text: "FLUSH BINARY LOGS")
        case 90..<92: return purge(address, worlds)
        case 92..<95: return until(address, worlds)
        case 95..<97: return untilTransaction(address, worlds)
        default: return variable(address, worlds)
        }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }

    /// The first server nine times of ten: errant transactions are the exception.
    private mutating func writer(_ address: InstanceAddress) -> InstanceAddress {
        Int.random(in: 0..<10, using: &random) == 0 ? address : addresses[0]
    }

    private mutating func write() -> String {
        let key = Int.random(in: 1...max(1, nextKey), using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "DELETE FROM s.t WHERE id = \(key)"
        case 1, 2: return "UPDATE s.t SET v = 'new \(nextKey)' WHERE id = \(key)"
        default:
            nextKey += 1
            return "INSERT INTO s.t VALUES (\(nextKey), 'row')"
        }
    }

    /// Several changes that are one.
    private mutating func transaction(_ address: InstanceAddress) -> TwoWorlds.Saying {
        let ending = Int.random(in: 0..<4, using: &random) == 0 ? "ROLLBACK" : "COMMIT"
        let writes = (0..<Int.random(in: 1...3, using: &random)).map { _ in write() }
        return TwoWorlds.Saying(server: address, text: (["BEGIN"] + writes + [ending]).joined(separator: "; "))
    }

    /// An empty transaction by another's name, as errant ones are mended.
    private mutating func injection(_ address: InstanceAddress) -> TwoWorlds.Saying {
        guard release == .mysql, byGTID else { return transaction(address) }
        let gtid = "11111111-1111-1111-1111-111111111111:\(Int.random(in: 1...9, using: &random))"
        return TwoWorlds.Saying(
            server: address, text: "SET GTID_NEXT = '\(gtid)'; BEGIN; COMMIT; SET GTID_NEXT = 'AUTOMATIC'")
    }

    private mutating func threads() -> String { pick(["", "", "", " IO_THREAD", " SQL_THREAD"]) }

    private mutating func move(_ address: InstanceAddress, _ worlds: TwoWorlds) -> TwoWorlds.Saying {
        let source = pick(addresses.filter { $0 != address })
        var place: TwoWorlds.Pair?
        if !byGTID, let ends = worlds.ends[source] {
            place = Int.random(in: 0..<4, using: &random) == 0 ? pick(ends) : ends.last
        }
        return TwoWorlds.Saying(server: address, text: attachment(to: source, from: place), place: place)
    }

    /// Up to the last file, so that what a replica lacks may be gone.
    private mutating func purge(_ address: InstanceAddress, _ worlds: TwoWorlds) -> TwoWorlds.Saying {
        let isRead = addresses.contains { replica in
            worlds.simulated.facts(of: replica)?.channels.contains { $0.source == address && $0.receiver == .running }
                ?? false
        }
        if isRead { return TwoWorlds.Saying(server: addresses[0], text: write()) }
        return TwoWorlds.Saying(
            server: address, text: "PURGE BINARY LOGS TO '{file}'", place: worlds.ends[address]?.last)
    }

    private mutating func until(_ address: InstanceAddress, _ worlds: TwoWorlds) -> TwoWorlds.Saying {
        // A server to which its own transactions come home is not tried: see `ComparisonTests`.
        let address = address == addresses[0] ? addresses[1] : address
        let source = worlds.simulated.facts(of: address)?.channels.first?.source ?? addresses[0]
        let place = pick(Array((worlds.ends[source] ?? []).suffix(4)))
        let text = "START \(replica) UNTIL \(prefix)_LOG_FILE = '{file}', \(prefix)_LOG_POS = {offset}"
        return TwoWorlds.Saying(server: address, text: text, place: place)
    }

    /// Until what its source has now, or the gaps of parallel appliers are filled.
    private mutating func untilTransaction(_ address: InstanceAddress, _ worlds: TwoWorlds) -> TwoWorlds.Saying {
        let address = address == addresses[0] ? addresses[1] : address
        let source = worlds.simulated.facts(of: address)?.channels.first?.source ?? addresses[0]
        guard byGTID, let facts = worlds.simulated.facts(of: source) else { return until(address, worlds) }
        switch facts.gtid {
        case .mysql(let state):
            let place = pick(["SQL_AFTER_GTIDS = '\(state.executed)'", "SQL_AFTER_MTS_GAPS"])
            return TwoWorlds.Saying(server: address, text: "START REPLICA UNTIL \(place)")
        case .mariadb(let state):
            return TwoWorlds.Saying(
                server: address, text: "START SLAVE UNTIL MASTER_GTID_POS = '\(state.binlogPosition)'")
        case .none: return until(address, worlds)
        }
    }

    private mutating func variable(_ address: InstanceAddress, _ worlds: TwoWorlds) -> TwoWorlds.Saying {
        var texts = ["SET GLOBAL read_only = ON", "SET GLOBAL read_only = OFF", "SET GLOBAL read_only = OFF"]
        if release == .mysql {
            texts += ["SET GLOBAL super_read_only = ON", "SET GLOBAL super_read_only = OFF"]
        } else if case .mariadb(let state)? = worlds.simulated.facts(of: addresses[0])?.gtid {
            texts.append("SET GLOBAL gtid_slave_pos = '\(state.binlogPosition)'")
        }
        return TwoWorlds.Saying(server: address, text: pick(texts))
    }
}
