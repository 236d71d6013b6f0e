/// What the configured queries answered about a server's place and names; each `nil` where no query is configured for
/// it, or where it gave no row.
public struct ReportedAttributes: Hashable, Sendable {
    public var dataCenter: String?
    public var region: String?
    public var environment: String?
    /// A friendly name for the server.
    public var alias: String?
    /// A friendly name for the cluster that the server belongs to.
    public var clusterAlias: String?

    public init(
        dataCenter: String? = nil,
        region: String? = nil,
        environment: String? = nil,
        alias: String? = nil,
        clusterAlias: String? = nil
    ) {
        self.dataCenter = dataCenter
        self.region = region
        self.environment = environment
        self.alias = alias
        self.clusterAlias = clusterAlias
    }
}
