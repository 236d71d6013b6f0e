import Foundation
import TestSupport
import Testing

/// Random fleets and random moves, run by the real executor against simulated servers: 10,000 and more in a run.
///
/// `BATON_SEED` plays one seed alone, as a failure names it; `BATON_CASES` sets how many each test plays, and
/// `BATON_SOAK=1` makes it ten times as many.
@Suite("Whole plans on random fleets")
struct PlanPropertyTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// The seeds of a test.
    private static func seeds(_ count: UInt64, from first: UInt64) -> [UInt64] {
        if let chosen = environment["BATON_SEED"].flatMap({ UInt64($0) }) { return [chosen] }
        let count = environment["BATON_CASES"].flatMap { UInt64($0) } ?? count
        return Array(first..<(first + count * (environment["BATON_SOAK"] == nil ? 1 : 10)))
    }

    @Test(
        "a legal plan runs, loses and doubles nothing, ends as previewed, and can be undone; an illegal one says what helps"
    )
    func run() async {
        await play(
            Self.seeds(6_000, from: 1),
            atLeast: [.done: 400, .undone: 300, .notUndoable: 30, .refused: 200]
        ) { trial in await trial.run() }
    }

    @Test("killed at any moment, it is resumed, rolled back or left in a legal state, and the journal says which")
    func crash() async {
        await play(
            Self.seeds(2_500, from: 1_000_001),
            atLeast: [.left: 100, .resumed: 80, .rolledBack: 60]
        ) { trial in await trial.crashOnce() }
    }

    @Test("killed at every boundary of many plans, it can be resumed, rolled back and left")
    func crashEverywhere() async {
        await play(
            Self.seeds(300, from: 2_000_001),
            atLeast: [.left: 3_000, .resumed: 3_000, .rolledBack: 2_000]
        ) { trial in await trial.crashEverywhere() }
    }

    @Test("when something else was done since, undo restores what the plan changed and nothing else, or is refused")
    func interfere() async {
        await play(
            Self.seeds(1_200, from: 4_000_001),
            atLeast: [.interfered: 300, .undone: 200, .notUndoable: 50]
        ) { trial in await trial.interfere() }
    }

    @Test("lost connections and dead servers end it within its limits; it is resumed or rolled back when they return")
    func faults() async {
        await play(
            Self.seeds(1_000, from: 3_000_001),
            atLeast: [.done: 90, .resumed: 100, .left: 15, .doneAfterwards: 15]
        ) { trial in await trial.fault() }
    }

    @Test("plans of several operators who saw the same fleet, run at once or one after another, make no ring")
    func together() async {
        await play(
            Self.seeds(1_500, from: 5_000_001),
            atLeast: [.done: 1_000, .failed: 80, .notBegun: 200, .threatened: 20, .atOnce: 300, .inTurn: 300]
        ) { trial in await trial.together() }
    }

    @Test("killed, and resumed or rolled back when somebody else has acted meanwhile, it makes no ring")
    func meddle() async {
        await play(
            Self.seeds(1_500, from: 6_000_001),
            atLeast: [.interfered: 100, .resumed: 30, .rolledBack: 30, .failed: 5]
        ) { trial in await trial.meddle() }
    }

    /// Plays the seeds on as many threads as there are processors, each trial on one.
    ///
    /// - Parameter minima: how often each kind of ending comes in 1,000 cases at least, well below what was measured: were
    ///   every plan refused, nothing could go wrong.
    private func play(
        _ seeds: [UInt64], atLeast minima: [Outcome.Kind: Int],
        _ body: @escaping @Sendable (Trial) async -> Outcome
    ) async {
        let started = ContinuousClock.now
        let workers = ProcessInfo.processInfo.activeProcessorCount
        let outcomes = await withTaskGroup(of: [Outcome].self) { group in
            for worker in 0..<workers {
                let thread = OneThread()
                group.addTask(executorPreference: thread) {
                    var outcomes: [Outcome] = []
                    for index in stride(from: worker, to: seeds.count, by: workers) {
                        do {
                            outcomes.append(await body(try Trial(seed: seeds[index], on: thread)))
                        } catch {
                            Issue.record("BATON_SEED=\(seeds[index]): no fleet: \(error)")
                        }
                    }
                    return outcomes
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        for violation in outcomes.compactMap(\.violations.first).prefix(20) {
            Issue.record("\(violation)")
        }
        report(outcomes, ContinuousClock.now - started)
        // Few cases say nothing about shares.
        if outcomes.count >= 250 { expect(minima, of: outcomes) }
    }

    private func expect(_ minima: [Outcome.Kind: Int], of outcomes: [Outcome]) {
        for (kind, minimum) in minima.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let count = outcomes.reduce(0) { $0 + $1.kinds.count { $0 == kind } }
            #expect(count * 1_000 >= minimum * outcomes.count, "only \(count) of \(outcomes.count): \(kind)")
        }
        for method in ["gtid", "mariadb-gtid", "position", "in-place"] {
            let count = outcomes.count { $0.method.split(separator: "+").contains { $0 == method } }
            #expect(count * 100 >= outcomes.count, "only \(count) of \(outcomes.count) by \(method)")
        }
    }

    private func report(_ outcomes: [Outcome], _ time: Duration) {
        var counts: [String: Int] = [:]
        for outcome in outcomes {
            for kind in outcome.kinds { counts[kind.rawValue, default: 0] += 1 }
            if outcome.kinds.first != .refused { counts["\(outcome.verb) \(outcome.method)", default: 0] += 1 }
        }
        var words = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let boundaries = outcomes.reduce(0) { $0 + $1.boundaries }
        if boundaries > 0 { words += ", deaths at boundaries \(boundaries)" }
        let bad = outcomes.filter { !$0.violations.isEmpty }.count
        print(
            "\(outcomes.count) cases in \(time.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))), \(bad) bad: \(words)"
        )
    }
}
