import Foundation
import Storage
import Synchronization

/// Writes answers to standard output, and what is not the answer to standard error.
///
/// What is written is on its way when a call returns: nothing waits in a buffer that a crash would lose.
enum Answer {
    /// The first error of writing to standard output (`errno`); after it nothing more is written there.
    private static let trouble = Mutex<Int32?>(nil)

    /// Lines for people.
    static func print(lines: some Sequence<String>) {
        print(text: lines.map { $0 + "\n" }.joined())
    }

    /// One line.
    static func print(line: String) {
        print(text: line + "\n")
    }

    /// One JSON value, pretty-printed.
    static func print(_ json: JSON) {
        print(text: json.text(.pretty) + "\n")
    }

    /// A value that has no JSON of its own making, with its keys in alphabetical order.
    static func print(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(line: String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A text as it is, its last line's end included.
    static func print(text: String) {
        trouble.withLock { trouble in
            if trouble == nil { trouble = write(text, to: STDOUT_FILENO) }
        }
    }

    /// A remark that scripts must not take for the answer. Where nobody can read it, it is lost.
    static func remark(_ text: String) {
        _ = write(text + "\n", to: STDERR_FILENO)
    }

    /// Tells whether the whole answer went out. A reader that wanted no more of it, as `head` does, is no failure.
    ///
    /// - Throws: ``CommandFailure`` where standard output could not be written, for example on a full disk.
    static func checkWritten() throws {
        guard let error = trouble.withLock({ $0 }), error != EPIPE else { return }
        let reason = String(cString: strerror(error))
        throw CommandFailure(.terminal, "the answer is not complete: standard output cannot be written: \(reason)")
    }

    /// A text for whoever looks at the terminal, as it is, without a line's end. Where nobody can read it any more, it is
    /// lost, and what the program does goes on.
    static func show(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Writes all of a text, and gives the `errno` that kept it from that.
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
            } else if errno == EAGAIN {
                // Somebody has made the descriptor non-blocking, for example a parent that shares it.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
