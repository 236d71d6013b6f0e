/// What `SHOW GRANTS` says that an account may do. Passwords' hashes, which MariaDB prints there, are not kept.
public struct GrantedPrivileges: Hashable, Sendable {
    /// Privileges by what they are granted on, as the server writes it without backticks (`*.*`, `mysql.*`), in upper case.
    private var privileges: [String: Set<String>] = [:]

    /// Reads the lines of `SHOW GRANTS`; lines that grant a role or a proxy are left out.
    public init(_ lines: [String]) {
        for line in lines {
            guard line.uppercased().hasPrefix("GRANT "), let (list, object) = Self.split(line) else { continue }
            privileges[object, default: []].formUnion(Self.names(in: list))
        }
    }

    /// Whether any of the privileges is granted on everything.
    public func has(anyOf names: [String]) -> Bool {
        let granted = privileges["*.*"] ?? []
        return granted.contains("ALL PRIVILEGES") || granted.contains("ALL")
            || names.contains { granted.contains($0.uppercased()) }
    }

    /// Whether a table may be read, by a grant on it, on its schema, or on everything.
    public func canRead(schema: String, table: String) -> Bool {
        ["*.*", "\(schema).*", "\(schema).\(table)"].contains { object in
            let granted = privileges[object.lowercased()] ?? []
            return granted.contains("SELECT") || granted.contains("ALL PRIVILEGES")
        }
    }

    /// The list of privileges and what they are granted on: `GRANT list ON object TO …`. Words within backticks and
    /// quotes don't count.
    private static func split(_ line: String) -> (list: Substring, object: String)? {
        let words = words(of: line)
        guard let on = words.firstIndex(where: { $0.word.uppercased() == "ON" }), words.indices.contains(on + 1),
            words[on].start > line.startIndex
        else { return nil }
        let list = line[line.index(line.startIndex, offsetBy: 6)..<words[on].start]
        let object = words[on + 1].word.replacing("`", with: "").replacing("\\", with: "").lowercased()
        return list.uppercased().hasPrefix("PROXY") ? nil : (list, object)
    }

    /// Words apart by spaces, with where they begin; a space within backticks or quotes is part of its word.
    private static func words(of line: String) -> [(word: Substring, start: String.Index)] {
        var words: [(Substring, String.Index)] = []
        var start: String.Index?
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == " " {
                if let begin = start { words.append((line[begin..<index], begin)) }
                start = nil
                continue
            } else if character == "`" || character == "'" {
                quote = character
            }
            if start == nil { start = index }
        }
        if let start { words.append((line[start...], start)) }
        return words
    }

    /// The names, without the columns in parentheses to which one may be limited: a privilege on columns only is none.
    private static func names(in list: Substring) -> Set<String> {
        var names: Set<String> = []
        var name = ""
        var depth = 0
        var hasColumns = false
        for character in list + "," {
            switch character {
            case "(":
                depth += 1
                hasColumns = true
            case ")": depth -= 1
            case "," where depth == 0:
                let trimmed = name.split(separator: " ").joined(separator: " ")
                if !trimmed.isEmpty, !hasColumns { names.insert(trimmed.uppercased()) }
                name = ""
                hasColumns = false
            default: if depth == 0 { name.append(character) }
            }
        }
        return names
    }
}
