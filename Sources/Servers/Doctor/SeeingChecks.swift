import Topology

/// What the doctor says of the server as a whole.
enum IdentityChecks {
    static func findings(_ examination: Examination, peers: [Instance]) -> [DoctorFinding] {
        [proxy(examination), serverID(examination, peers)].compactMap(\.self)
    }

    private static func proxy(_ examination: Examination) -> DoctorFinding? {
        guard let proxy = examination.facts.proxy else { return nil }
        let name =
            switch proxy {
            case .named(let name): name
            case .changingIdentity(let first, let second): "\(first), then \(second)"
            }
        return DoctorFinding(
            id: "proxy", area: .seeing, severity: .blocker, measured: "answered by a proxy: \(name)",
            why: "statements sent here may reach any server behind it",
            remedy: "give baton the addresses of the servers themselves")
    }

    private static func serverID(_ examination: Examination, _ peers: [Instance]) -> DoctorFinding? {
        let id = examination.facts.identity.serverID
        guard examination.facts.proxy == nil else { return nil }
        let twins =
            peers.filter { $0.address != examination.address && $0.facts?.identity.serverID == id }.map(\.address)
            + examination.channels.filter { $0.sourceServerID == id }.compactMap(\.source)
        var measured = "server_id = \(id)"
        if let twin = twins.first { measured += ", and so has \(twin)" }
        return DoctorFinding(
            id: "server-id", area: .configuration, severity: id == 0 || !twins.isEmpty ? .blocker : .fine,
            measured: measured,
            why: "replication needs a server_id that is not 0 and that no other server of the topology has",
            remedy: id == 0 || !twins.isEmpty ? "SET GLOBAL server_id = <a free number>, and in the option file" : nil)
    }
}

/// What baton can read there.
enum SeeingChecks {
    static func findings(_ examination: Examination) -> [DoctorFinding] {
        guard examination.facts.proxy == nil else { return [] }
        let refused = examination.facts.unavailable.map { fact in
            DoctorFinding(
                id: id(of: fact.fact), area: .seeing, severity: .warning,
                measured: "\(fact.fact): \(fact.message)" + (fact.code == 0 ? "" : " (error \(fact.code))"),
                why: "baton does not know this fact of the server, and decides without it", remedy: fact.remedy)
        }
        return refused + readable(examination)
            + [heartbeats(examination), workerErrors(examination), processes(examination)].compactMap(\.self)
    }

    /// What the probe asked for and got.
    private static func readable(_ examination: Examination) -> [DoctorFinding] {
        var wanted: [QueryPurpose] = [.replicaStatus]
        if examination.facts.binaryLog != nil { wanted += [.binaryLogStatus, .replicaList] }
        if examination.isMySQLFamily, examination.isReplica { wanted.append(.heartbeats) }
        if examination.facts.groupReplication != nil { wanted.append(.groupMembers) }
        let missing = Set(examination.facts.unavailable.map(\.fact))
        return wanted.filter { !missing.contains($0.fact) }.map { purpose in
            DoctorFinding(
                id: id(of: purpose.fact), area: .seeing, severity: .fine,
                measured: "\(purpose.fact): readable", why: "baton reads it with every poll")
        }
    }

    /// Heartbeats are asked of replicas only: where we may not see whether it is one, the grants tell.
    private static func heartbeats(_ examination: Examination) -> DoctorFinding? {
        guard !examination.isReplica else { return nil }
        return ungranted(
            .heartbeats, examination, why: "a quiet source and a frozen one look the same from its replicas")
    }

    /// Workers' errors are asked for only where an applier was stopped by one, and then it is late to learn of the GRANT.
    private static func workerErrors(_ examination: Examination) -> DoctorFinding? {
        guard !examination.facts.unavailable.contains(where: { $0.fact == QueryPurpose.workerErrors.fact }) else {
            return nil
        }
        return ungranted(
            .workerErrors, examination,
            why: "where a parallel applier stops, the replica status says only that one of its workers had an error")
    }

    /// A fact that replicas of the MySQL family have in tables, and that the probe had no reason to ask for: the finding
    /// that the grants are too few, `nil` where they are not.
    private static func ungranted(
        _ purpose: QueryPurpose, _ examination: Examination, why: String
    ) -> DoctorFinding? {
        let version = examination.facts.version
        guard examination.isMySQLFamily, examination.mayBeReplica, let grants = examination.grants else { return nil }
        let tables = MissingGrant.tables(for: purpose, version: version)
        guard !tables.allSatisfy({ grants.canRead(schema: MissingGrant.schema, table: $0) }) else { return nil }
        return DoctorFinding(
            id: id(of: purpose.fact), area: .seeing, severity: .warning, measured: "\(purpose.fact): not readable",
            why: why,
            remedy: MissingGrant.statement(for: purpose, version: version, account: examination.account))
    }

    private static func id(of fact: String) -> String { "see-" + fact.replacing(" ", with: "-") }

    /// Without PROCESS the server gives no error: it shows our own threads only.
    private static func processes(_ examination: Examination) -> DoctorFinding? {
        guard let grants = examination.grants else { return nil }
        let isGranted = grants.has(anyOf: ["PROCESS"])
        return DoctorFinding(
            id: "see-process-list", area: .seeing, severity: isGranted ? .fine : .note,
            measured: isGranted ? "process list: readable" : "process list: own threads only",
            why:
                "replicas without report_host are found by their dump threads alone, and before a switchover baton shows who is connected",
            remedy: isGranted
                ? nil
                : MissingGrant.statement(
                    for: .processList, version: examination.facts.version, account: examination.account))
    }
}
