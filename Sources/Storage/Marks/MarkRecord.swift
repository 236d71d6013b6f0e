import Topology

/// What operators can say about a server, as the store keeps it.
public enum MarkMeaning: Hashable, Sendable {
    case downtime(Downtime)
    case maintenance
    case promotionRule(PromotionRule)

    /// Of each kind a server has one mark at a time.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case downtime
        case maintenance
        case promotionRule = "promotion-rule"

        /// For a sentence: `promotion rule`.
        public var words: String {
            switch self {
            case .downtime: "downtime"
            case .maintenance: "maintenance"
            case .promotionRule: "promotion rule"
            }
        }
    }

    /// Which kind it is.
    public var kind: Kind {
        switch self {
        case .downtime: .downtime
        case .maintenance: .maintenance
        case .promotionRule: .promotionRule
        }
    }

    /// The word that is stored and printed; empty for a maintenance, which has but one meaning.
    public var word: String {
        switch self {
        case .downtime(let downtime): downtime.rawValue
        case .maintenance: ""
        case .promotionRule(let rule): rule.rawValue
        }
    }

    init?(kind: String, word: String) {
        switch Kind(rawValue: kind) {
        case .downtime: self = .downtime(Downtime(rawValue: word) ?? .planned)
        case .maintenance: self = .maintenance
        // Of a rule that only a newer baton knows nothing can be said.
        case .promotionRule:
            guard let rule = PromotionRule(rawValue: word) else { return nil }
            self = .promotionRule(rule)
        case nil: return nil
        }
    }
}

/// One mark, as it is or was.
public struct MarkRecord: Hashable, Sendable, Identifiable {
    /// How it came to an end.
    public struct End: Hashable, Sendable {
        public var at: Timestamp
        /// Who ended it; `nil` where its time was over or another mark took its place.
        public var user: String?
        /// Why, in words.
        public var reason: String

        /// Notes an end.
        public init(at: Timestamp, user: String?, reason: String) {
            self.at = at
            self.user = user
            self.reason = reason
        }
    }

    /// Given by the store; ascending.
    public var id: Int64
    /// The server, by the address that the fleet kept it under when it was marked.
    public var address: InstanceAddress
    public var mark: Mark<MarkMeaning>
    /// Where its owner logged in from.
    public var client: String?
    /// `nil` while it counts.
    public var end: End?
    /// Who took its place, of a primary that a recovery left behind.
    public var replaced: ReplacedPrimary?

    /// Makes a record; the store gives it its id.
    public init(
        id: Int64 = 0, address: InstanceAddress, mark: Mark<MarkMeaning>, client: String? = nil, end: End? = nil
    ) {
        self.id = id
        self.address = address
        self.mark = mark
        self.client = client
        self.end = end
    }
}

extension OperatorMarks {
    /// The marks of these records that nobody has ended, by the addresses under which a fleet keeps the servers now.
    public init(_ records: some Sequence<MarkRecord>, in fleet: Fleet? = nil) {
        self.init()
        for record in records where record.end == nil {
            let address = fleet?.canonical(record.address) ?? record.address
            let mark = record.mark
            switch mark.meaning {
            case .downtime(let downtime):
                downtimes[address] = mark.map { _ in downtime }
                replaced[address] = record.replaced.map { replaced in
                    ReplacedPrimary(
                        recovery: replaced.recovery,
                        successor: fleet?.canonical(replaced.successor) ?? replaced.successor,
                        identity: replaced.identity)
                }
            case .maintenance: maintenances[address] = mark.map { _ in Maintenance() }
            case .promotionRule(let rule): promotionRules[address] = mark.map { _ in rule }
            }
        }
    }
}

extension Mark {
    fileprivate func map<Other>(_ transform: (Meaning) -> Other) -> Mark<Other> {
        Mark<Other>(transform(meaning), owner: owner, reason: reason, begins: begins, ends: ends)
    }
}
