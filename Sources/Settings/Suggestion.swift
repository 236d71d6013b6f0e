/// The nearest known word to one that nobody knows, for "did you mean".
public enum Suggestion {
    /// The most candidates that a hint names: a choice of more is no help.
    private static let mostNamed = 3

    /// The candidate with the smallest edit distance to `word`, if it is near enough to be a slip of the fingers:
    /// at most a third of the word's length, at least one and never more than three edits.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = min(3, max(1, word.count / 3))
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(word.lowercased(), candidate.lowercased())
            guard distance <= limit else { continue }
            if let known = best, (known.distance, known.word) <= (distance, candidate) { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// ` (did you mean "X"?)`, or nothing when no candidate is near.
    ///
    /// Where no candidate is a slip of the fingers away, those are named that share whole words with `word`:
    /// `interval` means `poll-interval`, and `timeout` may mean `connect-timeout` or `probe-timeout`.
    public static func hint(for word: String, among candidates: some Sequence<String>) -> String {
        let candidates = Array(candidates)
        let named = nearest(to: word, among: candidates).map { [$0] } ?? related(to: word, among: candidates)
        guard !named.isEmpty else { return "" }
        return " (did you mean " + named.map { "\"\($0)\"" }.joined(separator: " or ") + "?)"
    }

    /// The candidates that have all words of `word`, or whose words make up at least half of it; of these the ones that
    /// differ in the fewest words. None where that leaves more than a few.
    static func related(to word: String, among candidates: [String]) -> [String] {
        let words = parts(of: word)
        guard !words.isEmpty else { return [] }
        var found: [String] = []
        var fewest = Int.max
        for candidate in Set(candidates).sorted() {
            let others = parts(of: candidate)
            let difference: Int
            if words.allSatisfy({ isOne($0, of: others) }) {
                difference = others.count - words.count
            } else if others.count * 2 >= words.count, others.allSatisfy({ isOne($0, of: words) }) {
                difference = words.count - others.count
            } else {
                continue
            }
            if difference < fewest { found = [] }
            if difference <= fewest { found.append(candidate) }
            fewest = min(fewest, difference)
        }
        return found.count > mostNamed ? [] : found
    }

    private static func isOne(_ word: String, of words: [String]) -> Bool {
        words.contains { isSame(word, $0) }
    }

    /// Whether two words are one, with a slip of the fingers in long ones: short words with one letter changed are
    /// mostly others.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || (min(left.count, right.count) >= 5 && distance(left, right) <= 1)
    }

    /// The words of `poll-interval`, `poll_interval` and `pollInterval`, in lower case. Single letters tell nothing.
    private static func parts(of name: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var last: Character?
        for character in name {
            let begins = character.isUppercase && last?.isLowercase == true
            if begins || !(character.isLetter || character.isNumber) {
                parts.append(part)
                part = ""
            }
            if character.isLetter || character.isNumber { part.append(contentsOf: character.lowercased()) }
            last = character
        }
        return (parts + [part]).filter { $0.count > 1 }
    }

    /// Edits from one word to the other: insertions, deletions, replacements, and swaps of neighbours (the optimal
    /// string alignment distance), because swapped letters are the commonest slip.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left)
        let b = Array(right)
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + [Int](repeating: 0, count: b.count)
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
