import Diagnosis
import Discovery
import Operations
import Recovery
import Refactoring
import Topology

/// A failure looked at anew for the purpose of recovering it.
struct FreshFailure: Sendable {
    /// What is the matter now.
    var failure: Failure
    /// The fleet as it was just read.
    var diagnosis: Diagnosis
    /// What the rules look at.
    var scene: RuleScene
    /// Servers that answered before and have not answered now, the failed one left out.
    var unanswered: [InstanceAddress]
}

extension Engine {
    /// How long a failed server is waited for, the time counted for which it has not answered already: one that died refuses
    /// at once, and one that hangs answers no sooner for being waited for.
    private static let patienceWithFailed = Duration.milliseconds(300)
    /// How long the others are waited for, which answer in milliseconds where all is well.
    private static let patience = Duration.seconds(2)

    /// Asks a failed server and all others of its cluster now, all at once; `nil` where nothing is the matter any more.
    func look(atFailed failed: InstanceAddress, marks: OperatorMarks) async -> FreshFailure? {
        guard let latest, let discovery else { return nil }
        let cluster = latest.diagnosis.forest.cluster(of: failed)?.members ?? [failed]
        let others = cluster.filter { $0 != failed && latest.fleet[$0]?.contact.isReachable == true }
        let patience = Self.patienceWithFailed - (await discovery.waiting(for: failed) ?? .zero)
        async let atFailed = discovery.look(at: [failed], within: max(.zero, patience))
        let atOthers = await discovery.look(at: others, within: Self.patience)
        _ = await atFailed
        let fleet = await discovery.look(at: [], within: .zero).fleet
        let reads = await discovery.lastReads()
        let locks = (try? await desk.locks()) ?? [:]
        return await Self.examine(
            failed, fleet, after: latest.diagnosis, desk, reads, locks, marks,
            unanswered: Set(atOthers.unanswered + others.filter { fleet[$0]?.contact.isReachable != true }).sorted())
    }

    /// Outside this actor, which meanwhile goes on answering wishes.
    @concurrent
    private static func examine(
        _ failed: InstanceAddress, _ fleet: Fleet, after last: Diagnosis, _ desk: OperationDesk,
        _ reads: [InstanceAddress: Timestamp], _ locks: [InstanceAddress: String], _ marks: OperatorMarks,
        unanswered: [InstanceAddress]
    ) async -> FreshFailure? {
        let moment = desk.now()
        var inputs = last.inputs
        inputs.marks = marks
        inputs.now = moment
        let diagnosis = Diagnosis(of: fleet, after: last, inputs: inputs)
        guard let failure = diagnosis.failures.failure(of: failed) else { return nil }
        let scene = desk.scene(
            of: fleet, forest: diagnosis.forest, lastReads: reads, locks: locks, marks: marks, now: moment)
        return FreshFailure(failure: failure, diagnosis: diagnosis, scene: scene, unanswered: unanswered)
    }

    /// What the rules look at, after the servers of a cluster that answer were asked anew.
    func freshScene(around failed: InstanceAddress, marks: OperatorMarks) async -> RuleScene? {
        guard let latest, let discovery else { return nil }
        let members = latest.diagnosis.forest.cluster(of: failed)?.members ?? []
        let answering = members.filter { $0 != failed && latest.fleet[$0]?.contact.isReachable == true }
        let fleet = await discovery.look(at: answering, within: Self.patience).fleet
        return desk.scene(of: fleet, lastReads: await discovery.lastReads(), marks: marks, now: desk.now())
    }

    /// The same around a server that is well and asked with them, with whoever holds which.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    func sceneAnew(around server: InstanceAddress, marks: OperatorMarks) async throws -> RuleScene? {
        guard let latest, let discovery else { return nil }
        let members = latest.diagnosis.forest.cluster(of: server)?.members ?? [server]
        let answering = members.filter { latest.fleet[$0]?.contact.isReachable == true }
        let fleet = await discovery.look(at: answering, within: Self.patience).fleet
        return desk.scene(
            of: fleet, lastReads: await discovery.lastReads(), locks: try await desk.locks(), marks: marks,
            now: desk.now())
    }
}

extension Engine {
    /// Carries a plan of recovery out that was confirmed. Where a replica turns out to have received more than it was made by,
    /// the servers are asked again, and a new plan is carried out if it keeps what was confirmed.
    ///
    /// - Parameters:
    ///   - wish: what the plan was made for.
    ///   - verdict: what was said of it when it was confirmed.
    ///   - limit: how long its steps wait for appliers; `nil` for as long as the settings say.
    /// - Throws: ``OperationError`` where it was not begun.
    public func recover(
        _ plan: Plan, _ wish: RecoveryWish, confirmed verdict: Verdict, waitingAtMost limit: Duration? = nil,
        reason: String = "", progress: @escaping @Sendable (OperationEvent) -> Void = { _ in }
    ) async throws(OperationError) -> OperationReport {
        try await run(plan, reason: reason, confirmed: verdict) { succession in
            guard let latest = await self.latest,
                let scene = await self.freshScene(around: succession.failed, marks: latest.marks)
            else { throw CancellationError() }
            let wish = Wish.recovery(wish.keeping(succession))
            return (self.desk.plan(wish, waitingAtMost: limit, in: scene), scene)
        } progress: {
            progress($0)
        }
    }
}
