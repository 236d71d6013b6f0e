extension JSON {
    /// Reads strict JSON (RFC 8259), keeping the place of each value.
    ///
    /// - Parameters:
    ///   - bytes: the text as UTF-8; a byte order mark at its start is skipped.
    ///   - file: the name for the error's place.
    /// - Throws: ``DocumentError`` with line and column.
    public init(parsing bytes: [UInt8], file: String? = nil) throws {
        do {
            self = try JSON(unplaced: bytes)
        } catch {
            throw DocumentError(error, file: file, text: bytes)
        }
    }

    init(unplaced bytes: [UInt8]) throws(DocumentIssue) {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, DocumentIssue> in
            var parser = JSONParser(bytes: buffer)
            do throws(DocumentIssue) {
                return .success(try parser.document())
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }
}

/// A recursive-descent reader over bytes that outlive it.
private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    /// Deeper nesting than any document of ours is refused before it can exhaust the stack.
    private static let maximumDepth = 64

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func document() throws(DocumentIssue) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw problem("there is more text after the end of the document") }
        return value
    }

    private mutating func value(depth: Int) throws(DocumentIssue) -> JSON {
        skipSpace()
        guard depth <= Self.maximumDepth else { throw problem("nested more than \(Self.maximumDepth) levels deep") }
        guard let byte = peek() else { throw problem("the text ends where a value should stand") }
        let start = index
        switch byte {
        case UInt8(ascii: "{"): return JSON(.object(try members(depth: depth)), offset: start)
        case UInt8(ascii: "["): return JSON(.array(try elements(depth: depth)), offset: start)
        case UInt8(ascii: "\""): return JSON(.string(try string()), offset: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return JSON(.number(try number()), offset: start)
        case UInt8(ascii: "t") where take("true"): return JSON(.bool(true), offset: start)
        case UInt8(ascii: "f") where take("false"): return JSON(.bool(false), offset: start)
        case UInt8(ascii: "n") where take("null"): return JSON(.null, offset: start)
        default: throw problem("this is no JSON value; text stands in double quotes")
        }
    }

    private mutating func members(depth: Int) throws(DocumentIssue) -> [JSON.Member] {
        index += 1
        var members: [JSON.Member] = []
        var seen: Set<String> = []
        skipSpace()
        if skip(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            let keyOffset = index
            guard peek() == UInt8(ascii: "\"") else { throw problem("a key in double quotes should stand here") }
            let key = try string()
            if isRepeated(key, in: members, seen: &seen) {
                throw DocumentIssue(.syntax, "the key \"\(key)\" stands here for the second time", offset: keyOffset)
            }
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { throw problem("a colon should stand here, after the key \"\(key)\"") }
            members.append(JSON.Member(key, try value(depth: depth + 1), keyOffset: keyOffset))
            skipSpace()
            if skip(UInt8(ascii: ",")) { continue }
            if skip(UInt8(ascii: "}")) { return members }
            throw problem(atEnd ? "the text ends inside an object" : "a comma or } should stand here")
        }
    }

    /// Small objects are searched; only large ones are worth a set.
    private func isRepeated(_ key: String, in members: [JSON.Member], seen: inout Set<String>) -> Bool {
        if members.count < 48 { return members.contains { $0.key == key } }
        if seen.isEmpty { seen = Set(members.map(\.key)) }
        return !seen.insert(key).inserted
    }

    private mutating func elements(depth: Int) throws(DocumentIssue) -> [JSON] {
        index += 1
        var elements: [JSON] = []
        skipSpace()
        if skip(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if skip(UInt8(ascii: ",")) { continue }
            if skip(UInt8(ascii: "]")) { return elements }
            throw problem(atEnd ? "the text ends inside a list" : "a comma or ] should stand here")
        }
    }

    private mutating func number() throws(DocumentIssue) -> String {
        let start = index
        _ = skip(UInt8(ascii: "-"))
        let whole = digits()
        guard whole == 1 || (whole > 1 && bytes[index - whole] != UInt8(ascii: "0")) else {
            throw problem("this is no JSON number")
        }
        if skip(UInt8(ascii: ".")), digits() == 0 { throw problem("digits should follow the decimal point") }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            _ = skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-"))
            if digits() == 0 { throw problem("digits should follow the exponent") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { index += 1 }
        return index - start
    }

    private mutating func string() throws(DocumentIssue) -> String {
        let start = index + 1
        index = start
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return try text(start..<index)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw problem("a control character in text has to be written as an escape such as \\n")
            default: index += 1
            }
        }
        throw DocumentIssue(.syntax, "this text has no closing quote", offset: start - 1)
    }

    private mutating func escapedString(from start: Int) throws(DocumentIssue) -> String {
        var result = try text(start..<index)
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return result
            case UInt8(ascii: "\\"):
                index += 1
                result.unicodeScalars.append(try escape())
            case 0..<0x20: throw problem("a control character in text has to be written as an escape such as \\n")
            default:
                let part = index
                while let next = peek(), next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next >= 0x20 {
                    index += 1
                }
                result += try text(part..<index)
            }
        }
        throw DocumentIssue(.syntax, "this text has no closing quote", offset: start - 1)
    }

    private mutating func escape() throws(DocumentIssue) -> Unicode.Scalar {
        guard let byte = peek() else { throw problem("the text ends inside an escape") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw problem("\\ is followed by no escape that JSON knows", at: index - 2)
        }
    }

    private mutating func unicodeEscape() throws(DocumentIssue) -> Unicode.Scalar {
        let start = index - 2
        let first = try hexadecimal(start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take("\\u") else { throw problem("half of a surrogate pair", at: start) }
        let second = try hexadecimal(start)
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw problem("half of a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexadecimal(_ start: Int) throws(DocumentIssue) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw problem("\\u is followed by four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private func text(_ range: Range<Int>) throws(DocumentIssue) -> String {
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
            throw DocumentIssue(.syntax, "this text is not valid UTF-8", offset: range.lowerBound)
        }
        return text
    }

    private var atEnd: Bool { index >= bytes.count }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        for position in 0..<length where bytes[index + position] != word.utf8Start[position] { return false }
        index += length
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private func problem(_ reason: String, at offset: Int? = nil) -> DocumentIssue {
        DocumentIssue(.syntax, reason, offset: offset ?? index)
    }
}
