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
    init(_ statement: String) {
        var tokens: [Token] = []
        var rest = Substring(statement)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "'" || first == "\"" {
                tokens.append(.text(Self.takeText(&rest, quote: first)))
            } else if first == "`" {
                tokens.append(.word(Self.takeText(&rest, quote: first)))
            } else if first.isNumber || first == "-" && rest.dropFirst().first?.isNumber == true {
                rest.removeFirst()
                let digits = rest.prefix { $0.isNumber || $0 == "." }
                rest = rest.dropFirst(digits.count)
                tokens.append(.number(String(first) + digits))
            } else if first.isLetter || first == "_" || first == "@" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "@" || $0 == "." }
                rest = rest.dropFirst(word.count)
                tokens.append(.word(String(word)))
            } else {
                rest.removeFirst()
                tokens.append(.sign(first))
            }
        }
        self.tokens = tokens
    }

    /// A quoted text: a doubled quote and a backslash stand for what follows.
    private static func takeText(_ rest: inout Substring, quote: Character) -> String {
        rest.removeFirst()
        var text = ""
        while let next = rest.popFirst() {
            if next == "\\", quote != "`", let escaped = rest.popFirst() {
                text.append(escaped)
            } else if next == quote {
                guard rest.first == quote else { break }
                text.append(quote)
                rest.removeFirst()
            } else {
                text.append(next)
            }
        }
        return text
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

    /// Takes these words if all of them stand here.
    mutating func take(_ words: String...) -> Bool {
        var index = place
        for word in words {
            guard index < tokens.count, case .word(let found) = tokens[index],
                found.uppercased() == word.uppercased()
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
