import Foundation
import Synchronization

/// Ends the servers of a lab when the process that guards them ends, however it ends, and removes their data.
///
/// A small shell in a session of its own holds one end of a socket pair whose other end this process has. It reads
/// which processes to end, and does that when the socket closes: with this process, even by `kill -9`. The kernel's
/// own means (PR_SET_PDEATHSIG) follows the *thread* that started a child, and those of tasks come and go.
final class Guardian: Sendable {
    private let socket: Int32
    private let shell: ProcessIdentity

    private static let guardians = Mutex<[String: Guardian]>([:])

    /// Reads `PID START-TICKS` lines to the end of its input, then ends these very processes. The word `leave` sends
    /// it away empty-handed. `${stat##*) }` cuts off the process's name, which may hold anything; the 20th field after
    /// that is the start time. A killed process is gone when its files are closed; that is waited for, 5 s at most, so
    /// that nothing is written into a folder that is being removed. Only what a lab makes is removed, and nothing where
    /// the next lab is being brought up in the same folder or there is no flock(1). The lock's file stays, and the folder
    /// with it: whoever waits for the lock has that very file open.
    private static let script = """
        folder=$1
        list=
        while read -r pid start; do
            [ "$pid" = leave ] && exit 0
            list="$list $pid:$start"
        done
        for one in $list; do
            pid=${one%%:*} start=${one#*:}
            read -r stat 2>/dev/null </proc/$pid/stat || continue
            set -- ${stat##*) }
            shift 19
            [ "$1" = "$start" ] && kill -9 "$pid"
        done
        cd "$folder" 2>/dev/null || exit 0
        exec 9>>up.lock && flock -n 9 || exit 0
        tries=0
        for one in $list; do
            while [ -e "/proc/${one%%:*}/exe" ] && [ $tries -lt 100 ]; do
                tries=$((tries + 1))
                sleep 0.05
            done
        done
        rm -rf \(Lab.remains.joined(separator: " "))
        """

    private init(folder: String) throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw LabError.system(call: "socketpair", about: "the lab's guardian", code: errno)
        }
        defer { close(ends[1]) }
        socket = ends[0]
        do {
            shell = try DetachedProcess.start(
                ["/bin/sh", "-c", Self.script, "baton-lab-guardian", folder], log: folder + "/guardian.log",
                input: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
    }

    /// From now on the servers of the lab in that folder end with this process.
    ///
    /// - Throws: ``LabError`` when the guardian can't be started.
    static func post(for folder: String) throws {
        try guardians.withLock { guardians in
            guard guardians[folder] == nil else { return }
            guardians[folder] = try Guardian(folder: folder)
        }
    }

    /// Puts a process under guard when its lab has a guardian.
    static func watch(_ process: ProcessIdentity, lab folder: String) {
        guardians.withLock { $0[folder] }?.send("\(process.pid) \(process.startTicks)\n")
    }

    /// Sends the guardian of a lab away, because its servers are gone already.
    static func dismiss(_ folder: String) async throws {
        guard let guardian = guardians.withLock({ $0.removeValue(forKey: folder) }) else { return }
        guardian.send("leave\n")
        // Asking for it also takes its remains away.
        _ = try await Patience.wait(within: .seconds(2), pause: .milliseconds(2)) { !guardian.shell.isAlive }
    }

    private func send(_ line: String) {
        let bytes = Array(line.utf8)
        // A guardian that someone killed must not take us along.
        _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    deinit {
        close(socket)
    }
}
