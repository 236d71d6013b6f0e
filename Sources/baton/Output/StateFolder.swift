import Foundation
import Storage

/// Where baton keeps what is its own and no configuration: the folder of the default store.
enum StateFolder {
    /// The path of a file in it; the folder is there afterwards.
    ///
    /// - Throws: where there is no home, or the folder cannot be made.
    static func path(of file: String) throws -> String {
        let store = try StoreFile.defaultPath(environment: ProcessInfo.processInfo.environment)
        let folder = URL(fileURLWithPath: store).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return folder + "/" + file
    }

    /// What is shown after a crash, when the terminal has been put back.
    static var crashNotice: String {
        let report = (try? path(of: "crash.log")).map { "; the report is \($0)" } ?? ""
        return "baton has crashed; the terminal was put back\(report)"
    }
}
