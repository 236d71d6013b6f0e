import Foundation
import Hooks
import Recovery
import Refactoring
import Storage
import Topology

extension RecoveryAccount {
    /// Who could take over, as it was ranked when the recovery began.
    var ranking: JSON? { Self.document(record.confirmed)?["candidates"] }

    /// The switchover to the server that is preferred to the one that was promoted, as far as it was not made by baton; `nil`
    /// where nobody is preferred.
    var openSwapIn: SwapIn? {
        guard !following.contains(where: { $0.outcome == .done }), let primary = record.successor,
            let name = Self.document(record.confirmed)?["preferred"]?.text,
            let preferred = try? InstanceAddress(parsing: name)
        else { return nil }
        return SwapIn(of: preferred, for: primary)
    }

    /// The three figures of loss, a sentence each; empty where they were not written down.
    var lossSentences: [String] { Self.document(record.loss)?["sentences"]?.elements.compactMap(\.text) ?? [] }

    /// Exactly what is lost: GTID sets and places in logs.
    var lostSets: [String] {
        guard let loss = Self.document(record.loss) else { return [] }
        let figures = [
            ("that servers which answer have", loss["againstReachable"]),
            ("that the old source had at the last look", loss["ofSource"]?["missing"]),
        ]
        return figures.compactMap { label, figure in
            figure?["detail"]?.text.map { "\(label): \($0)" }
        }
    }

    /// What became of the hooks; empty where none were run, or what was written cannot be read.
    var hookResults: [HookResult] {
        record.hooks.flatMap { try? JSONDecoder().decode([HookResult].self, from: Data($0.utf8)) } ?? []
    }

    /// When the server that took over took writes.
    var promoted: Timestamp? {
        for part in parts {
            guard let plan = part.plan, let successor = record.successor else { continue }
            for step in plan.steps where step.server == successor && step.proof.contains("is writable") {
                if let found = part.record.steps[step.number - 1], found.state == .done { return found.at }
            }
        }
        return nil
    }

    private static func document(_ text: String?) -> JSON? { text.flatMap { try? JSON(parsing: Array($0.utf8)) } }
}

extension JSON {
    /// The elements, none where this is no array.
    var elements: [JSON] { if case .array(let elements) = content { elements } else { [] } }

    /// The text, `nil` where this is none.
    var text: String? { if case .string(let text) = content { text } else { nil } }
}
