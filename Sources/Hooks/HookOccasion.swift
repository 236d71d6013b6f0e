/// When hooks run. The raw values are the configuration's keys in `[hooks]`.
public enum HookOccasion: String, Hashable, Sendable, CaseIterable {
    /// A failure was found that has a recovery.
    case detection = "on-detection"
    /// Before anything is changed by a failover, or for the replicas of a lost intermediate source.
    case preFailover = "pre-failover"
    /// Before a replica takes the place of a lost primary: makes sure that nobody writes to that one any more.
    case fence
    /// After a replica has taken the place of a primary.
    case postPrimaryFailover = "post-primary-failover"
    /// After the replicas of an intermediate source got another one.
    case postIntermediateFailover = "post-intermediate-failover"
    /// After either.
    case postFailover = "post-failover"
    /// After a recovery that did not come to its end.
    case postUnsuccessful = "post-unsuccessful"
    /// Before a switchover changes anything.
    case preSwitchover = "pre-switchover"
    /// After a switchover.
    case postSwitchover = "post-switchover"

    /// Whether the failure of a hook keeps what it stands before from happening.
    public var failureAborts: Bool {
        switch self {
        case .preFailover, .fence, .preSwitchover: true
        case .detection, .postPrimaryFailover, .postIntermediateFailover, .postFailover, .postUnsuccessful,
            .postSwitchover:
            false
        }
    }

    /// orchestrator's name of the list; `nil` for what it does not have.
    public var orchestratorName: String? {
        switch self {
        case .detection: "OnFailureDetectionProcesses"
        case .preFailover: "PreFailoverProcesses"
        case .fence: nil
        case .postPrimaryFailover: "PostMasterFailoverProcesses"
        case .postIntermediateFailover: "PostIntermediateMasterFailoverProcesses"
        case .postFailover: "PostFailoverProcesses"
        case .postUnsuccessful: "PostUnsuccessfulFailoverProcesses"
        case .preSwitchover: "PreGracefulTakeoverProcesses"
        case .postSwitchover: "PostGracefulTakeoverProcesses"
        }
    }
}
