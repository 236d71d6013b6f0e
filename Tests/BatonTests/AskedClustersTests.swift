import Diagnosis
import Engine
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("The clusters that a command shows")
struct AskedClustersTests {
    /// Two clusters that a crawl from one server came to, because the store remembers them as one.
    private func answer(_ servers: InstanceAddress...) -> FleetAnswer {
        let fleet = Fleet([
            .source("db1"), .replica("db2", of: "db1"), .source("old"), .replica("db3", of: "old"), .source("other"),
        ])
        return FleetAnswer(
            FleetReading(diagnosis: Diagnosis(of: fleet), origin: .live),
            servers: servers.map { NamedServer(address: $0, assumption: nil) }, now: .testNow, theme: "")
    }

    private func roots(_ clusters: [Cluster]) -> [InstanceAddress] { clusters.map(\.id) }

    @Test("are those of the servers that were named, each once, and all where none was named")
    func asked() throws {
        #expect(try roots(answer("db2").clusters(asked: nil)) == ["db1"])
        #expect(try roots(answer("db3", "db2", "db1").clusters(asked: nil)) == ["db1", "old"])
        #expect(try roots(answer().clusters(asked: nil)) == ["db1", "old", "other"])
    }

    @Test("are the one that was named, wherever it was found; a server that nobody knows is told")
    func named() throws {
        #expect(try roots(answer("db2").clusters(asked: "db3")) == ["old"])
        #expect(throws: CommandFailure.self) { try answer("db9").clusters(asked: nil) }
    }
}
