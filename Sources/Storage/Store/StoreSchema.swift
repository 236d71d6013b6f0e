import GRDB

/// The layout of the store's tables, as the list of steps that made it.
///
/// All missing steps run in one immediate transaction together with the version's increase. That is why they don't
/// run by GRDB's `DatabaseMigrator`, which looks at what is done before it locks: two batons that open a new store at
/// the same moment would both make the tables.
enum StoreSchema {
    /// `batn`, in the file's header (SQLite file format, 1.3.17), tells the store from other programs' databases.
    static let applicationID: Int32 = 0x6261_746E

    /// One step from a layout to the next; a step that was released is never changed, the next one is appended.
    private static let migrations: [String] = [
        firstLayout, sightings, operations, recoveries, failedIdentities, followingRecoveries,
    ]

    /// The layout that this baton writes.
    static var version: Int { migrations.count }

    /// Brings the store to the newest layout.
    static func migrate(_ db: Database) throws {
        let current = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard current < version else { return }
        for migration in migrations[current...] { try db.execute(sql: migration) }
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Times are microseconds since 1970; documents and patches are compact JSON.
    ///
    /// - `instance` is the last known fleet; `patches` counts what was written since the last whole document.
    /// - `change` is the history: per subject (an address that was ever known) whole documents and patches.
    /// - `label` and `label_change` hold other names of servers and names of clusters, today's and earlier ones.
    private static let firstLayout = """
        CREATE TABLE subject (
            id INTEGER PRIMARY KEY,
            address TEXT NOT NULL UNIQUE
        );
        CREATE TABLE instance (
            subject INTEGER PRIMARY KEY REFERENCES subject(id),
            document TEXT NOT NULL,
            patches INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE change (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            subject INTEGER NOT NULL REFERENCES subject(id),
            kind INTEGER NOT NULL,
            body TEXT
        );
        CREATE INDEX change_by_subject ON change(subject, at);
        CREATE INDEX change_by_time ON change(at);
        CREATE TABLE label (
            kind TEXT NOT NULL,
            address TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, address)
        ) WITHOUT ROWID;
        CREATE TABLE label_change (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            address TEXT NOT NULL,
            value TEXT
        );
        CREATE INDEX label_change_by_address ON label_change(kind, address, at);
        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            address TEXT,
            cluster TEXT,
            text TEXT NOT NULL
        );
        CREATE INDEX event_by_time ON event(at);
        CREATE TABLE lease (
            name TEXT PRIMARY KEY,
            token INTEGER NOT NULL,
            holder TEXT NOT NULL,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            user TEXT NOT NULL,
            renewed_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE clock (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            recorded_at INTEGER NOT NULL
        );
        """

    /// - `sighting` is when each server of the last known fleet last answered, as long as its document says that it
    ///   does. It is a table of its own because it is renewed for all servers at once, and a document is long.
    private static let sightings = """
        CREATE TABLE sighting (
            subject INTEGER PRIMARY KEY REFERENCES subject(id),
            at INTEGER NOT NULL
        );
        """

    /// - `operation` is one run of a plan: who, when, why, what, and how it ended. Plan and observed values are JSON of
    ///   the room that runs them; secrets stand in them by name only.
    /// - `operation_step` is the last known state of each of its steps.
    /// - `operation_hold` keeps other batons on this store away from the servers of an operation that runs.
    private static let operations = """
        CREATE TABLE operation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            user TEXT NOT NULL,
            client TEXT,
            reason TEXT NOT NULL,
            verb TEXT NOT NULL,
            intent TEXT NOT NULL,
            plan TEXT NOT NULL,
            observed TEXT NOT NULL,
            outcome TEXT NOT NULL,
            report TEXT,
            undoes INTEGER REFERENCES operation(id),
            holder TEXT NOT NULL,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            holder_user TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        );
        CREATE INDEX operation_by_outcome ON operation(outcome);
        CREATE TABLE operation_step (
            operation INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE,
            step INTEGER NOT NULL,
            state TEXT NOT NULL,
            at INTEGER NOT NULL,
            note TEXT,
            PRIMARY KEY (operation, step)
        ) WITHOUT ROWID;
        CREATE TABLE operation_hold (
            address TEXT PRIMARY KEY,
            operation INTEGER NOT NULL REFERENCES operation(id) ON DELETE CASCADE
        ) WITHOUT ROWID;
        """

    /// - `mark` is what operators say about servers, and said; of those that nobody has ended a server has one of a kind.
    /// - `detection` is a failure that was seen: a row for each time that it began.
    /// - `recovery` is what was done about one, or a switchover; its statements are in the operations that it ran.
    ///   `recovery_hold` keeps other batons on this store away from the cluster while it runs.
    /// - `blocked_recovery` is what was not done about a failure, and why.
    /// - `recovery_switch` is that automatic recovery is, or was, off: of one cluster, or of all where that is null.
    private static let recoveries = """
        CREATE TABLE mark (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            address TEXT NOT NULL,
            meaning TEXT NOT NULL,
            owner TEXT NOT NULL,
            client TEXT,
            reason TEXT NOT NULL,
            begins_at INTEGER NOT NULL,
            ends_at INTEGER,
            ended_at INTEGER,
            ended_by TEXT,
            ended_why TEXT
        );
        CREATE UNIQUE INDEX mark_in_force ON mark(kind, address) WHERE ended_at IS NULL;
        CREATE TABLE detection (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            code TEXT NOT NULL,
            subject TEXT NOT NULL,
            cluster TEXT NOT NULL,
            cluster_alias TEXT,
            role TEXT NOT NULL,
            began_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL,
            ended_at INTEGER,
            evidence TEXT NOT NULL
        );
        CREATE UNIQUE INDEX detection_in_force ON detection(subject, code) WHERE ended_at IS NULL;
        CREATE INDEX detection_by_time ON detection(seen_at);
        CREATE TABLE recovery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE,
            cluster TEXT NOT NULL,
            cluster_alias TEXT,
            kind TEXT NOT NULL,
            trigger TEXT NOT NULL,
            failure TEXT,
            detection INTEGER,
            failed TEXT NOT NULL,
            successor TEXT,
            lost TEXT NOT NULL,
            user TEXT NOT NULL,
            client TEXT,
            reason TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT NOT NULL,
            phase TEXT NOT NULL,
            confirmed TEXT,
            loss TEXT,
            hooks TEXT,
            report TEXT,
            acknowledged_at INTEGER,
            acknowledged_by TEXT,
            acknowledged_why TEXT,
            holder TEXT NOT NULL,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            holder_user TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        );
        CREATE INDEX recovery_by_outcome ON recovery(outcome);
        CREATE INDEX recovery_by_time ON recovery(started_at);
        CREATE TABLE recovery_operation (
            recovery INTEGER NOT NULL REFERENCES recovery(id) ON DELETE CASCADE,
            operation INTEGER NOT NULL,
            part TEXT NOT NULL,
            PRIMARY KEY (recovery, operation)
        ) WITHOUT ROWID;
        CREATE INDEX recovery_by_operation ON recovery_operation(operation);
        CREATE TABLE recovery_note (
            id INTEGER PRIMARY KEY,
            recovery INTEGER NOT NULL REFERENCES recovery(id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            text TEXT NOT NULL
        );
        CREATE INDEX recovery_note_by_recovery ON recovery_note(recovery);
        CREATE TABLE recovery_hold (
            address TEXT PRIMARY KEY,
            recovery INTEGER NOT NULL REFERENCES recovery(id) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE TABLE blocked_recovery (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            failure TEXT NOT NULL,
            subject TEXT NOT NULL,
            cluster TEXT NOT NULL,
            cluster_alias TEXT,
            objection TEXT NOT NULL,
            blocker INTEGER,
            reason TEXT NOT NULL,
            remedy TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL
        );
        CREATE INDEX blocked_recovery_by_time ON blocked_recovery(last_at);
        CREATE TABLE recovery_switch (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            cluster TEXT,
            cluster_alias TEXT,
            disabled_at INTEGER NOT NULL,
            disabled_by TEXT NOT NULL,
            client TEXT,
            reason TEXT NOT NULL,
            enabled_at INTEGER,
            enabled_by TEXT,
            enabled_why TEXT
        );
        """

    /// What a server was that failed: `server_uuid …` or `server_id …`. By it the server is known when it comes back.
    private static let failedIdentities = """
        ALTER TABLE recovery ADD COLUMN failed_identity TEXT;
        """

    /// The recovery after which another was made because of it; and what hooks are told of a recovery, as JSON, which those of
    /// a resumed one are told again.
    private static let followingRecoveries = """
        ALTER TABLE recovery ADD COLUMN follows INTEGER;
        ALTER TABLE recovery ADD COLUMN hook_facts TEXT;
        """
}
