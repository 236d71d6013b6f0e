import Topology

/// How the fleet is crawled and kept current.
public struct DiscoverySettings: Sendable, Hashable {
    /// From one regular probe of a server to its next.
    public var pollInterval: Duration
    /// The longest wait between two probes of a server that cannot be reached; the first retry comes after
    /// ``pollInterval``, each further one after twice the time, with ±20% jitter.
    public var longestBackoff: Duration
    /// Probes under way at once, of servers that are well or new; those that hang are not counted (see
    /// ``PollSchedule``).
    public var concurrentProbes: Int
    /// While many servers change, fleets are published no closer together than this; the first change after a quiet
    /// time is published at once.
    public var publishingInterval: Duration
    /// A server that has not been seen for so long is forgotten (orchestrator's `UnseenInstanceForgetHours`).
    public var forgetAfter: Duration
    /// After ``Discovery/forget(_:)`` the server is not discovered again for so long, though others still name it.
    public var forgetPause: Duration
    /// How often other names of a server are asked whether they still lead to it.
    public var nameCheckInterval: Duration
    /// How names that servers and people give are made one.
    public var hostNames: HostNameResolution
    /// Under which name a server is kept once it has answered.
    public var instanceName: InstanceNaming
    /// Servers that are not to be watched, or not to be found on certain ways.
    public var ignored: IgnoreFilters
    /// Places and names that are read off addresses.
    public var attributes: AttributePatterns

    /// Makes settings; what is left out has the default of `docs/configuration.md`.
    public init(
        pollInterval: Duration = .seconds(1),
        longestBackoff: Duration = .seconds(10),
        concurrentProbes: Int = 512,
        publishingInterval: Duration = .milliseconds(25),
        forgetAfter: Duration = .seconds(240 * 3600),
        forgetPause: Duration = .seconds(60),
        nameCheckInterval: Duration = .seconds(60),
        hostNames: HostNameResolution = .none,
        instanceName: InstanceNaming = .asReached,
        ignored: IgnoreFilters = IgnoreFilters(),
        attributes: AttributePatterns = AttributePatterns()
    ) {
        self.pollInterval = pollInterval
        self.longestBackoff = longestBackoff
        self.concurrentProbes = concurrentProbes
        self.publishingInterval = publishingInterval
        self.forgetAfter = forgetAfter
        self.forgetPause = forgetPause
        self.nameCheckInterval = nameCheckInterval
        self.hostNames = hostNames
        self.instanceName = instanceName
        self.ignored = ignored
        self.attributes = attributes
    }
}

/// What is done to a host name before it is used.
public enum HostNameResolution: String, Sendable, Hashable, CaseIterable {
    /// Names are used as they come.
    case none
    /// The canonical name that DNS gives (`AI_CANONNAME`).
    case canonicalName = "dns-name"
    /// The first IP address that DNS gives.
    case address = "dns-address"
}

/// Which name of a server is the one under which the fleet keeps it.
public enum InstanceNaming: String, Sendable, Hashable, CaseIterable {
    /// The address under which it was reached first.
    case asReached = "as-reached"
    /// What the server says of itself: `@@hostname` and `@@port`.
    case hostName = "hostname"
    /// What the server was told to say: `report_host` and `report_port`; as reached, where it was told nothing.
    case reportHost = "report-host"
}

/// Which addresses are left alone.
public struct IgnoreFilters: Sendable, Hashable {
    /// Never probed, whoever names them.
    public var hosts: [AddressFilter]
    /// Not followed where a source lists them as its replicas.
    public var replicas: [AddressFilter]
    /// Not followed where a replica names them as its source.
    public var sources: [AddressFilter]

    /// Makes filters; with nothing said nobody is left alone.
    public init(hosts: [AddressFilter] = [], replicas: [AddressFilter] = [], sources: [AddressFilter] = []) {
        self.hosts = hosts
        self.replicas = replicas
        self.sources = sources
    }
}

/// Where the place and the friendly names of servers come from, where no query answers: the first capture group of a
/// pattern in `host:port`.
public struct AttributePatterns: Sendable, Hashable {
    /// Finds ``Location/dataCenter``, as the next ones find what they are named after.
    public var dataCenter: AddressPattern?
    /// Finds ``Location/region``.
    public var region: AddressPattern?
    /// Finds ``Location/environment``.
    public var environment: AddressPattern?
    /// Finds a server's friendly name.
    public var alias: AddressPattern?
    /// Finds the friendly name of the cluster that the server belongs to.
    public var clusterAlias: AddressPattern?
    /// Clusters named outright: the alias of the first pattern that is found in a member's address.
    public var clusterAliases: [ClusterAliasRule]

    /// Makes patterns; what is left out is known from queries alone.
    public init(
        dataCenter: AddressPattern? = nil,
        region: AddressPattern? = nil,
        environment: AddressPattern? = nil,
        alias: AddressPattern? = nil,
        clusterAlias: AddressPattern? = nil,
        clusterAliases: [ClusterAliasRule] = []
    ) {
        self.dataCenter = dataCenter
        self.region = region
        self.environment = environment
        self.alias = alias
        self.clusterAlias = clusterAlias
        self.clusterAliases = clusterAliases
    }
}

/// One line of the map from addresses to names of clusters.
public struct ClusterAliasRule: Sendable, Hashable {
    /// Is looked for in `host:port` of each member.
    public var pattern: AddressPattern
    /// The name that the cluster gets.
    public var alias: String

    /// Makes a rule; the first one that fits counts.
    public init(pattern: AddressPattern, alias: String) {
        self.pattern = pattern
        self.alias = alias
    }
}
