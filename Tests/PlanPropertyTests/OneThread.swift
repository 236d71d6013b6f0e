import Dispatch

/// Runs tasks one after another, in the order in which they became ready, so that a run is the same every time.
final class OneThread: TaskExecutor {
    private let queue = DispatchQueue(label: "plan-properties")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
