/// The recovery that a failure calls for.
public enum RecoveryCall: String, Hashable, Sendable, CaseIterable {
    /// Promote a replica in place of the dead primary.
    case primary
    /// Let the other co-primary, or a replica, take over.
    case coPrimary = "co-primary"
    /// Give the replicas of an intermediate source another source.
    case intermediateSource = "intermediate-source"
    /// Give the replicas of a member of a group another member as their source.
    case groupMember = "group-member"
    /// Let enough replicas acknowledge, so that commits on the primary go on.
    case lockedSemiSync = "locked-semi-sync"
    /// Let no more replicas acknowledge than are asked for.
    case tooManySemiSync = "too-many-semi-sync"
    /// Let clients write on the primary.
    case nonWritablePrimary = "non-writable-primary"
    /// Keep clients from writing on a primary that was given up, and let it come back as a replica.
    case returnedPrimary = "returned-primary"

    /// What it would do, as a sentence.
    public var words: String {
        switch self {
        case .primary: "promote a replica"
        case .coPrimary: "let the other co-primary or a replica take over"
        case .intermediateSource: "give its replicas another source"
        case .groupMember: "give its replicas another member as their source"
        case .lockedSemiSync: "let enough replicas acknowledge"
        case .tooManySemiSync: "let no more replicas acknowledge than are asked for"
        case .nonWritablePrimary: "make the primary writable"
        case .returnedPrimary: "keep clients from writing on it, and let it come back as a replica"
        }
    }
}

/// Whether there is a recovery for a failure, or why there is none.
public enum RecoveryAnswer: Hashable, Sendable {
    case by(RecoveryCall)
    /// Nothing that baton could do; the reason is a sentence.
    case none(reason: String)

    /// The recovery, where there is one.
    public var kind: RecoveryCall? {
        if case .by(let kind) = self { kind } else { nil }
    }

    /// What is done, or why nothing is.
    public var words: String {
        switch self {
        case .by(let kind): kind.words
        case .none(let reason): reason
        }
    }
}
