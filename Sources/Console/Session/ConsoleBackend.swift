import Engine
import Operations
import Recovery
import Storage
import Topology

/// What the console draws from and wishes of: a running engine, or a fleet that only lies there, such as a snapshot
/// file. Tests put their own in place.
public protocol ConsoleBackend: Sendable {
    /// What is known, the latest first; ends when nothing more will come.
    func updates() async -> AsyncStream<EngineUpdate>

    /// Does one of ``ConsoleEffect/discover(_:)``, ``ConsoleEffect/forget(_:)``, ``ConsoleEffect/refreshAll``,
    /// ``ConsoleEffect/stoodStill``, ``ConsoleEffect/save(path:)``, ``ConsoleEffect/write(_:)``,
    /// ``ConsoleEffect/acknowledge(_:reason:)``, ``ConsoleEffect/givePassword(_:)``.
    ///
    /// - Returns: what the operator should be told; `nil` where what happens shows by itself.
    func perform(_ wish: ConsoleEffect) async -> Notice?

    /// The events of the past, oldest first; empty where nothing remembers them.
    func pastEvents() async -> [Event]

    /// What the rules say of every place for what is carried; `nil` where nothing can be moved.
    func judgement(of carry: Carry) async -> Judgement?

    /// Makes plans, one sheet for each subject.
    func plan(_ request: PlanRequest) async -> [PlanSheet]

    /// Carries something out that was confirmed; cancelling the task stops it before its next step.
    func act(
        _ deed: Deed, reason: String, progress: @escaping @Sendable (OperationEvent) -> Void
    ) async -> ActOutcome

    /// What the journal holds.
    func operations() async -> OperationsReading

    /// One operation with its plan; `nil` where it cannot be had.
    func operation(_ id: Int64) async -> JournaledOperation?

    /// What the store holds of recoveries.
    func recoveries() async -> RecoveriesReading

    /// What would block or harm a recovery of each cluster today.
    func readiness() async -> [Readiness]
}

/// What only looks needs none of it.
extension ConsoleBackend {
    public func judgement(of carry: Carry) async -> Judgement? { nil }

    public func plan(_ request: PlanRequest) async -> [PlanSheet] {
        request.subjects.map { _ in
            PlanSheet(
                refused: "nothing can be planned here", help: "open the console on live servers")
        }
    }

    public func act(
        _ deed: Deed, reason: String, progress: @escaping @Sendable (OperationEvent) -> Void
    ) async -> ActOutcome { .notBegun("nothing can be changed here") }

    public func operations() async -> OperationsReading { .read([], open: []) }

    public func operation(_ id: Int64) async -> JournaledOperation? { nil }

    public func readiness() async -> [Readiness] { [] }

    public func recoveries() async -> RecoveriesReading { .read(RecoveryBook()) }
}
