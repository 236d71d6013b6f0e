import Foundation

extension Lab {
    /// Stops the workload and every server, then removes what the lab made in its folder.
    public func down() async throws {
        try await Self.down(folder: folder)
    }

    /// Takes down whatever lab is in that folder, also one that a crash left half-made.
    ///
    /// - Returns: how many processes were ended.
    @discardableResult
    public static func down(folder: String, progress: LabProgress = .silent) async throws -> Int {
        let folder = absolute(folder)
        guard FileManager.default.fileExists(atPath: folder) else { return 0 }
        let ended = try await removeRemains(in: folder, progress: progress)
        try await Guardian.dismiss(folder)
        removeEmptied(folder)
        return ended
    }

    /// Removes the lab's folder itself, unless it holds something that is not the lab's.
    static func removeEmptied(_ folder: String) {
        unlink(folder + "/up.lock")
        rmdir(folder)
    }

    /// What a lab makes in its folder, the lock of ``up(_:in:name:lifetime:progress:)`` aside.
    static let remains = [
        "servers", "workload", "scratch", "client.cnf", "baton.toml", "guardian.log", "lab.json", "lock",
    ]

    /// Ends every process that belongs to the folder and deletes what a lab makes there.
    ///
    /// Processes are found by their data directory, not by what a state file says: a run that crashed between starting
    /// a server and noting it has left one that no file names. They are ended before their files go, because a server
    /// whose data directory vanishes may spin for ever.
    @discardableResult
    static func removeRemains(in folder: String, progress: LabProgress = .silent) async throws -> Int {
        let processes = processes(of: folder)
        if !processes.isEmpty {
            progress.say("stopping \(processes.count == 1 ? "1 process" : "\(processes.count) processes")")
        }
        // Nothing is kept, so nothing has to be written: SIGKILL ends a frozen server as well.
        for process in processes { process.send(SIGKILL) }
        let ended = try await Patience.wait(within: .seconds(20), pause: .milliseconds(10)) {
            processes.allSatisfy { !$0.isAlive }
        }
        if !ended, let process = processes.first(where: \.isAlive) {
            throw LabError.badFolder(folder, reason: "process \(process.pid) can't be ended; its data stays")
        }
        let manager = FileManager.default
        for name in remains { try? manager.removeItem(atPath: folder + "/" + name) }
        return processes.count
    }

    /// The argument by which a process of baton's own is known to belong to the lab in a folder.
    public static func belongingArgument(folder: String) -> String { "--lab-folder=\(folder)" }

    /// The server processes whose data directory lies in the folder, and the workload's.
    private static func processes(of folder: String) -> [ProcessIdentity] {
        let data = "--datadir=\(folder)/servers/"
        let own = belongingArgument(folder: folder)
        return ProcessIdentity.all.filter { process in
            process.pid != getpid() && process.arguments.contains { $0 == own || $0.hasPrefix(data) }
        }
    }

    /// The folders of all labs of this user that have a state file, by name.
    public static func all() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: LabPaths.labs)) ?? []
        return names.sorted().map { LabPaths.labs + "/" + $0 }.filter { LabStateFile(folder: $0).exists }
    }
}
