import TestSupport
import Testing
import Topology

@Suite("Errant transactions")
struct ErrantTransactionsTests {
    private func uuid(_ address: InstanceAddress) -> ServerUUID { address.testUUID }

    private func errant(of address: InstanceAddress, _ instances: Instance...) -> ErrantTransactions {
        errantTransactions(of: address, in: Fleet(instances))
    }

    @Test("what a replica wrote itself is errant")
    func ownTransactions() {
        let source = Instance.source("db1", executed: "\(uuid("db1")):1-100")
        let replica = Instance.replica("db2", of: "db1", executed: "\(uuid("db1")):1-90,\(uuid("db2")):1-3")
        #expect(errant(of: "db2", source, replica) == .mysql(.test("\(uuid("db2")):1-3")))
        #expect(errant(of: "db1", source, replica) == .unknown)
    }

    @Test("what a MariaDB server wrote itself long ago, and its source's log does not know, is told as doubtful")
    func doubtful() {
        let release = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)
        func server(_ instance: Instance, _ own: [MariaDBGTID] = []) -> Instance {
            let position = GTIDPosition([MariaDBGTID(domain: 0, server: 1, sequence: 100)])
            return instance.changed { facts in
                facts.gtid = .mariadb(
                    MariaDBGTIDState(
                        binlogPosition: position, replicaPosition: position,
                        binlogState: GTIDBinlogState(position.gtids + own), isStrict: false))
            }
        }
        let address = InstanceAddress("db3")
        let own = MariaDBGTID(domain: 0, server: address.testServerID, sequence: 40)
        let middle = server(.replica("db2", of: "db1", version: release))
        let fleet = Fleet([
            server(.source("db1", version: release)), middle,
            server(.replica("db3", of: "db2", version: release), [own]),
        ])
        #expect(errantTransactions(of: "db3", in: fleet) == ErrantTransactions.none)
        #expect(doubtfulTransactions(of: "db3", in: fleet) == [own])
        #expect(doubtfulTransactions(of: "db2", in: fleet).isEmpty)
        var known = fleet
        known.update(server(.replica("db2", of: "db1", version: release), [own]))
        #expect(doubtfulTransactions(of: "db3", in: known).isEmpty)
    }

    @Test("what the source and its sources may have written since they were read is not")
    func race() {
        let top = Instance.source("db1", executed: "\(uuid("db1")):1-100")
        let middle = Instance.replica("db2", of: "db1", executed: "\(uuid("db1")):1-90")
        let replica = Instance.replica(
            "db3", of: "db2", executed: "\(uuid("db1")):1-105,\(uuid("db2")):1-2")
        #expect(errant(of: "db3", top, middle, replica) == ErrantTransactions.none)
    }

    @Test("a server that is gone numbers nothing any more: what only the replica has of it is errant")
    func formerPrimary() {
        let source = Instance.source("db1", executed: "\(ServerUUID.test(9)):1-50")
        let replica = Instance.replica("db2", of: "db1", executed: "\(ServerUUID.test(9)):1-52")
        #expect(errant(of: "db2", source, replica) == .mysql(.test("\(ServerUUID.test(9)):51-52")))
    }

    @Test("where upstream is not known to its end, only known servers' transactions count")
    func incompleteUpstream() {
        let middle = Instance.replica("db2", of: "db1", executed: "")
        let stranger = Instance.replica("db3", of: "db2", executed: "\(ServerUUID.test(9)):1")
        #expect(errant(of: "db3", middle, stranger) == ErrantTransactions.none)
        let own = Instance.replica("db3", of: "db2", executed: "\(ServerUUID.test(9)):1,\(uuid("db3")):1")
        #expect(errant(of: "db3", middle, own) == .mysql(.test("\(uuid("db3")):1")))
    }

    @Test("co-primaries and rings may lead with their own transactions")
    func rings() {
        let first = Instance.replica("db1", of: "db2", executed: "\(uuid("db1")):1-9,\(uuid("db2")):1-5")
        let second = Instance.replica("db2", of: "db1", executed: "\(uuid("db1")):1-7,\(uuid("db2")):1-6")
        #expect(errant(of: "db1", first, second) == ErrantTransactions.none)
        #expect(errant(of: "db2", first, second) == ErrantTransactions.none)
    }

    @Test("a group numbers its transactions under its own name")
    func groups() {
        let group = "\(ServerUUID.test(77))"
        let primary = Instance.source("a", executed: "\(group):1-10").inGroup(group, primary: "a")
        let replica = Instance.replica("r", of: "a", executed: "\(group):1-12,\(uuid("r")):1")
        #expect(errant(of: "r", primary, replica) == .mysql(.test("\(uuid("r")):1")))
    }

    @Test("several sources together explain what their replica has")
    func multiSource() {
        let instances: [Instance] = [
            .source("a", executed: "\(ServerUUID.test(1)):1-5"), .source("b", executed: "\(ServerUUID.test(2)):1-5"),
            Instance.multiSourceReplica("c", of: ["a", "b"]).changed {
                $0.gtid = .mysql(
                    MySQLGTIDState(
                        mode: .on, executed: .test("\(ServerUUID.test(1)):1-5,\(ServerUUID.test(2)):1-5")))
            },
        ]
        #expect(errantTransactions(of: "c", in: Fleet(instances)) == ErrantTransactions.none)
    }

    private func mariaDB(
        _ address: InstanceAddress, id: UInt32, of source: InstanceAddress? = nil, state: String,
        replicated: String = ""
    ) throws -> Instance {
        let version = ServerVersion(flavor: .mariadb, major: 11, minor: 4, patch: 2)
        let instance =
            source.map { Instance.replica(address, of: $0, version: version) } ?? .source(address, version: version)
        let binlogState = try GTIDBinlogState(parsing: state)
        let replicaPosition = try GTIDPosition(parsing: replicated)
        return instance.changed { facts in
            facts.identity.serverID = id
            facts.gtid = .mariadb(
                MariaDBGTIDState(
                    binlogPosition: binlogState.position, replicaPosition: replicaPosition, binlogState: binlogState))
        }
    }

    @Test("on MariaDB a replica's own transaction that the source's log never held is errant, behind newer ones too")
    func mariaDBOwn() throws {
        let source = try mariaDB("db1", id: 1, state: "0-1-110")
        let last = try mariaDB("db2", id: 2, of: "db1", state: "0-1-110,0-2-111", replicated: "0-1-110")
        #expect(errant(of: "db2", source, last) == .mariadb([MariaDBGTID(domain: 0, server: 2, sequence: 111)]))
        let hidden = try mariaDB("db2", id: 2, of: "db1", state: "0-2-105,0-1-110", replicated: "0-1-110")
        #expect(errant(of: "db2", source, hidden) == .mariadb([MariaDBGTID(domain: 0, server: 2, sequence: 105)]))
    }

    @Test("on MariaDB a replica that is behind, or was read later than its source, has none")
    func mariaDBClean() throws {
        let source = try mariaDB("db1", id: 1, state: "0-1-110")
        for position in ["0-1-90", "0-1-110", "0-1-115", ""] {
            let replica = try mariaDB("db2", id: 2, of: "db1", state: position, replicated: position)
            #expect(errant(of: "db2", source, replica) == ErrantTransactions.none)
        }
    }

    @Test("on MariaDB a demoted primary is clean under a server that was seeded from it")
    func mariaDBSeeded() throws {
        let promoted = try mariaDB("db2", id: 2, state: "0-2-150", replicated: "0-1-100")
        let demoted = try mariaDB("db1", id: 1, of: "db2", state: "0-1-100,0-2-150", replicated: "0-2-150")
        #expect(errant(of: "db1", promoted, demoted) == ErrantTransactions.none)
        let lost = try mariaDB("db1", id: 1, of: "db2", state: "0-1-103,0-2-150", replicated: "0-2-150")
        #expect(errant(of: "db1", promoted, lost) == .mariadb([MariaDBGTID(domain: 0, server: 1, sequence: 103)]))
    }
}
