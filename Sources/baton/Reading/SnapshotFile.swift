import Diagnosis
import Engine
import Foundation
import Servers
import Storage
import Topology

/// Fleet snapshot files, read for commands.
enum SnapshotFile {
    /// Reads a file in place of servers.
    ///
    /// - Throws: ``CommandFailure`` with the file, the place and the reason.
    static func reading(_ path: String, limits: DiagnosisLimits) throws -> FleetReading {
        let bytes = try bytes(of: path)
        do {
            let snapshot = try Snapshot(parsing: bytes, file: path, now: .now())
            return .snapshot(snapshot, path: path, limits: limits)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
    }

    /// Writes a snapshot's text, whole or not at all.
    ///
    /// - Throws: ``CommandFailure`` that says whether it is the folder that is missing: Foundation speaks of the file.
    static func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: path)
        do {
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            let folder = file.deletingLastPathComponent().path
            let reason =
                FileManager.default.fileExists(atPath: folder)
                ? error.localizedDescription : "the folder \(folder.sanitized) is not there"
            throw CommandFailure(.store, "\(path.sanitized) cannot be written: \(reason)")
        }
    }

    /// The content of a file, of a pipe too.
    private static func bytes(of path: String) throws -> [UInt8] {
        func refused() -> CommandFailure {
            CommandFailure(.badData, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refused() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw refused()
            }
        }
    }
}
