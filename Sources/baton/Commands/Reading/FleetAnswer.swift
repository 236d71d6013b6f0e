import Diagnosis
import Engine
import Storage
import Topology

/// A fleet that was read to answer a command, with what is wrong in it and where everyone stands.
struct FleetAnswer {
    let reading: FleetReading
    /// The servers that the command named.
    let servers: [NamedServer]
    let now: Timestamp
    /// The theme of text for terminals.
    let theme: String
    /// What is judged and planned by.
    let settings: OperatingSettings

    var diagnosis: Diagnosis { reading.diagnosis }
    var fleet: Fleet { reading.fleet }
    var forest: Forest { diagnosis.forest }
    var problems: [Problem] { diagnosis.problems }
    var clusters: [Cluster] { forest.clusters }

    init(
        _ reading: FleetReading, servers: [NamedServer], now: Timestamp, theme: String,
        settings: OperatingSettings = OperatingSettings()
    ) {
        self.settings = settings
        self.reading = reading
        self.servers = servers
        self.now = now
        self.theme = theme
    }

    /// The server that the command named.
    ///
    /// - Throws: ``CommandFailure`` where it is not known.
    func instance(_ server: NamedServer) throws -> Instance {
        if let instance = fleet[server.address] { return instance }
        throw CommandFailure(
            .negative, "\(server.address) is not known\(reading.origin.words)" + server.assumptionAsRest)
    }

    /// The cluster of that name, or with a member of that address or alias, or all where none is named.
    ///
    /// - Throws: ``CommandFailure`` where there is no such cluster, and where there are several.
    func clusters(named name: String?) throws -> [Cluster] {
        guard let name else { return clusters }
        let named = ServerNames.named(name, among: clusters) { $0.name }
        if named.count > 1 {
            let members = named.map(\.id.description).joined(separator: ", ")
            throw CommandFailure(
                .negative,
                "\(named.count) clusters are called \(name.sanitized): those of \(members); name one by a member")
        }
        if let cluster = named.first { return [cluster] }
        if let address = try? InstanceAddress(parsing: name),
            let cluster = forest.cluster(of: fleet.canonical(address))
        {
            return [cluster]
        }
        if let member = try ServerNames(fleet: fleet).instance(aliased: name),
            let cluster = forest.cluster(of: member.address)
        {
            return [cluster]
        }
        let names = clusters.map(\.name).joined(separator: ", ")
        throw CommandFailure(
            .negative,
            "there is no cluster \(name.sanitized)\(reading.origin.words), and no member of one is called so; known: "
                + (names.isEmpty ? "none" : names))
    }

    /// The cluster of that name, or those of the servers that the command named, or all where it named none. Others that a
    /// crawl came to, because the store remembers a link to them, are not what was asked for.
    ///
    /// - Throws: as ``clusters(named:)`` and ``instance(_:)``.
    func clusters(asked name: String?) throws -> [Cluster] {
        guard name == nil, !servers.isEmpty else { return try clusters(named: name) }
        let indices = try servers.map { forest.clusterIndex(of: try instance($0).address) }
        return Set(indices.compactMap { $0 }).sorted().map { clusters[$0] }
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

    /// Whether anybody answered.
    var hasAnswers: Bool { fleet.instances.contains { $0.contact.isReachable } }

    /// Ends the command with a failure when servers were asked and the ones that were named did not answer.
    ///
    /// - Parameter hint: what else to do where they cannot be reached, a line.
    func failIfNothingAnswered(hint: String? = nil) throws {
        guard reading.origin == .live, !servers.isEmpty else { return }
        let contacts = servers.compactMap { fleet[$0.address]?.contact }
        if contacts.contains(where: \.isReachable) { return }
        let complaints = servers.map { server in
            let failure = fleet[server.address]?.contact.failure
            let isUnheardOf = failure?.kind == .unknownHost
            return "\(server.address): \(failure?.message ?? "no answer in time")"
                + (isUnheardOf ? server.assumptionAsRest : "") + (failure?.kind.advice ?? "")
        }
        let isRefused = contacts.contains { if case .noAccess = $0 { true } else { false } }
        let hints = isRefused ? [] : hint.map { [$0] } ?? []
        throw CommandFailure(
            isRefused ? .noAccess : .unreachable, (complaints + hints).joined(separator: "\n"))
    }

    /// The same, unless what was asked for was found all the same: that a server does not answer is what is told then, by what
    /// others have said.
    func failIfNothingAnswered(unlessFound found: some Collection) throws {
        if found.isEmpty || !hasAnswers { try failIfNothingAnswered() }
    }

    /// Ends the command with a failure when a name is neither a known server's nor that of a host that is found.
    func failIfUnheardOf() throws {
        guard reading.origin == .live else { return }
        for server in servers {
            guard let instance = fleet[server.address], instance.facts == nil,
                let failure = instance.contact.failure, failure.kind == .unknownHost
            else { continue }
            throw CommandFailure(
                .negative,
                "\(server.address) is no known server, and no such host is found: \(failure.message)"
                    + server.assumptionAsRest + failure.kind.advice)
        }
    }
}

extension ContactFailure.Kind {
    /// What to do about it, to stand behind the complaint on a line of its own.
    var advice: String { remedy.map { "\n\($0)" } ?? "" }
}

extension NamedServer {
    /// What the name was taken for, to stand behind a complaint.
    var assumptionAsRest: String { assumption.map { "; \($0)" } ?? "" }
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
