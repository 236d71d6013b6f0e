import Foundation

/// A lock between processes that the kernel lets go when its holder dies.
enum FileLock {
    /// Runs `body` while no other holder of the lock file at `path` does.
    ///
    /// - Throws: ``LabError/system(call:about:code:)`` when the file can't be made, ``LabError/timeout`` never: a
    ///   holder ends by finishing or by dying. What `body` throws.
    static func withLock<Result>(at path: String, _ body: () async throws -> Result) async throws -> Result {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LabError.system(call: "open", about: path, code: errno) }
        defer { close(descriptor) }
        // Waiting in the kernel would hold one of the few threads that all tasks share.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw LabError.system(call: "flock", about: path, code: errno)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await body()
    }
}
