import Topology

/// One connection's worth of probing, without the connection: it says what to ask, takes the answers, and knows the
/// facts. A poll is ``begin(at:)``, then ``nextBatch()`` and ``take(_:at:)`` until there is no further batch; in the
/// steady state that is one batch.
///
/// A class, because it is large: as a value it would be copied wherever a part of it is asked for.
final class ProbeSession {
    /// What the server turned out to be.
    enum Acquaintance: Hashable {
        case unknown
        case server(ServerProfile)
        /// A proxy that does not answer as a server does, by name.
        case proxy(String)
        /// It refused to say who it is.
        case refused(Refusal)
    }

    let address: InstanceAddress
    let options: ProbeOptions
    /// The version in the server's greeting, before any statement.
    let greeting: String
    /// The proxy that the greeting names.
    private let greetingProxy: String?
    private(set) var acquaintance = Acquaintance.unknown
    private(set) var session: SessionProfile
    /// A moment by both clocks, as of the last answer that told it: when connecting, and once a minute.
    private(set) var clock: ServerClock?

    private var findings = ProbeFindings()
    private var answers: [QueryPurpose: ResultSet] = [:]
    private var refusals: [QueryPurpose: Refusal] = [:]
    private var plan: ProbePlan?
    /// What this poll has asked already.
    private var asked: Set<QueryPurpose> = []
    /// The batch under way.
    private var current: [ProbeQuery] = []
    private var labelsDueAt: ContinuousClock.Instant?
    private var isLabelDue = false
    /// The settings as they were when it was read where their values come from.
    private var originsOf: VariableFacts.RestartRelevant?
    private var hasChanged = false
    private var hasAskedIdentityAgain = false

    /// - Parameter startedAt: when the server started as an earlier connection found, so that the figure, which is
    ///   exact to a second only, does not waver.
    init(address: InstanceAddress, options: ProbeOptions, greeting: String, startedAt: Timestamp? = nil) {
        self.address = address
        self.options = options
        self.greeting = greeting
        greetingProxy = ServerProfile.proxyName(version: greeting, comment: "")
        session = SessionProfile()
        session.startedAt = startedAt
    }

    var profile: ServerProfile? {
        if case .server(let profile) = acquaintance { profile } else { nil }
    }

    /// Whether a statement is to be tried again that a missing privilege forbade. A GRANT of a global privilege counts for
    /// new connections only (MySQL manual, "When Privilege Changes Take Effect"; MariaDB is alike), so that it has
    /// to be tried on another one.
    func needsNewConnection(at now: ContinuousClock.Instant) -> Bool {
        refusals.values.contains { $0.reason == .missingPrivilege && now >= $0.retryAt }
    }

    /// The host that was asked, which may be a name that the server does not know, and the port it calls its own.
    private func server(_ profile: ServerProfile) -> InstanceAddress {
        InstanceAddress(host: address.host, port: profile.port)
    }

    /// Starts a poll.
    func begin(at now: ContinuousClock.Instant) {
        asked.removeAll(keepingCapacity: true)
        hasChanged = false
        hasAskedIdentityAgain = false
        isLabelDue = labelsDueAt.map { now >= $0 } ?? true
        if isLabelDue { labelsDueAt = now + options.labelInterval }
        for (purpose, refusal) in refusals where now >= refusal.retryAt { refusals[purpose] = nil }
        // The introduction has just told the identity.
        if case .unknown = acquaintance { asked.insert(.identity) }
    }

    /// The statements to send next, `nil` when the poll is complete.
    func nextBatch() -> StatementBatch? {
        switch acquaintance {
        case .unknown:
            current = answers[.session] == nil ? ProbePlan.introduction : [ProbePlan.introduction[0]]
            return StatementBatch(current.map(\.sql))
        case .proxy:
            // The question again, for the sake of an answer: a proxy that hangs must be noticed.
            guard !asked.contains(.identity) else { return nil }
            current = [ProbePlan.proxyQuestion]
            return StatementBatch(current.map(\.sql))
        case .refused:
            guard current != [ProbePlan.proxyQuestion] else { return nil }
            current = [ProbePlan.proxyQuestion]
            return StatementBatch(current.map(\.sql))
        case .server(let profile):
            let plan = currentPlan(for: profile)
            if asked.isEmpty {
                current = plan.queries
                return current.isEmpty ? nil : plan.batch
            }
            current = plan.queries.filter { !asked.contains($0.purpose) }
            return current.isEmpty ? nil : StatementBatch(current.map(\.sql))
        }
    }

    /// Takes the answer to the last ``nextBatch()``.
    func take(_ answer: BatchAnswer, at now: ContinuousClock.Instant) {
        let queries = current
        for (query, result) in zip(queries, answer.results) {
            asked.insert(query.purpose)
            if query.purpose == .valueOrigins { originsOf = findings.variables.restartRelevant }
            if answers[query.purpose] == result { continue }
            answers[query.purpose] = result
            take(result, for: query)
            if query.purpose == .session, let time = session.now { clock = ServerClock(server: time, here: now) }
        }
        guard let failure = answer.failure, queries.indices.contains(answer.results.count) else {
            // Nothing that was sent is asked again, even if answers are missing: a poll must come to its end.
            for query in queries { asked.insert(query.purpose) }
            return
        }
        refuse(queries[answer.results.count].purpose, failure, at: now)
    }

    private func take(_ result: ResultSet, for query: ProbeQuery) {
        switch query.purpose {
        case .identity: take(identity: result, isProxyQuestion: query == ProbePlan.proxyQuestion)
        case .session: session.read(session: result)
        case .uptime: session.read(uptime: result)
        default:
            guard let profile else { return }
            let isNew = findings.read(
                result, for: query.purpose, of: server(profile), session: session, options: options)
            if isNew { hasChanged = true }
        }
    }

    private func take(identity result: ResultSet, isProxyQuestion: Bool) {
        if isProxyQuestion {
            let comment = result.firstRow.text(0)
            if let name = ServerProfile.proxyName(version: greeting, comment: comment) { acquaintance = .proxy(name) }
            return
        }
        guard let profile = ServerProfile(result.namedValues, port: address.port) else {
            let error = StatementError(
                index: 0, code: 0, sqlState: "", message: "the server does not tell its version")
            acquaintance = .refused(Refusal(error, at: .now, interval: options.refusalInterval))
            return
        }
        if self.profile != profile {
            // Other variables than before: the statement that reads them is another one.
            if self.profile?.variables != profile.variables { asked.remove(.variables) }
            acquaintance = .server(profile)
            hasChanged = true
        }
    }

    private func refuse(_ purpose: QueryPurpose, _ error: StatementError, at now: ContinuousClock.Instant) {
        if purpose == .identity {
            asked.insert(purpose)
            if profile == nil { acquaintance = .refused(Refusal(error, at: now, interval: options.refusalInterval)) }
            return
        }
        if purpose == .variables, error.code == ServerErrorCode.unknownVariable, !hasAskedIdentityAgain {
            // A plugin went away and took its variables along.
            hasAskedIdentityAgain = true
            acquaintance = .unknown
            answers[.identity] = nil
            return
        }
        asked.insert(purpose)
        if purpose == .valueOrigins { originsOf = findings.variables.restartRelevant }
        answers[purpose] = nil
        refusals[purpose] = Refusal(error, at: now, interval: options.refusalInterval)
        _ = findings.forget(purpose)
        hasChanged = true
    }

    private func currentPlan(for profile: ServerProfile) -> ProbePlan {
        let circumstances = ProbePlan.Circumstances(
            profile: profile,
            isLabelDue: isLabelDue,
            areOriginsDue: isLabelDue || originsOf != findings.variables.restartRelevant,
            isReplica: !findings.channels.isEmpty,
            hasApplierError: findings.channels.contains { $0.applierError != nil },
            usesSemiSync: findings.variables.semiSync.source?.isEnabled == true
                || findings.variables.semiSync.replica?.isEnabled == true,
            needsProcessList: refusals[.replicaList] != nil || !findings.replicaList.portsWithoutHost.isEmpty,
            isInGroup: findings.variables.groupName != nil,
            isGaleraOn: profile.hasGaleraProvider && findings.variables.isGaleraOn,
            refused: Set(refusals.keys))
        if let plan, plan.circumstances == circumstances { return plan }
        let plan = ProbePlan(circumstances, options: options)
        forgetWhatIsNoLongerAsked(by: plan)
        self.plan = plan
        return plan
    }

    /// A statement left out because it has nothing to tell any more must not leave its last answer behind.
    private func forgetWhatIsNoLongerAsked(by plan: ProbePlan) {
        let kept = Set(plan.queries.map(\.purpose))
        for purpose in answers.keys where !kept.contains(purpose) && !purpose.isRare {
            answers[purpose] = nil
            if findings.forget(purpose) { hasChanged = true }
        }
    }
}

extension QueryPurpose {
    /// Not asked with every poll: its last answer stays good.
    fileprivate var isRare: Bool {
        switch self {
        case .identity, .session, .uptime, .valueOrigins: true
        default: isLabel
        }
    }
}

extension ProbeSession {
    /// Whether this poll brought anything new.
    var isChanged: Bool { hasChanged }

    /// The facts as they stand, `nil` before the server said who it is.
    var facts: InstanceFacts? {
        switch acquaintance {
        case .unknown, .refused: return nil
        case .proxy(let name):
            return InstanceFacts(
                version: ServerVersion(parsing: greeting),
                identity: ServerIdentity(serverID: 0, hostName: "", port: address.port), proxy: .named(name))
        case .server(let profile):
            var facts = findings.facts(of: server(profile), profile: profile, session: session)
            if facts.proxy == nil, let greetingProxy { facts.proxy = .named(greetingProxy) }
            facts.unavailable = unavailable(profile)
            return facts
        }
    }

    private func unavailable(_ profile: ServerProfile) -> [UnavailableFact] {
        let refused = refusals.sorted { $0.key.rawValue < $1.key.rawValue }.map { purpose, refusal in
            UnavailableFact(
                fact: purpose.fact, code: refusal.code, message: refusal.message.sanitized,
                remedy: refusal.reason == .missingPrivilege ? remedy(for: purpose, profile) : nil)
        }
        let unreadable = findings.variables.unreadable.map { variable in
            UnavailableFact(
                fact: variable.rawValue, code: 0,
                message: "the server's text of this variable is in a form that baton does not know")
        }
        return refused + unreadable
    }

    private func remedy(for purpose: QueryPurpose, _ profile: ServerProfile) -> String? {
        var table: HeartbeatTable?
        if case .heartbeatTable(let named) = options.lagSource { table = named }
        return MissingGrant.statement(
            for: purpose, version: profile.version, account: session.account, heartbeatTable: table)
    }
}
