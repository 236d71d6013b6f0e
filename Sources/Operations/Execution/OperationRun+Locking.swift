import Refactoring
import Storage
import Topology

/// Whom an operation holds while it runs.
extension OperationRun {
    /// In the order of addresses, so that of two batons one gets them all.
    ///
    /// A source that is only left, or that baton does not know, may not answer: the operation goes on without its lock,
    /// and the journal holds it all the same.
    func takeLocks() async throws(OperationError) {
        let addresses = plan.concerned(in: fleet).filter { !unlocked.contains($0) }
        await servers.prepare(addresses)
        let required = serversToLock
        for address in addresses.sorted() {
            do throws(ServerTrouble) {
                locks[address] = try await servers.lock(address)
            } catch {
                if case .locked(_, let holder) = error { throw .held(address, by: holder) }
                if required.contains(address) { throw .notLocked(address, error.description) }
                unlocked.insert(address)
            }
        }
    }

    /// Those without whose lock nothing is begun: where statements run, and the new sources of replicas. Taking back must
    /// be possible to a source that has died meanwhile.
    private var serversToLock: Set<InstanceAddress> {
        guard operation.record.undoes == nil else { return Set(plan.instances) }
        let sources = plan.steps.flatMap(\.newSources).map(fleet.canonical).filter { source in
            fleet.isEmpty || fleet[source]?.facts != nil
        }
        return Set(plan.instances).union(sources)
    }

    func releaseLocks() async {
        await withTaskGroup(of: Void.self) { group in
            for (_, lock) in locks.sorted(by: { $0.key < $1.key }) { group.addTask { await lock.release() } }
        }
        locks = [:]
    }

    /// What is wrong with the lock on its server or, where it leads that to another source, with those on that one and on
    /// all above it.
    func lockTrouble(of index: Int) async -> String? {
        let step = plan.steps[index]
        let sources = step.newSources.map(fleet.canonical)
        for address in [step.instance] + sources {
            guard let lock = locks[address] else {
                // Only a source may be without one, where it did not answer.
                if address != step.instance { continue }
                return "there is no lock on \(address)"
            }
            if let trouble = (await lock.standing()).trouble(of: address) { return trouble }
        }
        return await lockTrouble(above: index, besides: Set([step.instance] + sources))
    }
}
