import GRDB
import Topology

/// What a row of the history holds.
enum ChangeKind: Int {
    /// A whole document: the server appeared, or the chain of patches got long.
    case document = 0
    case patch = 1
    /// The fleet holds the server no longer.
    case gone = 2
}

/// Two kinds of labels share tables.
enum LabelKind: String {
    /// Another name of a server; the value is the canonical address.
    case name
    /// A name of a cluster; the address is a member of it.
    case clusterAlias = "cluster-alias"
}

extension Store {
    /// After so many patches a whole document is written again, so that a past moment is rebuilt from few rows.
    static let patchesPerDocument = 64

    /// Writes what changed, in one transaction: the last known fleet, its history, and events.
    ///
    /// Instances that are the same as in the store cost a comparison and no write. A time before the last recorded
    /// one (a clock that was set back) is recorded as that last one, so that the history stays in order.
    ///
    /// - Returns: how many changes were written.
    /// - Throws: ``StoreError``; with code ``StoreError/Code/leaseLost`` where another process writes the history now.
    @discardableResult
    public func record(_ change: FleetChange, events: [Event] = [], under lease: Lease) async throws -> Int {
        try await write("recording the fleet") { [self] db in
            try checkLease(lease, db)
            let at = try Self.advanceClock(to: change.at, db)
            var count = 0
            for address in change.removed { count += try Self.remove(address, at: at, db) }
            for instance in change.instances {
                count += try Self.record(instance, at: at, db)
                if instance.contact.isReachable { try Self.sight(instance.address, at: at, db) }
            }
            for instance in change.unasked where try !Self.holds(instance.address, db) {
                count += try Self.record(instance, at: at, db)
            }
            for address in change.sighted { try Self.sight(address, at: at, db) }
            for (name, address) in change.names {
                count += try Self.setLabel(.name, of: name, to: address?.description, at: at, db)
            }
            for (member, alias) in change.clusterAliases {
                count += try Self.setLabel(.clusterAlias, of: member, to: alias, at: at, db)
            }
            for event in events { try Self.append(event, db) }
            return count
        }
    }

    /// Keeps the last recorded moment, and gives one that is not before it.
    static func advanceClock(to moment: Timestamp, _ db: Database) throws -> Timestamp {
        let last = try Int64.fetchOne(try db.cachedStatement(sql: "SELECT recorded_at FROM clock"))
        let at = max(moment.microseconds, last ?? .min)
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO clock (id, recorded_at) VALUES (1, ?)").execute(arguments: [
            at
        ])
        return Timestamp(microseconds: at)
    }

    /// Notes that a server answered. It is no change: the history does not hold it.
    private static func sight(_ address: InstanceAddress, at: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO sighting (subject, at) SELECT id, ? FROM subject WHERE address = ?"
        ).execute(arguments: [at.microseconds, address.description])
    }

    private static func holds(_ address: InstanceAddress, _ db: Database) throws -> Bool {
        let select = try db.cachedStatement(
            sql: "SELECT 1 FROM subject JOIN instance ON instance.subject = subject.id WHERE address = ?")
        return try Int64.fetchOne(select, arguments: [address.description]) != nil
    }

    private static func record(_ instance: Instance, at: Timestamp, _ db: Database) throws -> Int {
        let address = instance.address.description
        let document = InstanceDocument(instance).json
        let select = try db.cachedStatement(
            sql: """
                SELECT subject.id, instance.document, instance.patches
                FROM subject LEFT JOIN instance ON instance.subject = subject.id WHERE subject.address = ?
                """)
        let row = try Row.fetchOne(select, arguments: [address])
        let subject = try row?["id"] as Int64? ?? makeSubject(address, db)
        let text = document.text(.compact)
        guard let stored = row?["document"] as String?, let patches = row?["patches"] as Int? else {
            try put(subject, text, patches: 0, db)
            try append(subject, .document, text, at: at, db)
            return 1
        }
        if stored == text { return 0 }
        let old = try JSON(parsing: Array(stored.utf8))
        guard let patch = DocumentPatch.between(old, document) else { return 0 }
        let isWhole = patches + 1 >= patchesPerDocument
        try put(subject, text, patches: isWhole ? 0 : patches + 1, db)
        try append(subject, isWhole ? .document : .patch, isWhole ? text : patch.text(.compact), at: at, db)
        return 1
    }

    /// Takes an instance out of the last known fleet; its history stays.
    static func remove(_ address: InstanceAddress, at: Timestamp, _ db: Database) throws -> Int {
        let select = try db.cachedStatement(
            sql: "SELECT id FROM subject JOIN instance ON instance.subject = subject.id WHERE address = ?")
        guard let subject = try Int64.fetchOne(select, arguments: [address.description]) else { return 0 }
        try db.cachedStatement(sql: "DELETE FROM instance WHERE subject = ?").execute(arguments: [subject])
        try db.cachedStatement(sql: "DELETE FROM sighting WHERE subject = ?").execute(arguments: [subject])
        try append(subject, .gone, nil, at: at, db)
        return 1
    }

    static func setLabel(
        _ kind: LabelKind, of address: InstanceAddress, to value: String?, at: Timestamp, _ db: Database
    ) throws -> Int {
        let key: StatementArguments = [kind.rawValue, address.description]
        let select = try db.cachedStatement(sql: "SELECT value FROM label WHERE kind = ? AND address = ?")
        guard try String.fetchOne(select, arguments: key) != value else { return 0 }
        if let value {
            try db.execute(
                sql: "INSERT OR REPLACE INTO label (kind, address, value) VALUES (?, ?, ?)", arguments: key + [value])
        } else {
            try db.execute(sql: "DELETE FROM label WHERE kind = ? AND address = ?", arguments: key)
        }
        try db.execute(
            sql: "INSERT INTO label_change (at, kind, address, value) VALUES (?, ?, ?, ?)",
            arguments: [at.microseconds] + key + [value])
        return 1
    }

    private static func makeSubject(_ address: String, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO subject (address) VALUES (?)").execute(arguments: [address])
        return db.lastInsertedRowID
    }

    private static func put(_ subject: Int64, _ document: String, patches: Int, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO instance (subject, document, patches) VALUES (?, ?, ?)")
            .execute(arguments: [subject, document, patches])
    }

    private static func append(
        _ subject: Int64, _ kind: ChangeKind, _ body: String?, at: Timestamp, _ db: Database
    ) throws {
        try db.cachedStatement(sql: "INSERT INTO change (at, subject, kind, body) VALUES (?, ?, ?, ?)")
            .execute(arguments: [at.microseconds, subject, kind.rawValue, body])
    }
}
