import Foundation
import TestSupport
import Testing

/// Random disasters, and the plans that lead out of them, run by the real executor against simulated servers.
///
/// `BATON_SEED` plays one seed alone, as a failure names it; `BATON_CASES` sets how many are played, and `BATON_SOAK=1`
/// makes it ten times as many.
@Suite("Recoveries on random fleets")
struct DisasterTests {
    private static let environment = ProcessInfo.processInfo.environment

    private static var seeds: [UInt64] {
        if let chosen = environment["BATON_SEED"].flatMap({ UInt64($0) }) { return [chosen] }
        let count = environment["BATON_CASES"].flatMap { UInt64($0) } ?? 10_000
        return Array(7_000_001..<(7_000_001 + count * (environment["BATON_SOAK"] == nil ? 1 : 10)))
    }

    @Test("a source is lost: one primary at most, no loss but what was told, all follow who were not told as lost")
    func disasters() async {
        let started = ContinuousClock.now
        let seeds = Self.seeds
        let workers = ProcessInfo.processInfo.activeProcessorCount
        let outcomes = await withTaskGroup(of: [DisasterOutcome].self) { group in
            for worker in 0..<workers {
                let thread = OneThread()
                group.addTask(executorPreference: thread) {
                    var outcomes: [DisasterOutcome] = []
                    for index in stride(from: worker, to: seeds.count, by: workers) {
                        do {
                            outcomes.append(await (try DisasterTrial(seed: seeds[index], on: thread)).play())
                        } catch {
                            Issue.record("BATON_SEED=\(seeds[index]): no fleet: \(error)")
                        }
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for violation in outcomes.compactMap(\.violations.first).prefix(20) { Issue.record("\(violation)") }
        report(outcomes, ContinuousClock.now - started)
        if outcomes.count >= 1_000 { expectShares(outcomes) }
    }

    /// How often each ending comes in 1,000 cases at least, well below what was measured: were every plan refused, nothing
    /// could go wrong.
    private func expectShares(_ outcomes: [DisasterOutcome]) {
        let minima: [DisasterOutcome.Kind: Int] = [.done: 150, .resumed: 20, .plannedAnew: 20, .refused: 10]
        for (kind, minimum) in minima.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let count = outcomes.count { $0.kinds.contains(kind) }
            #expect(count * 1_000 >= minimum * outcomes.count, "only \(count) of \(outcomes.count): \(kind)")
        }
        for verb in ["failover", "recover"] {
            #expect(outcomes.count { $0.verb == verb } * 20 >= outcomes.count, "too few of \(verb)")
        }
    }

    private func report(_ outcomes: [DisasterOutcome], _ time: Duration) {
        var counts: [String: Int] = [:]
        for outcome in outcomes {
            for kind in outcome.kinds { counts["\(outcome.verb) \(kind.rawValue)", default: 0] += 1 }
        }
        let words = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let bad = outcomes.count { !$0.violations.isEmpty }
        print("\(outcomes.count) disasters in \(time.components.seconds) s, \(bad) bad: \(words)")
    }
}
