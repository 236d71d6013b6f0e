import Topology

/// Why a document was refused as a whole: the place in the file, the place in the document, and the reason.
public struct DocumentError: Error, Equatable, Sendable {
    /// The kinds of refusal; a struct's worth of them may come, so callers should not switch without a default.
    public enum Code: String, Sendable {
        /// The text is not JSON.
        case syntax
        /// The file is JSON, and not this kind of document, or of a version that this baton does not know.
        case version
        case unknownKey = "unknown-key"
        case missingKey = "missing-key"
        case badValue = "bad-value"
        /// Two parts of the document contradict each other.
        case contradiction
        /// The file cannot be read.
        case unreadable
    }

    /// What kind of refusal it is, for programs; ``reason`` is for people.
    public let code: Code
    /// The file as it was named by the caller; `nil` for text that is no file.
    public let file: String?
    /// Line and column of the place, both from 1, the column in characters; `nil` where there is no text.
    public let line: Int?
    /// See ``line``.
    public let column: Int?
    /// Where in the document, for example `instances[3].contact.state`; empty for the document itself.
    public let path: String
    /// What is wrong there, and what would be right.
    public let reason: String

    /// Refuses a file that cannot be read at all.
    public init(unreadable file: String, reason: String) {
        code = .unreadable
        self.file = file
        line = nil
        column = nil
        path = ""
        self.reason = reason
    }

    /// Gives an issue its line and column in the text.
    init(_ issue: DocumentIssue, file: String?, text: [UInt8]) {
        code = issue.code
        self.file = file
        path = issue.path
        reason = issue.reason
        let before = text.prefix(min(issue.offset, text.count))
        line = 1 + before.count { $0 == 0x0A }
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        column = 1 + String(decoding: before[lineStart...], as: UTF8.self).count
    }
}

extension DocumentError: CustomStringConvertible {
    /// `fleet.json:12:7: instances[3].contact: …`, as compilers write places, so that editors can jump there.
    public var description: String {
        let place = [file, line.map(String.init), column.map(String.init)].compactMap(\.self).joined(separator: ":")
        return [place, path, reason].filter { !$0.isEmpty }.joined(separator: ": ").sanitized
    }
}

/// A refusal while a document is being read; it gathers its path on the way up.
struct DocumentIssue: Error, Equatable {
    var code: DocumentError.Code
    var reason: String
    /// Bytes from the start of the text.
    var offset: Int
    var path = ""

    init(_ code: DocumentError.Code, _ reason: String, offset: Int) {
        self.code = code
        self.reason = reason
        self.offset = offset
    }

    /// The same issue, seen from the object that holds it under `key`.
    func under(_ key: String) -> DocumentIssue {
        prefixed(path.isEmpty || path.hasPrefix("[") ? key : key + ".")
    }

    /// The same issue, seen from the list that holds it at `index`.
    func at(_ index: Int) -> DocumentIssue {
        prefixed(path.isEmpty || path.hasPrefix("[") ? "[\(index)]" : "[\(index)].")
    }

    private func prefixed(_ prefix: String) -> DocumentIssue {
        var copy = self
        copy.path = prefix + path
        return copy
    }
}
