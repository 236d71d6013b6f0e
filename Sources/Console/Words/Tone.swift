/// How a word on the screen is meant; the theme decides how that looks.
enum Tone: Hashable, Sendable, CaseIterable {
    case plain
    /// Said for completeness: units, labels, what is not confirmed.
    case faint
    /// What the eye should find first: names, titles.
    case strong
    case good
    case warning
    case bad
    case unknown
    /// A server or cluster that is downtimed: known, and nobody's business now.
    case downtimed
    // Lag has looks of its own, because a theme may want it louder or quieter than states.
    case lagOk
    case lagWarning
    case lagCritical
    case lagUnknown

    /// How bad what is said is: 0 for nothing to do, 3 for broken.
    var badness: Int {
        switch self {
        case .bad, .lagCritical: 3
        case .warning, .lagWarning: 2
        case .unknown, .lagUnknown: 1
        case .plain, .faint, .strong, .good, .downtimed, .lagOk: 0
        }
    }
}

/// A few words in one tone.
struct Words: Hashable, Sendable {
    var text: String
    var tone: Tone

    init(_ text: String, _ tone: Tone = .plain) {
        self.text = text
        self.tone = tone
    }
}
