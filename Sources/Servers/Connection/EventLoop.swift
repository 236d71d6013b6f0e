import CLinux
import Glibc
import HeapModule
import Synchronization
import Topology

/// One thread that waits for all connections at once (epoll) and for all deadlines.
///
/// Everything it calls runs on that thread and must not block. Sockets are watched edge-triggered, for everything, once:
/// the client libraries read until there is nothing left before they ask to wait, so a query costs no call of epoll_ctl.
///
/// `@unchecked Sendable`: `inbox` has its lock, `thread` is atomic, the descriptors never change, and everything else is
/// touched by the loop's thread only.
final class EventLoop: @unchecked Sendable {
    /// The loop that all connections share.
    static let shared = EventLoop()

    /// Something that wants to hear of its socket.
    protocol Watcher: AnyObject {
        /// The socket became ready; `events` are those of epoll_wait(2).
        func ready(events: UInt32)
    }

    private struct Timer: Comparable {
        let deadline: ContinuousClock.Instant
        let action: () -> Void
        /// Set where it can be called off.
        var plan: ServersExecutor.PlannedWake?

        var isCalledOff: Bool { plan.map { $0.action == nil } ?? false }

        static func < (left: Timer, right: Timer) -> Bool { left.deadline < right.deadline }
        static func == (left: Timer, right: Timer) -> Bool { left.deadline == right.deadline }
    }

    private let epoll: Int32
    private let wakeUp: Int32
    private let inbox = Mutex<[@Sendable () -> Void]>([])
    /// The loop's thread, as pthread_self(3) names it; 0 before it runs.
    private let thread = Atomic<UInt>(0)
    /// Work that was submitted on the loop's own thread, which needs no waking.
    private var ownWork: [@Sendable () -> Void] = []
    private var watchers: [UInt64: any Watcher] = [:]
    private var lastWatcher: UInt64 = 0
    private var timers = Heap<Timer>()

    private init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard epoll >= 0, wakeUp >= 0 else {
            fatalError("no descriptors for waiting on connections: \(String(cString: strerror(errno)))")
        }
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: 0))
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        SystemThread.start(named: "baton-servers") { [self] in run() }
    }

    var isCurrentThread: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    /// Runs `work` on the loop's thread, in order of submission by one thread, and never within this call.
    func submit(_ work: @escaping @Sendable () -> Void) {
        if isCurrentThread {
            ownWork.append(work)
            return
        }
        let wasEmpty = inbox.withLock { inbox in
            inbox.append(work)
            return inbox.count == 1
        }
        guard wasEmpty else { return }
        var one: UInt64 = 1
        _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    // MARK: On the loop's thread

    /// Watches a socket; the first event comes at once where it is ready already. `nil` without the system's memory.
    func watch(_ socket: Int32, _ watcher: any Watcher) -> UInt64? {
        lastWatcher += 1
        let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        var event = epoll_event(events: interest, data: epoll_data_t(u64: lastWatcher))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0 else { return nil }
        watchers[lastWatcher] = watcher
        return lastWatcher
    }

    func unwatch(_ socket: Int32, _ registration: UInt64) {
        watchers[registration] = nil
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
    }

    /// Runs `action` at that time. There is no taking back: the action finds out whether it still matters.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) {
        timers.insert(Timer(deadline: deadline, action: action))
    }

    /// Runs `action` at that time, unless it is called off: then nobody is woken for it.
    func plan(
        at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void
    ) -> ServersExecutor.PlannedWake {
        let plan = ServersExecutor.PlannedWake(action)
        timers.insert(Timer(deadline: deadline, action: { plan.run() }, plan: plan))
        return plan
    }

    private func dropTimersCalledOff() {
        while let first = timers.min, first.isCalledOff { timers.removeMin() }
    }

    private func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            dropTimersCalledOff()
            let wait = ownWork.isEmpty ? milliseconds(to: timers.min?.deadline) : 0
            let count = epoll_wait(epoll, &events, Int32(events.count), wait)
            for index in 0..<Int(max(count, 0)) {
                let registration = events[index].data.u64
                if registration == 0 {
                    runInbox()
                } else {
                    watchers[registration]?.ready(events: events[index].events)
                }
            }
            runTimers()
            runOwnWork()
        }
    }

    /// Runs what the loop's own work asked for, and what that asks for; but now and then sockets have their turn.
    private func runOwnWork() {
        var rounds = 0
        while !ownWork.isEmpty, rounds < 100 {
            rounds += 1
            let work = ownWork
            ownWork = []
            for item in work { item() }
        }
    }

    private func runInbox() {
        var count: UInt64 = 0
        _ = read(wakeUp, &count, MemoryLayout<UInt64>.size)
        let work = inbox.withLock { inbox in
            let all = inbox
            inbox = []
            return all
        }
        for item in work { item() }
    }

    private func runTimers() {
        guard let first = timers.min else { return }
        let now = ContinuousClock.now
        guard first.deadline <= now else { return }
        while let next = timers.min, next.deadline <= now {
            timers.removeMin().action()
        }
    }

    /// Rounded up, so that a timer is due when the wait ends.
    private func milliseconds(to deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = (deadline - .now).wholeMicroseconds
        return left <= 0 ? 0 : Int32(min((left + 999) / 1000, 60_000))
    }
}
