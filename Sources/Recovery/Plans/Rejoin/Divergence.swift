import Topology

/// What a server has that another one lacks.
public enum Divergence: Hashable, Sendable {
    /// Nothing: the other one has all of it.
    case none
    /// Exactly these transactions (MySQL).
    case transactions(GTIDSet)
    /// The last transactions of some servers in some domains (MariaDB).
    case stretches([Stretch])
    /// It cannot be said: no GTIDs, or two families.
    case unknown

    /// Transactions that one server wrote in one domain.
    public struct Stretch: Hashable, Sendable, CustomStringConvertible {
        /// The last that both have; `nil` where the other one's log has none of that server.
        public var after: UInt64?
        /// The last of all.
        public var last: MariaDBGTID

        /// `0-1-7 to 0-1-9`; with nothing in common the last one only.
        public var description: String {
            guard let after else { return "up to \(last)" }
            let first = MariaDBGTID(domain: last.domain, server: last.server, sequence: after + 1)
            return first == last ? "\(last)" : "\(first) to \(last)"
        }
    }

    /// Compares two servers as they were last read.
    ///
    /// MariaDB's are compared by the state of their logs, which knows the last transaction of each server in each domain: the
    /// last of a domain alone does not tell two histories apart that are equally long. What a server has applied and not logged
    /// stands in its position only, as after a restored backup. One that has neither has nothing by GTID.
    public init(of server: InstanceFacts, from other: InstanceFacts) {
        switch (server.gtid, other.gtid) {
        // Without GTIDs in use the sets are empty, which says nothing.
        case (.mysql(let own), .mysql(let theirs)) where own.mode == .on && theirs.mode == .on:
            let more = own.executed.subtracting(theirs.executed)
            self = more.isEmpty ? .none : .transactions(more)
        case (.mariadb(let own), .mariadb(let theirs)) where server.binaryLog?.position != nil:
            let applied = own.replicaPosition.gtids.filter { !own.binlogState.covers($0) }
            let more = (own.binlogState.gtids + applied).filter { !theirs.binlogState.covers($0) }.map { last in
                Stretch(after: theirs.binlogState.sequence(domain: last.domain, server: last.server), last: last)
            }
            self = more.isEmpty ? .none : .stretches(more)
        default: self = .unknown
        }
    }

    /// How many, in words: exactly for MySQL; at most for MariaDB, whose numbers run over all servers of a domain.
    public var words: String {
        switch self {
        case .none: "nothing"
        case .transactions(let set): set.transactionCount.counted("transaction")
        case .stretches(let stretches):
            stretches.contains { $0.after == nil }
                ? "transactions"
                : "up to "
                    + stretches.reduce(UInt64(0)) { $0 + $1.last.sequence - ($1.after ?? 0) }.counted("transaction")
        case .unknown: "nobody knows what"
        }
    }

    /// Which exactly; empty where there are none, or they are unknown.
    public var detail: String {
        switch self {
        case .none, .unknown: ""
        case .transactions(let set): set.description
        case .stretches(let stretches): stretches.map(\.description).joined(separator: ", ")
        }
    }
}
