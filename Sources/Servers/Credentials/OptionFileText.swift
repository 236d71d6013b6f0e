/// One option as it stands in an option file.
struct OptionFileEntry: Hashable, Sendable {
    let group: String
    /// With dashes for underscores, because both are the same (MySQL manual, "Specifying Program Options").
    let name: String
    /// `nil` where the line has no `=`: `password` alone is not `password=`.
    let value: String?
    let place: OptionFileError.Place
}

/// An option file that can't be used, and where.
public struct OptionFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file, and a line of it counted from 1 where that is known.
    public struct Place: Hashable, Sendable, CustomStringConvertible {
        /// The path as it was opened.
        public let file: String
        /// Counted from 1; `nil` where the whole file is meant.
        public let line: Int?

        /// Makes a place to name in a message.
        public init(file: String, line: Int? = nil) {
            self.file = file
            self.line = line
        }

        public var description: String { line.map { "\(file):\($0)" } ?? file }
    }

    /// Where the trouble stands.
    public let place: Place
    /// What is wrong there; never the value of an option, because it may be a password.
    public let message: String

    public var description: String { "\(place): \(message)" }
}

/// The lines of an option file (MySQL manual, "Using Option Files"; the details are those of the server's mysys/my_default.cc
/// as its behaviour shows them).
enum OptionFileText {
    enum Line: Hashable {
        case entry(OptionFileEntry)
        /// `!include FILE`
        case include(String, OptionFileError.Place)
        /// `!includedir FOLDER`
        case includeFolder(String, OptionFileError.Place)
    }

    static func parse(_ text: String, file: String) throws(OptionFileError) -> [Line] {
        var lines: [Line] = []
        var group: String?
        for (number, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let place = OptionFileError.Place(file: file, line: number + 1)
            let line = raw.trimmed
            guard let first = line.first, first != "#", first != ";" else { continue }
            switch first {
            case "[": group = try groupName(of: line, at: place)
            case "!": lines.append(try directive(line, at: place))
            default:
                guard let group else {
                    throw OptionFileError(place: place, message: "an option stands before the first [group]")
                }
                lines.append(.entry(entry(line, group: group, at: place)))
            }
        }
        return lines
    }

    private static func groupName(
        of line: Substring, at place: OptionFileError.Place
    ) throws(OptionFileError) -> String {
        guard let end = line.firstIndex(of: "]") else {
            throw OptionFileError(place: place, message: "the group has no closing ']'")
        }
        return String(line[line.index(after: line.startIndex)..<end].trimmed)
    }

    private static func directive(_ line: Substring, at place: OptionFileError.Place) throws(OptionFileError) -> Line {
        // The longer word first, because the shorter one begins it.
        for (word, make) in [("!includedir", Line.includeFolder), ("!include", Line.include)] {
            guard line.hasPrefix(word) else { continue }
            let rest = line.dropFirst(word.count)
            guard let next = rest.first, next.isWhitespace else { break }
            return make(String(rest.trimmed), place)
        }
        throw OptionFileError(
            place: place, message: "'\(line.prefix(40))' is neither '!include FILE' nor '!includedir FOLDER'")
    }

    private static func entry(_ line: Substring, group: String, at place: OptionFileError.Place) -> OptionFileEntry {
        let meaningful = withoutEndComment(line)
        let equals = meaningful.firstIndex(of: "=")
        let name = meaningful[..<(equals ?? meaningful.endIndex)].trimmed.lowercased()
        return OptionFileEntry(
            group: group,
            name: String(name.map { $0 == "_" ? "-" : $0 }),
            value: equals.map { unquoted(meaningful[meaningful.index(after: $0)...].trimmed) },
            place: place)
    }

    /// A `#` outside quotes ends the line, anywhere.
    private static func withoutEndComment(_ line: Substring) -> Substring {
        var quote: Character?
        var isEscaped = false
        for index in line.indices {
            let character = line[index]
            if character == "'" || character == "\"", !isEscaped {
                if quote == nil {
                    quote = character
                } else if quote == character {
                    quote = nil
                }
            }
            if quote == nil, character == "#" { return line[..<index].trimmed }
            isEscaped = quote != nil && character == "\\" && !isEscaped
        }
        return line
    }

    private static func unquoted(_ value: Substring) -> String {
        var value = value
        if let first = value.first, first == "'" || first == "\"", value.count > 1, value.last == first {
            value = value.dropFirst().dropLast()
        }
        var result = ""
        var rest = value[...]
        while let character = rest.popFirst() {
            guard character == "\\", let escaped = rest.popFirst() else {
                result.append(character)
                continue
            }
            result += Self.escapes[escaped].map(String.init) ?? "\\\(escaped)"
        }
        return result
    }

    private static let escapes: [Character: Character] = [
        "b": "\u{8}", "t": "\t", "n": "\n", "r": "\r", "s": " ", "\\": "\\", "\"": "\"", "'": "'",
    ]
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmed: Substring {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
