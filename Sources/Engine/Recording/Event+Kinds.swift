import Storage

/// What the engine sees happen; the raw values are stored and documented, so they stay.
extension Event.Kind {
    public static let found = Event.Kind(rawValue: "found")
    /// A server is no longer watched: forgotten by somebody's wish or for its age.
    public static let gone = Event.Kind(rawValue: "gone")
    public static let renamed = Event.Kind(rawValue: "renamed")
    public static let unreachable = Event.Kind(rawValue: "unreachable")
    public static let noAccess = Event.Kind(rawValue: "no-access")
    public static let back = Event.Kind(rawValue: "back")
    public static let restarted = Event.Kind(rawValue: "restarted")
    public static let replaced = Event.Kind(rawValue: "replaced")
    public static let sourceChanged = Event.Kind(rawValue: "source-changed")
    public static let channelAdded = Event.Kind(rawValue: "channel-added")
    public static let channelRemoved = Event.Kind(rawValue: "channel-removed")
    public static let replicationStopped = Event.Kind(rawValue: "replication-stopped")
    public static let replicationBroken = Event.Kind(rawValue: "replication-broken")
    public static let replicationStarted = Event.Kind(rawValue: "replication-started")
    public static let versionChanged = Event.Kind(rawValue: "version-changed")
    public static let writabilityChanged = Event.Kind(rawValue: "writability-changed")
    public static let groupRoleChanged = Event.Kind(rawValue: "group-role-changed")
    public static let problemRaised = Event.Kind(rawValue: "problem-raised")
    public static let problemCleared = Event.Kind(rawValue: "problem-cleared")
}
