import GRDB

/// Tells the store's file from others before anything is written to it.
enum StoreIdentity {
    private static let magic = Array("SQLite format 3\0".utf8)

    /// - Throws: ``StoreError`` for a file that is no store of this baton.
    static func check(_ path: String, header: [UInt8]) throws {
        guard header.starts(with: magic) else {
            throw refusal(.foreignFile, path, "the file is not empty and no SQLite database")
        }
        // Asked by a connection that only reads: opening for writing would switch another program's file to WAL, and
        // write to a damaged one. What the header says may be older than what stands in the write-ahead log.
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let (application, version, tables) = try queue.read { db in
            (
                try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            )
        }
        if application != StoreSchema.applicationID && (application != 0 || !tables.isEmpty || version != 0) {
            throw refusal(.foreignFile, path, "the file is another program's SQLite database")
        }
        if version > StoreSchema.version {
            throw refusal(
                .newerSchema, path,
                "the store has layout \(version), and this baton knows layouts up to \(StoreSchema.version)")
        }
        // Touches the first pages of every table: gross damage is found before anything is written.
        try queue.read { db in
            for table in tables {
                _ = try Row.fetchOne(db, sql: "SELECT * FROM \(table.quotedDatabaseIdentifier) LIMIT 1")
            }
        }
        try queue.close()
    }

    private static func refusal(_ code: StoreError.Code, _ path: String, _ reason: String) -> StoreError {
        StoreError(code, path: path, activity: "opening the store", reason: reason)
    }
}
