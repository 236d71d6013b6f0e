import Foundation
import Lab
import Servers
import Synchronization
import TestSupport
import Topology

/// A real mariadbd on loopback for one test, on a free port and with a data directory of its own.
///
/// The accounts are `root` without a password, and `baton` with the password `baton`.
final class TestServer: Sendable {
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    static let password = Secret("baton")

    let address: InstanceAddress
    private let folder: URL
    private let reservation: PortReservation
    private let pid: pid_t

    /// Starts a server, runs the body, stops the server.
    static func with<Value>(
        flags: [String] = [], _ body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let server = try await offCooperativeThreads { try TestServer(flags: flags) }
        defer { server.stop() }
        try await server.waitUntilReady()
        return try await body(server)
    }

    private init(flags: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "baton-test-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.template.get(), to: folder)
        reservation = PortReservation()
        let port = reservation.port
        address = InstanceAddress(host: "127.0.0.1", port: port)
        let path = folder.path
        pid = try Self.spawn(
            "/usr/sbin/mariadbd",
            [
                "--no-defaults", "--datadir=\(path)/data", "--socket=\(path)/s", "--port=\(port)",
                "--bind-address=127.0.0.1", "--performance-schema=OFF", "--innodb-buffer-pool-size=8M",
                "--innodb-log-file-size=4M", "--innodb-doublewrite=0", "--aria-pagecache-buffer-size=1M",
                "--skip-name-resolve", "--init-file=\(path)/init.sql",
            ] + (getuid() == 0 ? ["--user=root"] : []) + flags,
            log: "\(path)/log")
    }

    func settings(
        user: String = "baton", password: Secret? = TestServer.password, tls: TLSSettings = TLSSettings(),
        connectTimeout: Duration = .seconds(5)
    ) -> ConnectionSettings {
        ConnectionSettings(
            credentials: Credentials(user: user, password: password), tls: tls, connectTimeout: connectTimeout)
    }

    func connect() async throws -> Connection {
        try await Connection.open(to: address, settings: settings())
    }

    func signal(_ signal: Int32) {
        kill(pid, signal)
    }

    /// Stops the process without ending it, and waits until none of its threads runs any more.
    func freeze() async throws {
        signal(SIGSTOP)
        try await eventually("the server is frozen") { ProcessIdentity(of: pid)?.isFrozen == true }
    }

    private func stop() {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        try? FileManager.default.removeItem(at: folder)
        reservation.end()
    }

    private func waitUntilReady() async throws {
        do {
            try await eventually(within: .seconds(30), "mariadbd lets us in") {
                do {
                    try await connect().close()
                    return true
                } catch let error as ConnectionError {
                    guard waitpid(pid, nil, WNOHANG) == 0 else { throw error }
                    return false
                }
            }
        } catch {
            let log = (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
            throw Unavailable(description: "mariadbd does not start: \(error)\n\(log.suffix(2000))")
        }
    }

    /// A fresh data directory, made once for the whole run.
    private static let template: Result<URL, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-test-template-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let pid = try spawn(
            "/usr/bin/mariadb-install-db",
            [
                "--no-defaults", "--datadir=\(folder.path)/data", "--auth-root-authentication-method=normal",
                "--skip-test-db", "--innodb-log-file-size=4M",
                // A starting server clears its temporary folder, and others start in the shared one.
                "--tmpdir=\(folder.path)",
            ] + (getuid() == 0 ? ["--user=root"] : []),
            log: "\(folder.path)/log")
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        guard status == 0 else { throw Unavailable(description: "mariadb-install-db fails, see \(folder.path)/log") }
        // One statement a line, as --init-file wants it.
        let accounts = """
            CREATE OR REPLACE USER baton@'127.0.0.1' IDENTIFIED BY 'baton';
            GRANT ALL ON *.* TO baton@'127.0.0.1';

            """
        try accounts.write(to: folder.appending(path: "init.sql"), atomically: true, encoding: .utf8)
        atexit {
            let folder = "baton-test-template-\(getpid())"
            try? FileManager.default.removeItem(at: FileManager.default.temporaryDirectory.appending(path: folder))
        }
        return folder
    }

    private static func spawn(_ program: String, _ arguments: [String], log: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pid = pid_t()
        let words = ([program] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        let failure = posix_spawn(&pid, program, &actions, nil, words + [nil], environ)
        guard failure == 0 else { throw Unavailable(description: "\(program): \(String(cString: strerror(failure)))") }
        return pid
    }
}

/// A TCP port of loopback that the system gives to nobody else until the end.
///
/// It is bound but not listened on: a server that sets SO_REUSEADDR, as mariadbd does, can still have it, and a
/// connection attempt is refused.
struct PortReservation {
    let port: UInt16
    private let socket: Int32

    init() {
        (socket, port) = FakeServer.bindAnyPort()
    }

    func end() {
        close(socket)
    }
}
