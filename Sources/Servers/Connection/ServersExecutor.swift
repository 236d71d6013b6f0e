/// Runs actors and tasks on the one thread that also waits for all connections.
///
/// Asking a server and taking its answer in are many small steps that belong to different actors. On the thread pool each
/// step wakes a thread, and that costs more than the step; here they follow each other on the thread that has just
/// received the answer (measured with eleven servers: 13 changes of threads a poll on the pool, 3 here).
///
/// What runs here must not block and must be short, because every connection waits for it.
public final class ServersExecutor: SerialExecutor, TaskExecutor {
    /// The only one, because there is one thread that waits for all connections.
    public static let shared = ServersExecutor()

    private init() {}

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        EventLoop.shared.submit { [self] in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    public func checkIsolated() {
        precondition(EventLoop.shared.isCurrentThread, "this belongs on the thread of the servers")
    }

    /// Does something on this executor's thread at that time, to about a millisecond. There is no taking back.
    public func wake(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) {
        EventLoop.shared.submit { EventLoop.shared.schedule(at: deadline, action) }
    }

    /// Does something on this executor's thread at that time, unless it is called off before; then nobody is woken. May be
    /// called on this executor's thread only.
    public func plan(
        at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void
    ) -> PlannedWake {
        checkIsolated()
        return EventLoop.shared.plan(at: deadline, action)
    }

    /// Something that is to be done, and can be called off.
    ///
    /// `@unchecked Sendable`: it is touched on the executor's thread only.
    public final class PlannedWake: @unchecked Sendable {
        /// `nil` once it was done or called off.
        private(set) var action: (@Sendable () -> Void)?

        init(_ action: @escaping @Sendable () -> Void) { self.action = action }

        /// Calls it off; on the executor's thread only.
        public func cancel() {
            ServersExecutor.shared.checkIsolated()
            action = nil
        }

        /// Does it, unless it was called off.
        func run() {
            let action = action
            self.action = nil
            action?()
        }
    }
}
