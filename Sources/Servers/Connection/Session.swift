import CLinux
import CMySQL
import Topology

/// The event loop's side of one connection: takes the statements one batch after the other and drives each through the
/// client library, a turn at a time.
///
/// `@unchecked Sendable`: all of it is touched by the event loop's thread only; others hold it to name it in what they
/// submit there.
final class Session: EventLoop.Watcher, @unchecked Sendable {
    typealias Outcome = Result<BatchAnswer, ConnectionError>

    /// A batch on its way, and who waits for it.
    struct Request: Sendable {
        let batch: StatementBatch
        let deadline: ContinuousClock.Instant
        let timeout: Duration
        let answer: @Sendable (Outcome) -> Void
    }

    private let address: InstanceAddress
    private let largestAnswer: Int
    /// Called once, when the connection ends, whoever ended it.
    private let onEnd: @Sendable (ConnectionError) -> Void
    private let statistics: StatisticsCounter
    private let loop = EventLoop.shared

    private var handle: ClientHandle?
    private var registration: UInt64?
    private var queue: [Request] = []
    private var exchange: Exchange?
    private var ending: ConnectionError?
    private var columns = ColumnNameCache()
    /// Whether a timer is set that comes no later than the first deadline.
    private var nextTimer: ContinuousClock.Instant?

    init(
        address: InstanceAddress, largestAnswer: Int, statistics: StatisticsCounter,
        onEnd: @escaping @Sendable (ConnectionError) -> Void
    ) {
        self.address = address
        self.largestAnswer = largestAnswer
        self.statistics = statistics
        self.onEnd = onEnd
    }

    /// Takes over the connection that was made.
    func begin(with handle: ClientHandle) {
        self.handle = handle
        handle.neverBlock()
        registration = loop.watch(handle.socket, self)
        if registration == nil {
            end(.contact(.other), message: "the system has no memory to wait for this connection")
        }
    }

    func ask(_ request: Request) {
        if let ending {
            request.answer(.failure(ending))
            return
        }
        queue.append(request)
        setTimer(for: request)
        startNext()
    }

    /// Ends the connection now; whatever is under way is abandoned.
    func end(_ cause: ConnectionError.Cause, code: Int = 0, message: String) {
        guard ending == nil else { return }
        let phase: ConnectionError.Phase = exchange == nil ? .idle : .querying
        let error = ConnectionError(address: address, phase: phase, cause: cause, code: code, message: message)
        ending = error
        leave()
        let abandoned = queue
        queue = []
        for request in abandoned { request.answer(.failure(error)) }
        onEnd(error)
    }

    /// Lets go of the socket and the handle.
    private func leave() {
        guard let handle else { return }
        if let registration { loop.unwatch(handle.socket, registration) }
        if exchange != nil || ending?.cause != .closed { handle.shutDown() }
        exchange?.abandon()
        exchange = nil
        self.handle = nil
    }

    // MARK: Readiness

    func ready(events: UInt32) {
        if exchange != nil {
            advance()
        } else if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 {
            end(.contact(.connectionLost), message: "the server closed the connection")
        }
    }

    private func startNext() {
        guard exchange == nil, let handle, let request = queue.first else { return }
        exchange = Exchange(handle: handle, batch: request.batch, limit: largestAnswer)
        advance()
    }

    private func advance() {
        guard let exchange, let handle else { return }
        switch exchange.advance(columns: &columns) {
        case .waiting: return
        case .finished(let answer): finish(exchange, answer)
        case .tooLarge:
            end(
                .answerTooLarge,
                message: "an answer was larger than \(largestAnswer) bytes; the connection is given up")
        case .tooManyAnswers:
            end(
                .tooManyAnswers,
                message: "the server gave more answers than there were statements: one of them holds several; "
                    + "the connection is given up")
        case .lost:
            let code = handle.errorCode
            let message = handle.errorMessage
            let kind = ContactFailure.Kind(mysqlError: code, message: message, connecting: false)
            end(.contact(kind), code: code, message: message)
        }
    }

    private func finish(_ exchange: Exchange, _ answer: BatchAnswer) {
        self.exchange = nil
        statistics.count(roundTrip: exchange)
        let request = queue.removeFirst()
        request.answer(.success(answer))
        startNext()
        // The end of a connection that came while the answer was read raised no further event.
        if self.exchange == nil, let handle, handle.isAtEnd {
            end(.contact(.connectionLost), message: "the server closed the connection")
        }
    }

    // MARK: Deadlines

    private func setTimer(for request: Request) {
        if let nextTimer, nextTimer <= request.deadline { return }
        nextTimer = request.deadline
        loop.schedule(at: request.deadline) { [weak self] in self?.timerFired() }
    }

    /// Timers are not taken back, so most find their request answered long since.
    private func timerFired() {
        guard let first = queue.min(by: { $0.deadline < $1.deadline }) else {
            nextTimer = nil
            return
        }
        if first.deadline <= .now {
            end(
                .contact(.readTimeout),
                message: "no answer within \(first.timeout.inWords); the connection is given up")
        } else {
            nextTimer = first.deadline
            loop.schedule(at: first.deadline) { [weak self] in self?.timerFired() }
        }
    }
}
