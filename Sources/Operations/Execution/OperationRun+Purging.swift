import Refactoring
import Topology

/// Binary logs are removed for good, so that it is not enough that the replicas of the plan were looked at: one may have
/// come since, and an operation that is gone on with looked days ago.
extension OperationRun {
    /// Looks, just before a step removes binary logs, at every replica that may need them.
    ///
    /// - Parameter facts: of the step's server, read just now; it lists who is connected.
    func lookForReplicas(of index: Int, _ facts: InstanceFacts) async throws(StepFailure) {
        guard let logs = PurgedLogs(plan.steps[index], facts) else { return }
        let planned = plan.steps.filter(\.commands.isEmpty).map(\.instance)
        let replicas = logs.replicas(in: fleet).union(planned)
        let looks = await looks(at: replicas)
        for replica in replicas.sorted() {
            guard let found = looks[replica] else {
                throw stepRun(index).failure(
                    .precondition, "\(replica) does not answer, and may need what would be removed")
            }
            if let objection = logs.objection(of: replica, found, in: fleet) {
                throw stepRun(index).failure(.precondition, objection)
            }
        }
    }
}
