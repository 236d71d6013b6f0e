extension Shape {
    /// Reads a shape, for example `mysql: a(b(d e) c)`.
    ///
    /// The grammar, where blanks and line ends may stand between any two words:
    /// ```
    /// shape   = group { ";" group }
    /// group   = flavour [ options ] ":" tree { tree }
    /// tree    = server { "=" server }            co-primaries; only at the top
    /// server  = name [ options ] [ "(" server { server } ")" ]
    /// options = "[" option { option } "]"        commas between them are allowed
    /// option  = word [ "=" value ] | "--" server option [ "=" value ]
    /// ```
    /// A name that comes again is the same server: under another source it has several sources.
    ///
    /// - Throws: ``ShapeError`` with the place and the reason.
    public init(parsing text: String) throws(ShapeError) {
        var parser = ShapeParser(text: text)
        self = try parser.shape()
    }
}

/// A recursive descent over the characters; servers are collected in a ``ShapeBuilder``.
struct ShapeParser {
    private let text: String
    private let characters: [Character]
    private var position = 0
    private var depth = 0
    private var names: Set<String> = []
    /// The family of the group being read.
    private var flavour = Shape.Flavour.mysql

    /// Deeper trees than this are a mistake, and a limit keeps the recursion from the end of the stack.
    private static let maximumDepth = 60

    init(text: String) {
        self.text = text
        characters = Array(text)
    }

    mutating func shape() throws(ShapeError) -> Shape {
        var groups: [Shape.Group] = []
        repeat {
            skipBlanks()
            // A ";" at the end is no mistake.
            if peek == nil, !groups.isEmpty { break }
            groups.append(try group())
        } while take(";")
        if let peek { throw error("\"\(peek)\" is not expected here") }
        return Shape(groups: groups)
    }

    private mutating func group() throws(ShapeError) -> Shape.Group {
        let start = position
        let word = takeWord()
        guard let flavour = Shape.Flavour(rawValue: word) else {
            let reason = "a shape begins with \"mysql:\" or \"mariadb:\", then the servers"
            throw error(word.isEmpty ? reason : "\"\(word)\" is no kind of server: \(reason)", at: start)
        }
        self.flavour = flavour
        let options = try options() ?? ServerOptions()
        guard take(":") else { throw error("a \":\" is missing after \(flavour.rawValue)") }
        var builder = ShapeBuilder(otherNames: names)
        repeat {
            try tree(&builder)
        } while startsName
        let group = try builder.group(flavour: flavour, options: options, failure: { error($0.reason, at: $0.offset) })
        names.formUnion(group.servers.map(\.name))
        return group
    }

    private mutating func tree(_ builder: inout ShapeBuilder) throws(ShapeError) {
        skipBlanks()
        let start = position
        var ring = [try server(&builder, source: nil)]
        while take("=") { ring.append(try server(&builder, source: nil)) }
        guard ring.count > 1 else { return }
        if let problem = builder.addRing(ring) { throw error(problem, at: start) }
    }

    private mutating func server(_ builder: inout ShapeBuilder, source: String?) throws(ShapeError) -> String {
        skipBlanks()
        let start = position
        let name = takeWord()
        guard !name.isEmpty else {
            throw error("the name of a server is expected here: a letter, then letters, digits, \"-\" and \"_\"")
        }
        guard name.count <= 32 else { throw error("a name has at most 32 characters", at: start) }
        if let problem = builder.mention(name, source: source, at: start) { throw error(problem, at: start) }
        skipBlanks()
        let optionsStart = position
        if let options = try options(), let problem = builder.setOptions(options, of: name) {
            throw error(problem, at: optionsStart)
        }
        try replicas(of: name, &builder)
        return name
    }

    private mutating func replicas(of name: String, _ builder: inout ShapeBuilder) throws(ShapeError) {
        skipBlanks()
        let opening = position
        guard take("(") else { return }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw error("deeper than \(Self.maximumDepth) levels", at: opening) }
        repeat {
            _ = try server(&builder, source: name)
            skipBlanks()
            if peek == "=" { throw error("co-primaries stand at the top of a tree, not under a source") }
        } while startsName
        guard take(")") else {
            throw error("a \")\" is missing for the replicas of \(name)")
        }
    }

    // MARK: Options

    private mutating func options() throws(ShapeError) -> ServerOptions? {
        skipBlanks()
        let opening = position
        guard take("[") else { return nil }
        var options = ServerOptions()
        while true {
            skipBlanks()
            if take(",") { continue }
            if take("]") { return options }
            guard peek != nil else { throw error("the \"]\" for this is missing", at: opening) }
            try option(&options)
        }
    }

    private mutating func option(_ options: inout ServerOptions) throws(ShapeError) {
        let start = position
        let (name, value) = takeSetting()
        if name.hasPrefix("--") {
            guard name.count > 2 else { throw error("a server option is missing after \"--\"", at: start) }
            options.raw.append(String(name.dropFirst(2)) + (value.map { "=" + $0 } ?? ""))
            return
        }
        guard !name.isEmpty else { throw error("an option is expected here, or \"]\"") }
        guard let word = OptionWord.all.first(where: { $0.name == name }) else {
            let known = OptionWord.all.map(\.name).joined(separator: ", ")
            throw error("\"\(name)\" is no option; there are \(known), and --ANY-SERVER-OPTION", at: start)
        }
        if flavour == .mariadb, name == ServerOptions.CommitOrder.free.rawValue {
            throw error("\(name) is for MySQL: MariaDB's appliers always keep the order within a domain", at: start)
        }
        switch (word.value, value) {
        case (nil, .some): throw error("\(name) takes no value", at: start)
        case (.required(let meaning), nil): throw error("\(name) needs a value: \(name)=…, \(meaning)", at: start)
        default: break
        }
        switch word.set(&options, value) {
        case .done: break
        case .saidAlready: throw error("\(name) contradicts or repeats an option before it", at: start)
        case .badValue:
            switch word.value {
            case .optional(let meaning), .required(let meaning): throw error("\(name) takes \(meaning)", at: start)
            case nil: throw error("\(name) takes no value", at: start)
            }
        }
    }

    /// Reads `name` or `name=value` up to a blank, a comma or a bracket.
    private mutating func takeSetting() -> (name: String, value: String?) {
        var name = ""
        var value: String?
        while let next = peek, !next.isWhitespace, next != ",", next != "]", next != "[" {
            position += 1
            if next == "=", value == nil {
                value = ""
            } else if value != nil {
                value?.append(next)
            } else {
                name.append(next)
            }
        }
        return (name, value)
    }

    // MARK: Characters

    private var peek: Character? { position < characters.count ? characters[position] : nil }

    private var startsName: Bool {
        mutating get {
            skipBlanks()
            return peek.map { $0.isASCII && $0.isLetter } ?? false
        }
    }

    private mutating func skipBlanks() {
        while let next = peek, next.isWhitespace { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard peek == character else { return false }
        position += 1
        return true
    }

    /// Reads a letter and the letters, digits, dashes and underscores after it; empty when there is no letter.
    private mutating func takeWord() -> String {
        guard startsName else { return "" }
        var word = ""
        while let next = peek, next.isASCII, next.isLetter || next.isNumber || next == "-" || next == "_" {
            word.append(next)
            position += 1
        }
        return word
    }

    private func error(_ reason: String, at offset: Int? = nil) -> ShapeError {
        ShapeError(text: text, offset: offset ?? position, reason: reason)
    }
}
