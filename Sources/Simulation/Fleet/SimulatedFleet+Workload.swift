import Topology

/// A client that inserts a row again and again.
struct SimulatedWorkload: Hashable, Sendable {
    let address: InstanceAddress
    let table: String
    let interval: Duration
    var next: Timestamp
}

extension SimulatedFleet {
    /// Lets an ordinary client insert rows into a table, as long as the server takes them; time without it does not pass.
    ///
    /// Its statements are not among those that ``plan(_:atStatement:)`` counts.
    public mutating func write(to table: String, on address: InstanceAddress, every interval: Duration) {
        workloads.append(
            SimulatedWorkload(address: canonical(address), table: table, interval: interval, next: now + interval))
    }

    /// Ends what ``write(to:on:every:)`` began.
    public mutating func endWorkloads() {
        workloads = []
    }

    /// Inserts what is due.
    ///
    /// - Returns: whether a row came.
    mutating func runWorkloads() -> Bool {
        var hasWritten = false
        for index in workloads.indices where workloads[index].next <= now {
            workloads[index].next = now + workloads[index].interval
            if insertRow(workloads[index]) { hasWritten = true }
        }
        return hasWritten
    }

    private mutating func insertRow(_ workload: SimulatedWorkload) -> Bool {
        guard let server = servers[workload.address], server.condition == .up, server.writability == .writable else {
            return false
        }
        let format = server.options.format
        // A key that no other client takes.
        let key = 1_000_000 + Int64(lastTransaction)
        let change = DataChange.insert(table: workload.table, key: key, value: "load")
        let isLogged = servers[workload.address]?.takeRow(change) ?? false
        guard isLogged || format != .row else { return false }
        lastTransaction += 1
        servers[workload.address]?.commit(
            [change], as: TransactionIdentity(lastTransaction), name: nil, isLogged: true, at: now)
        return true
    }
}

extension SimulatedServer {
    /// Inserts a client's row; one that can't be inserted is left out.
    fileprivate mutating func takeRow(_ change: DataChange) -> Bool {
        (try? data.apply(change, .client)) ?? false
    }
}
