extension JSON {
    /// How JSON is laid out.
    public enum Layout: Sendable {
        /// On one line without spaces, for the store and for one record a line.
        case compact
        /// Two spaces a level, one member a line; short lists and objects without nesting stay on one line.
        case pretty
    }

    /// The text of the value; ``JSON/init(parsing:file:)`` reads it back to an equal one.
    public func text(_ layout: Layout = .pretty) -> String {
        String(decoding: bytes(layout), as: UTF8.self)
    }

    /// The text as UTF-8.
    public func bytes(_ layout: Layout = .pretty) -> [UInt8] {
        var printer = JSONPrinter(isPretty: layout == .pretty)
        printer.print(self, depth: 0)
        return printer.output
    }
}

private struct JSONPrinter {
    let isPretty: Bool
    var output: [UInt8] = []

    /// Simple lists and objects up to this many bytes stay on one line.
    private static let inlineLimit = 90

    init(isPretty: Bool) {
        self.isPretty = isPretty
        output.reserveCapacity(512)
    }

    mutating func print(_ json: JSON, depth: Int) {
        switch json.content {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let text): output.append(contentsOf: text.utf8)
        case .string(let text): print(text)
        case .array(let elements):
            let isInline = !isPretty || Self.fitsOneLine(json)
            open(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                separate(index, isInline: isInline, depth: depth + 1)
                print(element, depth: depth + 1)
            }
            close(UInt8(ascii: "]"), isEmpty: elements.isEmpty, isInline: isInline, depth: depth)
        case .object(let members):
            let isInline = !isPretty || (depth > 0 && Self.fitsOneLine(json))
            open(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                separate(index, isInline: isInline, depth: depth + 1)
                print(member.key)
                output.append(UInt8(ascii: ":"))
                if isPretty { output.append(UInt8(ascii: " ")) }
                print(member.value, depth: depth + 1)
            }
            close(UInt8(ascii: "}"), isEmpty: members.isEmpty, isInline: isInline, depth: depth)
        }
    }

    private mutating func open(_ bracket: UInt8) { output.append(bracket) }

    private mutating func separate(_ index: Int, isInline: Bool, depth: Int) {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        guard isPretty else { return }
        if !isInline {
            breakLine(depth)
        } else if index > 0 {
            output.append(UInt8(ascii: " "))
        }
    }

    private mutating func close(_ bracket: UInt8, isEmpty: Bool, isInline: Bool, depth: Int) {
        if !isInline && !isEmpty { breakLine(depth) }
        output.append(bracket)
    }

    private mutating func breakLine(_ depth: Int) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func print(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
            case 0x0A: output.append(contentsOf: #"\n"#.utf8)
            case 0x09: output.append(contentsOf: #"\t"#.utf8)
            case 0x0D: output.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                output.append(contentsOf: (#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// Whether all parts are plain and the whole is short.
    private static func fitsOneLine(_ json: JSON) -> Bool {
        var length = 2
        switch json.content {
        case .array(let elements):
            for element in elements {
                guard let size = plainLength(element) else { return false }
                length += size + 2
            }
        case .object(let members):
            for member in members {
                guard let size = plainLength(member.value) else { return false }
                length += member.key.utf8.count + size + 6
            }
        case .null, .bool, .number, .string: return true
        }
        return length <= inlineLimit
    }

    private static func plainLength(_ json: JSON) -> Int? {
        switch json.content {
        case .null, .bool: 5
        case .number(let text), .string(let text): text.utf8.count + 2
        case .array(let elements): elements.isEmpty ? 2 : nil
        case .object(let members): members.isEmpty ? 2 : nil
        }
    }
}
