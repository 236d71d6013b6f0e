import Foundation

/// What became of one row that a workload sent.
public struct WorkloadEntry: Hashable, Sendable {
    /// How the server answered.
    public enum Outcome: String, Sendable {
        /// The server said that the row is committed.
        case acknowledged
        /// The server refused, or did not answer: the row may be there or not.
        case failed
    }

    /// Counts up by one for each row of a run, from 1.
    public var sequence: Int64
    /// Whether the row is known to be committed.
    public var outcome: Outcome
    /// The server it was sent to, by its name in the lab.
    public var server: String
    /// Microseconds since 1970, by the clock of this machine, which all servers of a lab share.
    public var sent: Int64
    /// When the answer came or was given up, on the same clock as ``sent``.
    public var answered: Int64
    /// Why it failed; empty otherwise.
    public var detail: String

    /// Makes an entry for one row.
    public init(
        sequence: Int64, outcome: Outcome, server: String, sent: Int64, answered: Int64, detail: String = ""
    ) {
        self.sequence = sequence
        self.outcome = outcome
        self.server = server
        self.sent = sent
        self.answered = answered
        self.detail = detail
    }

    /// One line of the log: comma-separated, the detail last.
    var line: String {
        let detail = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(sequence),\(outcome.rawValue),\(server),\(sent),\(answered),\(detail)"
    }

    /// Reads a line back; `nil` for one that a crash cut off.
    init?(line: Substring) {
        let fields = line.split(separator: ",", maxSplits: 5, omittingEmptySubsequences: false)
        guard fields.count == 6, let sequence = Int64(fields[0]), let outcome = Outcome(rawValue: String(fields[1])),
            let sent = Int64(fields[3]), let answered = Int64(fields[4])
        else { return nil }
        self.init(
            sequence: sequence, outcome: outcome, server: String(fields[2]), sent: sent, answered: answered,
            detail: String(fields[5]))
    }
}

/// The file with one line for each row that a workload sent. Each line is written at once and as a whole: what a
/// workload that is killed had been told before is in it.
public struct WorkloadLog: Sendable {
    /// The file; a workload makes it where there is none, and appends to it.
    public let path: String

    /// Names a log to write or to read.
    public init(path: String) {
        self.path = path
    }

    /// The entries so far, in the order in which they were sent.
    ///
    /// - Throws: ``LabError/system(call:about:code:)`` when the file can't be read.
    public func entries() throws -> [WorkloadEntry] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LabError.system(call: "open", about: path, code: ENOENT)
        }
        let text = String(decoding: data, as: UTF8.self)
        // What comes after the last line end is still being written.
        guard let end = text.lastIndex(where: \.isNewline) else { return [] }
        return text[..<end].split(whereSeparator: \.isNewline).compactMap { WorkloadEntry(line: $0) }
    }

    func appender() throws -> Appender {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LabError.system(call: "open", about: path, code: errno) }
        return Appender(descriptor: descriptor, path: path)
    }

    final class Appender: Sendable {
        private let descriptor: Int32
        private let path: String

        init(descriptor: Int32, path: String) {
            self.descriptor = descriptor
            self.path = path
        }

        func append(_ entry: WorkloadEntry) throws {
            let bytes = Array((entry.line + "\n").utf8)
            guard write(descriptor, bytes, bytes.count) == bytes.count else {
                throw LabError.system(call: "write", about: path, code: errno)
            }
        }

        deinit {
            close(descriptor)
        }
    }
}
