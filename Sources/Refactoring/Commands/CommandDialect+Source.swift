import Topology

extension CommandDialect {
    /// `CHANGE REPLICATION SOURCE TO`, `CHANGE MASTER TO`, `CHANGE MASTER 'name' TO`.
    func changeSource(
        _ channel: String, _ change: SourceChange, _ observed: Observed
    ) throws(CommandError) -> Statement {
        let verb = isMySQL(8, 0, 23) ? "CHANGE REPLICATION SOURCE" : "CHANGE MASTER"
        var clauses = Clauses(Statement("\(verb)\(nameAfterVerb(channel)) TO "))
        if let host = change.rawHost ?? change.source?.host {
            clauses.add("\(sourceWord)_HOST = \(SQLLiteral.quoted(host))")
        }
        if let port = change.source?.port { clauses.add("\(sourceWord)_PORT = \(port)") }
        if let user = change.user { clauses.add("\(sourceWord)_USER = \(SQLLiteral.quoted(user))") }
        if let password = change.password {
            clauses.add("\(sourceWord)_PASSWORD = ")
            clauses.statement.append(password)
        }
        try addPositioning(change.positioning, to: &clauses, observed)
        if let period = change.heartbeatPeriod {
            clauses.add("\(sourceWord)_HEARTBEAT_PERIOD = \(try heartbeat(period))")
        }
        if let delay = change.delay { clauses.add("\(sourceWord)_DELAY = \(try wholeSeconds(delay))") }
        try addOptions(of: change, to: &clauses, observed)
        guard !clauses.isEmpty else {
            throw .badValue(what: "a change of the source", value: "", reason: "it changes nothing")
        }
        clauses.statement.append(channelClause(channel))
        return clauses.statement
    }

    /// Clauses of one statement, with commas between them.
    private struct Clauses {
        var statement: Statement
        private(set) var isEmpty = true

        init(_ statement: Statement) {
            self.statement = statement
        }

        mutating func add(_ text: String) {
            statement.append(isEmpty ? text : ", " + text)
            isEmpty = false
        }
    }

    private func addOptions(
        of change: SourceChange, to clauses: inout Clauses, _ observed: Observed
    ) throws(CommandError) {
        var options = change.options
        if let restored = change.restored {
            if let known = try known(restored, observed, parse: SourceOptions.init(parsing:)) {
                for (option, value) in known.values where options[option.rawValue] == nil {
                    options[option.rawValue] = value
                }
            } else {
                clauses.add("")
                append(nil, of: restored, to: &clauses.statement)
            }
        }
        for (word, value) in options.sorted(by: { $0.key < $1.key }) {
            clauses.add("\(try optionName(word)) = \(try checked(value, of: word))")
        }
    }

    /// A position by file is refused while GTIDs find the place (MySQL error 1776), and MariaDB would go on by GTID: so
    /// each kind switches the other off in the same statement.
    private func addPositioning(
        _ positioning: SourcePositioning?, to clauses: inout Clauses, _ observed: Observed
    ) throws(CommandError) {
        switch positioning {
        case nil: return
        case .autoPosition:
            guard !isMariaDB else { throw unsupported("find its place by MySQL GTIDs", "it is MariaDB") }
            clauses.add("\(sourceWord)_AUTO_POSITION = 1")
        case .replicaPosition:
            guard isMariaDB else { throw unsupported("find its place by MariaDB GTIDs", "it is no MariaDB") }
            clauses.add("MASTER_USE_GTID = slave_pos")
        case .currentPosition:
            guard isMariaDB else { throw unsupported("find its place by MariaDB GTIDs", "it is no MariaDB") }
            clauses.add("MASTER_USE_GTID = current_pos")
        case .binlog(let position):
            clauses.add(isMariaDB ? "MASTER_USE_GTID = no" : "\(sourceWord)_AUTO_POSITION = 0")
            clauses.add("")
            try appendPosition(position, to: &clauses.statement, observed)
        }
    }

    /// Seconds with at most three digits after the point (MySQL manual, `SOURCE_HEARTBEAT_PERIOD`: a resolution in
    /// milliseconds, up to 4294967 seconds; 0 is off).
    private func heartbeat(_ period: Duration) throws(CommandError) -> String {
        let (seconds, attoseconds) = period.components
        guard seconds >= 0, attoseconds >= 0, seconds <= 4_294_967 else {
            throw .badValue(what: "a heartbeat period", value: "\(period)", reason: "it is 0 to 4294967 seconds")
        }
        let thousandths = attoseconds / 1_000_000_000_000_000
        if thousandths == 0 { return "\(seconds)" }
        let digits = String(1_000 + thousandths).dropFirst()
        return "\(seconds).\(digits)"
    }

    private func wholeSeconds(_ delay: Duration) throws(CommandError) -> Int64 {
        let (seconds, attoseconds) = delay.components
        guard seconds >= 0, attoseconds == 0, seconds < 1 << 31 else {
            throw .badValue(what: "a delay", value: "\(delay)", reason: "it is 0 to 2147483647 whole seconds")
        }
        if isMariaDB, !version.isAtLeast(10, 2, 3) {
            throw unsupported("stay behind on purpose", "MASTER_DELAY came with MariaDB 10.2.3")
        }
        return seconds
    }

    /// The option's word on this server.
    private func optionName(_ word: String) throws(CommandError) -> String {
        guard let option = SourceOption(rawValue: word) else {
            throw .badValue(what: "an option of the source", value: word, reason: "no server has one of that name")
        }
        if isMariaDB {
            guard let since = option.sinceMariaDB else {
                throw unsupported("set \(word)", "MariaDB has no such option")
            }
            guard version.isAtLeast(since.major, since.minor, since.patch) else {
                throw unsupported("set \(word)", "it came with MariaDB \(since)")
            }
        } else {
            guard let since = option.sinceMySQL else {
                throw unsupported("set \(word)", "MariaDB alone has this option")
            }
            guard version.isAtLeast(since.major, since.minor, since.patch) else {
                throw unsupported("set \(word)", "it came with MySQL \(since)")
            }
        }
        guard sourceWord == "MASTER" else { return word }
        // The two words that are not a prefix: SOURCE_x and GET_SOURCE_PUBLIC_KEY.
        return word.replacing("SOURCE_", with: "MASTER_")
    }

    /// One value as SQL: a number, a word, a quoted text, an account, or a list of numbers. Anything else could be more
    /// than a value.
    private func checked(_ value: String, of word: String) throws(CommandError) -> String {
        let bytes = Array(value.utf8)
        // An account is 'user'@'host', as MySQL tells it.
        let parts = value.split(separator: "'@'", omittingEmptySubsequences: false)
        let isAccount = parts.count == 2 && "\(parts[0])'".isQuotedText && "'\(parts[1])".isQuotedText
        let isWord = !bytes.isEmpty && bytes.allSatisfy { $0.isWordOrNumber }
        let isList =
            bytes.first == UInt8(ascii: "(") && bytes.last == UInt8(ascii: ")")
            && bytes.dropFirst().dropLast().allSatisfy { $0.isDigitCommaOrSpace }
        guard value.isQuotedText || isAccount || isWord || isList else {
            throw .badValue(
                what: word, value: value, reason: "it is no number, word, quoted text, account or list of numbers")
        }
        return value
    }
}

extension String {
    /// Whether it is one text in single quotes, and nothing behind it.
    fileprivate var isQuotedText: Bool {
        count >= 2 && hasPrefix("'") && hasSuffix("'")
            && !dropFirst().dropLast().replacing("''", with: "").contains("'")
            && !replacing("\\\\", with: "").contains("\\")
    }
}

extension UInt8 {
    fileprivate var isWordOrNumber: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }

    fileprivate var isDigitCommaOrSpace: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: " "): true
        default: false
        }
    }
}
