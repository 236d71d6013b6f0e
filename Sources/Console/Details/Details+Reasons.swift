import Refactoring
import Topology

extension Gravity {
    /// The word for an objection of that weight, where a verdict is read and not computed with.
    var label: String {
        switch self {
        case .warn: "warning"
        case .confirm: "to confirm"
        case .refuse: "refused"
        }
    }

    var tone: Tone {
        switch self {
        case .warn, .confirm: .warning
        case .refuse: .bad
        }
    }
}

extension Details {
    /// Objections, each with its rule and with what would help.
    static func reasons(_ reasons: [Reason]) -> [Line] {
        // Several checks may ask the same rule; it is told once.
        var told: Set<Reason> = []
        return reasons.filter { told.insert($0).inserted }.flatMap { reason in
            [
                Line(
                    reason.gravity.label, Words(reason.sentence, reason.gravity.tone),
                    Words(" (\(reason.rule))", .faint))
            ]
                + reason.remedies.enumerated().map { index, remedy in
                    Line(index == 0 ? "would help" : "", Words(remedy.words))
                }
        }
    }

    /// All that speaks for and against a place for what is carried.
    static func place(_ place: InstanceAddress, _ judgement: Judgement) -> Details {
        let carry = judgement.carry
        let verdict = judgement.verdict(under: place)
        var sections = [Section(heading: "", lines: summary(verdict, place, carry))]
        let all = judgement.reasons(under: place)
        if case .held = verdict.answer { return Details(sections: sections, hasRunningAge: false) }
        if all.count == 1 {
            sections.append(Section(heading: "why", lines: reasons(all[0].verdict.reasons)))
        } else {
            for (replica, verdict) in all where !verdict.reasons.isEmpty {
                sections.append(Section(heading: "\(replica.instance)", lines: reasons(verdict.reasons)))
            }
        }
        return Details(sections: sections, hasRunningAge: false)
    }

    private static func summary(_ verdict: TargetVerdict, _ place: InstanceAddress, _ carry: Carry) -> [Line] {
        var lines = [Line("carried", Words(carry.words, .strong))]
        switch verdict.answer {
        case .held: return lines + [Line("here", Words("this is what you carry: go to the new source"))]
        case .home: lines.append(Line("here", Words("\(place) is the source now")))
        case .fits(let method, let gravity, _):
            lines.append(Line("below", Words("\(place)", .strong)))
            let words =
                !verdict.staying.isEmpty
                ? "may go there after a confirmation, without \(verdict.refused) of \(verdict.carried)"
                : gravity == nil
                    ? "may go there"
                    : gravity == .warn
                        ? "may go there; read the warnings first"
                        : "may go there after a confirmation"
            lines.append(Line("verdict", Words(words, gravity == nil ? .good : .warning)))
            lines.append(Line("method", Words(method)))
        case .refused(let rule):
            lines.append(Line("below", Words("\(place)", .strong)))
            let some = verdict.refused < verdict.carried
            let words =
                some
                ? "cannot go there: \(verdict.refused) of \(verdict.carried) are refused"
                : rule == nil ? "cannot go there: no method leads there" : "cannot go there"
            lines.append(Line("verdict", Words(words, .bad)))
        }
        return lines
    }
}
