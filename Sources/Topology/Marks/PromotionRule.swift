/// How much an operator wants a server to be, or not to be, a primary.
public enum PromotionRule: String, Hashable, Sendable, CaseIterable, Codable {
    /// Before all others, wherever it can.
    case must
    /// Before servers of which nothing is said.
    case prefer
    /// As good as any other: what holds where nothing is said.
    case neutral
    /// Only where nobody else can.
    case preferNot = "prefer-not"
    /// Never.
    case mustNot = "must-not"

    /// The rule of that word: `prefer-not`, also in orchestrator's spelling, `prefer_not`, and in capitals.
    public init?(word: String) {
        self.init(rawValue: String(word.lowercased().map { $0 == "_" ? "-" : $0 }))
    }
}

extension PromotionRule: Comparable {
    /// The more wanted first.
    public static func < (left: PromotionRule, right: PromotionRule) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .must: 0
        case .prefer: 1
        case .neutral: 2
        case .preferNot: 3
        case .mustNot: 4
        }
    }
}
