import CMySQL
import Glibc
import Synchronization
import Topology

/// One attempt to connect, made on a thread of ``ConnectPool`` while its deadline and its cancellation come from elsewhere.
///
/// Whoever is first, success, failure, deadline or cancellation, answers the caller; the thread then finds out and
/// leaves, because the socket under it is shut down.
final class OpenAttempt: Sendable {
    typealias Outcome = Result<ClientHandle, ConnectionError>

    /// Who we are to be, and how well protected.
    private struct Account {
        let credentials: Credentials
        let tls: TLSSettings
    }

    private struct State {
        var answer: (@Sendable (Outcome) -> Void)?
        var isOver = false
        /// A duplicate of the library's socket: the library may close its own at any time, and the number may be
        /// another file's by then.
        var socket: Int32 = -1
    }

    private let address: InstanceAddress
    private let settings: ConnectionSettings
    private let state: Mutex<State>

    init(
        address: InstanceAddress, settings: ConnectionSettings, answer: @escaping @Sendable (Outcome) -> Void
    ) {
        self.address = address
        self.settings = settings
        state = Mutex(State(answer: answer))
    }

    func start() {
        ConnectPool.shared.submit(for: address) { [self] in run() }
    }

    func cancel() {
        end(.failure(error(.cancelled, message: "connecting was cancelled")))
    }

    /// Answers the caller, once, and frees the thread where it is still at it.
    private func end(_ outcome: Outcome) {
        let answer = state.withLock { state in
            state.isOver = true
            if state.socket >= 0 { shutdown(state.socket, Int32(SHUT_RDWR)) }
            let answer = state.answer
            state.answer = nil
            return answer
        }
        answer?(outcome)
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    // MARK: On the pool's thread

    /// The time starts here and not with the wait for a thread, so that a busy pool makes no server look dead.
    ///
    /// - Returns: whether the time ran out.
    private func run() -> Bool {
        guard !isOver else { return false }
        let deadline = ContinuousClock.now + settings.connectTimeout
        EventLoop.shared.submit { [self] in
            EventLoop.shared.schedule(at: deadline) { [self] in
                end(.failure(timeoutError()))
            }
        }
        let outcome = connect(until: deadline)
        let isSlow = ContinuousClock.now >= deadline
        succeedOrEnd(outcome)
        return isSlow
    }

    private func succeedOrEnd(_ outcome: Outcome) {
        let answer = state.withLock { state in
            if state.socket >= 0 { close(state.socket) }
            state.socket = -1
            state.isOver = true
            let answer = state.answer
            state.answer = nil
            return answer
        }
        answer?(outcome)
    }

    private func connect(until deadline: ContinuousClock.Instant) -> Outcome {
        let credentials: Credentials
        let tls: TLSSettings
        do throws(OptionFileError) {
            let found = try settings.reference?.resolve(fallback: settings.credentials)
            credentials = found?.credentials ?? settings.credentials
            tls = found?.tls ?? settings.tls
        } catch {
            return .failure(self.error(.settings, phase: .preparing, message: "no credentials: \(error)"))
        }
        let account = Account(credentials: credentials, tls: tls)
        let hosts: [String]
        switch HostLookup.addresses(of: address.host) {
        case .success(let found): hosts = tls.needsHostName ? [address.host] : found
        case .failure(let failure):
            return .failure(error(.contact(failure.kind), message: failure.message))
        }
        var last: ConnectionError?
        for (index, host) in hosts.enumerated() where !isOver {
            let now = ContinuousClock.now
            let share = now + (deadline - now) / (hosts.count - index)
            switch connect(to: host, as: account, until: share) {
            case .success(let handle): return .success(handle)
            case .failure(let error):
                last = error
                // Only an address that can't be reached is a reason to try the next one.
                guard Self.isWorthTheNextAddress(error) else { return .failure(error) }
            }
        }
        return .failure(last ?? timeoutError())
    }

    private static func isWorthTheNextAddress(_ error: ConnectionError) -> Bool {
        switch error.cause {
        case .contact(.connectionRefused), .contact(.networkUnreachable), .contact(.connectTimeout): true
        default: false
        }
    }

    private func connect(to host: String, as account: Account, until limit: ContinuousClock.Instant) -> Outcome {
        guard let handle = ClientHandle() else {
            return .failure(error(.contact(.other), message: "no memory for a connection"))
        }
        // One row may be as large as a whole answer; a little beyond we tell more clearly than the library what is wrong.
        baton_mysql_set_defaults(handle.mysql, "baton", UInt(settings.largestAnswer) * 2)
        if let refusal = account.tls.apply(to: handle) {
            return .failure(error(.settings, phase: .preparing, message: refusal))
        }
        let user = account.credentials.user
        let progress =
            if let password = account.credentials.password {
                password.reveal { drive(handle, host: host, user: user, password: $0, until: limit) }
            } else {
                drive(handle, host: host, user: user, password: nil, until: limit)
            }
        forgetSocket()
        switch progress {
        case BATON_DONE:
            if let refusal = account.tls.refusal(of: handle) {
                handle.shutDown()
                return .failure(error(.contact(.tls), code: 2026, message: refusal))
            }
            return .success(handle)
        case BATON_WAITING:
            handle.shutDown()
            return .failure(timeoutError())
        default:
            return .failure(failure(of: handle, tls: account.tls))
        }
    }

    /// Takes turns with the socket until the call is done, has failed or the time is up.
    private func drive(
        _ handle: ClientHandle, host: String, user: String, password: String?, until limit: ContinuousClock.Instant
    ) -> baton_progress {
        // The texts must stay where they are over all turns: libmariadb keeps the pointers of the first one.
        host.withCString { host in
            user.withCString { user in
                (password ?? "").withCString { password in
                    drive(handle, host: host, user: user, password: password, until: limit)
                }
            }
        }
    }

    private func drive(
        _ handle: ClientHandle, host: UnsafePointer<CChar>, user: UnsafePointer<CChar>,
        password: UnsafePointer<CChar>, until limit: ContinuousClock.Instant
    ) -> baton_progress {
        var turn = BATON_FIRST
        var turnsLeftToUnwind = 100
        var wantsWrite = false
        while true {
            ClientLibrary.forgetTLSErrors()
            let progress = baton_mysql_connect(
                handle.mysql, turn, host, UInt32(address.port), user, password, &wantsWrite)
            guard progress == BATON_WAITING else { return turn == BATON_EXPIRED ? BATON_WAITING : progress }
            turnsLeftToUnwind -= turn == BATON_EXPIRED ? 1 : 0
            guard turnsLeftToUnwind > 0 else { return BATON_WAITING }
            remember(handle.socket)
            let isLate = !wait(for: handle.socket, toWrite: wantsWrite, until: limit)
            turn = isLate || isOver ? BATON_EXPIRED : BATON_READY
        }
    }

    /// - Returns: `false` when the time is up.
    private func wait(for socket: Int32, toWrite: Bool, until limit: ContinuousClock.Instant) -> Bool {
        let left = (limit - .now).wholeMicroseconds
        guard left > 0, !isOver else { return false }
        // libmysqlclient does not say what it waits for, so the wait for an answer is broken off now and then.
        let longest: Int64 = ClientLibrary.isLibmariadb ? 60_000 : 5
        let milliseconds = Int32(min((left + 999) / 1000, longest))
        guard socket >= 0 else {
            usleep(1000)
            return true
        }
        var descriptor = pollfd(fd: socket, events: Int16(toWrite ? POLLOUT : POLLIN), revents: 0)
        poll(&descriptor, 1, milliseconds)
        return ContinuousClock.now < limit
    }

    /// Keeps a duplicate of the socket, so that deadline and cancellation can shut it down while a turn blocks.
    private func remember(_ socket: Int32) {
        guard socket >= 0 else { return }
        state.withLock { state in
            if state.socket >= 0 { close(state.socket) }
            state.socket = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        }
    }

    private func forgetSocket() {
        state.withLock { state in
            if state.socket >= 0 { close(state.socket) }
            state.socket = -1
        }
    }

    // MARK: Errors

    private func failure(of handle: ClientHandle, tls: TLSSettings) -> ConnectionError {
        let code = handle.errorCode
        let message = handle.errorMessage
        let kind = ContactFailure.Kind(mysqlError: code, message: message, connecting: true)
        let explained = kind == .tls ? tls.explain(message) : message
        return error(.contact(kind), code: code, message: explained)
    }

    private func timeoutError() -> ConnectionError {
        error(
            .contact(.connectTimeout),
            message: "no connection within \(settings.connectTimeout.inWords)")
    }

    private func error(
        _ cause: ConnectionError.Cause, phase: ConnectionError.Phase = .connecting, code: Int = 0, message: String
    ) -> ConnectionError {
        ConnectionError(address: address, phase: phase, cause: cause, code: code, message: message)
    }
}
