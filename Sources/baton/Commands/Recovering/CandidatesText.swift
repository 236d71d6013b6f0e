import Recovery
import Refactoring
import TerminalKit
import Topology

/// A ranking for people: a table of servers and criteria, and below it the reasons and the loss.
struct CandidatesText {
    private let ranking: CandidateRanking
    private let width: Int

    init(_ ranking: CandidateRanking, width: Int) {
        self.ranking = ranking
        self.width = max(40, width)
    }

    var lines: [String] {
        var lines = [headline]
        if ranking.ranked.isEmpty {
            lines.append("nobody: no replica of it is known")
        } else {
            lines += table
        }
        for address in ranking.absent {
            lines.append("\(address) does not answer: what it has is not counted")
        }
        if let nobodyLeft = ranking.nobodyLeft { lines += [""] + wrapped(nobodyLeft) }
        for candidate in ranking.ranked { lines += reasons(of: candidate) }
        if let best = ranking.best {
            lines += ["", "with \(best.instance):"] + best.loss.sentences.flatMap { indented($0, by: 2) }
            lines += steps(of: best).flatMap { indented($0, by: 2) }
        }
        return lines
    }

    private var headline: String {
        let what =
            switch ranking.situation {
            case .failover: "if \(ranking.failed) were lost"
            case .switchover: "to hand over from \(ranking.failed)"
            case .intermediate: "new source for the replicas of \(ranking.failed)"
            case .coPrimary: "if the co-primary \(ranking.failed) were lost"
            }
        return "\(what), compared by \(ranking.measureWords)"
    }

    /// As many columns as the width holds: what decides comes first.
    private var table: [String] {
        typealias Column = (title: String, alignment: TextTable.Alignment, cell: (Int, Candidate) -> String)
        let columns: [Column] = [
            ("", .trailing, { place, candidate in candidate.isEligible ? String(place + 1) : "-" }),
            ("SERVER", .leading, { _, candidate in candidate.instance.description }),
            ("VERDICT", .leading, { _, candidate in candidate.verdictWord }),
            ("MISSES", .leading, { _, candidate in candidate.missing.short }),
            ("TO APPLY", .leading, { _, candidate in candidate.backlog.short }),
            ("FOLLOW", .leading, { _, candidate in candidate.companyWord }),
            ("RULE", .leading, { _, candidate in candidate.promotionRule.rawValue }),
            ("PLACE", .leading, { _, candidate in candidate.placeWord }),
            ("VERSION", .leading, { _, candidate in candidate.version?.text ?? "?" }),
            ("RECEIVED", .leading, { _, candidate in candidate.received.description }),
        ]
        var best: [String] = []
        for count in 4...columns.count {
            var table = TextTable(columns.prefix(count).map { ($0.title, $0.alignment) })
            for (place, candidate) in ranking.ranked.enumerated() {
                table.append(columns.prefix(count).map { $0.cell(place, candidate) })
            }
            let lines = table.lines
            if !best.isEmpty, lines.contains(where: { CellText.width($0) > width }) { break }
            best = lines
        }
        return best
    }

    private func reasons(of candidate: Candidate) -> [String] {
        guard !candidate.verdict.reasons.isEmpty else { return [] }
        var lines = ["", "\(candidate.instance)"]
        for reason in candidate.verdict.reasons { lines += wrapped(reason) }
        for lost in candidate.lost {
            for reason in lost.reasons where reason.gravity == .refuse {
                lines += indented("\(lost.replica) could not follow: \(reason.sentence) [\(reason.rule)]", by: 8)
            }
        }
        return lines
    }

    private func wrapped(_ reason: Reason) -> [String] {
        indented("\(reason.gravity.word)  \(reason.rule): \(reason.sentence)", by: 2)
            + reason.remedies.flatMap { indented("to mend it: \($0.words)", by: 8) }
    }

    /// What would come before its promotion.
    private func steps(of candidate: Candidate) -> [String] {
        var lines: [String] = []
        if !candidate.backlog.amount.isNothing {
            let time = candidate.backlog.time.map { ", about \($0.inWords)" } ?? ", nobody knows for how long"
            lines.append("it first applies \(candidate.backlog.amount.words)\(time)")
        }
        if !candidate.levelling.donors.isEmpty {
            let names = candidate.levelling.donors.map(\.description).joined(separator: ", then ")
            lines.append("it first fetches \(candidate.missing.words) from \(names)")
        }
        switch candidate.account {
        case .proven: break
        case .unproven(let users):
            if !users.isEmpty {
                lines.append("whether the account \(users.joined(separator: ", ")) works there is not known")
            }
        case .unnamed(let replicas):
            lines.append("no account is seen of \(replicas.map(\.description).joined(separator: ", "))")
        }
        return lines
    }

    private func indented(_ text: String, by count: Int) -> [String] {
        CellText.wrap(text, to: width - count).map { String(repeating: " ", count: count) + $0 }
    }
}
