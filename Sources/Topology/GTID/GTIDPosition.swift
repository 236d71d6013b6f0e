/// The last transaction of each replication domain, as MariaDB writes it: `0-1-100,1-3-20`.
///
/// A position says where a server stands, not which transactions it has; see ``GTIDBinlogState`` for what can be proven.
public struct GTIDPosition: Hashable, Sendable {
    /// Ascending by domain, each domain once.
    public let gtids: [MariaDBGTID]

    /// Makes the empty position.
    public init() {
        gtids = []
    }

    /// Makes the position of the given transactions; of two in one domain the later in the sequence counts.
    public init(_ gtids: some Sequence<MariaDBGTID>) {
        var last: [UInt32: MariaDBGTID] = [:]
        for gtid in gtids {
            if let known = last[gtid.domain], known.sequence >= gtid.sequence { continue }
            last[gtid.domain] = gtid
        }
        self.gtids = last.values.sorted { $0.domain < $1.domain }
    }

    /// Reads a list such as `0-1-100,1-3-20`; the empty text is the empty position.
    ///
    /// - Throws: ``ParsingError`` with the reason; also where a domain comes twice, as in the server (error 1943).
    public init(parsing text: String) throws(ParsingError) {
        let expected = "a MariaDB GTID position"
        let sorted = try MariaDBGTID.list(parsing: text, expected: expected).sorted { $0.domain < $1.domain }
        for (gtid, next) in zip(sorted, sorted.dropFirst()) where gtid.domain == next.domain {
            throw ParsingError(expected: expected, text: text, reason: "the domain \(gtid.domain) comes twice")
        }
        gtids = sorted
    }

    /// Whether it is the position before every transaction.
    public var isEmpty: Bool { gtids.isEmpty }

    /// The last transaction of that domain, `nil` where there is none.
    public subscript(domain: UInt32) -> MariaDBGTID? {
        let index = gtids.firstSorted { $0.domain >= domain }
        return index < gtids.count && gtids[index].domain == domain ? gtids[index] : nil
    }
}

extension GTIDPosition: CustomStringConvertible {
    /// The list in order of domains, without spaces.
    public var description: String { gtids.map(\.description).joined(separator: ",") }
}

/// How a position stands to another, in one domain or over all.
public enum GTIDRelation: Hashable, Sendable {
    case equal
    /// Behind by at most so many transactions: sequence numbers may have gaps.
    case behind(atMost: UInt64)
    /// Ahead by at most so many transactions.
    case ahead(atMost: UInt64)
    /// The same sequence number from another server: two histories, neither of which continues the other.
    case diverged
}

/// How a position stands to another over all their domains.
public enum GTIDComparison: Hashable, Sendable {
    case equal
    /// Behind in at least one domain and ahead in none, by at most so many transactions in all.
    case behind(atMost: UInt64)
    /// Ahead in at least one domain and behind in none, by at most so many transactions in all.
    case ahead(atMost: UInt64)
    /// Behind in some domains and ahead in others.
    case mixed(behindAtMost: UInt64, aheadAtMost: UInt64)
    /// Two histories in these domains.
    case diverged(domains: [UInt32])
}

extension GTIDPosition {
    /// How this position stands to `other` in one domain.
    ///
    /// A domain that only one side knows counts from 0 there. Equal numbers of different servers are the only divergence
    /// that two positions can show; ask ``GTIDBinlogState/divergence(of:)`` where the other's state is known.
    public func relation(to other: GTIDPosition, inDomain domain: UInt32) -> GTIDRelation {
        let (mine, theirs) = (self[domain], other[domain])
        if mine == theirs { return .equal }
        let (sequence, otherSequence) = (mine?.sequence ?? 0, theirs?.sequence ?? 0)
        if sequence == otherSequence { return .diverged }
        return sequence < otherSequence
            ? .behind(atMost: otherSequence - sequence) : .ahead(atMost: sequence - otherSequence)
    }

    /// How this position stands to `other` over all domains that either side knows.
    public func comparison(with other: GTIDPosition) -> GTIDComparison {
        if self == other { return .equal }
        var (behind, ahead): (UInt64, UInt64) = (0, 0)
        var diverged: [UInt32] = []
        for domain in Set(gtids.map(\.domain)).union(other.gtids.map(\.domain)).sorted() {
            switch relation(to: other, inDomain: domain) {
            case .equal: break
            case .behind(let count): behind = behind.addingSaturating(count)
            case .ahead(let count): ahead = ahead.addingSaturating(count)
            case .diverged: diverged.append(domain)
            }
        }
        if !diverged.isEmpty { return .diverged(domains: diverged) }
        if behind > 0, ahead > 0 { return .mixed(behindAtMost: behind, aheadAtMost: ahead) }
        if behind > 0 { return .behind(atMost: behind) }
        return ahead > 0 ? .ahead(atMost: ahead) : .equal
    }

    /// By how many transactions, at most, this position is behind `other`, over all domains; 0 where it is behind in none.
    public func transactionsBehind(_ other: GTIDPosition) -> UInt64 {
        var sum: UInt64 = 0
        for theirs in other.gtids {
            let mine = self[theirs.domain]?.sequence ?? 0
            if theirs.sequence > mine { sum = sum.addingSaturating(theirs.sequence - mine) }
        }
        return sum
    }
}

extension UInt64 {
    func addingSaturating(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
