/// How a replica applies what it received: the settings of its parallel appliers.
public struct ParallelApplier: Hashable, Sendable {
    /// `replica_parallel_workers` (MySQL) or `slave_parallel_threads` (MariaDB); 0 and, on MySQL, 1 apply one
    /// transaction after the other.
    public var workers: Int
    /// `replica_preserve_commit_order` (MySQL, on by default since 8.0.27). Without it a stop by an error or a crash may
    /// leave gaps: transactions that were applied before earlier ones. MariaDB keeps the order within a domain in
    /// every mode, and is `true` here.
    public var preservesCommitOrder: Bool
    /// `slave_parallel_mode` of MariaDB; `nil` on MySQL.
    public var mode: String?

    /// Makes the settings; the defaults are MySQL's since 8.0.27.
    public init(workers: Int = 4, preservesCommitOrder: Bool = true, mode: String? = nil) {
        self.workers = workers
        self.preservesCommitOrder = preservesCommitOrder
        self.mode = mode
    }

    /// Whether transactions may have been committed before earlier ones, so that one position does not tell what was
    /// applied.
    public var mayLeaveGaps: Bool { workers > 1 && !preservesCommitOrder }
}
