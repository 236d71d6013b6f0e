import Engine
import Storage
import Topology

extension LiveBackend {
    /// Says something about a server, or takes it back, and tells how that went.
    func marking(_ address: InstanceAddress, _ words: MarkWords) async -> Notice {
        do {
            guard let meaning = words.meaning else {
                let isEnded = try await engine.endMark(words.kind, of: address, reason: words.reason)
                return isEnded
                    ? Notice(.done, "the \(words.kind.words) of \(address) has ended")
                    : Notice(.refused, "\(address) has no \(words.kind.words)")
            }
            try await engine.mark(address, meaning, for: words.length, reason: words.reason)
            let what = meaning.kind == .promotionRule ? "\(meaning.kind.words) \(meaning.word)" : meaning.kind.words
            let length = words.length.map { "for \($0.words)" } ?? "until somebody ends it"
            return Notice(.done, "\(address): \(what) \(length)")
        } catch {
            return Notice(.refused, "\(error)")
        }
    }
}
