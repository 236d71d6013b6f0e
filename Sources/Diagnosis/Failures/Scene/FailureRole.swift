/// What a server is for others, which decides what its failure means.
public enum FailureRole: String, Hashable, Sendable, CaseIterable {
    /// Follows nobody: the top of its cluster.
    case primary
    /// Follows a server that follows it.
    case coPrimary = "co-primary"
    /// Follows a server, and is followed.
    case intermediateSource = "intermediate-source"
    /// Belongs to a replication group, which decides about its primary itself.
    case groupMember = "group-member"
    /// Follows a server, and is followed by nobody.
    case replica

    /// orchestrator's word for it in hooks (`ORC_INSTANCE_TYPE`).
    public var orchestratorName: String {
        switch self {
        case .primary: "master"
        case .coPrimary: "co-master"
        case .intermediateSource, .replica: "intermediate-master"
        case .groupMember: "group-member"
        }
    }

    /// The role in a sentence.
    public var words: String {
        switch self {
        case .primary: "primary"
        case .coPrimary: "co-primary"
        case .intermediateSource: "intermediate source"
        case .groupMember: "group member"
        case .replica: "replica"
        }
    }
}
