import Storage

/// What the engine sees happen; the raw values are stored and documented, so they stay.
extension Event.Kind {
    /// A server was named for the first time, or answered for the first time.
    public static let found = Event.Kind(rawValue: "found")
    /// A server is no longer watched: forgotten by somebody's wish or for its age.
    public static let gone = Event.Kind(rawValue: "gone")
    /// Two names turned out to be one server's; the event stands under the one that is no longer used.
    public static let renamed = Event.Kind(rawValue: "renamed")
    /// A server that may have answered before does not.
    public static let unreachable = Event.Kind(rawValue: "unreachable")
    /// A server answers and does not let baton in.
    public static let noAccess = Event.Kind(rawValue: "no-access")
    /// A server answers again after ``unreachable`` or ``noAccess``.
    public static let back = Event.Kind(rawValue: "back")
    /// The same server, another process.
    public static let restarted = Event.Kind(rawValue: "restarted")
    /// Another server answers at a known address.
    public static let replaced = Event.Kind(rawValue: "replaced")
    /// A channel replicates from another source than before.
    public static let sourceChanged = Event.Kind(rawValue: "source-changed")
    /// A replica has one more channel.
    public static let channelAdded = Event.Kind(rawValue: "channel-added")
    /// A replica has one channel less.
    public static let channelRemoved = Event.Kind(rawValue: "channel-removed")
    /// A channel's thread stopped without an error: somebody stopped it.
    public static let replicationStopped = Event.Kind(rawValue: "replication-stopped")
    /// A channel's thread stopped with an error, which the text gives.
    public static let replicationBroken = Event.Kind(rawValue: "replication-broken")
    /// Both threads of a channel run again.
    public static let replicationStarted = Event.Kind(rawValue: "replication-started")
    /// A server runs another release, after an upgrade or a replacement.
    public static let versionChanged = Event.Kind(rawValue: "version-changed")
    /// `read_only` or `super_read_only` was switched.
    public static let writabilityChanged = Event.Kind(rawValue: "writability-changed")
    /// A member of a group became primary or secondary, or left the group.
    public static let groupRoleChanged = Event.Kind(rawValue: "group-role-changed")
    /// A problem without an event of its own came up.
    public static let problemRaised = Event.Kind(rawValue: "problem-raised")
    /// A problem that ``problemRaised`` told of is over.
    public static let problemCleared = Event.Kind(rawValue: "problem-cleared")
}
