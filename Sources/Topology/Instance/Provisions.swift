/// What a server was set up with that counts when it has to take another one's place, or when it is started again.
public struct Provisions: Hashable, Sendable {
    /// `event_scheduler`; `nil` where it was not read.
    public var eventScheduler: EventScheduler?
    /// After how long without a byte from its source a receiver gives a connection up and connects anew
    /// (`replica_net_timeout`, `slave_net_timeout`); `nil` where it was not read.
    public var replicaNetTimeout: Duration?
    /// How many clients the server takes (`max_connections`); `nil` where it was not read.
    public var maxConnections: Int?
    /// Settings that a restart would change or may change, by name; empty where it changes none of those that recovery
    /// looks at (read-only, event scheduler, semi-sync, the receivers' time limit), `nil` where the server does not tell:
    /// MySQL 5.7, and MariaDB before 10.1.
    public var lostAtRestart: [SettingLostAtRestart]?

    /// Makes provisions; what is left out was not read.
    public init(
        eventScheduler: EventScheduler? = nil,
        replicaNetTimeout: Duration? = nil,
        maxConnections: Int? = nil,
        lostAtRestart: [SettingLostAtRestart]? = nil
    ) {
        self.eventScheduler = eventScheduler
        self.replicaNetTimeout = replicaNetTimeout
        self.maxConnections = maxConnections
        self.lostAtRestart = lostAtRestart
    }
}

/// Whether scheduled events run (`event_scheduler`).
public enum EventScheduler: String, Hashable, Sendable, CaseIterable {
    case on
    case off
    /// Off, and only a restart can switch it on.
    case disabled
}

/// A setting made while the server ran, which its next start does not know of.
public struct SettingLostAtRestart: Hashable, Sendable {
    /// The variable, in the server's own spelling: `read_only`, `rpl_semi_sync_master_enabled`.
    public var variable: String
    /// Its value now, as the server writes it: `ON`, `10000`.
    public var runtime: String
    /// The value that is persisted (`SET PERSIST`) and comes with a restart. `nil` where none is: then option files or
    /// the default decide, and a server does not tell what stands there (MySQL manual, "The variables_info
    /// Table"; MariaDB manual, "Information Schema SYSTEM_VARIABLES Table").
    public var persisted: String?

    /// Makes a setting; texts must be sanitised.
    public init(variable: String, runtime: String, persisted: String? = nil) {
        self.variable = variable
        self.runtime = runtime
        self.persisted = persisted
    }
}
