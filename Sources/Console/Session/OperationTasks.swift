import Synchronization

/// What is being carried out, in tasks that outlive the session: a step that has begun is never cut off.
final class OperationTasks: Sendable {
    private let tasks = Mutex<[Int: Task<Void, Never>]>([:])

    /// Begins something under a number.
    func start(_ number: Int, _ work: @escaping @Sendable () async -> Void) {
        let task = Task { await work() }
        tasks.withLock { $0[number] = task }
    }

    /// Asks it to stop before its next step.
    func stop(_ number: Int) {
        tasks.withLock { $0[number] }?.cancel()
    }

    func stopAll() {
        for task in tasks.withLock({ Array($0.values) }) { task.cancel() }
    }

    /// Waits until nothing is carried out any more.
    func finish() async {
        for task in tasks.withLock({ Array($0.values) }) { await task.value }
    }
}
