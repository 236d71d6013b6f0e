import Foundation
import Refactoring
import Storage
import Topology

extension JournaledOperation {
    /// Places in two logs that the operation found to be the same: where the replica stood in its old source's log when it
    /// was told to go on at a place of its new source's.
    ///
    /// Empty where it was not done, where a log was begun anew by it, and where a server did not prove that its log went on.
    public var equivalences: [Equivalence] {
        guard record.outcome == .done || record.outcome == .takenBack,
            !plan.steps.contains(where: { $0.commands.contains(.resetBinaryLogs) })
        else { return [] }
        return plan.steps.flatMap { step in
            step.commands.compactMap { equivalence(of: $0, in: step) }
        }
    }

    private func equivalence(of command: Command, in step: Step) -> Equivalence? {
        guard case .changeSource(let channel, let change) = command, let target = change.source,
            case .binlog(let late)? = change.positioning, let there = late.value(observed)
        else { return nil }
        var (source, here): (InstanceAddress?, BinlogPosition?)
        for expectation in step.preconditions {
            switch expectation {
            case .follows(let address, channel): source = address
            case .executed(let place, channel): here = place.value(observed)
            default: break
            }
        }
        guard let source, let here, source != target, let left = observed.series(of: source),
            let reached = observed.series(of: target)
        else { return nil }
        return Equivalence(Equivalence.Place(source, here, in: left), Equivalence.Place(target, there, in: reached))
    }
}

extension Observed {
    /// The series of a server's binary log when the operation began; `nil` where the server did not prove any.
    func series(of address: InstanceAddress) -> BinaryLogSeries? {
        let text = self[Observation(.binaryLogSeries, of: address)]
        return text.flatMap { try? JSONDecoder().decode(BinaryLogSeries.self, from: Data($0.utf8)) }
    }

    mutating func note(_ series: BinaryLogSeries, of address: InstanceAddress) {
        guard let text = try? JournalText.encode(series) else { return }
        note(text, for: Observation(.binaryLogSeries, of: address))
    }
}
