import Topology

extension CommandDialect {
    /// What a session waits for locks is its own matter, and is as it was afterwards.
    func forbid(_ ban: WriteBan) throws(CommandError) -> [Statement] {
        let variable: GlobalVariable = ban.goal == .superReadOnly ? .superReadOnly : .readOnly
        let (seconds, attoseconds) = ban.lockWait.components
        guard seconds >= 1, attoseconds == 0, seconds <= 3_600 else {
            throw .badValue(
                what: "lock_wait_timeout", value: "\(ban.lockWait)", reason: "it is 1 to 3600 whole seconds")
        }
        return [Statement("SET SESSION lock_wait_timeout = \(seconds)")]
            + (ban.keepsLock ? [Statement("FLUSH TABLES WITH READ LOCK")] : [])
            + (try set(variable, to: SwitchState.on.rawValue))
            + [Statement("SET SESSION lock_wait_timeout = DEFAULT")]
    }

    /// First who they are, as one list of numbers, then `KILL` of each.
    func sessions(_ kind: SessionKind) throws(CommandError) -> [Statement] {
        // `information_schema.processlist` takes a lock that stops every session from beginning and ending.
        let schema = isMySQL(8, 0, 22) ? "performance_schema" : "information_schema"
        let system = ["system user", "event_scheduler", "unauthenticated user", "mysql.session", "mariadb.sys"]
        let replication = ["Binlog Dump", "Binlog Dump GTID", "Daemon", "Slave_IO", "Slave_SQL", "Slave_worker"]
        var conditions = [
            "ID <> CONNECTION_ID()", "USER <> SUBSTRING_INDEX(CURRENT_USER(), '@', 1)",
            "USER NOT IN (\(Self.list(system)))", "COMMAND NOT IN (\(Self.list(replication)))",
        ]
        switch kind {
        case .clients: break
        case .waitingForLock:
            // The words of MariaDB since 10.4 and before, and of MySQL.
            let states = ["Waiting for backup lock", "Waiting for global read lock", "Waiting for commit lock"]
            conditions.append("STATE IN (\(Self.list(states)))")
        case .privileged:
            let privileges = ["SUPER", "READ_ONLY ADMIN", "READ ONLY ADMIN", "CONNECTION_ADMIN"]
            conditions.append(
                "USER IN (SELECT SUBSTRING_INDEX(SUBSTRING(GRANTEE, 2), '''@''', 1) FROM "
                    + "information_schema.user_privileges WHERE PRIVILEGE_TYPE IN (\(Self.list(privileges))))")
        case .transactions(let age):
            guard age >= .zero, age.components.seconds < 1 << 31 else {
                throw .badValue(what: "the age of a transaction", value: "\(age)", reason: "it is 0 s or more")
            }
            conditions.append(
                "ID IN (SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_started <= NOW() - "
                    + "INTERVAL \(age.components.seconds) SECOND)")
        }
        let text = "SELECT GROUP_CONCAT(ID) FROM \(schema).processlist WHERE " + conditions.joined(separator: " AND ")
        return [Self.longLists, Statement(text, answer: .sessions(kind == .clients ? .stays : .fails))]
    }

    /// `KILL` of each session of a list that the server gave, as far as it is one.
    public func ending(_ list: String, _ refusal: Statement.Refusal) -> [Statement] {
        list.split(separator: ",").compactMap { UInt64($0) }
            .map { Statement("KILL \($0)", answer: refusal == .fails ? .mayBeGone : .mayStay) }
    }

    func eventScheduler(_ state: Late<SwitchState>, _ observed: Observed) throws(CommandError) -> [Statement] {
        let wanted = try known(state, observed, parse: SwitchState.init(rawValue:))
        var assignment = Statement("SET GLOBAL event_scheduler = ")
        append(wanted?.rawValue, of: state, to: &assignment)
        guard let wanted else { return [assignment] }
        // One that is DISABLED can't be switched (MySQL manual, "event_scheduler").
        let other: SwitchState = wanted == .on ? .off : .on
        return [Statement("SELECT @@GLOBAL.event_scheduler", answer: .condition(other.rawValue)), assignment]
    }

    /// First what they are, as one list, then `ALTER EVENT` of each (MySQL manual, "Replication of Invoked Features"; MariaDB
    /// Knowledge Base, "Running Triggers and Events on the Replica").
    func events(of server: UInt32) -> [Statement] {
        // MySQL 8.3 gave the state another name.
        let states = Self.list(["SLAVESIDE_DISABLED", "REPLICA_SIDE_DISABLED"])
        return [
            Self.longLists,
            Statement(
                "SELECT GROUP_CONCAT(CONCAT(HEX(EVENT_SCHEMA), ' ', HEX(EVENT_NAME), ' ', HEX(DEFINER))) FROM "
                    + "information_schema.EVENTS WHERE STATUS IN (\(states)) AND ORIGINATOR = \(server)",
                answer: .events),
        ]
    }

    /// `ALTER EVENT` of each event of a list that the server gave, as far as it is one. Its definer is named, or it would
    /// become the account that baton uses. The binary log carries the statement to the replicas, which take it for an event
    /// of their source, and disable theirs.
    public func enabling(_ list: String) -> [Statement] {
        list.split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: " ").map { String(hexadecimal: $0) }
            guard parts.count == 3, let schema = parts[0], let name = parts[1], let definer = parts[2],
                let at = definer.lastIndex(of: "@")
            else { return nil }
            let user = SQLLiteral.quoted(String(definer[..<at]))
            let host = SQLLiteral.quoted(String(definer[definer.index(after: at)...]))
            let event = "\(SQLLiteral.name(schema)).\(SQLLiteral.name(name))"
            return Statement("ALTER DEFINER = \(user)@\(host) EVENT \(event) ENABLE")
        }
    }

    func replicaPosition(_ position: Late<GTIDPosition>, _ observed: Observed) throws(CommandError) -> [Statement] {
        guard isMariaDB else { throw unsupported("set gtid_slave_pos", "MariaDB alone has this variable") }
        var statement = Statement("SET GLOBAL gtid_slave_pos = ")
        try append(position, to: &statement, observed) { try? GTIDPosition(parsing: $0) }
        return [statement]
    }

    /// A list longer than 1,024 bytes would be cut off otherwise (`group_concat_max_len`).
    private static let longLists = Statement("SET SESSION group_concat_max_len = 1048576")

    private static func list(_ texts: [String]) -> String {
        texts.map(SQLLiteral.quoted).joined(separator: ", ")
    }
}

extension SQLLiteral {
    /// A name in backticks.
    fileprivate static func name(_ text: String) -> String { "`" + text.replacing("`", with: "``") + "`" }
}

extension String {
    /// The text of these hexadecimal digits, `nil` where they are none or no UTF-8.
    fileprivate init?(hexadecimal digits: some StringProtocol) {
        let digits = Array(digits.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place...(place + 1)], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self = text
    }
}
