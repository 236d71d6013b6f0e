import Foundation
import Servers
import TestSupport
import Topology

@testable import Lab

extension Lab {
    /// How baton logs in: as the lab's option file says.
    func settings() throws -> ConnectionSettings {
        let options = try OptionFiles(defaultsFile: clientOptionFile).read(environment: [:])
        return ConnectionSettings(credentials: options.credentials, tls: options.tls)
    }

    /// The servers of these names.
    func servers(_ names: [String]) -> [LabServer] { names.map { self[$0] } }
}

extension LabServer {
    /// Runs statements whose traces stay on this server.
    func executeUnlogged(_ statements: [String]) async throws {
        try await execute(["SET sql_log_bin = 0"] + statements)
    }

    /// A connection with the account that the lab gives to baton.
    func connectAsBaton() async throws -> Connection {
        let account = LabAccounts.operating
        let credentials = Credentials(user: account.user, password: Secret(account.password))
        return try await Connection.open(to: address, settings: ConnectionSettings(credentials: credentials))
    }

    /// The one value of a query.
    func value(_ query: String) async throws -> String? {
        try await execute(query).first?.text(row: 0, column: 0)
    }

    /// Stops replication over one channel.
    func stop(channel: String) async throws {
        try await execute(flavour == .mysql ? "STOP REPLICA FOR CHANNEL '\(channel)'" : "STOP SLAVE '\(channel)'")
    }

    /// Waits until this server has a schema that was made above it.
    func waits(forSchema name: String) async throws {
        try await eventually(within: .seconds(20), "\(self.name) has the schema \(name)") {
            try await execute("SHOW DATABASES LIKE '\(name)'").first?.rowCount == 1
        }
    }

    /// Starts another server on this one's port, which has to be free: with the same data, and an identity of its own.
    func startAnother(serverID: UInt32) async throws -> ProcessIdentity {
        let otherData = folder + "/other"
        try await DataTemplate.copy(data, to: otherData)
        let command = record.command.map { word in
            if word.hasPrefix("--datadir=") { return "--datadir=\(otherData)" }
            return word.hasPrefix("--server-id=") ? "--server-id=\(serverID)" : word
        }
        let process = try DetachedProcess.start(command, log: log)
        Guardian.watch(process, lab: stateFile.folder)
        try await eventually(within: .seconds(60), "the other server answers") {
            guard process.isAlive else {
                throw LabError.serverDied(server: name, log: log, lastLines: Command.lastLines(ofFile: log))
            }
            return (try? await value("SELECT @@server_id")) == "\(serverID)"
        }
        return process
    }
}

extension ProcessIdentity {
    /// Ends the process and waits for that.
    func end() async throws {
        send(SIGKILL)
        try await eventually("process \(pid) has ended") { !isAlive }
    }
}
