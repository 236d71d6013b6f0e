import Foundation

/// One process for ever: its number, and the moment it started, so that a number the kernel has given to another
/// process since is never taken for it.
public struct ProcessIdentity: Hashable, Sendable, Codable {
    /// A number that the system gives again later, which is why it alone is no identity.
    public let pid: Int32
    /// When it started, in clock ticks since the machine came up (field 22 of `/proc/PID/stat`, proc(5)).
    public let startTicks: UInt64

    /// The identity of the process that has this number now; `nil` when there is none, or only its remains.
    public init?(of pid: Int32) {
        DetachedProcess.reap(pid)
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        // The name in parentheses may hold anything, blanks and parentheses too; after it come state, then numbers.
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 19, let ticks = UInt64(fields[19]), fields[0] != "X" else { return nil }
        // The first thread of a killed server is a zombie while others still hold its files, its port and its locks.
        if fields[0] == "Z", Self.threadCount(of: pid) <= 1 { return nil }
        self.pid = pid
        startTicks = ticks
    }

    private static func threadCount(of pid: Int32) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count) ?? 0
    }

    /// Whether this very process is still there, frozen or not.
    public var isAlive: Bool { ProcessIdentity(of: pid) == self }

    /// Whether it has been stopped by a signal, with all its threads: they stop one after the other, and those that have
    /// not yet still answer.
    public var isFrozen: Bool {
        let folder = "/proc/\(pid)/task"
        guard isAlive, let threads = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
        return threads.allSatisfy { thread in
            guard let stat = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8),
                let name = stat.lastIndex(of: ")")
            else { return true }
            return stat[stat.index(after: name)...].split(separator: " ").first == "T"
        }
    }

    /// Sends a signal to this very process; nothing happens when it is gone.
    func send(_ signal: Int32) {
        guard isAlive else { return }
        kill(pid, signal)
    }

    /// The arguments it was started with.
    var arguments: [String] {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return [] }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All processes of the machine whose command line can be read.
    static var all: [ProcessIdentity] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { ProcessIdentity(of: $0) }
    }
}
