import Refactoring
import Servers
import Topology

@testable import Simulation

/// What a plan may change of a fleet, so that two moments can be compared: who follows whom and how, which threads run,
/// who may write.
struct Standing: Equatable {
    /// In words, by server and part.
    let parts: [String: String]

    /// - Parameters:
    ///   - leftOut: servers of which nothing is compared.
    ///   - doomed: channels whose threads are not compared.
    init(_ fleet: Fleet, except leftOut: Set<InstanceAddress> = [], doomed: Set<String> = []) {
        var parts: [String: String] = [:]
        for instance in fleet.instances where !leftOut.contains(instance.address) {
            guard let facts = instance.facts else { continue }
            let name = instance.address.host
            parts["\(name) writability"] = facts.writability.rawValue
            parts["\(name) semi-sync source"] = facts.semiSync.source.map { "\($0.isEnabled)" }
            parts["\(name) semi-sync replica"] = facts.semiSync.replica.map { "\($0.isEnabled)" }
            for channel in facts.channels {
                let key = "\(name)/\(channel.name)"
                let name = channel.name.isEmpty ? name : "\(name)/\(channel.name)"
                parts["\(name) source"] =
                    channel.source.map(\.host) ?? channel.detachedFrom.map { "detached from \($0.host)" } ?? "nobody"
                parts["\(name) positioning"] = channel.positioning.rawValue
                parts["\(name) delay"] = "\(channel.delay)"
                parts["\(name) heartbeat"] = channel.heartbeatPeriod.map { "\($0)" }
                parts["\(name) user"] = channel.user
                if !doomed.contains(key) {
                    parts["\(name) receiver"] = channel.receiver == .stopped ? "stopped" : "runs"
                    parts["\(name) applier"] = channel.applier == .stopped ? "stopped" : "runs"
                }
            }
        }
        self.parts = parts
    }

    private init(parts: [String: String]) {
        self.parts = parts
    }

    /// Of these servers alone.
    func only(_ servers: Set<InstanceAddress>) -> Standing {
        let hosts = Set(servers.map(\.host))
        return Standing(
            parts: parts.filter { part in
                hosts.contains { part.key.hasPrefix("\($0) ") || part.key.hasPrefix("\($0)/") }
            })
    }

    /// What is not the same, in words.
    func differences(from other: Standing) -> [String] {
        Set(parts.keys).union(other.parts.keys).sorted().compactMap { key in
            let (mine, theirs) = (parts[key] ?? "none", other.parts[key] ?? "none")
            // What a new channel gets by default is not known before.
            if theirs == "none", key.hasSuffix("heartbeat") { return nil }
            return mine == theirs ? nil : "\(key): \(mine), not \(theirs)"
        }
    }
}

/// Channels that apply, by server and name.
func runningChannels(_ fleet: Fleet) -> Set<String> {
    Set(
        fleet.instances.flatMap { instance in
            instance.channels.filter { $0.receiver != .stopped && $0.applier == .running }
                .map { "\(instance.address.host)/\($0.name)" }
        })
}

extension SimulatedFleet {
    /// The options of all connections, as the servers tell them; neither source nor place are among them.
    func connectionOptions() -> [String: String] {
        var copy = self
        var options: [String: String] = [:]
        for address in addresses {
            guard let version = facts(of: address)?.version else { continue }
            let statements =
                version.flavor == .mariadb
                ? ["SHOW ALL SLAVES STATUS"]
                : ["connection", "applier"].map { "SELECT * FROM performance_schema.replication_\($0)_configuration" }
            for rows in (try? copy.run(statements, on: address))?.map(\.rows) ?? [] {
                for row in 0..<rows.rowCount {
                    for (column, name) in rows.columns.enumerated() where !Self.places.contains(name.lowercased()) {
                        let channel = rows.text(row: row, column: 0) ?? ""
                        options["\(address.host)/\(channel) \(name)"] = rows.text(row: row, column: column) ?? "NULL"
                    }
                }
            }
        }
        return options
    }

    private static let places: Set<String> = ["host", "port", "auto_position", "master_host", "master_port"]

    /// The fleet when all that can replicate has replicated all there is: everybody is back, nobody writes, all threads
    /// are started, nobody is slow.
    func settled() -> SimulatedFleet {
        var fleet = self
        // What was to go wrong at a later statement would go wrong at one of these.
        fleet.faults = [:]
        fleet.endWorkloads()
        for address in addresses {
            fleet.thaw(address)
            if fleet.facts(of: address) == nil { fleet.restart(address) }
            fleet.setApplierSpeed(4, of: address)
            fleet.setReceiverSpeed(8, of: address)
        }
        // Whoever ran until a place has stopped there.
        for _ in 0..<2 {
            fleet.startAll()
            fleet.settle(within: .seconds(3_600))
        }
        return fleet
    }

    /// Lets replicas that wrote themselves connect anew: one that its source would refuse is broken, though it does not
    /// show yet.
    mutating func reconnectWriters() {
        for address in addresses {
            guard let facts = facts(of: address), !facts.writability.isWritable, case .mariadb(let state) = facts.gtid,
                state.currentPosition.gtids.contains(where: { $0.server == facts.identity.serverID })
            else { continue }
            for channel in facts.channels where channel.receiver == .running && channel.positioning == .currentPosition
            {
                let threads: ReplicationThreads = channel.applier == .running ? .both : .receiver
                try? carryOut(
                    [
                        .stopReplication(channel: channel.name),
                        .startReplication(channel: channel.name, threads: threads),
                    ],
                    on: address)
            }
        }
    }

    /// One that can't be started is found not to replicate.
    private mutating func startAll() {
        for address in addresses {
            for channel in facts(of: address)?.channels ?? [] where channel.source != nil {
                if channel.receiver != .stopped && channel.applier == .running { continue }
                try? carryOut([.startReplication(channel: channel.name)], on: address)
            }
        }
    }
}
