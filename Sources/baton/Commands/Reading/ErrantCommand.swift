import ArgumentParser
import Servers
import Storage
import Topology

/// `baton errant`: the transactions of a replica that its source has not, and where they came from.
struct ErrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errant",
        abstract: "Find and explain the errant transactions of a replica.",
        discussion: """
            Those that it has and that did not come from its source. With --locate the server's binary logs are looked \
            through for them (MySQL). gtid-errant-inject-empty and gtid-errant-reset mend the GTIDs; the data stay as they \
            are.
            """)

    @Flag(name: .customLong("locate"), help: "Say which binary logs hold them.")
    var locates = false
    @OptionGroup var question: ServerQuestion

    func validate() throws {
        if locates, question.options.snapshot != nil || question.options.fromStore {
            throw ValidationError("--locate asks the server for its binary logs")
        }
    }

    func run() async throws {
        let (server, answer) = try await question.read()
        let errant = errantTransactions(of: server.address, in: answer.fleet)
        var files: [String]?
        if locates, case .mysql(let set) = errant { files = try await locate(set, on: server.address) }
        let explained = ErrantAnswer(errant, of: server, in: answer.fleet, files: files)
        question.output.print(
            list: explained.lines, whenEmpty: explained.remarkWhenEmpty, json: explained.json)
    }

    private func locate(_ set: GTIDSet, on address: InstanceAddress) async throws -> [String] {
        let configuration = try question.options.crawl.global.configuration()
        let book = try AccessBook(question.options.crawl.access, configuration)
        do {
            let connection = try await Connection.open(to: address, settings: book.settings(for: address))
            defer { connection.close() }
            return try await BinaryLogSearch(connection).files(holding: set)
        } catch {
            throw CommandFailure(.unreachable, "\(address): its binary logs cannot be looked through: \(error)")
        }
    }
}

/// What is known of a server's errant transactions, for people and for scripts.
struct ErrantAnswer {
    private let errant: ErrantTransactions
    private let server: Instance
    private let files: [String]?
    /// What it wrote itself and may be errant, by what is known (MariaDB).
    private let doubtful: [MariaDBGTID]
    /// Who numbered them, with the transactions of each.
    private let origins: [(uuid: String, origin: InstanceAddress?, gtids: String)]

    init(_ errant: ErrantTransactions, of server: Instance, in fleet: Fleet, files: [String]?) {
        self.errant = errant
        self.server = server
        self.files = files
        doubtful = doubtfulTransactions(of: server.address, in: fleet)
        guard case .mysql(let set) = errant else {
            origins = []
            return
        }
        origins = set.sources.map { uuid in
            let owner = fleet.instances.first { $0.facts?.identity.serverUUID == uuid }
            return (uuid.description, owner?.address, set.restricted(to: [uuid]).description)
        }
    }

    /// What is said where the list is empty.
    var remarkWhenEmpty: String {
        if errant == .unknown {
            return
                "whether \(server.address) has errant transactions cannot be said: it is no replica, or has no GTIDs, or "
                + "its source was not read"
        }
        guard !doubtful.isEmpty else { return "\(server.address) has no errant transactions" }
        let gtids = doubtful.map(\.description).joined(separator: ",")
        return
            "no transaction of \(server.address) is proven to be errant; it wrote up to \(gtids) itself, which its source's "
            + "log does not know: they are errant unless that log began later, on a server seeded from a backup"
    }

    var lines: [String] {
        guard !errant.isEmpty else { return [] }
        var lines = [errant.description]
        for (uuid, origin, gtids) in origins {
            let written =
                switch origin {
                case server.address?: "written on \(server.address) itself"
                case let other?: "written on \(other), and not come by way of the source"
                case nil: "written on a server that is not known here, \(uuid)"
                }
            lines.append("  \(gtids): \(written)")
        }
        if case .mariadb = errant {
            lines.append("  its history left that of its source there; it can only be rebuilt")
        }
        if let files {
            lines.append("  in \(files.isEmpty ? "no binary log that is left" : files.joined(separator: ", "))")
        }
        if case .mysql = errant {
            lines.append("  to mend the GTIDs: baton gtid-errant-inject-empty \(server.address)")
            lines.append("  to see what they changed: mysqlbinlog --include-gtids='\(errant)'")
        }
        return lines
    }

    /// The stable JSON of the answer.
    var json: JSON {
        [
            "address": .string(server.address.description),
            "known": .bool(errant != .unknown),
            "errant": errant.isEmpty ? .null : .string(errant.description),
            "doubtful": doubtful.isEmpty ? .null : .string(doubtful.map(\.description).joined(separator: ",")),
            "origins": .array(
                origins.map { uuid, origin, gtids in
                    [
                        "uuid": .string(uuid), "address": origin.map { .string($0.description) } ?? .null,
                        "gtids": .string(gtids),
                    ]
                }),
            "files": files.map { .array($0.map { .string($0) }) } ?? .null,
        ]
    }
}
