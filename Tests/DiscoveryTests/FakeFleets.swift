import Servers
import TestSupport
import Topology

/// Shorthand for the fake topologies of these tests.
extension InstanceFacts {
    /// Facts of a MySQL server `host:3306` that says `host` of itself.
    static func server(
        _ id: UInt32, host: String, port: UInt16 = 3306, uuid: UInt64? = nil, sources: [InstanceAddress] = [],
        replicas: [InstanceAddress] = []
    ) -> InstanceFacts {
        InstanceFacts(
            version: ServerVersion(flavor: .mysql, major: 8, minor: 4, patch: 3),
            identity: ServerIdentity(
                serverID: id, serverUUID: ServerUUID(high: 1, low: uuid ?? UInt64(id)), hostName: host, port: port,
                startedAt: Timestamp(seconds: 1_000)),
            channels: sources.enumerated().map {
                ReplicationChannel(name: $0.offset == 0 ? "" : "channel\($0.offset)", source: $0.element)
            },
            reportedReplicas: replicas)
    }
}

func address(_ number: Int) -> InstanceAddress { InstanceAddress(host: "db\(number)") }

/// A tree of `count` servers `db0`, `db1`, …; the parent of each is given by `parent`, and sources list their replicas.
func tree(of count: Int, in servers: FakeServers, parent: (Int) -> Int?) {
    let parents = (0..<count).map(parent)
    for number in 0..<count {
        let replicas = (0..<count).filter { parents[$0] == number }.map(address)
        servers.add(
            .server(
                UInt32(number + 1), host: "db\(number)", sources: parents[number].map { [address($0)] } ?? [],
                replicas: replicas),
            at: address(number))
    }
}
