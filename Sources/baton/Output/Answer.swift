import Foundation
import Storage

/// Writes answers to standard output, and what is not the answer to standard error.
enum Answer {
    /// Lines for people.
    static func print(lines: some Sequence<String>) {
        for line in lines { Swift.print(line) }
    }

    /// One JSON value, pretty-printed.
    static func print(_ json: JSON) {
        Swift.print(json.text(.pretty))
    }

    /// A remark that scripts must not take for the answer.
    static func remark(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
