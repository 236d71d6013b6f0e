import Refactoring
import Storage
import Topology

extension OperationRun {
    /// What came of it, with what there is to decide.
    func report(_ ending: OperationReport.Ending) async -> OperationReport {
        var report = OperationReport(
            operation: operation.id, ending: ending, durations: durations, changedOptions: changedOptions, states: [:],
            choices: [], journalTrouble: nil)
        report.writesBlocked = writesBlocked
        report.remarks = remarks
        guard ending != .done else { return report }
        for address in touched.union(operation.begunSteps.map { plan.steps[$0].instance }).sorted() {
            do throws(ServerTrouble) {
                report.states[address] = try await servers.probe(address).replicationInWords
            } catch {
                // It stands beside the server's name.
                let (words, name) = (error.description, "\(address) ")
                report.states[address] = words.hasPrefix(name) ? String(words.dropFirst(name.count)) : words
            }
        }
        guard !hasNothingToDecide(ending) else { return report }
        report.choices = [.resume] + (await canBeRolledBack ? [.rollBack] : []) + [.leave]
        return report
    }

    /// Whether the server refused to end a query: mostly it has ended by itself meanwhile. Nothing was changed, and to
    /// try again is a new operation.
    private func hasNothingToDecide(_ ending: OperationReport.Ending) -> Bool {
        if writesBlocked?.end == .backedOut, !hasChangedBeforeBlock { return true }
        guard case .failed(let failures) = ending, failures.allSatisfy(\.wasRefused) else { return false }
        return plan.steps.allSatisfy { step in
            step.commands.allSatisfy { if case .killQuery = $0 { true } else { false } }
        }
    }

    /// Whether it did anything, all of which can be taken back step by step.
    private var canBeRolledBack: Bool {
        get async {
            // The journal knows what this run began besides what earlier ones did; unread, it is offered and tried.
            guard let operation = try? await journal.operation(operation.id) else { return !touched.isEmpty }
            let begun = operation.begunSteps
            return !begun.isEmpty && plan.objectionToRollingBack(begun) == nil
        }
    }

    func writeEnd(_ report: OperationReport) async throws(OperationError) {
        switch report.ending {
        case .done:
            // The other one first: killed in between, this one is still open, and ends here again when it is resumed.
            if let undone = operation.record.undoes { try await journal.settle(undone, .takenBack, report: nil) }
            let words = (changedOptions.map(\.description) + remarks + [writesBlocked?.sentence].compactMap(\.self))
                .joined(separator: "; ")
            try await journal.end(operation.id, .done, report: words.isEmpty ? nil : words)
        case .failed(let failures):
            // Where the journal itself failed, its last line is what is known; it may well fail again.
            let words = failures.map(\.description).joined(separator: "; ")
            try await journal.end(
                operation.id, hasNothingToDecide(report.ending) ? .notBegun : .failed, report: words)
        case .stopped(let next):
            try await journal.end(operation.id, .stopped, report: "stopped before step \(next + 1)")
        }
    }
}

extension InstanceFacts {
    /// Whom it follows and whether its threads run, channel by channel.
    var replicationInWords: String {
        guard !channels.isEmpty else { return "is no replica, \(writability.rawValue)" }
        return channels.map { channel in
            let name = channel.name.isEmpty ? "" : "channel \(channel.name): "
            let source = channel.source.map { "follows \($0)" } ?? "follows nobody"
            let errors = [channel.receiverError, channel.applierError].compactMap { $0 }
                .map { ", error \($0.code): \($0.message)" }.joined()
            return
                "\(name)\(source), receiver \(channel.receiver.rawValue), applier \(channel.applier.rawValue)\(errors)"
        }.joined(separator: "; ")
    }
}
