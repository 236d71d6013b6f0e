import Topology

/// What the doctor read from one server, before any judgement.
public struct Examination: Hashable, Sendable {
    /// The server, as it was asked for.
    public var address: InstanceAddress
    /// What a whole first probe read.
    public var facts: InstanceFacts
    /// As the server knows us, `'user'@'host'`; empty where it does not tell.
    public var account: String
    /// `nil` where the server does not tell them.
    public var grants: GrantedPrivileges?
    /// All global variables, names in lower case.
    public var variables: [String: String]

    /// Makes an examination from what was read, so that judgements can be made without a server.
    public init(
        address: InstanceAddress, facts: InstanceFacts, account: String, grants: GrantedPrivileges?,
        variables: [String: String]
    ) {
        self.address = address
        self.facts = facts
        self.account = account
        self.grants = grants
        self.variables = variables
    }

    /// The first of the variables that the server has: names changed over the versions.
    func variable(_ names: String...) -> (name: String, value: String)? {
        for name in names {
            if let value = variables[name] { return (name, value) }
        }
        return nil
    }

    func flag(_ names: String...) -> (name: String, isOn: Bool)? {
        for name in names {
            if let isOn = variables[name].flatMap(ResultRow.flag) { return (name, isOn) }
        }
        return nil
    }

    var isMySQLFamily: Bool { facts.version.flavor.isMySQLFamily }
    /// The channels that have a source.
    var channels: [ReplicationChannel] { facts.channels.filter { $0.source != nil } }
    var isReplica: Bool { !channels.isEmpty }
    /// Whether it reports a source of its own as its replica in turn, under the name by which it follows it.
    var isCoPrimary: Bool {
        channels.contains { channel in channel.source.map(facts.reportedReplicas.contains) ?? false }
    }
    /// Also where we may not see whether it is.
    var mayBeReplica: Bool {
        isReplica || facts.unavailable.contains { $0.fact == QueryPurpose.replicaStatus.fact }
    }
}

/// Reads what a ``DoctorReport`` is made from: a whole probe, and then the grants and all variables.
public enum Doctor {
    /// Examines a server over a connection of its own.
    ///
    /// - Throws: ``ConnectionError`` where there is no connection or it is lost; ``DoctorError`` where the server does
    ///   not say who it is.
    public static func examine(
        _ address: InstanceAddress, settings: ConnectionSettings, options: ProbeOptions = ProbeOptions()
    ) async throws -> Examination {
        let connection = try await Connection.open(to: address, settings: settings)
        defer { connection.close() }
        let session = ProbeSession(address: address, options: options, greeting: connection.serverVersion)
        session.begin(at: .now)
        while let batch = session.nextBatch() {
            session.take(try await connection.query(batch, timeout: options.readTimeout), at: .now)
        }
        guard let facts = session.facts else { throw DoctorError(address: address) }
        guard session.profile != nil else {
            return Examination(address: address, facts: facts, account: "", grants: nil, variables: [:])
        }
        let ask = { (statement: String) in
            try await connection.query([statement], timeout: options.readTimeout).results.first
        }
        let variables = try await ask("SHOW GLOBAL VARIABLES")?.namedValues ?? [:]
        return Examination(
            address: address, facts: facts, account: session.session.account,
            grants: try await grants(asking: ask).map(GrantedPrivileges.init), variables: variables)
    }

    /// The grants with those of the roles that are active.
    private static func grants(asking ask: (String) async throws -> ResultSet?) async throws -> [String]? {
        let role = try await ask("SELECT CURRENT_ROLE()")?.firstRow.raw(0)
        let hasRole = role.map { !$0.isEmpty && $0.uppercased() != "NONE" } ?? false
        guard let own = try await ask("SHOW GRANTS") else { return nil }
        var answers = [own]
        if hasRole, let role {
            // MySQL names the roles in the form that USING takes; MariaDB, which has one role at a time, has its own words.
            let statements = ["SHOW GRANTS FOR CURRENT_USER() USING \(role)", "SHOW GRANTS FOR CURRENT_ROLE"]
            for statement in statements {
                if let answer = try await ask(statement) { answers.append(answer) }
            }
        }
        return answers.flatMap { answer in answer.rows.compactMap { $0.raw(0) } }
    }
}

/// The server does not say who it is.
public struct DoctorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who was asked.
    public var address: InstanceAddress

    public var description: String {
        "\(address) answers, but not as a server does: it does not tell its version. Ask the server itself, not a proxy."
    }
}
