/// The words of one SQL statement, and a place among them.
struct SQLTokens: Sendable {
    enum Token: Hashable, Sendable {
        /// A keyword, a name, or a variable such as `@@GLOBAL.gtid_executed`.
        case word(String)
        case text(String)
        case number(String)
        case sign(Character)
    }

    private let tokens: [Token]
    private var place = 0

    /// Reads a statement; what is no SQL becomes signs, which no rule expects.
    ///
    /// Byte by byte, because characters are dear and simulations read millions of statements. All that is syntax is ASCII;
    /// what is not belongs to names and texts.
    init(_ statement: String) {
        var tokens: [Token] = []
        var rest = statement.utf8[...]
        while let first = rest.first {
            if first.isBlank {
                rest.removeFirst()
            } else if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
                tokens.append(.text(Self.takeText(&rest, quote: first)))
            } else if first == UInt8(ascii: "`") {
                tokens.append(.word(Self.takeText(&rest, quote: first)))
            } else if first.isDigit || first == UInt8(ascii: "-") && rest.dropFirst().first?.isDigit == true {
                let sign = rest.prefix(1)
                let digits = rest.dropFirst().prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
                rest = rest[digits.endIndex...]
                tokens.append(.number(String(Substring(sign)) + Substring(digits)))
            } else if first.beginsWord {
                let word = rest.prefix { $0.beginsWord || $0.isDigit || $0 == UInt8(ascii: ".") }
                rest = rest[word.endIndex...]
                tokens.append(.word(String(Substring(word))))
            } else {
                rest.removeFirst()
                tokens.append(.sign(Character(Unicode.Scalar(first))))
            }
        }
        self.tokens = tokens
    }

    /// A quoted text: a doubled quote and a backslash stand for what follows.
    private static func takeText(_ rest: inout Substring.UTF8View, quote: UInt8) -> String {
        rest.removeFirst()
        var text: [UInt8] = []
        while let next = rest.popFirst() {
            if next == UInt8(ascii: "\\"), quote != UInt8(ascii: "`"), let escaped = rest.popFirst() {
                text.append(escaped)
            } else if next == quote {
                guard rest.first == quote else { break }
                text.append(quote)
                rest.removeFirst()
            } else {
                text.append(next)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    var peek: Token? { place < tokens.count ? tokens[place] : nil }
    var isAtEnd: Bool { place >= tokens.count }

    /// The error for what stands here (1064).
    var refusal: SimulatedRefusal {
        switch peek {
        case nil: .syntax(near: "")
        case .word(let text), .text(let text), .number(let text): .syntax(near: text)
        case .sign(let sign): .syntax(near: String(sign))
        }
    }

    /// Takes these words if all of them stand here, in upper or lower case.
    mutating func take(_ words: String...) -> Bool {
        var index = place
        for word in words {
            guard index < tokens.count, case .word(let found) = tokens[index],
                found.utf8.elementsEqual(word.utf8, by: { $0.uppercased == $1.uppercased })
            else { return false }
            index += 1
        }
        place = index
        return true
    }

    mutating func take(sign: Character) -> Bool {
        guard peek == .sign(sign) else { return false }
        place += 1
        return true
    }

    mutating func takeText() -> String? {
        guard case .text(let text) = peek else { return nil }
        place += 1
        return text
    }

    mutating func takeWord() -> String? {
        guard case .word(let word) = peek else { return nil }
        place += 1
        return word
    }

    mutating func takeNumber() -> String? {
        guard case .number(let number) = peek else { return nil }
        place += 1
        return number
    }

    /// Whatever stands here, as text.
    mutating func takeAny() -> String? {
        guard let token = peek else { return nil }
        place += 1
        return switch token {
        case .word(let text), .text(let text), .number(let text): text
        case .sign(let sign): String(sign)
        }
    }

    mutating func expect(_ word: String) throws(SimulatedRefusal) {
        guard take(word) else { throw refusal }
    }

    mutating func expect(sign: Character) throws(SimulatedRefusal) {
        guard take(sign: sign) else { throw refusal }
    }

    func expectEnd() throws(SimulatedRefusal) {
        guard isAtEnd || peek == .sign(";") else { throw refusal }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var beginsWord: Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(uppercased) || self >= 0x80
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "@")
    }
    fileprivate var uppercased: UInt8 { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self - 0x20 : self }
}
