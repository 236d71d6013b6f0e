import Topology

extension MovePlanner {
    func flush(_ address: InstanceAddress, _ draft: inout PlanDraft) throws(PlanRefusal) {
        let server = try serverWithLog(address, draft)
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: server.address, "begin a new binary log",
                        preconditions: server.identityExpectation, commands: [.flushBinaryLogs], proof: [],
                        timeLimit: limits.statement)
                ]
            ]))
        draft.intent = "Begin a new binary log on \(server.address)"
    }

    /// Refused while a replica stands before the file, which stays; files are compared by their numbers. A detached
    /// replica is to come back, and counts. Each is looked at once more before anything is removed.
    func purge(
        _ address: InstanceAddress, to file: String, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let server = try serverWithLog(address, draft)
        let first = BinlogPosition(file: file, offset: 0)
        guard first.fileNumber != nil else {
            throw PlanRefusal(
                LogCondition.noFile, "'\(file.sanitized)' is no binary log",
                .advice("name a file as `SHOW BINARY LOGS` does")
            )
        }
        if let end = server.facts?.binaryLog?.position {
            guard end.isComparable(with: first) else {
                throw PlanRefusal(
                    LogCondition.noFile,
                    "\(server.address) writes to \(end.file), and its logs are not named as \(file)",
                    .advice("name a file as `SHOW BINARY LOGS` does"))
            }
            guard first.fileNumber ?? 0 <= end.fileNumber ?? 0 else {
                throw PlanRefusal(
                    LogCondition.noFile, "\(server.address) writes to \(end.file), and has no \(file) yet",
                    .command("baton flush-binary-logs \(server.address)"))
            }
        }
        let logs = PurgedLogs(of: server, before: first)
        var looks: [Step] = []
        for replica in draft.unreadReplicas(of: server.address) {
            throw placeUnknown(replica, "where \(replica.address), which \(server.address) lists, stands", draft)
        }
        for found in draft.replicas(of: server.address) + draft.fleet.detached(from: server.address) {
            looks.append(
                Step(
                    stage: 0, on: found.address, "see that it no longer needs what is before \(file)",
                    preconditions: found.before, commands: [], proof: [try need(of: found, logs, draft)],
                    timeLimit: limits.statement))
        }
        draft.append(
            Stages([
                looks,
                [
                    Step(
                        stage: 0, on: server.address, "remove the binary logs before \(file)",
                        preconditions: server.identityExpectation, commands: [.purgeBinaryLogs(to: file)], proof: [],
                        timeLimit: limits.catchUp, waitsFor: "the server to remove files")
                ],
            ]))
        draft.object([
            Reason(
                LogCondition.purged,
                "what is before \(file) on \(server.address) is gone for replicas that are not known, and for restoring "
                    + "to a point in time",
                remedies: [.advice("keep a copy of the logs first")])
        ])
        draft.intent = "Purge the binary logs of \(server.address) before \(file)"
    }

    func kill(
        _ connection: UInt64, on address: InstanceAddress, _ draft: inout PlanDraft
    ) throws(PlanRefusal) {
        let server = try draft.server(address)
        draft.append(
            Stages([
                [
                    Step(
                        stage: 0, on: server.address, "kill the query of connection \(connection)",
                        preconditions: server.identityExpectation, commands: [.killQuery(connection: connection)],
                        proof: [], timeLimit: limits.statement)
                ]
            ]))
        draft.intent = "Kill the query of connection \(connection) on \(server.address)"
    }

    /// What shows that a replica needs nothing before the file.
    private func need(
        of found: FoundReplica, _ logs: PurgedLogs, _ draft: PlanDraft
    ) throws(PlanRefusal) -> Expectation {
        let need = try logs.need(of: found.reference, found.channel, found.instance.facts)
        // What is past the file was so when it last answered, and can't be looked at once more.
        if found.instance.contact.failure != nil {
            throw placeUnknown(found.instance, "where \(found.reference) stands now", draft)
        }
        return need
    }

    /// Nothing may be removed while a replica can't be asked.
    private func placeUnknown(_ replica: Instance, _ what: String, _ draft: PlanDraft) -> PlanRefusal {
        let silence = draft.silence(of: replica)
        return PlanRefusal(
            LogCondition.placeUnknown, "\(what) is not known: \(silence.sentence)", measured: silence.measured,
            .command("baton doctor \(replica.address)"),
            .advice("bring \(replica.address) back first, or drop it with `baton forget` if it is gone for good"))
    }

    private func serverWithLog(_ address: InstanceAddress, _ draft: PlanDraft) throws(PlanRefusal) -> Instance {
        let server = try draft.server(address)
        guard server.facts?.binaryLog != nil else {
            throw PlanRefusal(
                LogCondition.off, "\(server.address) has no binary log", .optionFile("log_bin = ON", on: server.address)
            )
        }
        return server
    }
}
