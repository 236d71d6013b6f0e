import Testing
import Topology

@testable import Servers

@Suite("The replicas that a source names")
struct ReplicaListTests {
    private let source = InstanceAddress(host: "db1", port: 3306)

    private func list(_ rows: [[String?]]) -> ReplicaList {
        ReplicaList(
            ResultSet(columns: ["Server_Id", "Host", "Port", "Source_Id", "Replica_UUID"], rows: rows), source: source)
    }

    @Test("have the host and port that they told, sorted and each once")
    func named() {
        let list = list([
            ["3", "db3", "3307", "1", "u"], ["2", "db2", "3306", "1", "u"], ["9", "db2", "3306", "1", "u"],
        ])
        #expect(list.addresses.map(\.description) == ["db2:3306", "db3:3307"])
        #expect(list.portsWithoutHost.isEmpty)
    }

    @Test("without a name are found by their dump threads, on the port that they told")
    func unnamed() {
        let list = list([["3", "", "3310", "1", "u"], ["4", nil, "3310", "1", "u"], ["2", "db2", "3306", "1", "u"]])
        #expect(list.portsWithoutHost == [3310, 3310])
        let found = list.guesses(byDumpThreads: ["10.0.0.3", "10.0.0.4", "db2"], source: source)
        #expect(found.map(\.description) == ["10.0.0.3:3310", "10.0.0.4:3310"])
    }

    @Test("that told different ports but no name are looked for on the source's own port")
    func ambiguousPorts() {
        let list = list([["3", "", "3310", "1", "u"], ["4", "", "3311", "1", "u"]])
        #expect(list.guesses(byDumpThreads: ["10.0.0.3"], source: source).map(\.description) == ["10.0.0.3:3306"])
    }

    @Test("on the source's own host are not looked for on ours")
    func localhost() {
        #expect(list([["3", "localhost", "3310", "1", "u"]]).addresses.map(\.description) == ["db1:3310"])
        let hosts = ReplicaList.dumpThreadHosts(
            ResultSet(
                columns: ["HOST"], rows: [["localhost:41000"], ["10.0.0.5:1"], ["::ffff:10.0.0.9:2"], [nil], ["x"]]),
            source: source)
        #expect(hosts.contains("db1"))
        #expect(hosts.contains("10.0.0.5"))
        #expect(hosts.count == 3)
    }

    @Test("with nonsense in their columns are left out or put right")
    func nonsense() {
        let list = list([["3", "a b", "0", "1", "u"], ["4", "db4", "70000", "1", "u"], [nil, nil, nil, nil, nil]])
        #expect(list.addresses.map(\.description) == ["db4:3306"])
        #expect(ReplicaList(ResultSet(columns: ["x"], rows: [["y"]]), source: source).addresses.isEmpty)
    }
}
