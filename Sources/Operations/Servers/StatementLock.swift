import Servers
import Topology

/// `GET_LOCK` in each session in which statements of operations run. The server lets it go when the session has really
/// ended there, which may be long after its client has gone: a statement that waits for a lock goes on waiting without a
/// client, and takes effect when nobody expects it any more. Whoever finds the lock taken finds such a statement, also
/// one that a killed baton left behind.
enum StatementLock {
    static let name = "baton_statement"
    /// A session that was just closed has not ended on the server at once; its answer is "1" when the lock is ours.
    static let claim = "SELECT GET_LOCK('\(name)', 1)"
    /// For the answer to ``claim``, which the server itself gives after a second.
    static let claimLimit = Duration.seconds(3)
    /// How long a session that was told to end may take: a waiting statement notices it at once, `STOP REPLICA` only when
    /// the thread that it waits for has stopped (measured, MySQL 9.7 and MariaDB 10.11).
    static let patience = Duration.seconds(5)

    /// What did not end, and why, as a clause.
    struct GoesOn: Error, CustomStringConvertible {
        let description: String
    }

    /// Ends the session that holds it, and waits until the server has let it go. Only for who has the ``AdvisoryLock`` of
    /// the server: then nobody is at work in that session any more.
    ///
    /// - Throws: ``GoesOn`` where it does all the same; errors of the session.
    static func clear(in session: any StatementSession) async throws {
        let limit = AdvisoryLock.limit
        let used = try await session.execute("SELECT IS_USED_LOCK('\(name)')", timeout: limit)
        guard let id = used.text(row: 0, column: 0).flatMap(UInt64.init) else { return }
        var refusal = ""
        do {
            try await session.execute("KILL \(id)", timeout: limit)
        } catch let error as StatementError {
            // Where it has ended meanwhile, the lock is free.
            refusal = ", and KILL \(id) was refused: \(error.message) (error \(error.code))"
        }
        let seconds = patience.components.seconds
        let free = try await session.execute("SELECT GET_LOCK('\(name)', \(seconds))", timeout: patience + limit)
        guard free.text(row: 0, column: 0) == "1" else {
            let state = try await AdvisoryLock.state(of: id, in: session)
            throw GoesOn(description: "connection \(id)\(state) was told to end and goes on\(refusal)")
        }
        try await session.execute("SELECT RELEASE_LOCK('\(name)')", timeout: limit)
    }
}
