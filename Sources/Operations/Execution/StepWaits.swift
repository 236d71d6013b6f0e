import Refactoring
import Topology

/// What the steps at work wait for, as far as an operation has told; several may be at work at once.
public struct StepWaits: Hashable, Sendable {
    /// From when on it is told what a step waits for that has not said so itself: most answer before.
    private static let patience: Duration = .seconds(1)

    private var told: [Int: String] = [:]
    /// What was sent and is not answered yet.
    private var sent: [Int: [String]] = [:]

    public init() {}

    /// Takes what the executor tells.
    public mutating func take(_ event: OperationEvent) {
        switch event {
        case .sending(let index, let statements):
            told[index] = nil
            sent[index] = statements
        case .waiting(let index, let words): told[index] = words
        case .plannedAnew: (told, sent) = ([:], [:])
        case .began, .stepBegan, .stepEnded, .stepSkipped, .stepFailed, .hook, .ended: break
        }
    }

    /// What a step at work waits for, as a noun phrase or a clause; `nil` while it does not wait.
    ///
    /// - Parameter elapsed: how long the step has been at work.
    public func words(of index: Int, _ step: Step?, after elapsed: Duration) -> String? {
        if let words = told[index] { return words }
        guard elapsed > Self.patience, let step else { return nil }
        guard let statement = sent[index]?.last else { return "the connection to \(step.instance)" }
        return "the answer of \(step.instance) to \(statement)"
    }
}
