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
        let bytes: [UInt8]
        do {
            bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw CommandFailure(.badData, "\(path) cannot be read: \(error.localizedDescription)")
        }
        do {
            let snapshot = try Snapshot(parsing: bytes, file: path, now: .now())
            return .snapshot(snapshot, path: path, limits: limits)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
    }
}
