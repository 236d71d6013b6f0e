import Foundation
import Storage
import Topology

/// Events as text for people.
struct EventText {
    /// Knows what servers are called.
    let fleet: Fleet

    /// A line for each event.
    func lines(_ events: [Event]) -> [String] { events.map(line) }

    /// Time, server, sentence, kind. A server that the sentence itself speaks of is named there only.
    private func line(_ event: Event) -> String {
        ([event.at.description] + told(event) + ["[\(event.kind.rawValue)]"]).joined(separator: "  ")
    }

    private func told(_ event: Event) -> [String] {
        guard let address = event.address else { return [event.text] }
        let name = fleet[address]?.alias.map { "\(address) (\($0))" } ?? address.description
        var sentence = event.sentence
        guard let place = sentence.range(ofName: address.description) else { return [name, sentence] }
        sentence.replaceSubrange(place, with: name)
        return [sentence]
    }
}

extension String {
    /// Where a name stands, and not as a part of a longer one: `db1:3306` is not in `db1:33060`.
    fileprivate func range(ofName name: String) -> Range<Index>? {
        func isPart(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || "-._".contains($0) } ?? false
        }
        var rest = startIndex..<endIndex
        while let found = range(of: name, range: rest) {
            let before = found.lowerBound == startIndex ? nil : self[index(before: found.lowerBound)]
            let after = found.upperBound == endIndex ? nil : self[found.upperBound]
            if !isPart(before), !isPart(after) { return found }
            rest = found.upperBound..<endIndex
        }
        return nil
    }
}
