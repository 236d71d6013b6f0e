import Glibc
import Storage
import Topology

/// Prints what the store costs: for `make bench` and for whoever changes its layout.
func measure(_ store: Store) async throws {
    let count = 10_000
    let start = Timestamp(seconds: 1_790_000_000)
    guard
        case .held(let lease) = try await store.acquireLease(.current(), for: .seconds(1_000_000), now: start)
    else { return say("the store is in use") }
    var fleet = Fleet((0..<count).map { replica($0, step: 0) })
    try await timed("record \(count) new servers in one transaction", per: count) {
        try await store.record(FleetChange(from: Fleet(), to: fleet, at: start), under: lease)
    }
    for _ in 0..<3 {
        try await timed("load a fleet of \(count)", per: 1) { _ = try await store.loadFleet() }
    }
    let rounds = 200
    let each = 11
    try await timed("record \(each) changed servers a transaction", per: rounds * each) {
        for step in 1...rounds {
            let instances = (0..<each).map { replica($0, step: step) }
            try await store.record(FleetChange(at: start + .seconds(step), instances: instances), under: lease)
        }
    }
    let recorder = HistoryRecorder(store, holder: lease.holder)
    let now = start + .seconds(rounds)
    try await timed("compare a fleet of \(count) with the store once", per: count) {
        try await recorder.record(fleet, changed: Array(fleet.addresses), at: now)
    }
    try await timed("see that only volatile facts changed", per: rounds * each) {
        for step in 1...rounds {
            let old = fleet
            for index in 0..<each { fleet.update(replica(index, step: rounds + step)) }
            try await recorder.record(
                fleet, changed: fleet.addresses(changedSince: old), at: now + .milliseconds(step))
        }
    }
    try await timed("rebuild a past fleet of \(count)", per: 1) { _ = try await store.fleet(at: now) }
    let snapshot = Snapshot(taken: now, fleet: fleet)
    var text = ""
    try await timed("write a snapshot of \(count)", per: 1) { text = snapshot.text() }
    try await timed("read it (\(text.utf8.count >> 20) MB)", per: 1) {
        _ = try Snapshot(parsing: Array(text.utf8), now: now)
    }
}

private func timed(_ what: String, per count: Int, _ body: () async throws -> Void) async throws {
    let before = processorTime()
    let clock = ContinuousClock()
    let wall = try await clock.measure(body)
    let used = processorTime() - before
    let share = Double(used.wholeMicroseconds) / Double(count)
    say("\(what): \(wall.wholeMicroseconds) us, CPU \(used.wholeMicroseconds) us, \(share) us CPU each")
}

private func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// A replica of a busy cluster: positions and GTIDs move with `step`.
private func replica(_ index: Int, step: Int) -> Instance {
    let uuid = ServerUUID(high: 0x3E11_FA47_71CA_11E1, low: UInt64(index))
    let executed = GTIDSet(uuid: ServerUUID(high: 7, low: 7), 1...UInt64(100_000 + step))
    let position = BinlogPosition(file: "binlog.000042", offset: UInt64(1000 + step * 100))
    let source = index == 0 ? nil : InstanceAddress(host: "db\((index - 1) / 10).example.org")
    let channel = ReplicationChannel(
        source: source, sourceUUID: ServerUUID(high: 0x3E11_FA47_71CA_11E1, low: UInt64(index / 10)), sourceServerID: 3,
        user: "repl", receiverActivity: "Waiting for source to send event",
        applierActivity: "Replica has read all relay log; waiting for more updates", received: position,
        executed: position, relayLog: position, lag: Lag(measured: .zero), positioning: .autoPosition,
        retrieved: executed, heartbeatPeriod: .seconds(30))
    let facts = InstanceFacts(
        version: ServerVersion(parsing: "8.4.3"),
        identity: ServerIdentity(
            serverID: UInt32(index + 1), serverUUID: uuid, hostName: "db\(index)", port: 3306,
            startedAt: Timestamp(seconds: 1_780_000_000)),
        writability: .superReadOnly,
        binaryLog: BinaryLog(format: .row, rowImage: "FULL", logsReplicaUpdates: true, position: position),
        gtid: .mysql(MySQLGTIDState(mode: .on, executed: executed)), channels: source == nil ? [] : [channel])
    return Instance(
        address: InstanceAddress(host: "db\(index).example.org"),
        contact: .reachable(since: Timestamp(seconds: 1_790_000_000)),
        facts: facts, location: Location(dataCenter: "north"))
}
