import Topology

/// Servers in memory that obey the rules of replication and take the same statements as real ones.
///
/// A value: a copy is a fleet of its own that goes on from there, and the same seed and the same calls give the same
/// states. Time stands still until ``step()``, ``advance(by:)``, ``settle(within:)`` or a statement that waits moves it.
///
/// ```swift
/// var fleet = SimulatedFleet(seed: 1, at: now)
/// fleet.add(db1, SimulatedServerOptions(version: mysql97, serverID: 1))
/// try fleet.run(["CREATE DATABASE s"], on: db1)
/// ```
public struct SimulatedFleet: Hashable, Sendable {
    /// The fleet's time.
    public internal(set) var now: Timestamp
    /// How many statements were sent so far, those that failed counted: what ``plan(_:atStatement:)`` counts by.
    public internal(set) var statementCount = 0

    var servers: [InstanceAddress: SimulatedServer] = [:]
    /// Other names of servers.
    var aliases: [InstanceAddress: InstanceAddress] = [:]
    var sessions: [UInt64: SimulatedSession] = [:]
    var lastSession: UInt64 = 0
    var lastTransaction: UInt64 = 0
    var random: SimulationRandom
    /// Pairs of servers between which nothing passes, each under both.
    var cuts: Set<Cut> = []
    var faults: [Int: StatementFault] = [:]
    var workloads: [SimulatedWorkload] = []
    var stalled: [StalledStatement] = []

    struct Cut: Hashable, Sendable {
        let one: InstanceAddress
        let other: InstanceAddress
    }

    /// How long one step takes: a fetch and a commit of real servers take about that.
    static let stepTime = Duration.milliseconds(10)

    /// Makes a fleet without servers.
    public init(seed: UInt64, at now: Timestamp) {
        random = SimulationRandom(seed: seed)
        self.now = now
    }

    /// Adds an empty server that runs.
    public mutating func add(_ address: InstanceAddress, _ options: SimulatedServerOptions) {
        servers[address] = SimulatedServer(address, options, at: now)
    }

    /// Lets replicas and clients find the server at `address` by another name too.
    public mutating func addName(_ name: InstanceAddress, of address: InstanceAddress) {
        aliases[name] = address
    }

    /// The addresses of all servers, sorted.
    public var addresses: [InstanceAddress] { servers.keys.sorted() }

    // MARK: Time

    /// Lets every thread of every server work once, in an order that the seed decides.
    ///
    /// - Returns: whether anything happened.
    @discardableResult
    public mutating func step() -> Bool {
        now = now + Self.stepTime
        if !stalled.isEmpty { runStalled() }
        let hasWritten = workloads.isEmpty ? false : runWorkloads()
        return work() || hasWritten
    }

    @discardableResult
    private mutating func work() -> Bool {
        var waiting = addresses
        var hasProgressed = false
        while !waiting.isEmpty {
            let address = waiting.remove(at: random.below(waiting.count))
            // No copy of the server is held, or its first change would copy all it has.
            guard servers[address]?.condition == .up, let names = servers[address]?.channelNames else { continue }
            for name in names {
                if runReceiver(of: address, name) { hasProgressed = true }
                if servers[address]?.runApplier(name, at: now, &random) == true { hasProgressed = true }
            }
        }
        return hasProgressed
    }

    /// Lets so much time pass.
    public mutating func advance(by duration: Duration) {
        let end = now + duration
        while now < end {
            if !step() { now = min(max(now, nextDue ?? end), end) }
        }
        work()
    }

    /// Lets time pass until nothing happens any more, or so much has passed.
    public mutating func settle(within limit: Duration = .seconds(3_600)) {
        let end = now + limit
        while now < end {
            if step() { continue }
            guard let due = nextDue, due <= end else { return }
            now = max(now, due)
        }
    }

    /// When something is due that waits for a time: another attempt to connect that can succeed, the end of patience
    /// with a frozen source, or a delayed transaction.
    var nextDue: Timestamp? {
        var due: Timestamp?
        func consider(_ time: Timestamp) { due = min(due ?? time, time) }
        for (address, server) in servers where server.condition == .up {
            for channel in server.channels.values {
                if channel.isReceiverOn, channel.dump == nil, let next = channel.nextAttempt, canReach(channel, address)
                {
                    consider(next)
                }
                if let dump = channel.dump, servers[dump.source]?.condition == .frozen {
                    consider(dump.lastSign + server.options.networkTimeout)
                }
                if channel.isApplierOn, channel.delay > .zero, channel.hasUnapplied, server.applierSpeed > 0 {
                    consider(channel.relay[channel.next].transaction.committedAt + channel.delay)
                }
            }
        }
        for workload in workloads { consider(workload.next) }
        for statement in stalled { consider(statement.due) }
        return due
    }

    private func canReach(_ channel: SimulatedChannel, _ address: InstanceAddress) -> Bool {
        let name = InstanceAddress(host: channel.host, port: channel.port)
        let source = aliases[name] ?? name
        return servers[source]?.condition == .up && !isCut(address, source)
    }

    func isCut(_ one: InstanceAddress, _ other: InstanceAddress) -> Bool {
        !cuts.isEmpty && cuts.contains(Cut(one: one, other: other))
    }

    func canonical(_ name: InstanceAddress) -> InstanceAddress { aliases[name] ?? name }
}
