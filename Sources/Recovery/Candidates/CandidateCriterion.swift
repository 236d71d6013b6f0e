import Refactoring
import Topology

/// By what candidates are put in order, the first that tells two apart deciding.
public enum CandidateCriterion: String, Hashable, Sendable, CaseIterable {
    /// Who may be promoted at once, then who only after a confirmation, then who may not.
    case standing
    /// Who keeps more of what servers that answer have. By GTID everybody is brought level, so that this mostly decides
    /// nothing; by position only the most advanced keep everything.
    case kept
    /// For orphans of an intermediate source and of a co-primary: siblings in the same data centre, a leader among the
    /// orphans, siblings elsewhere, then the source above; the other co-primary before replicas.
    case way
    /// What operators said: must, prefer, neutral, prefer-not, must-not.
    case promotionRule = "promotion-rule"
    /// The data centre of the server to be replaced.
    case dataCenter = "data-center"
    /// Its region.
    case region
    /// Who loses fewer replicas.
    case followers
    /// Who has received more, and so needs less levelling.
    case received
    /// Who has less to apply.
    case backlog
    /// The older release, which more can follow later.
    case version
    /// The address, so that the order is always the same.
    case address
}

extension Candidate {
    /// What tells two candidates apart; `nil` for one and the same server.
    ///
    /// - Returns: the criterion that decides, and whether this one goes first by it.
    public func decision(
        against other: Candidate, in situation: RecoverySituation, policy: CandidatePolicy
    ) -> (criterion: CandidateCriterion, isFirst: Bool)? {
        for criterion in CandidateCriterion.allCases {
            let (own, others) = (rank(by: criterion, situation, policy), other.rank(by: criterion, situation, policy))
            if own != others { return (criterion, own < others) }
        }
        return instance == other.instance ? nil : (.address, instance < other.instance)
    }

    /// The lower, the better.
    private func rank(
        by criterion: CandidateCriterion, _ situation: RecoverySituation, _ policy: CandidatePolicy
    ) -> Rank {
        switch criterion {
        case .standing:
            switch verdict {
            case .allowed, .warns: return .number(0)
            case .needsConfirmation: return .number(1)
            case .refused: return .number(2)
            }
        case .kept: return levelling.remaining.rank(of: received)
        case .way: return .number(wayRank)
        case .promotionRule:
            return .number(UInt64(PromotionRule.allCases.sorted().firstIndex(of: promotionRule) ?? 0))
        case .dataCenter: return .number(policy.dataCenter == .ignore ? 0 : dataCenter.rank)
        case .region: return .number(policy.region == .ignore ? 0 : region.rank)
        case .followers: return .number(UInt64(lost.count))
        case .received: return missing.rank(of: received)
        case .backlog: return backlog.rank
        case .version: return .version(version.map { [$0.major, $0.minor, $0.patch] } ?? [.max])
        case .address: return .number(0)
        }
    }

    private var wayRank: UInt64 {
        switch role {
        case .coPrimary: 0
        case .sibling: dataCenter == .same ? 1 : 3
        case .replica: 2
        case .source: 4
        }
    }
}

/// A place in an order by one criterion.
private enum Rank: Comparable {
    case number(UInt64)
    /// A place in a log that misses something: the further, the better.
    case log(BinlogPosition)
    case unknown
    case version([Int])

    private var kind: Int {
        switch self {
        case .number: 0
        case .log: 1
        case .unknown: 2
        case .version: 3
        }
    }

    static func < (left: Rank, right: Rank) -> Bool {
        switch (left, right) {
        case (.number(let own), .number(let other)): own < other
        case (.log(let own), .log(let other)): own > other
        case (.version(let own), .version(let other)): own.lexicographicallyPrecedes(other)
        default: left.kind < right.kind
        }
    }
}

extension Shortfall {
    fileprivate func rank(of received: Received) -> Rank {
        if let count = transactionCount { return .number(count) }
        if case .log(let from, _) = self { return .log(from) }
        return .unknown
    }
}

extension Backlog {
    /// By transactions or bytes; a delay comes last, because it is there on purpose.
    fileprivate var rank: Rank {
        if delay > .zero { return .unknown }
        if let count = amount.transactionCount ?? amount.byteCount { return .number(count) }
        return .unknown
    }
}

extension Nearness {
    fileprivate var rank: UInt64 {
        switch self {
        case .same: 0
        case .unknown: 1
        case .elsewhere: 2
        }
    }
}
