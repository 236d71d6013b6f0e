import Foundation

/// A program in a terminal of its own, whose output is read with the time at which it came.
final class PtyProcess {
    let pid: Int32
    private let master: Int32

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts a program on a new terminal of 120 by 40 cells.
    init(_ arguments: [String], environment: [String: String]) throws {
        let (master, slavePath) = try Self.open()
        self.master = master
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a new session's leader opens becomes its controlling terminal.
        posix_spawn_file_actions_addopen(&actions, 0, slavePath, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // POSIX_SPAWN_SETSID of <spawn.h>, which the importer does not see.
        posix_spawnattr_setflags(&attributes, 0x80)
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: Int32 = 0
        let result = posix_spawn(&pid, arguments[0], &actions, &attributes, &argv, &envp)
        guard result == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(result)))") }
        self.pid = pid
    }

    private static func open() throws -> (Int32, String) {
        let master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: UInt32 = 0
        // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h> (pts(4)), macros that the importer does not see.
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw Failure(description: "no terminal can be made: \(String(cString: strerror(errno)))")
        }
        var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        return (master, "/dev/pts/\(number)")
    }

    /// Reads until all the texts have come since this call; how long that took, in seconds.
    ///
    /// - Throws: ``Failure`` where they do not come within the limit.
    func time(until texts: [String], from start: ContinuousClock.Instant = .now, limit: Duration = .seconds(20)) throws
        -> Double
    {
        var seen: [UInt8] = []
        let patterns = texts.map { Array($0.utf8) }
        while ContinuousClock.now - start < limit {
            guard let bytes = read(waiting: 100) else { continue }
            seen += bytes
            if patterns.allSatisfy({ Self.contains(seen, $0) }) { return (ContinuousClock.now - start) / .seconds(1) }
        }
        throw Failure(description: "the terminal never showed \(texts) within \(limit)")
    }

    /// Reads and drops what comes for so long.
    func drain(for duration: Duration) {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end { _ = read(waiting: 50) }
    }

    func type(_ text: String) {
        _ = text.withCString { write(master, $0, strlen($0)) }
    }

    /// Ends the program and waits for it.
    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        let end = ContinuousClock.now + .seconds(5)
        while waitpid(pid, &status, WNOHANG) == 0 {
            _ = read(waiting: 20)
            if ContinuousClock.now > end { kill(pid, SIGKILL) }
        }
        close(master)
    }

    private func read(waiting milliseconds: Int32) -> ArraySlice<UInt8>? {
        var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(master, &buffer, buffer.count)
        return count > 0 ? buffer[..<count] : nil
    }

    private static func contains(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        guard bytes.count >= pattern.count else { return false }
        return (0...(bytes.count - pattern.count)).contains { bytes[$0..<($0 + pattern.count)].elementsEqual(pattern) }
    }
}
