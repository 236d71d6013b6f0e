import Foundation

/// A text that is not as it was recorded.
public struct GoldenMismatch: Error, CustomStringConvertible {
    /// What differs, from the first line on which it does.
    public let description: String
}

/// Texts that were looked at once and are to stay as they are. `RECORD_SNAPSHOTS=1` writes them anew: look at the
/// difference before it is committed.
public enum Golden {
    /// Whether files are written instead of compared.
    public static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

    /// Compares a text with the file that holds it, or writes the file.
    ///
    /// - Throws: ``GoldenMismatch`` where it is missing or differs; errors of writing.
    public static func check(_ text: String, file: URL) throws {
        if isRecording { return try Data(text.utf8).write(to: file) }
        guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
            throw GoldenMismatch(description: "\(file.lastPathComponent) is missing; record it with RECORD_SNAPSHOTS=1")
        }
        guard text != recorded else { return }
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(new, old).prefix { $0 == $1 }.count
        throw GoldenMismatch(
            description: """
                \(file.lastPathComponent) differs from line \(line + 1) on (RECORD_SNAPSHOTS=1 renews it):
                was: \(line < old.count ? old[line] : "(no line)")
                is:  \(line < new.count ? new[line] : "(no line)")
                """)
    }
}
