import Refactoring
import Storage
import Topology

/// While a plan keeps clients from writing it is not left where it is: it comes to the end of that block, or goes back to its
/// beginning at once.
extension OperationRun {
    /// Whether nobody can write before that step.
    func isWithinBlock(_ index: Int) -> Bool {
        plan.writeBlock.map { index > $0.first && index <= $0.last } ?? false
    }

    /// Steps of an earlier attempt that ended within the block: what was read then may be untrue by now, and a lock that was
    /// held is gone.
    ///
    /// None where the new primary takes writes already, or may do so: then what was read is what the old one has to go on
    /// from, and the end of the new one's log is another since.
    func stepsOfOpenBlock(done: Set<Int>, _ looks: [InstanceAddress: InstanceFacts]) -> Set<Int> {
        guard let block = plan.writeBlock, !done.contains(block.last) else { return [] }
        let takesWrites = looks[block.newPrimary]?.writability.isWritable ?? true
        guard !operation.unsureSteps.contains(block.last) || !takesWrites else { return [] }
        return done.filter { $0 >= block.first && $0 < block.last }
    }

    /// Whether something that has a way back was done before writes were forbidden.
    var hasChangedBeforeBlock: Bool {
        guard let block = plan.writeBlock else { return true }
        return (0..<block.first).contains { index in
            !plan.steps[index].inverse.isEmpty && (isDone(index) || operation.doneSteps.contains(index))
        }
    }

    /// Takes back what was begun of the block when a step of it failed, unless the new primary takes writes already or may
    /// do so.
    ///
    /// - Returns: the failures, with what has become of the writes.
    func allowWritesAgain(after failures: [StepFailure]) async -> [StepFailure] {
        guard let block = plan.writeBlock, var failure = failures.first,
            (block.first...block.last).contains(failure.step)
        else { return failures }
        let begun = (block.first...failure.step).filter { index in
            if index == failure.step { return failure.phase == .statements || failure.phase == .proof }
            return isDone(index) || operation.begunSteps.contains(index)
        }
        if begun.contains(block.last), let doubt = await doubt(of: failure, block) {
            endBlock(.blocked(doubt))
        } else {
            let back = begun.filter { !plan.steps[$0].inverse.isEmpty }
            guard !back.isEmpty else { return failures }
            let troubles = await withTaskGroup(of: StepFailure?.self, returning: [StepFailure].self) { group in
                // At once: that the candidate replicates again is nothing that writes have to wait for.
                for index in back { group.addTask { await self.takeBackAtLast(index) } }
                var troubles: [StepFailure] = []
                for await trouble in group {
                    if let trouble { troubles.append(trouble) }
                }
                return troubles
            }
            if let trouble = troubles.first(where: { $0.step == block.first && $0.phase != .journal }) {
                endBlock(.blocked("\(trouble)"))
            }
            for trouble in troubles where trouble.step != block.first {
                failure.message += ". \(trouble.instance) is not as before: \(trouble.message)"
            }
        }
        if let words = blockInWords { failure.message += ". " + words.prefix(1).uppercased() + words.dropFirst() }
        return [failure] + failures.dropFirst()
    }

    /// Why nobody knows whether the new primary takes writes, or that it does; `nil` where it surely does not.
    private func doubt(of failure: StepFailure, _ block: WriteBlock) async -> String? {
        if failure.didNothing { return nil }
        let look = try? await servers.probe(block.newPrimary)
        guard let look else { return "\(block.newPrimary) does not answer, and may take them" }
        guard !look.writability.isWritable else {
            return "\(block.newPrimary) takes them already; resume the operation"
        }
        return failure.isSettled || failure.phase == .proof ? nil : "\(block.newPrimary) may still come to take them"
    }

    /// Runs what takes a step back, apart from its place in the plan.
    private func takeBack(_ index: Int) async throws(StepFailure) {
        let inverse = plan.steps[index].inverted(stage: 0, isUnsure: true)
        let run = StepRun(index, inverse, servers: servers, fleet: fleet, clock: clock, progress: progress)
        let facts = try await run.look(.statements)
        let deadline = clock.now + Self.backingOutLimit
        _ = try await run.runCommands(facts, observed, before: deadline)
        _ = try await run.proved(observed, before: deadline)
        // Whatever else is taken back, clients write from now on.
        if index == plan.writeBlock?.first { endBlock(.backedOut) }
        try await journaling(run) { () async throws(OperationError) in
            try await journal.note(
                .refused, step: index, of: operation.id, note: "taken back, so that clients can write",
                observed: observed)
        }
    }

    /// How long it is tried to let clients write again.
    private static let backingOutLimit = Duration.seconds(10)

    /// Tries again and again, because nobody can write meanwhile.
    func takeBackAtLast(_ index: Int) async -> StepFailure? {
        let end = clock.now + Self.backingOutLimit
        var pause = Duration.milliseconds(10)
        while true {
            do throws(StepFailure) {
                try await takeBack(index)
                return nil
            } catch {
                guard error.phase != .journal, clock.now + pause < end else { return error }
                await clock.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }
}
