import Foundation
import Topology

/// A process that may hold the lease of the history.
public struct LeaseHolder: Hashable, Sendable {
    /// Different for each run of baton, because process ids come back.
    public let id: String
    /// Its process id on ``host``, for a person who looks for it.
    public let pid: Int32
    /// The name of the machine it runs on.
    public let host: String
    /// The account it runs as, and whose login that was, where it is another: `anna as root`.
    public let user: String

    /// Names a holder; see ``current()`` for this process.
    public init(id: String, pid: Int32, host: String, user: String) {
        self.id = id
        self.pid = pid
        self.host = host
        self.user = user
    }

    /// This process, with a fresh id.
    public static func current() -> LeaseHolder {
        var generator = SystemRandomNumberGenerator()
        let id = String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        var name = [CChar](repeating: 0, count: 256)
        let host = gethostname(&name, name.count - 1) == 0 ? text(name) : "unknown"
        return LeaseHolder(id: id, pid: getpid(), host: host, user: userName())
    }

    /// Whether it ran on this machine and no process has its number any more.
    var isKnownToBeGone: Bool {
        // ESRCH alone says that the process is gone; another user's may not be signalled.
        host == LeaseHolder.current().host && kill(pid, 0) != 0 && errno == ESRCH
    }

    private static func userName() -> String {
        let login = (try? String(contentsOfFile: "/proc/self/loginuid", encoding: .utf8)).flatMap(UInt32.init)
        let sudo = geteuid() == 0 ? getenv("SUDO_USER").map { String(cString: $0) } : nil
        return userName(account(geteuid()), login: login.flatMap { $0 == .max ? nil : account($0) } ?? sudo)
    }

    /// An audit trail that says `root` for everybody who may become root says nothing.
    ///
    /// - Parameter login: who logged in, by the kernel's audit (proc(5), `/proc/pid/loginuid`), or else by `sudo`.
    static func userName(_ account: String, login: String?) -> String {
        guard let login = login?.sanitized, !login.isEmpty, login != account else { return account }
        return "\(login) as \(account)"
    }

    private static func account(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, let name = found?.pointee.pw_name
        else {
            return String(id)
        }
        return String(cString: name)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension LeaseHolder: CustomStringConvertible {
    /// `anna@bastion (process 4711)`.
    public var description: String { "\(user)@\(host) (process \(pid))" }
}

/// The right to write the history, until it is released or taken over after it expired.
public struct Lease: Hashable, Sendable {
    /// Who has it.
    public let holder: LeaseHolder
    /// Grows with each change of holder; a write under an older token is refused, so that a baton that was stopped
    /// (Ctrl-Z, a suspended machine) and wakes up after a takeover can't mix its history into the other's.
    public let token: Int64
    /// From then on another may take it over, by the wall clock of whoever asks.
    public let expires: Timestamp
}

/// The answer to asking for the lease.
public enum LeaseOutcome: Hashable, Sendable {
    case held(Lease)
    /// Another process has it, and keeps it at least until then.
    case heldBy(LeaseHolder, until: Timestamp)
}
