import Refactoring
import Topology

/// While a failover waits, as for what a replica has received to be applied, the primary that it gives up may come back and
/// take writes. So it is looked at each second until somebody is promoted.
///
/// That is done beside the steps: one that hangs holds nobody up, and a failover that is over within a second asks nobody.
extension OperationRun {
    /// Before each look, the first with it.
    private static let pauseBeforeLook = Duration.seconds(1)

    private var primaryTakenForDead: InstanceAddress? {
        plan.primaryTakenForDead(begun: operation.begunSteps).map(fleet.canonical)
    }

    /// Looks at it until the run is over.
    func watchGivenUp() async {
        guard let address = primaryTakenForDead else { return }
        while true {
            try? await Task.sleep(for: Self.pauseBeforeLook)
            guard !Task.isCancelled else { return }
            let facts = try? await servers.probe(address)
            answersAgain = facts != nil
        }
    }

    /// Why a stage is not begun that would promote somebody beside a primary that is back: others follow the new primary in
    /// the same stage, so that nothing of it may run.
    func objectionOfReturned(to stage: [Int]) -> StepFailure? {
        guard answersAgain, let promotion = plan.promotionStep, stage.contains(promotion),
            let address = primaryTakenForDead
        else { return nil }
        let failure = stepRun(promotion).failure(
            .precondition,
            "\(address) answers again, and clients may write on it: nobody is promoted beside it. Rolling back starts "
                + "replication from it again")
        progress(.stepFailed(failure))
        return failure
    }
}
