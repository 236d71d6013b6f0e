import Foundation
import Topology

/// Real servers on loopback, in one folder: brought up from a ``Shape``, broken on purpose, and taken down.
public struct Lab: Sendable {
    /// Holds all of the lab: data, logs, state. Taking the lab down deletes it.
    public let folder: String
    /// By which commands name the lab.
    public let name: String
    /// In the order of the shape: sources before their replicas.
    public let servers: [LabServer]

    let stateFile: LabStateFile

    /// How long a lab lives.
    public enum Lifetime: Sendable {
        /// Until it is taken down, also when the process that brought it up has ended.
        case untilTakenDown
        /// No longer than this process, however that ends: for tests and the demo.
        case thisProcess
    }

    init(_ state: LabState, stateFile: LabStateFile) {
        self.stateFile = stateFile
        folder = stateFile.folder
        name = state.name
        servers = state.servers.map { LabServer($0, stateFile: stateFile) }
    }

    /// The lab that was brought up in that folder.
    ///
    /// - Throws: ``LabError/notUp(folder:)``.
    public static func open(folder: String) throws -> Lab {
        // Its processes were started, and its hints are read, by the full path.
        let stateFile = LabStateFile(folder: absolute(folder))
        return Lab(try stateFile.read(), stateFile: stateFile)
    }

    /// The server of that name.
    ///
    /// - Throws: ``LabError/noSuchServer(_:known:)``.
    public func server(_ name: String) throws -> LabServer {
        guard let server = servers.first(where: { $0.name == name }) else {
            throw LabError.noSuchServer(name, known: servers.map(\.name))
        }
        return server
    }

    /// The server of that name, for tests that made the shape themselves.
    public subscript(name: String) -> LabServer {
        guard let server = servers.first(where: { $0.name == name }) else {
            preconditionFailure("the lab has no server \(name)")
        }
        return server
    }

    /// The shape that it was brought up with, in the notation of shapes.
    public var shape: String {
        get throws { try stateFile.read().shape }
    }

    /// The servers that replicate from no other, or from each other: where a workload writes.
    public var primaries: [LabServer] { servers.filter { !$0.record.readOnly } }

    /// An option file that lets baton and the mysql client in as the account that watches and acts.
    public var clientOptionFile: String { folder + "/client.cnf" }

    /// A folder for what belongs to the lab and shall go with it; made when it is not there.
    public func scratchFolder() throws -> String {
        let path = folder + "/scratch"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return path
    }
}
