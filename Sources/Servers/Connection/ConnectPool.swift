import Glibc
import Synchronization
import Topology

/// The threads on which connections are made: name lookups and TLS handshakes block in the client libraries.
///
/// Threads are made on demand up to a bound and end after a while without work. Hosts whose last attempt ran out of time
/// (blackholed, frozen, a name server that does not answer) may hold at most half of the threads at once, so that they
/// don't keep others waiting.
final class ConnectPool: Sendable {
    static let shared = ConnectPool(size: 32)

    private struct Job {
        let address: InstanceAddress
        /// Returns whether the server was slow: the time ran out.
        let run: @Sendable () -> Bool
    }

    private struct State {
        var waiting: [Job] = []
        var waitingSuspects: [Job] = []
        var suspects: Set<InstanceAddress> = []
        var threads = 0
        var idle = 0
        var runningSuspects = 0

        /// The next job that may run now, in order of arrival, the trusted ones first.
        mutating func next(size: Int) -> (job: Job, suspect: Bool)? {
            if !waiting.isEmpty { return (waiting.removeFirst(), false) }
            guard !waitingSuspects.isEmpty, runningSuspects < max(size / 2, 1) else { return nil }
            runningSuspects += 1
            return (waitingSuspects.removeFirst(), true)
        }
    }

    private let size: Int
    private let state = Mutex(State())
    private let semaphore = Semaphore()

    init(size: Int) {
        self.size = size
    }

    /// Runs `job` as soon as a thread is free.
    func submit(for address: InstanceAddress, _ job: @escaping @Sendable () -> Bool) {
        let needsThread = state.withLock { state in
            let job = Job(address: address, run: job)
            if state.suspects.contains(address) {
                state.waitingSuspects.append(job)
            } else {
                state.waiting.append(job)
            }
            guard state.idle < state.waiting.count + state.waitingSuspects.count, state.threads < size else {
                return false
            }
            state.threads += 1
            return true
        }
        if needsThread {
            SystemThread.start(named: "baton-connect") { [self] in work() }
        }
        semaphore.signal()
    }

    private func work() {
        while true {
            while let (job, suspect) = state.withLock({ $0.next(size: size) }) {
                let wasSlow = job.run()
                state.withLock { state in
                    if suspect { state.runningSuspects -= 1 }
                    if wasSlow { state.suspects.insert(job.address) } else { state.suspects.remove(job.address) }
                }
            }
            guard waitForWork() else { return }
        }
    }

    /// - Returns: `false` when this thread is not needed any more.
    private func waitForWork() -> Bool {
        state.withLock { $0.idle += 1 }
        let signalled = semaphore.wait(seconds: 10)
        return state.withLock { state in
            state.idle -= 1
            // A job that came together with the end of the wait must not be left behind.
            guard !signalled, state.waiting.isEmpty, state.waitingSuspects.isEmpty else { return true }
            state.threads -= 1
            return false
        }
    }
}

/// A counting semaphore of the system.
///
/// `@unchecked Sendable`: sem_t is made for use by several threads; the pointer never changes.
private final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() {
        sem_post(semaphore)
    }

    /// - Returns: whether there was a signal within the time.
    func wait(seconds: Int) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += seconds
        while sem_timedwait(semaphore, &end) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
