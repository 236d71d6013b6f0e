import Topology

/// Reads statements as one release of a server does: words of other releases are syntax errors (1064).
struct StatementParser {
    let version: ServerVersion

    private var isMariaDB: Bool { version.flavor == .mariadb }
    private func isMySQL(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Bool {
        version.flavor.isMySQLFamily && version.isAtLeast(major, minor, patch)
    }
    /// `SLAVE` and `MASTER` went with MySQL 8.4.
    private var knowsOldWords: Bool { isMariaDB || !isMySQL(8, 4) }
    private var knowsReplica: Bool { isMariaDB ? version.isAtLeast(10, 5, 1) : isMySQL(8, 0, 22) }
    private var knowsSource: Bool { isMySQL(8, 0, 23) }

    /// - Throws: 1064, 1193, 1210 as servers do.
    func parse(_ text: String) throws(SimulatedRefusal) -> SimulatedStatement {
        var tokens = SQLTokens(text)
        let statement = try statement(&tokens)
        if statement != .ignored, statement != .selectEmptyList { try tokens.expectEnd() }
        return statement
    }

    private func statement(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if tokens.take("STOP") { return try stop(&tokens) }
        if tokens.take("START", "TRANSACTION") { return .begin }
        if tokens.take("START") { return try start(&tokens) }
        if tokens.take("CHANGE") { return try change(&tokens) }
        if tokens.take("RESET") { return try reset(&tokens) }
        if tokens.take("SET") { return try set(&tokens) }
        if tokens.take("BEGIN") { return .begin }
        if tokens.take("COMMIT") { return .commit }
        if tokens.take("ROLLBACK") { return .rollback }
        if tokens.take("FLUSH", "TABLES", "WITH", "READ", "LOCK") { return .lockAll }
        if tokens.take("FLUSH") { return flush(&tokens) }
        if tokens.take("UNLOCK", "TABLES") { return .unlock }
        if tokens.take("SELECT", "GROUP_CONCAT") { return .selectEmptyList }
        if tokens.take("PURGE") {
            guard tokens.take("BINARY", "LOGS", "TO") || knowsOldWords && tokens.take("MASTER", "LOGS", "TO"),
                let file = tokens.takeText()
            else { throw tokens.refusal }
            return .purge(to: file)
        }
        if tokens.take("KILL") {
            let isQuery = tokens.take("QUERY")
            guard let number = tokens.takeNumber().flatMap(UInt64.init) else { throw tokens.refusal }
            return isQuery ? .killQuery(number) : .kill(number)
        }
        if tokens.take("SELECT", "USER"), let process = process(&tokens) { return process }
        if tokens.take("SELECT") {
            guard tokens.take(sign: "*") else { return .select(try expressions(&tokens)) }
            guard tokens.take("FROM"), let name = tokens.takeWord() else { throw tokens.refusal }
            return .selectTable(name)
        }
        if tokens.take("DO") { return .select(try expressions(&tokens)) }
        if tokens.take("SHOW") { return try show(&tokens) }
        return try WriteParser().parse(&tokens)
    }

    // MARK: Replication

    private func expectReplica(_ tokens: inout SQLTokens) throws(SimulatedRefusal) {
        guard knowsReplica && tokens.take("REPLICA") || knowsOldWords && tokens.take("SLAVE") else {
            throw tokens.refusal
        }
    }

    private func allSlaves(_ tokens: inout SQLTokens) -> Bool {
        isMariaDB && (tokens.take("ALL", "SLAVES") || tokens.take("ALL", "REPLICAS"))
    }

    private func nameAfterVerb(_ tokens: inout SQLTokens) -> String? { isMariaDB ? tokens.takeText() : nil }

    private func target(_ name: String?, _ tokens: inout SQLTokens) throws(SimulatedRefusal)
        -> SimulatedStatement.Target
    {
        if tokens.take("FOR", "CHANNEL") {
            guard let name = tokens.takeText() else { throw tokens.refusal }
            return .named(name)
        }
        return name.map { .named($0) } ?? .unnamed
    }

    private func threads(_ tokens: inout SQLTokens) -> SimulatedStatement.Threads {
        var receiver = false
        var applier = false
        repeat {
            if tokens.take("IO_THREAD") || tokens.take("RELAY_THREAD") {
                receiver = true
            } else if tokens.take("SQL_THREAD") {
                applier = true
            }
        } while tokens.take(sign: ",")
        return receiver == applier ? .both : receiver ? .receiver : .applier
    }

    private func stop(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if allSlaves(&tokens) { return .stop(.all, .both) }
        try expectReplica(&tokens)
        let name = nameAfterVerb(&tokens)
        let threads = threads(&tokens)
        return .stop(try target(name, &tokens), threads)
    }

    private func start(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if allSlaves(&tokens) { return .start(.all, .both, nil) }
        try expectReplica(&tokens)
        let name = nameAfterVerb(&tokens)
        let threads = threads(&tokens)
        let until = tokens.take("UNTIL") ? try until(&tokens) : nil
        return .start(try target(name, &tokens), threads, until)
    }

    private func until(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedUntil {
        if !isMariaDB, tokens.take("SQL_AFTER_MTS_GAPS") { return .gapsFilled }
        if isMariaDB, tokens.take("MASTER_GTID_POS") {
            try tokens.expect(sign: "=")
            guard let position = tokens.takeText().flatMap({ try? GTIDPosition(parsing: $0) }) else {
                throw tokens.refusal
            }
            return .mariadb(position)
        }
        for (word, isAfter) in [("SQL_AFTER_GTIDS", true), ("SQL_BEFORE_GTIDS", false)] where !isMariaDB {
            guard tokens.take(word) else { continue }
            try tokens.expect(sign: "=")
            guard let set = tokens.takeText().flatMap({ try? GTIDSet(parsing: $0) }) else { throw tokens.refusal }
            return isAfter ? .after(set) : .before(set)
        }
        let prefix = try sourcePrefix(&tokens, "_LOG_FILE")
        try tokens.expect(sign: "=")
        guard let file = tokens.takeText(), tokens.take(sign: ","), tokens.take(prefix + "_LOG_POS"),
            tokens.take(sign: "="), let offset = tokens.takeNumber().flatMap(UInt64.init)
        else { throw tokens.refusal }
        return .source(BinlogPosition(file: file, offset: offset))
    }

    private func sourcePrefix(_ tokens: inout SQLTokens, _ rest: String) throws(SimulatedRefusal) -> String {
        if knowsSource, tokens.take("SOURCE" + rest) { return "SOURCE" }
        if knowsOldWords, tokens.take("MASTER" + rest) { return "MASTER" }
        throw tokens.refusal
    }

    private func change(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        let isNew = knowsSource && tokens.take("REPLICATION", "SOURCE")
        guard isNew || knowsOldWords && tokens.take("MASTER") else { throw tokens.refusal }
        let name = nameAfterVerb(&tokens)
        try tokens.expect("TO")
        var options: [String: String] = [:]
        repeat {
            guard let word = tokens.takeWord()?.uppercased() else { throw tokens.refusal }
            let option = try Self.option(word, isNew: isNew)
            try tokens.expect(sign: "=")
            if tokens.take(sign: "(") {
                var list = ""
                while !tokens.take(sign: ")") {
                    guard let part = tokens.takeAny() else { throw tokens.refusal }
                    list += part
                }
                options[option] = list
            } else {
                guard let value = tokens.takeAny() else { throw tokens.refusal }
                options[option] = value
            }
        } while tokens.take(sign: ",")
        return .change(try target(name, &tokens), options)
    }

    /// The option's name without `SOURCE_` or `MASTER_`.
    private static func option(_ word: String, isNew: Bool) throws(SimulatedRefusal) -> String {
        let others: Set<String> = [
            "IGNORE_SERVER_IDS", "DO_DOMAIN_IDS", "IGNORE_DOMAIN_IDS", "RELAY_LOG_FILE", "RELAY_LOG_POS",
            "PRIVILEGE_CHECKS_USER", "REQUIRE_ROW_FORMAT", "REQUIRE_TABLE_PRIMARY_KEY_CHECK", "GTID_ONLY",
            "ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS", "NETWORK_NAMESPACE",
        ]
        if others.contains(word) { return word }
        let prefix = isNew ? "SOURCE_" : "MASTER_"
        if word == "GET_\(prefix)PUBLIC_KEY" { return "GET_PUBLIC_KEY" }
        guard word.hasPrefix(prefix) else { throw .syntax(near: word) }
        return String(word.dropFirst(prefix.count))
    }

    private func reset(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if isMySQL(8, 2), tokens.take("BINARY", "LOGS", "AND", "GTIDS") { return .resetLogs }
        if knowsOldWords, tokens.take("MASTER") { return .resetLogs }
        try expectReplica(&tokens)
        let name = nameAfterVerb(&tokens)
        let all = tokens.take("ALL")
        return .reset(try target(name, &tokens), all: all)
    }

    // MARK: The rest

    private func flush(_ tokens: inout SQLTokens) -> SimulatedStatement {
        _ = tokens.take("LOCAL") || tokens.take("NO_WRITE_TO_BINLOG")
        return tokens.take("BINARY", "LOGS") || tokens.take("LOGS") ? .flushLogs : .ignored
    }

    private func set(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        var assignments: [SimulatedStatement.Assignment] = []
        repeat {
            var isGlobal = tokens.take("GLOBAL")
            if !isGlobal { _ = tokens.take("SESSION") || tokens.take("LOCAL") }
            guard var name = tokens.takeWord()?.lowercased() else { throw tokens.refusal }
            if name == "names" { return .ignored }
            if name.hasPrefix("@@global.") { isGlobal = true }
            name = Self.bareName(name)
            _ = tokens.take(sign: ":")
            try tokens.expect(sign: "=")
            guard let value = tokens.takeAny() else { throw tokens.refusal }
            // What is worked out, as REPLACE(@@sql_mode, …), is of no variable that the simulation has.
            if tokens.peek == .sign("(") { return .ignored }
            assignments.append(SimulatedStatement.Assignment(isGlobal: isGlobal, name: name, value: value))
        } while tokens.take(sign: ",")
        return .set(assignments)
    }

    private static func bareName(_ name: String) -> String {
        for scope in ["@@global.", "@@session.", "@@local.", "@@"] where name.hasPrefix(scope) {
            return String(name.dropFirst(scope.count))
        }
        return name
    }

    private func show(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if isMySQL(8, 2), tokens.take("BINARY", "LOG", "STATUS") { return .showLogPosition }
        if knowsOldWords, tokens.take("MASTER", "STATUS") { return .showLogPosition }
        if tokens.take("BINARY", "LOGS") { return .showLogs }
        if isMariaDB, tokens.take("ALL", "SLAVES", "STATUS") { return .showSlaves }
        throw tokens.refusal
    }

    private func expressions(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> [SimulatedExpression] {
        var list: [SimulatedExpression] = []
        repeat {
            let left = try expression(&tokens)
            list.append(tokens.take(sign: "=") ? .equal(left, try expression(&tokens)) : left)
        } while tokens.take(sign: ",")
        return list
    }

    private func expression(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedExpression {
        if let number = tokens.takeNumber() { return .literal(number) }
        if let text = tokens.takeText() { return .literal(text) }
        guard let word = tokens.takeWord() else { throw tokens.refusal }
        guard tokens.take(sign: "(") else { return .variable(Self.bareName(word.lowercased())) }
        var arguments: [String] = []
        while !tokens.take(sign: ")") {
            if tokens.take(sign: ",") { continue }
            guard let argument = tokens.takeAny() else { throw tokens.refusal }
            arguments.append(argument)
        }
        return .call(word.uppercased(), arguments)
    }

    /// `SELECT USER, HOST FROM information_schema.processlist WHERE ID = 17`
    private func process(_ tokens: inout SQLTokens) -> SimulatedStatement? {
        guard tokens.take(sign: ","), tokens.take("HOST", "FROM", "information_schema.processlist", "WHERE", "ID"),
            tokens.take(sign: "="), let number = tokens.takeNumber().flatMap(UInt64.init)
        else { return nil }
        return .selectProcess(number)
    }
}
