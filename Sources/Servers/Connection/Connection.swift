import CMySQL
import Synchronization
import Topology

/// One connection to one server.
///
/// Statements go as batches, each in one round trip. No thread waits for an answer: all connections share one
/// ``EventLoop``. Errors of the connection end it; open another one then.
public final class Connection: Sendable {
    /// The address that was asked; behind a proxy another server may answer there.
    public let address: InstanceAddress
    /// The version that the server announced when it greeted us, before authentication.
    public let serverVersion: String
    /// The server's number for this connection, as in its processlist.
    public let id: UInt64
    /// The cipher in use, `nil` for a connection in the clear.
    public let tlsCipher: String?
    /// Yields once, when the connection ends, and finishes; at once where it has ended already.
    public let end: AsyncStream<ConnectionError>

    private let session: Session
    private let counter: StatisticsCounter

    /// Connects and authenticates.
    ///
    /// - Throws: ``ConnectionError``, of phase `preparing` where the settings can't be used and `connecting` else.
    public static func open(
        to address: InstanceAddress, settings: ConnectionSettings
    ) async throws(ConnectionError) -> Connection {
        let outcome = await withCancellableAnswer(
            of: OpenAttempt.Outcome.self,
            start: { answer in
                let attempt = OpenAttempt(address: address, settings: settings, answer: answer)
                attempt.start()
                return attempt
            },
            cancel: { attempt in attempt.cancel() })
        return Connection(address: address, settings: settings, handle: try outcome.get())
    }

    private init(address: InstanceAddress, settings: ConnectionSettings, handle: ClientHandle) {
        self.address = address
        serverVersion = mysql_get_server_info(handle.mysql).map { String(cString: $0).sanitized } ?? ""
        id = UInt64(mysql_thread_id(handle.mysql))
        tlsCipher = mysql_get_ssl_cipher(handle.mysql).map { String(cString: $0) }
        counter = StatisticsCounter()
        counter.countConnect()
        let (end, continuation) = AsyncStream<ConnectionError>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.end = end
        let session = Session(
            address: address, largestAnswer: settings.largestAnswer, statistics: counter,
            onEnd: { error in
                continuation.yield(error)
                continuation.finish()
            })
        self.session = session
        EventLoop.shared.submit { session.begin(with: handle) }
    }

    deinit {
        close()
    }

    /// Sends the statements in one round trip and reads all their answers. Further batches wait their turn.
    ///
    /// - Parameter timeout: from now to the last byte of the answer; when it passes, the connection is given up, because
    ///   the answer may still come.
    /// - Throws: ``ConnectionError``; a statement that fails is part of the answer. Cancelling the task gives the
    ///   connection up too.
    public func query(_ batch: StatementBatch, timeout: Duration) async throws(ConnectionError) -> BatchAnswer {
        guard !batch.statements.isEmpty else { return BatchAnswer(results: []) }
        let deadline = ContinuousClock.now + timeout
        let session = session
        let outcome = await withCancellableAnswer(
            of: Session.Outcome.self,
            start: { answer in
                let request = Session.Request(batch: batch, deadline: deadline, timeout: timeout, answer: answer)
                EventLoop.shared.submit { session.ask(request) }
                return session
            },
            cancel: { session in
                EventLoop.shared.submit { session.end(.cancelled, message: "the asking task was cancelled") }
            })
        return try outcome.get()
    }

    /// Sends one statement.
    ///
    /// - Throws: ``ConnectionError``, or ``StatementError`` where the server refuses it.
    @discardableResult
    public func execute(_ statement: String, timeout: Duration) async throws -> ResultSet {
        let answer = try await query([statement], timeout: timeout)
        if let failure = answer.failure { throw failure }
        return answer.results[0]
    }

    /// Ends the connection; whoever still waits for an answer gets an error.
    public func close() {
        let session = session
        EventLoop.shared.submit { session.end(.closed, message: "the connection was closed") }
    }

    /// What this connection has cost.
    public var statistics: ConnectionStatistics { counter.current }

    /// What all connections of this process have cost.
    public static var totalStatistics: ConnectionStatistics { StatisticsCounter.process.current }
}

/// Starts something that answers once and can be told to give up, and waits for its answer.
private func withCancellableAnswer<Answer: Sendable, Work: Sendable>(
    of: Answer.Type, start: @escaping @Sendable (@escaping @Sendable (Answer) -> Void) -> Work,
    cancel: @escaping @Sendable (Work) -> Void
) async -> Answer {
    // Cancellation may come before the work exists.
    let state = Mutex((work: Work?.none, isCancelled: false))
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            let work = start { continuation.resume(returning: $0) }
            let isCancelled = state.withLock { state in
                state.work = work
                return state.isCancelled
            }
            if isCancelled { cancel(work) }
        }
    } onCancel: {
        let work = state.withLock { state in
            state.isCancelled = true
            return state.work
        }
        if let work { cancel(work) }
    }
}
