import GRDB

/// Tells the store's file from others before anything is written to it.
enum StoreIdentity {
    private static let magic = Array("SQLite format 3\0".utf8)

    /// - Throws: ``StoreError`` for a file that is no store of this baton.
    static func check(_ path: String, header: [UInt8]) throws {
        guard header.starts(with: magic) else {
            throw refusal(.foreignFile, path, "the file is not empty and no SQLite database")
        }
        // The header may be older than what stands in the write-ahead log, so only a match is conclusive; otherwise
        // SQLite is asked, reading only: opening for writing would switch another program's file to WAL.
        let isKnown =
            header.count == 100 && number(header, at: 68) == StoreSchema.applicationID
            && Int(number(header, at: 60)) == StoreSchema.version
        if isKnown { return }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let (application, version, tables) = try queue.read { db in
            (
                try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
                try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
                try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            )
        }
        try queue.close()
        if application != StoreSchema.applicationID && (application != 0 || tables > 0 || version != 0) {
            throw refusal(.foreignFile, path, "the file is another program's SQLite database")
        }
        if version > StoreSchema.version {
            throw refusal(
                .newerSchema, path,
                "the store has layout \(version), and this baton knows layouts up to \(StoreSchema.version)")
        }
    }

    private static func number(_ header: [UInt8], at offset: Int) -> Int32 {
        header[offset..<offset + 4].reduce(0) { $0 << 8 | Int32($1) }
    }

    private static func refusal(_ code: StoreError.Code, _ path: String, _ reason: String) -> StoreError {
        StoreError(code, path: path, activity: "opening the store", reason: reason)
    }
}
