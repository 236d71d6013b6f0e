import Refactoring
import Topology

extension Candidate {
    /// Its verdict in a word, for a column.
    public var verdictWord: String {
        switch verdict {
        case .allowed: "fits"
        case .warns: "warn"
        case .needsConfirmation: "confirm"
        case .refused: "refused"
        }
    }

    /// How many of those that would follow it can, for a column: `2 of 3`.
    public var companyWord: String { "\(followers.count) of \(followers.count + lost.count)" }

    /// Where it stands as seen from the server to be replaced, for a column: `same`, or the other place's name.
    public var placeWord: String {
        switch dataCenter {
        case .same: "same"
        case .elsewhere(let place): place
        case .unknown: "?"
        }
    }
}

extension Shortfall {
    /// An amount for a column: `-` for none, `~` before what is an upper bound.
    public var short: String {
        if isNothing { return "-" }
        if let count = transactionCount { return (isUpperBound ? "~" : "") + "\(count) trx" }
        if let bytes = byteCount { return "\(bytes) B" }
        return self == .unknown ? "?" : "a log"
    }
}

extension Backlog {
    /// The amount, and how long applying it takes, for a column.
    public var short: String {
        if delay > .zero { return "\(amount.short), delayed" }
        guard !amount.isNothing, let time, time > .zero else { return amount.short }
        return "\(amount.short), \(time.inWords)"
    }
}

extension CandidateCriterion {
    /// Why a candidate goes before another by it; follows "because".
    public var because: String {
        switch self {
        case .standing: "it may be promoted with fewer objections"
        case .kept: "more of what servers that answer have is kept with it"
        case .way: "it stands nearer to those that need a source"
        case .promotionRule: "operators want it more"
        case .dataCenter: "it stands in the same data centre"
        case .region: "it stands in the same region"
        case .followers: "fewer replicas are lost with it"
        case .received: "it has received more"
        case .backlog: "it has less to apply"
        case .version: "it has the older release, which more can follow later"
        case .address: "its address comes first, all else being equal"
        }
    }
}

extension CandidateRanking {
    /// What the servers were compared by, for a sentence.
    public var measureWords: String {
        switch method {
        case .gtid: "GTID sets"
        case .mariadbGTID: "GTID positions"
        case .position: "places in its binary log"
        }
    }
}
