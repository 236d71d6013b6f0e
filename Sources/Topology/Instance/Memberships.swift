/// The semi-synchronous replication of a server: both sides, independently installed and switched.
public struct SemiSync: Hashable, Sendable {
    /// The source side; `nil` where the plugin is not there.
    public var source: SourceSide?
    /// The replica side; `nil` where the plugin is not there.
    public var replica: ReplicaSide?

    /// What a source knows of its semi-synchronous replicas.
    public struct SourceSide: Hashable, Sendable {
        /// The switch, `rpl_semi_sync_source_enabled` or its older name.
        public var isEnabled: Bool
        /// Whether commits wait for an acknowledgement right now; false after a timeout.
        public var isActive: Bool
        /// How long a commit waits before the source goes on alone.
        public var timeout: Duration
        /// Acknowledgements needed; 1 on MariaDB, which has no such setting.
        public var waitForReplicas: Int
        /// Replicas attached with their semi-sync side on.
        public var clients: Int
        /// When a commit waits; `nil` where it was not read.
        public var waitPoint: WaitPoint?
        /// Whether commits wait for the whole timeout though fewer replicas are attached than are needed
        /// (`rpl_semi_sync_source_wait_no_replica`); otherwise the source goes on alone as soon as one is missing.
        public var waitsWithoutReplicas: Bool

        /// Where in a commit the source waits for acknowledgements (`rpl_semi_sync_source_wait_point`).
        public enum WaitPoint: String, Hashable, Sendable, CaseIterable {
            /// Before the transaction is visible to others: whatever anybody has seen, a replica has received.
            case afterSync = "AFTER_SYNC"
            /// After it is visible: others may have seen what is lost.
            case afterCommit = "AFTER_COMMIT"
        }

        /// Makes a source's side; one acknowledgement is needed unless told otherwise.
        public init(
            isEnabled: Bool, isActive: Bool, timeout: Duration, waitForReplicas: Int = 1, clients: Int,
            waitPoint: WaitPoint? = nil, waitsWithoutReplicas: Bool = true
        ) {
            self.isEnabled = isEnabled
            self.isActive = isActive
            self.timeout = timeout
            self.waitForReplicas = waitForReplicas
            self.clients = clients
            self.waitPoint = waitPoint
            self.waitsWithoutReplicas = waitsWithoutReplicas
        }
    }

    /// What a replica does for its source.
    public struct ReplicaSide: Hashable, Sendable {
        /// The switch, `rpl_semi_sync_replica_enabled` or its older name.
        public var isEnabled: Bool
        /// Whether the running receiver acknowledges.
        public var isActive: Bool

        /// Makes a replica's side.
        public init(isEnabled: Bool, isActive: Bool) {
            self.isEnabled = isEnabled
            self.isActive = isActive
        }
    }

    /// Makes both sides; without arguments neither plugin is there.
    public init(source: SourceSide? = nil, replica: ReplicaSide? = nil) {
        self.source = source
        self.replica = replica
    }
}

/// A server's place in a MySQL group replication group.
public struct GroupReplicationMembership: Hashable, Sendable {
    /// `group_replication_group_name`, a UUID as text.
    public var groupName: String
    /// Whether the group has one primary (`group_replication_single_primary_mode`).
    public var isSinglePrimary: Bool
    /// The group's view as this server has it; it may be out of date on one that was expelled.
    public var members: [Member]
    /// The row of this server; `nil` when it is not in its own view.
    public var own: Member?

    /// One row of `performance_schema.replication_group_members`.
    public struct Member: Hashable, Sendable {
        /// `MEMBER_ID`, the member's `server_uuid`.
        public var uuid: ServerUUID
        /// `MEMBER_HOST` and `MEMBER_PORT`, as the member reports itself.
        public var address: InstanceAddress
        /// `ONLINE`, `RECOVERING`, `OFFLINE`, `ERROR`, `UNREACHABLE`.
        public var state: String
        /// `MEMBER_ROLE` is `PRIMARY`: all members in a multi-primary group.
        public var isPrimary: Bool

        /// Makes one row.
        public init(uuid: ServerUUID, address: InstanceAddress, state: String, isPrimary: Bool) {
            self.uuid = uuid
            self.address = address
            self.state = state
            self.isPrimary = isPrimary
        }
    }

    /// Makes a view.
    public init(groupName: String, isSinglePrimary: Bool, members: [Member], own: Member?) {
        self.groupName = groupName
        self.isSinglePrimary = isSinglePrimary
        self.members = members
        self.own = own
    }
}

/// A server's place in a Galera cluster.
public struct GaleraMembership: Hashable, Sendable {
    /// `wsrep_cluster_state_uuid`: equal on all members of one cluster.
    public var clusterID: String
    /// `wsrep_cluster_name`, for people.
    public var clusterName: String
    /// `wsrep_local_state_comment`: `Synced`, `Donor/Desynced`, `Joining`…
    public var state: String
    /// Whether this member belongs to the primary component (`wsrep_cluster_status = Primary`).
    public var isInPrimaryComponent: Bool
    /// `wsrep_cluster_size`.
    public var size: Int
    /// `wsrep_incoming_addresses`, those that name a host.
    public var members: [InstanceAddress]

    /// Makes a membership from what the status variables say.
    public init(
        clusterID: String, clusterName: String, state: String, isInPrimaryComponent: Bool, size: Int,
        members: [InstanceAddress]
    ) {
        self.clusterID = clusterID
        self.clusterName = clusterName
        self.state = state
        self.isInPrimaryComponent = isInPrimaryComponent
        self.size = size
        self.members = members
    }
}

/// How we know that an address is not one server.
public enum ProxySighting: Hashable, Sendable {
    /// It names itself: ProxySQL, MaxScale, MySQL Router, HAProxy…
    case named(String)
    /// Its identity changed between connections: the two `server_uuid`s or `server_id`s seen.
    case changingIdentity(String, String)
}
