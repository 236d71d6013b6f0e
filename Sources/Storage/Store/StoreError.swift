import GRDB

/// What went wrong with the store, during what, and what to do about it. Nothing that was stored is ever deleted or
/// overwritten because of one of these.
public struct StoreError: Error, Equatable, Sendable {
    /// The kinds of trouble; more may come, so callers should not switch over them without a default.
    public enum Code: String, Sendable {
        /// The file is no SQLite database, or another program's.
        case foreignFile = "foreign-file"
        /// A newer baton has changed the layout.
        case newerSchema = "newer-schema"
        case corrupt
        /// The file may be read but not written, or the file system is mounted read-only.
        case readOnly = "read-only"
        case noPermission = "no-permission"
        case diskFull = "disk-full"
        /// Another process held the write lock longer than the busy timeout.
        case busy
        /// Another baton has taken the lease over, so this one must not write the history.
        case leaseLost = "lease-lost"
        /// This process has closed the store before; the file is sound.
        case closed
        /// No directory for the store can be told.
        case noHome = "no-home"
        case other
    }

    /// What kind of trouble it is, for programs; ``reason`` is for people.
    public let code: Code
    /// The store's file.
    public let path: String
    /// What was being done, for example `opening the store`.
    public let activity: String
    /// What happened, in words.
    public let reason: String
    /// What to do next.
    public let remedy: String

    init(_ code: Code, path: String, activity: String, reason: String) {
        self.code = code
        self.path = path
        self.activity = activity
        self.reason = reason
        remedy = code.remedy(path)
    }

    /// Translates an error of SQLite; the statement and its arguments stay out of it.
    init(_ error: any Error, path: String, activity: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.other, path: path, activity: activity, reason: "\(error)")
            return
        }
        let code: Code =
            switch error.resultCode {
            case .SQLITE_CORRUPT: .corrupt
            case .SQLITE_NOTADB: .foreignFile
            case .SQLITE_READONLY: .readOnly
            case .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_CANTOPEN: .noPermission
            case .SQLITE_FULL: .diskFull
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            default: .other
            }
        let number = "SQLite error \(error.extendedResultCode.rawValue)"
        self.init(code, path: path, activity: activity, reason: "\(error.message ?? "no details") (\(number))")
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        "\(activity) failed: \(path): \(reason). \(remedy)"
    }
}

extension StoreError.Code {
    fileprivate func remedy(_ path: String) -> String {
        switch self {
        case .foreignFile: "Name another file with --store; this one is left as it is."
        case .newerSchema: "Use that newer baton, or name another file with --store; this one is left as it is."
        case .corrupt:
            "It is left as it is. Move it and its -wal and -shm files away to start with an empty store, or try "
                + "`sqlite3 \(path) .recover` to save what can be read."
        case .readOnly:
            "Make the file and its directory writable, or name another file with --store; a console goes on without history."
        case .noPermission:
            "Check that you may read and write the file and its directory; a shared store needs a directory with "
                + "mode 2770 and your group, see docs/store.md."
        case .diskFull: "Make room on the file system; a console goes on without history, and records again then."
        case .busy: "Another process is writing; it is tried again."
        case .leaseLost: "Another baton writes the history now; this one follows."
        case .closed: "Nothing was read or written by this; what was acknowledged before is kept. Open it again."
        case .noHome: "Set HOME or XDG_STATE_HOME, or name a file with --store."
        case .other: "Name another file with --store; a console goes on without history, and tries again."
        }
    }
}
