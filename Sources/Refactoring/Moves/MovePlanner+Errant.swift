import Topology

extension MovePlanner {
    /// Empty transactions on the primary under the errant GTIDs, so that all servers have executed them by name.
    func injectErrant(_ address: InstanceAddress, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let replica = try draft.server(address)
        let errant = try mysqlErrant(of: replica, draft)
        let root = draft.scene.forest.cluster(of: replica.address)?.primary
        guard let root, let primary = draft.fleet[root], primary.facts?.writability.isWritable == true else {
            throw PlanRefusal(
                ErrantCondition.noPrimary, "the cluster of \(replica.address) has no writable primary that is known",
                .command("baton gtid-errant-reset \(replica.address)"))
        }
        guard errant.transactionCount <= CommandDialect.mostEmptyTransactions else {
            throw PlanRefusal(
                ErrantCondition.tooMany,
                "\(errant.transactionCount) transactions are more than "
                    + "\(CommandDialect.mostEmptyTransactions), the most that are injected at once",
                .advice("make \(replica.address) anew from a copy of its source"))
        }
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: primary.address, "give the errant GTIDs empty transactions",
                        preconditions: primary.identityExpectation + [.writability(.writable)],
                        commands: [.injectEmptyTransaction(errant)], proof: [.hasExecuted(.known(errant))],
                        timeLimit: limits.statement + .milliseconds(20 * Int(errant.transactionCount)))
                ]
            ]))
        draft.object([differs(replica.address, "\(errant)")])
        draft.intent = "Inject empty transactions for \(errant), errant on \(replica.address), on \(primary.address)"
    }

    /// The replica's logs and executed set are made anew without them. Only at rest, because what it executes between
    /// looking and setting would be applied again; for the same reason the executed set has to be exactly the one that
    /// was planned with, also when the plan is gone on with much later.
    func resetErrant(_ address: InstanceAddress, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let replica = try draft.server(address)
        let errant = try mysqlErrant(of: replica, draft)
        guard draft.fleet.replicas(of: replica.address).isEmpty, draft.unreadReplicas(of: replica.address).isEmpty,
            draft.fleet.detached(from: replica.address).isEmpty
        else {
            throw PlanRefusal(
                ErrantCondition.hasReplicas, "\(replica.address) has replicas, which read from the logs that would go",
                .command("baton relocate-replicas \(replica.address) TARGET"),
                .command("baton gtid-errant-inject-empty \(replica.address)"))
        }
        guard replica.channels.allSatisfy({ FoundThreads($0).stop.isEmpty }),
            let writability = replica.facts?.writability, !writability.isWritable
        else {
            throw PlanRefusal(
                ErrantCondition.notAtRest,
                "\(replica.address) must be stopped and read-only, so that its GTIDs stand still",
                .command("baton stop-replica \(replica.address)"), .command("baton set-read-only \(replica.address)"))
        }
        guard case .mysql(let state)? = replica.facts?.gtid else { return }
        let kept = state.executed.subtracting(errant)
        let stopped = replica.channels.map { Expectation.stopped(.both, channel: $0.name) }
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: replica.address, "make logs and executed GTIDs anew without the errant ones",
                        preconditions: replica.identityExpectation + stopped
                            + [.writability(writability), .hasExecutedExactly(.known(state.executed))],
                        commands: [.resetBinaryLogs, .setVariable(.purgedGTIDs, to: kept.description)],
                        proof: [.hasExecutedExactly(.known(kept))], timeLimit: limits.statement)
                ]
            ]))
        draft.object([differs(replica.address, "\(errant)")])
        draft.intent = "Remove \(errant) from the GTIDs of \(replica.address), and its binary logs with them"
    }

    private func mysqlErrant(of replica: Instance, _ draft: PlanDraft) throws(PlanRefusal) -> GTIDSet {
        switch errantTransactions(of: replica.address, in: draft.fleet) {
        case .mysql(let errant): return errant
        case .mariadb(let gtids):
            let list = gtids.map(\.description).joined(separator: ", ")
            throw PlanRefusal(
                ErrantCondition.mariadb,
                "\(replica.address) left its source's history at \(list); MariaDB's GTIDs are positions, and one in the "
                    + "middle can be neither filled in nor taken out",
                .advice("make \(replica.address) anew from a copy of its source"))
        case .none, .unknown:
            throw PlanRefusal(
                ErrantCondition.none, "no errant transactions of \(replica.address) are known", .nothingToDo)
        }
    }

    private func differs(_ address: InstanceAddress, _ errant: String) -> Reason {
        Reason(
            ErrantCondition.dataDiffer,
            "the data of \(address) still differ from its source's by what \(errant) changed",
            remedies: [.advice("read the transactions with mysqlbinlog, and compare and mend the tables")])
    }
}
