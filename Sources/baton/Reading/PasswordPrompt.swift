import Foundation
import Servers

/// Asks for a password on the terminal without showing it.
enum PasswordPrompt {
    /// Prints the question to the terminal itself, so that standard input and output stay free for data.
    ///
    /// - Throws: ``CommandFailure`` where there is no terminal to ask on.
    static func ask(_ question: String) throws -> Secret {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure(
                .terminal,
                "a password is to be asked for, and there is no terminal; put it in an option file, or in a variable "
                    + "named by \"password-variable\"")
        }
        defer { close(terminal) }
        var shown = termios()
        tcgetattr(terminal, &shown)
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { tcsetattr(terminal, TCSAFLUSH, &shown) }
        write(question, to: terminal)
        let line = readLine(from: terminal)
        write("\n", to: terminal)
        return Secret(line)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
    }

    private static func readLine(from descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
