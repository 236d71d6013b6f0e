import Diagnosis
import Engine
import Foundation
import Servers
import Storage

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
