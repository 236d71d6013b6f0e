import Servers
import Topology

/// `GET_LOCK` in a session of its own: the server lets it go when that session ends, however baton ends.
final class AdvisoryLock: ServerLock {
    /// One name on every server: an operation has a server for itself.
    static let name = "baton_operation"
    /// Locks by which other tools say that they are at work (MaxScale manual, MariaDB Monitor, "Cooperative monitoring").
    static let foreign = ["maxscale_mariadbmonitor", "maxscale_mariadbmonitor_master"]
    static let limit = Duration.seconds(2)
    /// A server that does not answer by then lets it go when it notices that the session has ended.
    private static let releaseLimit = Duration.milliseconds(500)

    private let session: any StatementSession

    private init(_ session: any StatementSession) {
        self.session = session
    }

    /// - Throws: ``ServerTrouble/locked(_:by:)`` where somebody else has it, or a statement that was left behind goes on;
    ///   errors of the session.
    static func take(in session: any StatementSession) async throws -> AdvisoryLock {
        do {
            // An idle session must not be closed while a step waits long for another server.
            let answer = try await session.query(
                ["SET SESSION wait_timeout = 604800", standing(with: "GET_LOCK('\(name)', 0)")], timeout: limit)
            if let failure = answer.failure { throw failure }
            let row = answer.results[1]
            // Ours as well now, where it is another tool's; it goes with the session.
            if let other = try await joined(row, in: session) { throw ServerTrouble.locked(session.address, by: other) }
            guard row.text(row: 0, column: 1) == "1" else {
                let holder = try await holder(of: name, in: session) ?? "somebody who has just let it go"
                throw ServerTrouble.locked(session.address, by: "another baton, \(holder)")
            }
            // A statement that was left behind takes effect whenever it can: nothing is looked at before it has ended.
            if row.text(row: 0, column: 2 + foreign.count) != nil {
                do {
                    try await StatementLock.clear(in: session)
                } catch let error as StatementLock.GoesOn {
                    throw ServerTrouble.locked(
                        session.address, by: "a statement that an operation left behind there: \(error)")
                }
            }
            return AdvisoryLock(session)
        } catch {
            session.close()
            throw error
        }
    }

    /// `user@host (connection 17)`, `nil` where nobody has it.
    private static func holder(of name: String, in session: any StatementSession) async throws -> String? {
        let used = try await session.execute("SELECT IS_USED_LOCK('\(name)')", timeout: limit)
        guard let id = used.text(row: 0, column: 0).flatMap(UInt64.init) else { return nil }
        let list = try await session.execute(
            "SELECT USER, HOST FROM information_schema.processlist WHERE ID = \(id)", timeout: limit)
        guard list.rowCount > 0 else { return "connection \(id)" }
        let user = list.text(row: 0, column: 0)?.sanitized ?? ""
        let host = list.text(row: 0, column: 1)?.sanitized ?? ""
        return "\(user)@\(host) (connection \(id))"
    }

    /// What a connection is doing, in words after its number; not the statement itself, which may hold a password.
    static func state(of id: UInt64, in session: any StatementSession) async throws -> String {
        let list = try await session.execute(
            "SELECT COMMAND, STATE FROM information_schema.processlist WHERE ID = \(id)", timeout: limit)
        guard list.rowCount > 0 else { return "" }
        let words = (0...1).compactMap { list.text(row: 0, column: $0)?.sanitized }.filter { !$0.isEmpty }
        return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
    }

    func standing() async -> LockStanding {
        let question = Self.standing(with: "IS_USED_LOCK('\(Self.name)')")
        guard let answer = try? await session.execute(question, timeout: Self.limit),
            let own = answer.text(row: 0, column: 0), answer.text(row: 0, column: 1) == own
        else { return .lost }
        do {
            return try await Self.joined(answer, in: session).map { .joined(by: $0) } ?? .held
        } catch {
            return .lost
        }
    }

    /// One question: who we are, something about our lock, who holds those of other tools, and in which session statements
    /// run.
    private static func standing(with ours: String) -> String {
        let others = (foreign + [StatementLock.name]).map { "IS_USED_LOCK('\($0)')" }
        return "SELECT " + (["CONNECTION_ID()", ours] + others).joined(separator: ", ")
    }

    /// The other tool that is at work, by the answer to ``standing(with:)``.
    private static func joined(_ answer: ResultSet, in session: any StatementSession) async throws -> String? {
        for (place, name) in foreign.enumerated() where answer.text(row: 0, column: place + 2) != nil {
            let holder = try await holder(of: name, in: session)
            return "MaxScale's monitor" + (holder.map { ", \($0)" } ?? "")
        }
        return nil
    }

    /// The server notices the end of a session only some time later, and whoever comes next would find the lock held: another
    /// plan in the place of this one, or somebody who resumes it.
    func release() async {
        _ = try? await session.execute("SELECT RELEASE_LOCK('\(Self.name)')", timeout: Self.releaseLimit)
        session.close()
    }
}
