import Dispatch
import GRDB
import Glibc
import Synchronization
import Topology

/// baton's memory on disk: the last known fleet, its history, events and names, in one SQLite file.
///
/// Several processes, also of different users, may share one store; the history is written by the one that holds the
/// lease. Every method that returns has its data in the write-ahead log: a killed process loses nothing that was
/// acknowledged (after a power failure the last moments may be missing, and the store is sound). No method blocks the
/// calling thread: GRDB runs the work on queues of its own.
public final class Store: Sendable {
    /// Whether this process may write.
    public enum Access: Sendable, Equatable {
        case readWrite
        /// Reading works; every writing method throws this error.
        case readOnly(StoreError)
    }

    /// The file, as it was opened.
    public let path: String
    /// Found out when the file was opened; it does not change afterwards.
    public let access: Access
    private let reader: any DatabaseReader
    private let writer: DatabasePool?
    private let isClosed = Mutex(false)

    private init(path: String, access: Access, reader: any DatabaseReader, writer: DatabasePool?) {
        self.path = path
        self.access = access
        self.reader = reader
        self.writer = writer
    }

    /// Opens the store, and makes it where there is none.
    ///
    /// A file that this user may read but not write is opened for reading, see ``access``.
    ///
    /// - Parameters:
    ///   - path: the file; SQLite keeps two more beside it, with the suffixes `-wal` and `-shm`.
    ///   - busyTimeout: how long a writer waits for another process.
    /// - Throws: ``StoreError`` where the file is foreign, damaged, from a newer baton or out of reach.
    public static func open(at path: String, busyTimeout: Duration = .seconds(5)) async throws -> Store {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(
                    with: Result {
                        do {
                            return try openBlocking(path, busyTimeout: busyTimeout)
                        } catch {
                            throw StoreError(error, path: path, activity: "opening the store")
                        }
                    })
            }
        }
    }

    /// Opens the store where there is one, for somebody who only reads or takes from it: nothing is made that is not
    /// there.
    ///
    /// - Returns: `nil` where there is no such file.
    /// - Throws: ``StoreError``, as ``open(at:busyTimeout:)``.
    public static func openExisting(at path: String) async throws -> Store? {
        guard StoreFile.exists(path) else { return nil }
        return try await open(at: path)
    }

    private static func openBlocking(_ path: String, busyTimeout: Duration) throws -> Store {
        try StoreFile.prepare(path)
        let header = try StoreFile.header(path)
        if !header.isEmpty { try StoreIdentity.check(path, header: header) }
        guard StoreFile.isWritable(path) else { return try openForReading(path, busyTimeout: busyTimeout) }
        let pool = try openPool(path, busyTimeout: busyTimeout)
        StoreFile.alignGroups(path)
        return Store(path: path, access: .readWrite, reader: pool, writer: pool)
    }

    /// Switching a new file to WAL needs it alone for a moment, and SQLite does not wait for that by itself.
    private static func openPool(_ path: String, busyTimeout: Duration) throws -> DatabasePool {
        let deadline = ContinuousClock.now + busyTimeout
        while true {
            do {
                let pool = try DatabasePool(path: path, configuration: configuration(busyTimeout))
                try pool.write { try StoreSchema.migrate($0) }
                return pool
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                guard ContinuousClock.now < deadline else { throw error }
                usleep(20_000)
            }
        }
    }

    private static func openForReading(_ path: String, busyTimeout: Duration) throws -> Store {
        var configuration = configuration(busyTimeout)
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let reason = StoreError(
            .readOnly, path: path, activity: "writing to the store", reason: "you may read this file, and not write it")
        return Store(path: path, access: .readOnly(reason), reader: queue, writer: nil)
    }

    private static func configuration(_ busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "baton.store"
        configuration.busyMode = .timeout(busyTimeout.inSeconds)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            if !db.configuration.readonly {
                // Has an effect on a new file only; pruning then gives pages back in small steps.
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try db.execute(sql: "PRAGMA journal_size_limit = 8388608")
            }
            // In WAL mode this loses nothing when a process dies (SQLite manual, PRAGMA synchronous).
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        return configuration
    }

    /// Closes the file; what was acknowledged is in it. Whoever uses the store afterwards is told so; closing it again does
    /// nothing.
    public func close() throws {
        isClosed.withLock { $0 = true }
        do {
            if let writer { try writer.close() } else { try reader.close() }
        } catch {
            // SQLite leaves it open then.
            isClosed.withLock { $0 = false }
            throw StoreError(error, path: path, activity: "closing the store")
        }
    }

    /// Runs SQLite's own check of the whole file.
    ///
    /// - Returns: what it found; empty for a sound store.
    public func check() async throws -> [String] {
        let findings = try await read("checking the store") { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        return findings == ["ok"] ? [] : findings
    }

    /// Runs `body` on one unchanging view of the store.
    func read<Value: Sendable>(
        _ activity: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        try await run(activity) { [reader] in try await reader.read(body) }
    }

    /// Runs `body` in one immediate transaction.
    func write<Value: Sendable>(
        _ activity: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let writer = try writable
        return try await run(activity) { try await writer.write(body) }
    }

    /// Runs `body` on the writing connection without a transaction around it.
    func writeWithoutTransaction<Value: Sendable>(
        _ activity: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let writer = try writable
        return try await run(activity) { try await writer.writeWithoutTransaction(body) }
    }

    private var writable: DatabasePool {
        get throws {
            switch (writer, access) {
            case (let writer?, _): return writer
            case (nil, .readOnly(let error)): throw error
            case (nil, .readWrite): preconditionFailure("a store that may be written has a writer")
            }
        }
    }

    private func run<Value: Sendable>(_ activity: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            try checkOpen(activity)
            return try await body()
        } catch let error as CancellationError {
            throw error
        } catch let error as DatabaseError where error.resultCode == .SQLITE_MISUSE {
            // Closed in between: SQLite calls that misuse, and for want of a connection gives the text of another error.
            try checkOpen(activity)
            throw StoreError(error, path: path, activity: activity)
        } catch {
            throw StoreError(error, path: path, activity: activity)
        }
    }

    private func checkOpen(_ activity: String) throws {
        guard isClosed.withLock({ $0 }) else { return }
        throw StoreError(
            .closed, path: path, activity: activity, reason: "this process has closed the store before")
    }
}
