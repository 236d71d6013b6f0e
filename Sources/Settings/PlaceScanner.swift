/// Finds where each key of a TOML text stands.
///
/// The TOML library tells the place of a syntax error but not of a value, and a complaint without a line is of little
/// use in a
/// long file. So this reads the text once more for its keys only. It runs on texts which the library has already
/// accepted,
/// so it need not judge them; on anything odd it stops, and the keys it did not reach have no place.
struct PlaceScanner {
    /// Line and column, both counted from 1.
    struct Place: Hashable {
        var line: Int
        var column: Int
    }

    /// The place of each key path; elements of arrays have their index as a path component.
    static func places(in text: String) -> [[String]: Place] { scan(text).places }

    /// The places, and the first table header whose name begins with something that no name can begin with.
    ///
    /// The header is looked for because toml++ 3.4 asserts that it is well formed instead of checking it: a file with
    /// `[*]` would end the process.
    static func scan(_ text: String) -> (places: [[String]: Place], badHeader: Place?) {
        var scanner = PlaceScanner(text)
        scanner.scan()
        return (scanner.found, scanner.badHeader)
    }

    private let text: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var found: [[String]: Place] = [:]
    private var badHeader: Place?
    private var arrayCounts: [[String]: Int] = [:]

    private init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }
    private var place: Place { Place(line: line, column: position - lineStart + 1) }

    private mutating func advance() {
        if current == "\n" {
            line += 1
            lineStart = position + 1
        }
        position += 1
    }

    private func startsWith(_ word: String) -> Bool {
        var index = position
        for scalar in word.unicodeScalars {
            guard index < text.count, text[index] == scalar else { return false }
            index += 1
        }
        return true
    }

    private mutating func skipBlanks(lines: Bool) {
        while let scalar = current {
            if scalar == "#" {
                while let inside = current, inside != "\n" {
                    _ = inside
                    advance()
                }
            } else if scalar == " " || scalar == "\t" || scalar == "\u{FEFF}"
                || (lines && (scalar == "\n" || scalar == "\r"))
            {
                advance()
            } else {
                return
            }
        }
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    private mutating func note(_ path: [String], _ place: Place) {
        if found[path] == nil { found[path] = place }
    }

    private mutating func scan() {
        var table: [String] = []
        while true {
            skipBlanks(lines: true)
            guard let scalar = current else { return }
            let before = position
            if scalar == "[" {
                table = header()
            } else {
                keyAndValue(in: table)
            }
            if position == before { return }
        }
    }

    private mutating func header() -> [String] {
        let start = place
        let isArray = startsWith("[[")
        advance()
        if isArray { advance() }
        // Not skipBlanks: no comment can stand here.
        while current == " " || current == "\t" { advance() }
        if let first = current, badHeader == nil, first != "]", first != "\"", first != "'", !PlaceScanner.isBare(first)
        {
            badHeader = place
        }
        // Each name on the way may stand for the newest element of an array of tables.
        var path: [String] = []
        let names = keyPath()
        for (index, name) in names.enumerated() {
            path.append(name)
            if index == names.count - 1 && isArray {
                let count = arrayCounts[path, default: 0]
                note(path, start)
                arrayCounts[path] = count + 1
                path.append(String(count))
            } else if let count = arrayCounts[path] {
                path.append(String(count - 1))
            }
        }
        note(path, start)
        while let inside = current, inside == "]" || inside == " " || inside == "\t" {
            _ = inside
            advance()
        }
        return path
    }

    private mutating func keyAndValue(in table: [String]) {
        let start = place
        var path = table
        for name in keyPath() {
            path.append(name)
            note(path, start)
        }
        skipBlanks(lines: false)
        guard current == "=" else { return }
        advance()
        skipBlanks(lines: false)
        value(at: path)
    }

    private mutating func keyPath() -> [String] {
        var names: [String] = []
        while let scalar = current {
            if scalar == "\"" || scalar == "'" {
                names.append(quoted(scalar))
            } else {
                var name = ""
                while let inside = current, PlaceScanner.isBare(inside) {
                    name.unicodeScalars.append(inside)
                    advance()
                }
                if name.isEmpty { return names }
                names.append(name)
            }
            skipBlanks(lines: false)
            guard current == "." else { return names }
            advance()
            skipBlanks(lines: false)
        }
        return names
    }

    /// A quoted key. Escapes other than those of the quote and the backslash are kept as they stand: keys of ours have
    /// none.
    private mutating func quoted(_ quote: Unicode.Scalar) -> String {
        var name = ""
        advance()
        while let scalar = current, scalar != quote, scalar != "\n" {
            if scalar == "\\", quote == "\"" { advance() }
            if let inside = current {
                name.unicodeScalars.append(inside)
                advance()
            }
        }
        if current == quote { advance() }
        return name
    }

    private mutating func value(at path: [String]) {
        switch current {
        case "[": array(at: path)
        case "{": inlineTable(at: path)
        case "\"", "'": string()
        default:
            while let scalar = current, !",]}#\n".unicodeScalars.contains(scalar) {
                _ = scalar
                advance()
            }
        }
    }

    private mutating func array(at path: [String]) {
        advance()
        var index = 0
        while true {
            skipBlanks(lines: true)
            guard let scalar = current else { return }
            if scalar == "]" { return advance() }
            if scalar == "," {
                advance()
                continue
            }
            let before = position
            let element = path + [String(index)]
            note(element, place)
            value(at: element)
            index += 1
            if position == before { return }
        }
    }

    private mutating func inlineTable(at path: [String]) {
        advance()
        while true {
            skipBlanks(lines: true)
            guard let scalar = current else { return }
            if scalar == "}" { return advance() }
            if scalar == "," {
                advance()
                continue
            }
            let before = position
            keyAndValue(in: path)
            if position == before { return }
        }
    }

    private mutating func string() {
        guard let quote = current else { return }
        let triple = String(repeating: Character(quote), count: 3)
        let isLong = startsWith(triple)
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        while let scalar = current {
            if scalar == "\\", quote == "\"" {
                advance()
                if current != nil { advance() }
            } else if isLong, startsWith(triple) {
                for _ in 0..<3 { advance() }
                // A long string may end in up to two quotes of its own.
                while current == quote { advance() }
                return
            } else if !isLong, scalar == quote || scalar == "\n" {
                if scalar == quote { advance() }
                return
            } else {
                advance()
            }
        }
    }
}
