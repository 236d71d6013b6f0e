import Glibc

/// The file of a store: where it is by default, and how it comes into being.
public enum StoreFile {
    /// `baton/baton.db` under the XDG state directory (XDG Base Directory Specification 0.8).
    ///
    /// - Throws: ``StoreError`` where the environment names no home.
    public static func defaultPath(environment: [String: String]) throws -> String {
        // The specification has relative paths ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/baton/baton.db" }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.local/state/baton/baton.db" }
        throw StoreError(
            .noHome, path: "baton.db", activity: "finding the store",
            reason: "neither XDG_STATE_HOME nor HOME is an absolute path")
    }

    /// Makes the file and missing directories, where there is no file yet.
    ///
    /// Directories get mode 0700 and the file 0600, whatever the umask says. In a directory that its owner has made
    /// for a group (group-writable and set-group-ID, as `install -d -m 2770` makes it) the file gets 0660.
    static func prepare(_ path: String) throws {
        if access(path, F_OK) == 0 { return }
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try makeDirectories(directory, for: path)
        let mode: mode_t = isShared(directory) ? 0o660 : 0o600
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if descriptor < 0 {
            // Another baton was quicker.
            if errno == EEXIST { return }
            throw failure(path, "making the store")
        }
        defer { close(descriptor) }
        // The umask may have taken bits away that a group needs.
        guard fchmod(descriptor, mode) == 0 else { throw failure(path, "setting the mode of the store") }
    }

    /// Gives the WAL and its index the store's group, so that every member of it can open them; SQLite itself does
    /// so only for root. Their modes SQLite copies from the store's file.
    static func alignGroups(_ path: String) {
        var main = stat()
        guard stat(path, &main) == 0, main.st_mode & 0o060 != 0 else { return }
        for suffix in ["-wal", "-shm"] {
            var side = stat()
            guard stat(path + suffix, &side) == 0, side.st_gid != main.st_gid, side.st_uid == geteuid() else {
                continue
            }
            // Where the owner is not a member of the group this fails, and the next opener is told by SQLite.
            _ = chown(path + suffix, uid_t.max, main.st_gid)
        }
    }

    /// Whether there is a file. One that is out of reach counts as there: opening it tells why it is not.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)
    }

    static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

    /// The first 100 bytes of the file, which hold SQLite's header; none for a new file.
    static func header(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "reading the store") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure(path, "reading the store") }
        return Array(bytes.prefix(count))
    }

    private static func isShared(_ directory: String) -> Bool {
        var status = stat()
        guard stat(directory, &status) == 0 else { return false }
        return status.st_mode & S_ISGID != 0 && status.st_mode & 0o020 != 0
    }

    private static func makeDirectories(_ directory: String, for path: String) throws {
        if access(directory, F_OK) == 0 { return }
        if let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
            try makeDirectories(String(directory[..<slash]), for: path)
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw failure(path, "making the directory \(directory)")
        }
    }

    private static func failure(_ path: String, _ activity: String) -> StoreError {
        let number = errno
        let code: StoreError.Code =
            switch number {
            case EACCES, EPERM: .noPermission
            case EROFS: .readOnly
            case ENOSPC, EDQUOT: .diskFull
            default: .other
            }
        return StoreError(code, path: path, activity: activity, reason: String(cString: strerror(number)))
    }
}
