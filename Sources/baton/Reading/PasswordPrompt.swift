import Foundation
import Servers

/// Asks for a password on the terminal without showing it.
enum PasswordPrompt {
    /// Prints the question to the terminal itself, so that standard input and output stay free for data.
    ///
    /// - Throws: ``CommandFailure`` where there is no terminal to ask on, and where the person there gives up (Ctrl-C,
    ///   or Ctrl-D on an empty line).
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
        // Keys come one by one and Ctrl-C as a key: a signal would end the program with the echo still off.
        hidden.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { tcsetattr(terminal, TCSAFLUSH, &shown) }
        write(question, to: terminal)
        defer { write("\n", to: terminal) }
        guard let line = readLine(from: terminal) else { throw CommandFailure(.noAccess, "no password was given") }
        return Secret(line)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
    }

    /// What was typed until Enter, `nil` where that was given up.
    private static func readLine(from descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return String(decoding: bytes, as: UTF8.self)
            case 0x03: return nil
            case 0x04: return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
            case 0x08, 0x7F: removeLastCharacter(of: &bytes)
            case 0x15: bytes = []
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// A character of UTF-8 is taken away as a whole.
    private static func removeLastCharacter(of bytes: inout [UInt8]) {
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
    }
}
