import Foundation
import Synchronization
import SystemPackage

/// A terminal that a test holds the far end of, as `sshd` does: closing that end is a lost connection, after which
/// whatever the program writes fails.
final class PseudoTerminal: Sendable {
    /// The program's end.
    let program: FileDescriptor
    /// Our end; `nil` once it is closed.
    private let end: Mutex<FileDescriptor?>
    private let text = Mutex("")

    init() throws {
        let end = try FileDescriptor.open("/dev/ptmx", .readWrite, options: [.closeOnExec])
        // What unlockpt and ptsname do, which Glibc's module leaves out: TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h.
        var (lock, number): (Int32, UInt32) = (0, 0)
        guard ioctl(end.rawValue, 0x4004_5431, &lock) == 0, ioctl(end.rawValue, 0x8004_5430, &number) == 0 else {
            throw Errno(rawValue: errno)
        }
        program = FileDescriptor(rawValue: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC))
        guard program.rawValue >= 0 else { throw Errno(rawValue: errno) }
        // A look for what is there must not wait for more.
        _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK)
        self.end = Mutex(end)
    }

    deinit { close() }

    /// All that was written so far.
    func read() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { buffer in
            end.withLock { end in (try? end?.read(into: buffer)) ?? 0 }
        }
        return text.withLock { text in
            text += String(decoding: bytes.prefix(count), as: UTF8.self)
            return text
        }
    }

    /// Loses the connection.
    func close() {
        end.withLock { end in
            try? end?.close()
            end = nil
        }
    }
}
