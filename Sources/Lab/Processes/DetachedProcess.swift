import CSpawn
import Foundation
import Synchronization

/// Programs that go on when the one that started them has ended.
enum DetachedProcess {
    /// The children that this process has started here, and whose end it has not asked for yet.
    private static let children = Mutex<Set<pid_t>>([])

    /// Takes the remains of a child away if it has ended. Only those started here: another's child is another's to ask.
    static func reap(_ pid: pid_t) {
        children.withLock { children in
            var status: Int32 = 0
            if children.contains(pid), waitpid(pid, &status, WNOHANG) != 0 { children.remove(pid) }
        }
    }

    /// Starts a program in a session of its own, so that neither a closed terminal nor its Ctrl-C reaches it.
    ///
    /// - Parameters:
    ///   - command: the program's path and its arguments.
    ///   - log: where both its output streams go, appended.
    ///   - input: the descriptor it reads as standard input; nothing otherwise.
    /// - Throws: ``LabError``.
    static func start(_ command: [String], log: String, input: Int32? = nil) throws -> ProcessIdentity {
        let program = command.first ?? ""
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let code = baton_spawn_detached(arguments, log, input ?? -1, &pid)
        if code == 0 { children.withLock { _ = $0.insert(pid) } }
        guard code == 0 else { throw LabError.system(call: "posix_spawn", about: program, code: code) }
        // One that has ended already has no identity any more: it died at once.
        guard let identity = ProcessIdentity(of: pid) else {
            throw LabError.commandFailed(what: "starting \(program)", output: Command.lastLines(ofFile: log))
        }
        return identity
    }
}

extension Command {
    /// The last lines of a file, for an error message.
    static func lastLines(ofFile path: String) -> String {
        lastLines(of: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
    }
}
