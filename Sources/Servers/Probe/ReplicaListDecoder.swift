import Topology

/// Servers that a source names as attached.
struct ReplicaList: Hashable {
    /// Those that told their name (`report_host`), with the port that they told.
    var addresses: [InstanceAddress] = []
    /// Ports of those that did not tell their name, one entry each.
    var portsWithoutHost: [UInt16] = []

    init() {}

    /// Reads `SHOW REPLICAS` or `SHOW SLAVE HOSTS`.
    ///
    /// - Parameter source: the server that was asked: its host is what it means by `localhost`, its port serves for a
    ///   replica that tells none (every release since MySQL 5.6 tells one).
    init(_ result: ResultSet, source: InstanceAddress) {
        let column = ColumnFinder(indices: result.columnIndices)
        let (host, port) = (column("host"), column("port"))
        for row in result.rows {
            let number = row.integer(port, as: UInt16.self).flatMap { $0 == 0 ? nil : $0 } ?? source.port
            if let address = ReportedHost.address(row.raw(host), port: number, seenBy: source) {
                addresses.append(address)
            } else {
                portsWithoutHost.append(number)
            }
        }
        addresses = Set(addresses).sorted()
        portsWithoutHost.sort()
    }

    /// Where replicas without a name may be, by the dump threads that serve them.
    ///
    /// A dump thread tells the replica's host, but the port of its end of the connection is not the one on which it
    /// listens. Where all replicas without a name told the same port, that is taken, or else the source's own: wrong
    /// where servers on one host differ in their ports, which is why `report_host` should be set.
    func guesses(byDumpThreads hosts: [String], source: InstanceAddress) -> [InstanceAddress] {
        let port = Set(portsWithoutHost).count == 1 ? portsWithoutHost[0] : source.port
        let named = Set(addresses.map(\.host))
        return Set(hosts.filter { !named.contains($0) }.map { InstanceAddress(host: $0, port: port) }).sorted()
    }

    /// Reads the hosts of dump threads: `host:port` of the replica's end of the connection, in brackets or not.
    static func dumpThreadHosts(_ result: ResultSet, source: InstanceAddress) -> [String] {
        let host = ColumnFinder(indices: result.columnIndices)("host")
        let hosts = result.rows.compactMap { row -> String? in
            guard let text = row.raw(host), let colon = text.lastIndex(of: ":") else { return nil }
            return ReportedHost.address(String(text[..<colon]), port: 1, seenBy: source)?.host
        }
        return Set(hosts).sorted()
    }
}

/// Host names that servers tell of others.
enum ReportedHost {
    /// The address, `nil` where the text is empty or no host.
    ///
    /// - Parameter server: who tells the name: what it calls `localhost` is its own host, not ours.
    static func address(_ host: String?, port: UInt16, seenBy server: InstanceAddress? = nil) -> InstanceAddress? {
        guard let host, !host.isEmpty, port > 0 else { return nil }
        guard case .source(let address)? = try? ConfiguredSource(host: host, port: port) else { return nil }
        guard let server, ["localhost", "127.0.0.1", "::1"].contains(address.host) else { return address }
        return InstanceAddress(host: server.host, port: port)
    }
}
