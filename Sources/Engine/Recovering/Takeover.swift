import Operations
import Refactoring
import Synchronization

/// The moment in a recovery from which on another server takes the cluster's writes.
///
/// It comes before the end: its replicas are led below it meanwhile, and one of them may fail or take long.
final class Takeover: Sendable {
    private let consequence: @Sendable (Succession) async -> Void
    private let state = Mutex<(Succession, Task<Void, Never>)?>(nil)

    /// - Parameter consequence: what is done then, once, beside the rest of the recovery.
    init(_ consequence: @escaping @Sendable (Succession) async -> Void) {
        self.consequence = consequence
    }

    /// What was taken over, when everything is done that comes of it; `nil` where it has not come to that.
    var value: Succession? {
        get async {
            guard let (succession, task) = state.withLock({ $0 }) else { return nil }
            await task.value
            return succession
        }
    }

    /// Listens to a plan that is carried out, and passes on what it hears.
    func watching(
        _ plan: Plan, tell: @escaping @Sendable (OperationEvent) -> Void
    ) -> @Sendable (OperationEvent) -> Void {
        guard let succession = plan.succession, succession.isTakeover, let step = plan.promotionStep else {
            return tell
        }
        return { event in
            switch event {
            case .stepEnded(step, _), .stepSkipped(step): self.begin(succession)
            default: break
            }
            tell(event)
        }
    }

    private func begin(_ succession: Succession) {
        state.withLock { [consequence] state in
            if state == nil { state = (succession, Task { await consequence(succession) }) }
        }
    }
}

extension Succession {
    /// Whether another server takes writes by it while the one that had them is lost.
    fileprivate var isTakeover: Bool {
        switch occasion {
        case .failover, .forcedFailover, .coPrimary: successor != nil
        case .switchover, .intermediateSource, .rejoin, .semiSync, .writability: false
        }
    }
}
