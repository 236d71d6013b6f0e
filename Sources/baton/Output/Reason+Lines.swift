import Refactoring
import Topology

extension Reason {
    /// The measured values and what would help, a line each.
    var details: [String] {
        measured.map { value in "\(value.name)\(value.instance.map { " of \($0)" } ?? ""): \(value.value)" }
            + remedies.map { "to mend it: \($0.words)" }
    }

    /// The objection in lines: its gravity, its rule and what it says, and below it the details.
    var lines: [String] {
        let word = gravity.word
        let head = word + String(repeating: " ", count: max(1, 9 - word.count)) + "\(rule): \(sentence)"
        return [head] + details.map { "         " + $0 }
    }
}
