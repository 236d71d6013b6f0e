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
