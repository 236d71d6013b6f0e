import Servers
import Topology

/// How a lab is, seen from its processes and asked from its servers; for `baton lab status`.
public struct LabStatus: Sendable, Codable {
    /// One server.
    public struct Server: Sendable, Codable {
        /// Its name in the shape.
        public let name: String
        /// `host:port`.
        public let address: String
        /// `mysql` or `mariadb`.
        public let flavour: String
        /// As the server program gave it when the lab came up.
        public let version: String
        /// `running`, `frozen` or `down`.
        public let condition: String
        /// `nil` where it does not run.
        public let pid: Int32?
        /// Empty for a source, and for a server that is not running.
        public let channels: [Channel]
    }

    /// One replication channel of a running server.
    public struct Channel: Sendable, Codable {
        /// The server it was attached to when the lab came up; `nil` for a channel made since.
        public let source: String?
        /// As the server says: `Yes`, `No`, `Connecting`.
        public let receiving: String
        /// The same of the applier: `Yes`, `No`.
        public let applying: String
        /// The server's own figure, in whole seconds; `nil` where it gives none.
        public let secondsBehind: Int?
        /// The text of the receiver's or the applier's last error; `nil` where there is none.
        public let error: String?
    }

    /// By which commands name the lab.
    public let name: String
    /// Where it keeps its files.
    public let folder: String
    /// In the notation of `docs/lab.md`.
    public let shape: String
    /// In the order of the shape.
    public let servers: [Server]
    /// Whether a workload writes.
    public let workloadRuns: Bool
    /// An option file for the account that watches.
    public let clientOptionFile: String
}

extension Lab {
    /// Looks at every process and asks every server that runs; one that is frozen or does not answer is not waited for.
    public func status() async throws -> LabStatus {
        let servers = await withTaskGroup(of: (Int, LabStatus.Server).self) { group in
            for (index, server) in self.servers.enumerated() {
                group.addTask { (index, await server.status()) }
            }
            var found: [(Int, LabStatus.Server)] = []
            for await one in group { found.append(one) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        let state = try stateFile.read()
        return LabStatus(
            name: name, folder: folder, shape: state.shape, servers: servers,
            workloadRuns: state.workload?.process.isAlive ?? false, clientOptionFile: clientOptionFile)
    }
}

extension LabServer {
    fileprivate func status() async -> LabStatus.Server {
        let condition = condition
        var channels: [LabStatus.Channel] = []
        if condition == .running, !sources.isEmpty, let session = try? await connect() {
            for channel in (try? await self.channels(in: session)) ?? [] {
                channels.append(
                    LabStatus.Channel(
                        source: sources.count == 1 ? sources.first : sources.first { $0 == channel.name },
                        receiving: channel.receiving, applying: channel.applying,
                        secondsBehind: channel.secondsBehind, error: channel.error.isEmpty ? nil : channel.error))
            }
            session.close()
        }
        return LabStatus.Server(
            name: name, address: address.description, flavour: flavour.rawValue, version: version,
            condition: condition.rawValue, pid: process?.pid, channels: channels)
    }
}
