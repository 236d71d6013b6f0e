import Topology

/// Which statements a poll asks, decided from what the server is and from what it said last.
struct ProbePlan {
    /// All that decides: as long as it is the same, so is the batch.
    struct Circumstances: Hashable {
        var profile: ServerProfile
        /// Labels and the identity ride along.
        var isLabelDue = false
        /// Settings have changed since it was read where their values come from.
        var areOriginsDue = false
        var isReplica = false
        /// An applier was stopped by an error: by which one, its workers tell.
        var hasApplierError = false
        var usesSemiSync = false
        var needsProcessList = false
        var isInGroup = false
        var isGaleraOn = false
        var refused: Set<QueryPurpose> = []
    }

    let circumstances: Circumstances
    let queries: [ProbeQuery]
    /// The same, joined for the wire once.
    let batch: StatementBatch

    init(_ circumstances: Circumstances, options: ProbeOptions) {
        self.circumstances = circumstances
        queries = Self.queries(circumstances, options: options).filter { !circumstances.refused.contains($0.purpose) }
        batch = StatementBatch(queries.map(\.sql))
    }

    /// Queries of the configuration come last, so that one which fails or gives no single result cannot disturb the rest.
    private static func queries(_ facts: Circumstances, options: ProbeOptions) -> [ProbeQuery] {
        let profile = facts.profile
        let dialect = profile.dialect
        var queries: [ProbeQuery] = []
        func ask(_ purpose: QueryPurpose, _ sql: String?, if condition: Bool = true) {
            guard condition, let sql else { return }
            queries.append(ProbeQuery(purpose: purpose, sql: sql))
        }
        ask(.variables, profile.variables.isEmpty ? nil : Dialect.variables(profile.variables))
        ask(.replicaStatus, dialect.replicaStatus)
        ask(.workerErrors, dialect.workerErrors, if: facts.hasApplierError)
        ask(.heartbeats, dialect.heartbeats, if: facts.isReplica)
        ask(.binaryLogStatus, dialect.binaryLogStatus, if: profile.hasBinaryLog)
        ask(.replicaList, dialect.replicaList, if: profile.hasBinaryLog)
        ask(.processList, dialect.processList, if: facts.needsProcessList)
        ask(.semiSyncStatus, Dialect.semiSyncStatus, if: facts.usesSemiSync)
        ask(.groupMembers, dialect.groupMembers, if: facts.isInGroup)
        ask(.galeraStatus, Dialect.galeraStatus, if: facts.isGaleraOn)
        ask(.valueOrigins, dialect.valueOrigins, if: facts.areOriginsDue)
        ask(.identity, Dialect.identity, if: facts.isLabelDue)
        ask(.session, Dialect.session, if: facts.isLabelDue)
        switch options.lagSource {
        case .replicaStatus: break
        case .heartbeatTable(let table): ask(.heartbeatTable, table.query, if: facts.isReplica)
        case .query(let query): ask(.lagQuery, query.sql, if: facts.isReplica)
        }
        guard facts.isLabelDue else { return queries }
        ask(.alias, options.aliasQuery?.sql)
        ask(.clusterAlias, options.clusterAliasQuery?.sql)
        ask(.dataCenter, options.dataCenterQuery?.sql)
        ask(.region, options.regionQuery?.sql)
        ask(.environment, options.environmentQuery?.sql)
        ask(.promotionRule, options.promotionRuleQuery?.sql)
        ask(.semiSyncPriority, options.semiSyncPriorityQuery?.sql)
        return queries
    }

    /// What is asked of a server that is not known yet.
    static let introduction = [
        ProbeQuery(purpose: .identity, sql: Dialect.identity),
        ProbeQuery(purpose: .session, sql: Dialect.session),
        ProbeQuery(purpose: .uptime, sql: Dialect.uptime),
    ]

    /// What is asked where even that was refused: every proxy answers this one, because clients send it.
    static let proxyQuestion = ProbeQuery(purpose: .identity, sql: "SELECT @@version_comment LIMIT 1")
}
