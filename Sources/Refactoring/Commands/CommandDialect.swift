import Topology

/// Puts commands into the words of one server, chosen by its flavour and release, never by trial.
///
/// On MySQL each statement names its channel, also the default one, because without a name `STOP REPLICA` means all
/// channels (MySQL manual, "Replication Channels and Compatibility"). MariaDB's statements without a name mean the
/// default connection only.
public struct CommandDialect: Hashable, Sendable {
    /// In which words the semi-sync plugin of a server speaks: since MySQL 8.0.26 there are two plugins.
    public enum SemiSyncWords: String, Hashable, Sendable, CaseIterable {
        /// `rpl_semi_sync_source_enabled`
        case source
        /// `rpl_semi_sync_master_enabled`
        case master
    }

    /// The server's release.
    public let version: ServerVersion
    /// How long one statement of ``Command/wait(channel:_:)`` waits before it answers that it has to be asked again.
    public let waitLimit: Duration
    let semiSyncWords: SemiSyncWords

    /// Makes the dialect of a release.
    ///
    /// - Parameters:
    ///   - waitLimit: whole seconds count, at least one.
    ///   - semiSyncWords: for a server between MySQL 8.0.26 and 8.4 with the old plugin; by default what the release
    ///     installs.
    public init(
        _ version: ServerVersion, waitLimit: Duration = .seconds(1), semiSyncWords: SemiSyncWords? = nil
    ) {
        self.version = version
        self.waitLimit = waitLimit
        let hasNewPlugin = version.flavor.isMySQLFamily && version.isAtLeast(8, 0, 26)
        self.semiSyncWords = semiSyncWords ?? (hasNewPlugin ? .source : .master)
    }

    /// What a session says before any of these statements, so that a backslash in a literal means the same everywhere.
    public static let sessionPreamble =
        "SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')"

    /// The statements that carry a command out, in order; none where there is nothing to say and only to wait.
    ///
    /// Values that `observed` does not hold yet stand in the statements as words (``Statement/awaited``).
    ///
    /// - Throws: ``CommandError`` where this server has nothing that does it, or a value can't be one.
    public func statements(
        for command: Command, observed: Observed = Observed()
    ) throws(CommandError) -> [Statement] {
        switch command {
        case .stopReplication(let channel, let threads): [stop(channel, threads)]
        case .startReplication(let channel, let threads, let until):
            [try start(channel, threads, until: until, observed)]
        case .changeSource(let channel, let change): [try changeSource(channel, change, observed)]
        case .resetReplica(let channel, let scope): [reset(channel, scope)]
        case .setVariable(let variable, let value): try set(variable, to: value)
        case .injectEmptyTransaction(let gtids): try emptyTransactions(gtids)
        case .wait(let channel, let point): try wait(channel, point, observed)
        case .flushBinaryLogs: [Statement("FLUSH BINARY LOGS")]
        case .purgeBinaryLogs(let file):
            // MariaDB leaves out a log that is still read or not yet checkpointed, and says nothing (measured on 10.11).
            [
                Statement("PURGE BINARY LOGS TO \(SQLLiteral.quoted(file))"),
                Statement("SHOW BINARY LOGS", answer: .reached(file)),
            ]
        case .resetBinaryLogs: [Statement(isMySQL(8, 2) ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER")]
        case .killQuery(let connection): [Statement("KILL QUERY \(connection)")]
        case .skipEventGroup(let channel): skip(channel)
        case .forbidWrites(let ban): try forbid(ban)
        case .releaseWriteLock: [Statement("UNLOCK TABLES")]
        case .endSessions(let kind): try sessions(kind)
        case .setEventScheduler(let state): try eventScheduler(state, observed)
        case .enableEvents(let server): events(of: server)
        case .setReplicaPosition(let position): try replicaPosition(position, observed)
        }
    }
}

extension CommandDialect {
    var isMariaDB: Bool { version.flavor == .mariadb }

    func isMySQL(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Bool {
        version.flavor.isMySQLFamily && version.isAtLeast(major, minor, patch)
    }

    /// `REPLICA` since MySQL 8.0.22; MariaDB knows it since 10.5, and `SLAVE` in every release.
    var replicaWord: String { isMySQL(8, 0, 22) ? "REPLICA" : "SLAVE" }

    /// `SOURCE_` in options of CHANGE and in UNTIL since MySQL 8.0.23.
    var sourceWord: String { isMySQL(8, 0, 23) ? "SOURCE" : "MASTER" }

    /// A name after the verb (MariaDB): `STOP SLAVE 'name'`.
    func nameAfterVerb(_ channel: String) -> String {
        isMariaDB && !channel.isEmpty ? " \(SQLLiteral.quoted(channel))" : ""
    }

    /// A clause at the end (MySQL): `FOR CHANNEL 'name'`; 5.6 has no channels.
    func channelClause(_ channel: String) -> String {
        isMySQL(5, 7) ? " FOR CHANNEL \(SQLLiteral.quoted(channel))" : ""
    }

    func unsupported(_ what: String, _ reason: String) -> CommandError {
        .unsupported(what: what, version, reason: reason)
    }

    private func stop(_ channel: String, _ threads: ReplicationThreads) -> Statement {
        Statement("STOP \(replicaWord)\(nameAfterVerb(channel))\(threads.clause)\(channelClause(channel))")
    }

    private func reset(_ channel: String, _ scope: ResetScope) -> Statement {
        let all = scope == .everything ? " ALL" : ""
        return Statement("RESET \(replicaWord)\(nameAfterVerb(channel))\(all)\(channelClause(channel))")
    }

    private func start(
        _ channel: String, _ threads: ReplicationThreads, until: StopPoint?, _ observed: Observed
    ) throws(CommandError) -> Statement {
        var statement = Statement("START \(replicaWord)\(nameAfterVerb(channel))\(threads.clause)")
        if let until {
            statement.append(" UNTIL ")
            try append(until, to: &statement, observed)
        }
        statement.append(channelClause(channel))
        return statement
    }

    private func append(
        _ point: StopPoint, to statement: inout Statement, _ observed: Observed
    ) throws(CommandError) {
        switch point {
        case .position(let position):
            try appendPosition(position, to: &statement, observed)
        case .executed(let gtids):
            guard !isMariaDB else { throw unsupported("stop after a set of GTIDs", "it counts GTIDs by domain") }
            statement.append("SQL_AFTER_GTIDS = ")
            try append(gtids, to: &statement, observed) { try? GTIDSet(parsing: $0) }
        case .mariadbPosition(let position):
            guard isMariaDB else { throw unsupported("stop at a MariaDB GTID position", "it is no MariaDB") }
            statement.append("master_gtid_pos = ")
            try append(position, to: &statement, observed) { try? GTIDPosition(parsing: $0) }
        case .gapsFilled:
            guard !isMariaDB else {
                throw unsupported("fill gaps of parallel appliers", "its appliers commit in order and leave no gaps")
            }
            statement.append("SQL_AFTER_MTS_GAPS")
        }
    }

    /// `SOURCE_LOG_FILE = 'file', SOURCE_LOG_POS = offset`
    func appendPosition(
        _ position: Late<BinlogPosition>, to statement: inout Statement, _ observed: Observed
    ) throws(CommandError) {
        statement.append("\(sourceWord)_LOG_FILE = ")
        let value = try known(position, observed) { try? BinlogPosition(parsing: $0) }
        append(value.map { SQLLiteral.quoted($0.file) }, of: position, to: &statement)
        statement.append(", \(sourceWord)_LOG_POS = ")
        append(value.map { "\($0.offset)" }, of: position, to: &statement)
    }

    /// A value that is there, quoted, or its words.
    func append<Value: CustomStringConvertible>(
        _ value: Late<Value>, to statement: inout Statement, _ observed: Observed, parse: (String) -> Value?
    ) throws(CommandError) {
        let known = try known(value, observed, parse: parse)
        append(known.map { SQLLiteral.quoted($0.description) }, of: value, to: &statement)
    }

    func append<Value>(_ text: String?, of value: Late<Value>, to statement: inout Statement) {
        if let text {
            statement.append(text)
        } else if case .observed(let observation) = value {
            statement.append(observation)
        }
    }

    /// The value, `nil` where it is not observed yet.
    ///
    /// What was observed came from a server, and is read before it goes into a statement for another one.
    func known<Value>(
        _ value: Late<Value>, _ observed: Observed, parse: (String) -> Value?
    ) throws(CommandError) -> Value? {
        switch value {
        case .known(let value): return value
        case .observed(let observation):
            guard let text = observed[observation] else { return nil }
            guard let value = parse(text) else { throw .notObserved(observation) }
            return value
        }
    }
}

extension ReplicationThreads {
    fileprivate var clause: String {
        switch self {
        case .both: ""
        case .receiver: " IO_THREAD"
        case .applier: " SQL_THREAD"
        }
    }
}
