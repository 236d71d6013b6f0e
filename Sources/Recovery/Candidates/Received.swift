import Topology

/// How much of its source's changes a server has, in the terms of the method by which servers are compared.
public enum Received: Hashable, Sendable {
    /// Exactly these transactions (MySQL).
    case gtids(GTIDSet)
    /// Up to these transactions, by domain (MariaDB).
    case domains(GTIDPosition)
    /// Up to this place in the source's binary log. The last transaction before it may have come in half.
    case position(BinlogPosition)
    /// It cannot be said.
    case unknown

    /// What `other` has and this has not.
    public func shortfall(against other: Received) -> Shortfall {
        switch (self, other) {
        case (.gtids(let own), .gtids(let theirs)):
            if theirs.isSubset(of: own) { return .nothing }
            return .transactions(theirs.subtracting(own))
        case (.domains(let own), .domains(let theirs)):
            let ahead = theirs.gtids.filter { $0.sequence > own[$0.domain]?.sequence ?? 0 }
            if ahead.isEmpty { return .nothing }
            return .domains(atMost: own.transactionsBehind(theirs), upTo: GTIDPosition(ahead))
        case (.position(let own), .position(let theirs)):
            guard own.isComparable(with: theirs) else { return .unknown }
            return own >= theirs ? .nothing : .log(from: own, to: theirs)
        default: return .unknown
        }
    }

    /// What either of both has; of positions, the later. What is unknown adds nothing.
    public func union(_ other: Received) -> Received {
        switch (self, other) {
        case (.gtids(let own), .gtids(let theirs)): .gtids(own.union(theirs))
        case (.domains(let own), .domains(let theirs)): .domains(GTIDPosition(own.gtids + theirs.gtids))
        case (.position(let own), .position(let theirs)):
            own.isComparable(with: theirs) ? .position(max(own, theirs)) : .unknown
        case (.unknown, _): other
        default: self
        }
    }
}

extension Received: CustomStringConvertible {
    /// The set, position or place as the server writes it.
    public var description: String {
        switch self {
        case .gtids(let set): set.description
        case .domains(let position): position.description
        case .position(let position): position.description
        case .unknown: "unknown"
        }
    }
}

/// What one has less than another.
public enum Shortfall: Hashable, Sendable {
    case nothing
    /// Exactly these transactions (MySQL).
    case transactions(GTIDSet)
    /// At most so many transactions, in the domains named, up to these (MariaDB): sequence numbers may have gaps.
    case domains(atMost: UInt64, upTo: GTIDPosition)
    /// A stretch of the source's binary log, not empty.
    case log(from: BinlogPosition, to: BinlogPosition)
    /// It cannot be said.
    case unknown

    /// Whether nothing is missing; not so where it is unknown.
    public var isNothing: Bool { self == .nothing }

    /// How many transactions, exactly or at most (``isUpperBound``); `nil` for a stretch of a log, and where it is unknown.
    public var transactionCount: UInt64? {
        switch self {
        case .nothing: 0
        case .transactions(let set): set.transactionCount
        case .domains(let count, _): count
        case .log, .unknown: nil
        }
    }

    /// Whether ``transactionCount`` is the most that it can be, and not exact.
    public var isUpperBound: Bool { if case .domains = self { true } else { false } }

    /// How many bytes of the source's log, where both ends lie in one file.
    public var byteCount: UInt64? {
        switch self {
        case .nothing: 0
        case .log(let from, let to): from.file == to.file ? to.offset - from.offset : nil
        case .transactions, .domains, .unknown: nil
        }
    }

    /// It in words: `3 transactions`, `up to 3 transactions`, `120 bytes of log`.
    public var words: String {
        switch self {
        case .nothing: "nothing"
        case .transactions(let set): set.transactionCount.counted("transaction")
        case .domains(let count, _): "up to " + count.counted("transaction")
        case .log(let from, let to):
            byteCount.map { $0.counted("byte") + " of log" } ?? "the log from \(from) to \(to)"
        case .unknown: "unknown"
        }
    }

    /// What exactly: a GTID set, the last GTIDs of domains, or the stretch of a log; `nil` where there is nothing to name.
    public var detail: String? {
        switch self {
        case .nothing, .unknown: nil
        case .transactions(let set): set.description
        case .domains(_, let position): position.description
        case .log(let from, let to): "\(from) to \(to)"
        }
    }
}
