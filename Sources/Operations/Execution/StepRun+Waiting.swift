import Refactoring
import Topology

/// What a step waits for on its server besides its proof.
extension StepRun {
    /// Says statements again and again until the last of them answers so.
    func say(
        _ statements: [Statement], until goal: String, before deadline: Duration
    ) async throws(StepFailure) {
        progress(.sending(index, statements.map(\.text)))
        while true {
            let cell: String?
            do throws(ServerTrouble) {
                cell = try await servers.run(statements, on: step.instance, limit: deadline - clock.now).last ?? nil
            } catch {
                throw failure(.statements, error.description)
            }
            if cell == goal { return }
            let words = step.waitsFor ?? "\(goal)"
            guard clock.now < deadline else {
                let found = cell.map { ", and found \($0)" } ?? ""
                throw failure(.statements, "waited \(limitInWords) for \(words)\(found)")
            }
            progress(.waiting(index, words))
            await clock.sleep(for: Self.longestPause)
        }
    }

    /// Asks again and again, each time for a second, so that an applier that has stopped is noticed.
    func wait(
        _ statement: Statement, _ observed: Observed, before deadline: Duration
    ) async throws(StepFailure) {
        progress(.sending(index, [statement.text]))
        while true {
            let cell: String?
            do throws(ServerTrouble) {
                // The server itself comes back after a second.
                cell = try await servers.run([statement], on: step.instance, limit: .seconds(3)).first ?? nil
            } catch {
                throw failure(.statements, error.description)
            }
            switch (statement.answer, cell.flatMap { Int64($0) }) {
            case (.zeroWhenReached, 0): return
            case (.eventsWaitedFor, let events?) where events >= 0: return
            case (.eventsWaitedFor, nil):
                // One that was stopped there has nothing to wait for.
                if !step.proof.isEmpty, openProof(try await look(.statements), observed) == nil { return }
                throw failure(.statements, "the applier of \(step.instance) does not run")
            default: break
            }
            let facts = try await look(.statements)
            if let stopped = facts.channels.first(where: { $0.applier == .stopped && $0.applierError != nil }),
                let error = stopped.applierError
            {
                throw failure(
                    .statements, "the applier of \(step.instance) stopped with error \(error.code): \(error.message)")
            }
            // What was received may end within a transaction, and then the applier never comes to its end.
            if !step.proof.isEmpty, openProof(facts, observed) == nil { return }
            let words = step.waitsFor ?? "\(step.instance) to catch up"
            guard clock.now < deadline else {
                throw failure(.statements, "waited \(limitInWords) for \(words), in vain")
            }
            progress(.waiting(index, words))
        }
    }

    /// Looks until an applier that fills gaps has stopped, or has nothing left to apply, in which no gap can be.
    func waitForGaps(of name: String, before deadline: Duration) async throws(StepFailure) {
        var pause = Duration.milliseconds(1)
        while true {
            let facts = try await look(.statements)
            guard let channel = facts.channels.first(where: { $0.name == name }) else { return }
            if channel.applier == .stopped {
                guard let error = channel.applierError else { return }
                throw failure(
                    .statements, "the applier of \(step.instance) stopped with error \(error.code): \(error.message)")
            }
            let finding = Expectation.appliedReceived(channel: name).finding(in: facts, fleet: fleet)
            guard let found = finding.found else { return }
            guard clock.now < deadline else {
                throw failure(
                    .statements, "waited \(limitInWords) for \(step.waitsFor ?? "gaps to be filled"), but \(found)")
            }
            progress(.waiting(index, found))
            await clock.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
