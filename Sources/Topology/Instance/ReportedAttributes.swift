/// What the configured queries answered about a server's place and names; each `nil` where no query is configured for
/// it, or where it gave no row.
public struct ReportedAttributes: Hashable, Sendable {
    /// The building or zone.
    public var dataCenter: String?
    /// A larger place than that.
    public var region: String?
    /// Production, staging and the like.
    public var environment: String?
    /// A friendly name for the server.
    public var alias: String?
    /// A friendly name for the cluster that the server belongs to.
    public var clusterAlias: String?
    /// How much it is wanted as a primary, in a word that ``PromotionRule/init(word:)`` reads.
    public var promotionRule: String?
    /// How early it is chosen to acknowledge under semi-sync: the higher, the earlier; 0 for never, `nil` counts as 1.
    public var semiSyncPriority: Int?

    /// Makes answers; `nil` where no query is configured or it gave nothing.
    public init(
        dataCenter: String? = nil,
        region: String? = nil,
        environment: String? = nil,
        alias: String? = nil,
        clusterAlias: String? = nil,
        promotionRule: String? = nil,
        semiSyncPriority: Int? = nil
    ) {
        self.dataCenter = dataCenter
        self.region = region
        self.environment = environment
        self.alias = alias
        self.clusterAlias = clusterAlias
        self.promotionRule = promotionRule
        self.semiSyncPriority = semiSyncPriority
    }
}
