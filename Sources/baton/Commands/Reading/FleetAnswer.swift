import Diagnosis
import Engine
import Storage
import Topology

/// A fleet that was read to answer a command, with what is wrong in it and where everyone stands.
struct FleetAnswer {
    let reading: FleetReading
    /// The servers that the command named.
    let servers: [InstanceAddress]
    let now: Timestamp
    /// The theme of text for terminals.
    let theme: String

    var diagnosis: Diagnosis { reading.diagnosis }
    var fleet: Fleet { reading.fleet }
    var forest: Forest { diagnosis.forest }
    var problems: [Problem] { diagnosis.problems }
    var clusters: [Cluster] { forest.clusters }

    init(_ reading: FleetReading, servers: [InstanceAddress], now: Timestamp, theme: String) {
        self.reading = reading
        self.servers = servers
        self.now = now
        self.theme = theme
    }

    /// The instance of that address.
    ///
    /// - Throws: ``CommandFailure`` where it is not known.
    func instance(_ address: InstanceAddress) throws -> Instance {
        if let instance = fleet[address] { return instance }
        throw CommandFailure(.negative, "\(address) is not known\(reading.origin.words)")
    }

    /// The cluster of that name or with that member, or all where none is named.
    ///
    /// - Throws: ``CommandFailure`` where there is no such cluster.
    func clusters(named name: String?) throws -> [Cluster] {
        guard let name else { return clusters }
        if let cluster = clusters.first(where: { $0.name == name }) { return [cluster] }
        if let address = try? InstanceAddress(parsing: name),
            let cluster = forest.cluster(of: fleet.canonical(address))
        {
            return [cluster]
        }
        let names = clusters.map(\.name).joined(separator: ", ")
        throw CommandFailure(
            .negative, "there is no cluster \(name)\(reading.origin.words); known: \(names.isEmpty ? "none" : names)")
    }

    /// The problems of some servers.
    func problems(of members: some Sequence<InstanceAddress>) -> [Problem] {
        let members = Set(members)
        return problems.filter { members.contains($0.subject) }
    }

    /// The stable JSON of an instance: its facts with its place.
    func row(of instance: Instance) -> JSON {
        InstanceDocument.row(
            instance, depth: forest.depth(of: instance.address) ?? 0,
            cluster: forest.cluster(of: instance.address)?.name ?? instance.address.description)
    }

    /// Ends the command with a failure when servers were asked and the ones that were named did not answer.
    func failIfNothingAnswered() throws {
        guard reading.origin == .live, !servers.isEmpty else { return }
        let contacts = servers.compactMap { fleet[$0]?.contact }
        if contacts.contains(where: \.isReachable) { return }
        let complaints = servers.map { "\($0): \(fleet[$0]?.contact.failure?.message ?? "no answer in time")" }
        let isRefused = contacts.contains { if case .noAccess = $0 { true } else { false } }
        throw CommandFailure(isRefused ? .noAccess : .unreachable, complaints.joined(separator: "\n"))
    }
}

extension FleetOrigin {
    /// Where an answer comes from, to stand behind a name; empty for servers that were asked just now.
    var words: String {
        switch self {
        case .live: " here"
        case .remembered: " to the store"
        case .snapshot(let path, _): " in the snapshot \(path)"
        }
    }
}
